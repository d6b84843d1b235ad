use serde_json::json;

/// What monitoring is on, and why: for the log at the start, and for `/health`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health {
    signals: Vec<Signal>,
}

#[derive(Clone, Debug)]
struct Signal {
    name: &'static str,
    on: bool,
    why: String,
    rate: Option<f64>,
}

impl Health {
    pub(crate) fn add(&mut self, name: &'static str, on: bool, why: impl Into<String>, rate: Option<f64>) {
        self.signals.push(Signal { name, on, why: why.into(), rate });
    }

    pub(crate) fn log(&self) {
        for Signal { name, on, why, rate } in &self.signals {
            let state = state(*on);
            match rate {
                Some(rate) => tracing::info!(target: "tower_telemetry", "{name}: {state} at a rate of {rate}: {why}"),
                None => tracing::info!(target: "tower_telemetry", "{name}: {state}: {why}"),
            }
        }
    }

    /// `{"status":"ok","monitoring":{"metrics":{"state":"on","why":"…"},…}}`
    pub(crate) fn to_json(&self) -> String {
        let signals = self.signals.iter().map(|Signal { name, on, why, rate }| {
            let mut signal = json!({ "state": state(*on), "why": why });
            if let Some(rate) = rate {
                signal["rate"] = json!(rate);
            }
            ((*name).to_owned(), signal)
        });
        let monitoring: serde_json::Map<_, _> = signals.collect();
        json!({ "status": "ok", "monitoring": monitoring }).to_string()
    }
}

fn state(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
