//! [`Sampling`] as it is written in a configuration file.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use tower_telemetry_core::BuildError;

use crate::{Budget, HighVolume, Rule, Sampling, Upstream, rule};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Form {
    rate: Option<f64>,
    rules: Vec<RuleForm>,
    exclusions: Option<Vec<String>>,
    exclude_preflights: bool,
    exclude_heads: bool,
    upstream: Option<UpstreamForm>,
    high_volume: Option<HighVolumeForm>,
    budget: BudgetForm,
    keep: KeepForm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleForm {
    endpoint: String,
    decision: DecisionForm,
    slow: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DecisionForm {
    Rate(f64),
    Word(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UpstreamForm {
    Word(String),
    Networks(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HighVolumeForm {
    above: f64,
    target: f64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct BudgetForm {
    #[serde(rename = "per-second")]
    second: Option<u64>,
    #[serde(rename = "per-day")]
    day: Option<u64>,
    #[serde(rename = "per-month")]
    month: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct KeepForm {
    errors: bool,
    slower_than: Option<String>,
    memory: Option<usize>,
}

impl Form {
    fn build(self) -> Result<Sampling, BuildError> {
        let mut sampling = Sampling::new();
        if let Some(rate) = self.rate {
            sampling = sampling.rate(rate)?;
        }
        let rules = self.rules.into_iter().enumerate().map(|(i, rule)| rule.build(&rule::name(i)));
        sampling = sampling.rules(rules.collect::<Result<Vec<_>, _>>()?)?;
        if let Some(exclusions) = self.exclusions {
            sampling = sampling.exclusions(exclusions)?;
        }
        sampling = sampling.exclude_preflights(self.exclude_preflights).exclude_heads(self.exclude_heads);
        if let Some(upstream) = self.upstream {
            sampling = sampling.upstream(upstream.build()?);
        }
        if let Some(HighVolumeForm { above, target }) = self.high_volume {
            sampling = sampling.high_volume(HighVolume::new(above, target)?);
        }
        let BudgetForm { second, day, month } = self.budget;
        let budgets = [second.map(Budget::per_second), day.map(Budget::per_day), month.map(Budget::per_month)];
        for budget in budgets.into_iter().flatten() {
            sampling = sampling.budget(budget);
        }
        sampling = sampling.keep_errors(self.keep.errors);
        if let Some(text) = self.keep.slower_than {
            sampling = sampling.keep_slower_than(duration("what is slow", &text)?);
        }
        if let Some(bytes) = self.keep.memory {
            sampling = sampling.keep_memory(bytes);
        }
        Ok(sampling)
    }
}

impl RuleForm {
    fn build(self, name: &str) -> Result<Rule, BuildError> {
        let rule = match self.decision {
            DecisionForm::Rate(rate) => Rule::rate(self.endpoint, rate),
            DecisionForm::Word(word) => Rule::decided(self.endpoint, &word).ok_or_else(|| {
                BuildError::value(format!("the decision of {name}"), &word, "exclude, trace, untraced or a rate")
            })?,
        };
        Ok(match self.slow {
            Some(text) => rule.slower_than(duration(&format!("what is slow for {name}"), &text)?),
            None => rule,
        })
    }
}

impl UpstreamForm {
    fn build(self) -> Result<Upstream, BuildError> {
        match self {
            Self::Networks(networks) => Upstream::from(networks),
            Self::Word(word) => match &*word {
                "lower" => Ok(Upstream::Lower),
                "always" => Ok(Upstream::Always),
                "never" => Ok(Upstream::Never),
                _ => Err(BuildError::value("upstream", word, "lower, always, never or a list of networks")),
            },
        }
    }
}

fn duration(name: &str, text: &str) -> Result<Duration, BuildError> {
    rule::duration(text).ok_or_else(|| BuildError::value(name, text, "a duration such as 250ms, 3s or 2m"))
}

impl<'de> Deserialize<'de> for Sampling {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Form::deserialize(deserializer)?.build().map_err(D::Error::custom)
    }
}
