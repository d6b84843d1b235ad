use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use http::Method;
use tower_telemetry_core::{BuildError, EndpointRules, Target};

use crate::rule::{self, Action, Rule};

/// Rules, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) endpoints: EndpointRules,
    found: Box<[Found]>,
    pub(crate) trace_any: bool,
}

/// What a rule says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) action: Action,
    pub(crate) slow: Option<std::time::Duration>,
    pub(crate) name: &'static str,
}

impl Rules {
    pub(crate) fn new(rules: &[Rule]) -> Result<Self, BuildError> {
        for (i, rule) in rules.iter().enumerate() {
            if let Action::Rate(rate) = rule.action
                && !rule::is_rate(rate)
            {
                let name = format!("the rate of {}, {}", rule::name(i), rule.endpoint);
                return Err(BuildError::value(name, rate.to_string(), "a number from 0 to 1"));
            }
        }
        let endpoints = EndpointRules::new(rules.iter().map(|rule| &rule.endpoint))?;
        let found =
            rules.iter().map(|rule| Found { action: rule.action, slow: rule.slow, name: intern(&rule.endpoint) });
        Ok(Self {
            endpoints,
            found: found.collect(),
            trace_any: rules.iter().any(|rule| matches!(rule.action, Action::Rate(rate) if rate > 0.0)),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// What the rule at this place says, if there is one.
    pub(crate) fn get(&self, index: usize) -> Option<Found> {
        self.found.get(index).copied()
    }

    pub(crate) fn find(&self, method: &Method, target: Target<'_>) -> Option<Found> {
        self.endpoints.find(method, target).and_then(|index| self.get(index))
    }
}

/// A name that lives as long as the process, so that a decision costs no reference count that threads would fight for. There
/// are as many as there are rules in configurations.
fn intern(name: &str) -> &'static str {
    static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);

    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(name) = names.get(name) {
        return name;
    }
    let name: &'static str = Box::leak(name.into());
    names.insert(name);
    name
}
