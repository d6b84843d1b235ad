use metrics::{Counter, Key, Label, Recorder, Unit};
use tower_telemetry_core::{Reason, semconv};

use crate::{
    kept::{Here, Kept},
    series::METADATA,
};

/// The counter of exchanges on whose tracing was decided in the same way.
pub(crate) struct Decisions {
    key: Key,
    kept: Kept<Counter>,
}

/// What tells one from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DecisionKey {
    pub(crate) rule: &'static str,
    pub(crate) traced: bool,
    pub(crate) reason: Reason,
}

const NAME: &str = semconv::HTTP_SERVER_SAMPLING_DECISIONS;

impl Decisions {
    pub(crate) fn new(key: DecisionKey) -> Self {
        let DecisionKey { rule, traced, reason } = key;
        let labels = vec![
            Label::from_static_parts(semconv::SAMPLING_RULE, rule),
            Label::from_static_parts(semconv::SAMPLING_DECISION, if traced { "traced" } else { "untraced" }),
            Label::from_static_parts(semconv::SAMPLING_REASON, reason.as_str()),
        ];
        Self { key: Key::from_parts(NAME, labels), kept: Kept::default() }
    }

    pub(crate) fn count(&self, here: Here<'_>) {
        self.kept.with(here, || self.register(here.recorder), |counter| counter.increment(1));
    }

    fn register(&self, recorder: &dyn Recorder) -> Counter {
        let help = "Exchanges by what was decided on tracing them.";
        recorder.describe_counter(NAME.into(), Some(Unit::Count), help.into());
        recorder.register_counter(&self.key, &METADATA)
    }
}
