//! The rules of `examples/observability` name metrics and labels that there are.

use std::collections::BTreeSet;

use super::known::known;

const RULES: &str = include_str!("../../examples/observability/rules.yml");

/// The language's own, and what Prometheus adds to each series.
const LANGUAGE: [&str; 12] = [
    "sum",
    "by",
    "rate",
    "increase",
    "histogram_quantile",
    "unless",
    "or",
    "ignoring",
    "job",
    "instance",
    "m",
    "__rate_interval",
];

#[test]
fn each_name_in_a_rule_is_one_that_there_is() {
    let expressions = expressions();
    assert_eq!(expressions.len(), RULES.matches("expr:").count());
    check(expressions.iter().map(String::as_str));
}

/// That each name is one of ours, Prometheus' own, or a rule's.
pub(super) fn check<'a>(expressions: impl Iterator<Item = &'a str>) {
    let known = names();
    for expression in expressions {
        for word in words(expression) {
            let metric = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| word.strip_suffix(suffix));
            let recorded = RULES.contains(&format!("record: {word}\n"));
            let is_known = known.contains(word) || metric.is_some_and(|metric| known.contains(metric));
            assert!(is_known || LANGUAGE.contains(&word) || recorded, "{word} in {expression}");
        }
    }
}

/// The names of all metrics and labels.
fn names() -> BTreeSet<String> {
    known().into_iter().flat_map(|(name, metric)| metric.labels.into_iter().chain([name, "le".to_owned()])).collect()
}

/// The text of each `expr`.
fn expressions() -> Vec<String> {
    let mut expressions = Vec::new();
    let mut lines = RULES.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.trim_start().strip_prefix("expr:") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut expression = first.trim().trim_start_matches('|').to_owned();
        while let Some(more) = lines.next_if(|next| next.len() - next.trim_start().len() > indent) {
            expression.push(' ');
            expression.push_str(more.trim());
        }
        expressions.push(expression);
    }
    expressions
}

/// The names in an expression: what stands in quotes is none, and a colon is part of one.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    let unquoted = expression.split('"').step_by(2);
    let words = unquoted.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':'));
    words.map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit())).filter(|word| !word.is_empty())
}
