use std::{net::IpAddr, time::Instant};

use http::Method;
use tower_telemetry_core::{Decision, Keep, Reason, Target, TraceContext};

use crate::{Sampling, limit::Limited, rule::Action};

/// All that a decision depends on, beside the configuration and what was decided before.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// The route's template, if it is known, else the path.
    pub target: Target<'a>,
    /// The endpoint's name, by which volume and fair shares are counted: never a path.
    pub endpoint: &'a str,
    /// The trace.
    pub trace: &'a TraceContext,
    /// The caller.
    pub peer: Option<IpAddr>,
}

impl Sampling {
    /// Decides on one exchange, which begins at `now`. The observer does so by itself; this is for those who have no exchange,
    /// and for trying out a configuration in less time than it takes.
    pub fn decide(&self, question: &Question<'_>, now: Instant) -> Decision {
        let Question { method, target, endpoint, trace, peer } = *question;
        if self.off {
            return Decision::new(false, 0.0, Reason::Rate);
        }
        let rule = self.rules.find(method, target);
        let (rate, keep) = match rule {
            Some(rule) => match rule.action {
                // What is excluded is not asked about, unless its name was not yet known when that was decided. Nobody's word
                // has it traced.
                Action::Exclude => return Decision::new(false, 0.0, Reason::Rate).with_rule(rule.name),
                Action::Rate(rate) => {
                    let slower_than = self.keep.slower_than.map(|limit| rule.slow.unwrap_or(limit));
                    (rate, Keep { slower_than, ..self.keep })
                }
            },
            None => (self.rate.unwrap_or(1.0), self.keep),
        };
        let name = rule.map_or("default", |rule| rule.name);
        let said = trace.parent.and_then(|parent| parent.sampled);
        let decision = match self.upstream.heed(said, || peer) {
            Some(true) => self.obey(trace, endpoint, now),
            Some(false) => Decision::new(false, rate, Reason::Caller),
            None => self.choose(trace, rate, endpoint, now),
        };
        decision.with_rule(name).with_keep(keep)
    }

    /// A trusted caller traces this, so only a budget that is used up can say no.
    fn obey(&self, trace: &TraceContext, endpoint: &str, now: Instant) -> Decision {
        let rate = trace.callers_sample_rate();
        // One that does not say how many it leaves out is taken to leave out none.
        let rate = rate.filter(|&rate| rate > 0.0).unwrap_or(1.0);
        match &self.limiter {
            Some(limiter) if !limiter.admit(now, endpoint) => Decision::new(false, rate, Reason::Budget),
            _ => Decision::new(true, rate, Reason::Caller),
        }
    }

    fn choose(&self, trace: &TraceContext, rate: f64, endpoint: &str, now: Instant) -> Decision {
        let place = trace.sample_rand();
        match &self.limiter {
            Some(limiter) if rate > 0.0 => {
                let Limited { sampled, rate, reason } = limiter.decide(now, endpoint, rate, place);
                Decision::new(sampled, rate, reason)
            }
            _ => Decision::new(place < rate, rate, Reason::Rate),
        }
    }
}
