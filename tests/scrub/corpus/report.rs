use std::{collections::BTreeMap, env, fmt};

use tower_telemetry_scrub::Scrub;

use super::case::Case;

/// What became of secrets and of what stood beside them.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) texts: usize,
    pub(crate) damaged: usize,
    pub(crate) secrets: usize,
    pub(crate) leaked: usize,
    pub(crate) neighbours: usize,
    pub(crate) lost: usize,
}

#[derive(Default)]
pub(crate) struct Report {
    pub(crate) total: Tally,
    kinds: BTreeMap<String, Tally>,
}

impl Report {
    pub(crate) fn of(cases: &[Case]) -> Self {
        let scrubber = Scrub::standard().build().expect("the standard rules are sound");
        Self::by(cases, |case| case.entry.run(&scrubber, &case.input))
    }

    /// With this in the scrubber's place.
    pub(crate) fn by(cases: &[Case], scrub: impl Fn(&Case) -> Vec<u8>) -> Self {
        let verbose = env::var_os("SCRUB_FAILURES").is_some();
        let mut report = Self::default();
        for case in cases {
            let output = scrub(case);
            let (leaks, lost) = case.failures(&output);
            let damaged = case.secrets.is_empty() && output != case.input;
            if verbose && (damaged || !leaks.is_empty() || !lost.is_empty()) {
                println!("{} through {:?}", case.kind, case.entry);
                println!("    in   {}", String::from_utf8_lossy(&case.input).escape_debug());
                println!("    out  {}", String::from_utf8_lossy(&output).escape_debug());
                for secret in &leaks {
                    println!("    leak {} as {}", secret.text, secret.encoded);
                }
                for keep in &lost {
                    println!("    lost {keep}");
                }
            }
            for tally in [&mut report.total, report.kinds.entry(case.kind.clone()).or_default()] {
                tally.texts += 1;
                tally.damaged += usize::from(damaged);
                tally.secrets += case.secrets.len();
                tally.leaked += leaks.len();
                tally.neighbours += case.keep.len();
                tally.lost += lost.len();
            }
        }
        report
    }

    /// Of the secrets, how many are gone.
    pub(crate) fn recall(&self) -> f64 {
        1.0 - share(self.total.leaked, self.total.secrets)
    }

    pub(crate) fn neighbours_lost(&self) -> f64 {
        share(self.total.lost, self.total.neighbours)
    }

    /// Of the harmless texts, how many are changed.
    pub(crate) fn damage(&self) -> f64 {
        share(self.total.damaged, self.total.texts)
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are thousands of them, not quadrillions")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, tally) in self.kinds.iter().map(|(kind, tally)| (kind.as_str(), tally)).chain([("all", &self.total)])
        {
            write!(f, "{kind:40} {:5} texts", tally.texts)?;
            if tally.secrets > 0 {
                let found = tally.secrets - tally.leaked;
                write!(f, ", {found:5} of {:5} secrets found", tally.secrets)?;
                write!(f, ", {} of {} neighbours lost", tally.lost, tally.neighbours)?;
            } else {
                write!(f, ", {} damaged", tally.damaged)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
