//! Random rules and targets of few letters find what the reference finds, and a rule that is refused as unreachable is that.

use http::Method;
use proptest::{
    collection::vec,
    option,
    prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest},
    sample::select,
};
use tower_telemetry_core::{EndpointRules, Target};

use super::reference;

const CASES: u32 = 3000;

fn joined(segments: &[&str], end: &str) -> String {
    format!("/{}{end}", segments.join("/"))
}

fn method() -> impl Strategy<Value = &'static str> {
    select(vec!["GET", "PUT", "PURGE"])
}

fn pattern() -> impl Strategy<Value = String> {
    let segment = select(vec![
        "", "a", "b", "ab", "é", "%61", "%c3%a9", "{x}", "*", "*", "**", "**", "a*", "*b", "*a*", "a*b", "é*", "*é*b",
    ]);
    let end = select(vec!["", "", "", "/", "/{*r}"]);
    let path = prop_oneof![
        12 => (vec(segment, 0..6), end).prop_map(|(segments, end)| joined(&segments, end)),
        1 => select(vec!["**", "re:a", "re:/b/", "a.S/*", "*a/a*", "/"]).prop_map(String::from),
    ];
    let path = path.prop_map(|path| path.replace("//{*r}", "/{*r}"));
    (option::weighted(0.2, method()), path)
        .prop_map(|(method, path)| method.map_or(path.clone(), |method| format!("{method} {path}")))
}

fn target() -> impl Strategy<Value = (bool, String)> {
    let of_path = select(vec![
        "", "", "a", "a", "b", "b", "ab", "aab", "é", "%C3%A9", "%c3%A9b", "%61", "*", "**", "{x}", "a.S", "bé%", ".",
        "%2E.",
    ]);
    let of_template = select(vec!["a", "b", "ab", "é", "{x}", "{x}", "{*x}", "a{x}", "{x}b", "aa{x}ab", "é{a}b", ""]);
    let end = select(vec!["", "", "/"]);
    prop_oneof![
        10 => (vec(of_path, 0..8), end.clone()).prop_map(|(segments, end)| (false, joined(&segments, end))),
        6 => (vec(of_template, 0..6), end).prop_map(|(segments, end)| (true, joined(&segments, end))),
        1 => (any::<bool>(), Just(String::from("*"))),
        1 => (any::<bool>(), Just(String::new())),
    ]
}

fn as_target((is_template, text): &(bool, String)) -> Target<'_> {
    if *is_template { Target::Template(text) } else { Target::Path(text) }
}

/// The rules without those that are never reached, and each of those with the one that covers it.
fn reachable(mut patterns: Vec<String>) -> (EndpointRules, Vec<String>, Vec<(String, String)>) {
    let mut covered = Vec::new();
    loop {
        let error = match EndpointRules::new(&patterns) {
            Ok(rules) => return (rules, patterns, covered),
            Err(error) => error.to_string(),
        };
        let (name, reason) = error.split_once(" was given as ").expect("a value was refused");
        let (_, by) = reason.split_once("can be reached: rule ").unwrap_or_else(|| panic!("{error}"));
        let number = |text: &str| text.parse::<usize>().expect("a rule's number") - 1;
        let by = number(by.split(',').next().expect("a first part"));
        let pattern = patterns.remove(number(&name["rule ".len()..]));
        covered.push((pattern, patterns[by].clone()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_match_is_the_reference_s(
        patterns in vec(pattern(), 1..24),
        targets in vec((method(), target()), 1..40),
    ) {
        let (rules, patterns, covered) = reachable(patterns);
        for (method, target) in &targets {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let target = as_target(target);
            assert_eq!(
                rules.find(&method, target), reference::find(&patterns, &method, target), "{patterns:?}, {method} {target:?}"
            );
            for (pattern, by) in &covered {
                assert!(
                    !reference::matches(pattern, &method, target) || reference::matches(by, &method, target),
                    "{by} does not cover {pattern}: {method} {target:?}"
                );
            }
        }
    }

    #[test]
    fn a_pattern_that_is_covered_matches_nothing_more(
        first in pattern(),
        second in pattern(),
        targets in vec((method(), target()), 100),
    ) {
        let (_, _, covered) = reachable(vec![first, second]);
        for (method, target) in if covered.is_empty() { &[] } else { &targets[..] } {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            for (pattern, by) in &covered {
                assert!(
                    !reference::matches(pattern, &method, as_target(target))
                        || reference::matches(by, &method, as_target(target)),
                    "{by} does not cover {pattern}: {method} {target:?}"
                );
            }
        }
    }
}
