use std::{net::IpAddr, time::Instant};

use http::{HeaderValue, Method};
use tower_telemetry_core::{Decision, Keep, Reason, Target, TraceContext, TraceId};

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
        let rule = self.rules.as_ref().and_then(|rules| rules.find(method, target));
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
        let rate = trace.baggage.as_ref().and_then(|baggage| member(baggage, "sentry-sample_rate"));
        // One that does not say how many it leaves out is taken to leave out none.
        let rate = rate.filter(|&rate| rate > 0.0).unwrap_or(1.0);
        match &self.limiter {
            Some(limiter) if !limiter.admit(now, endpoint) => Decision::new(false, rate, Reason::Budget),
            _ => Decision::new(true, rate, Reason::Caller),
        }
    }

    fn choose(&self, trace: &TraceContext, rate: f64, endpoint: &str, now: Instant) -> Decision {
        let place = place(trace);
        match &self.limiter {
            Some(limiter) if rate > 0.0 => {
                let Limited { sampled, rate, reason } = limiter.decide(now, endpoint, rate, place);
                Decision::new(sampled, rate, reason)
            }
            _ => Decision::new(place < rate, rate, Reason::Rate),
        }
    }
}

/// Where a trace falls between 0 and 1. A rate keeps what falls below it, so that a higher one keeps the same traces and more,
/// and services that share a rate keep the same.
fn place(trace: &TraceContext) -> f64 {
    let given = trace.baggage.as_ref().and_then(|baggage| member(baggage, "sentry-sample_rand"));
    given.filter(|&place| place < 1.0).unwrap_or_else(|| of_id(trace.trace_id))
}

fn of_id(trace_id: TraceId) -> f64 {
    // The W3C asks for randomness in the last seven bytes; a double holds 53 bits of them exactly.
    let [.., b1, b2, b3, b4, b5, b6, b7] = trace_id.to_bytes();
    let bits = u64::from_be_bytes([0, b1, b2, b3, b4, b5, b6, b7]) >> 3;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let place = bits as f64 / (1_u64 << 53) as f64;
    place
}

/// A number from 0 to 1 in a `baggage` header, if it is there and one.
fn member(baggage: &HeaderValue, name: &str) -> Option<f64> {
    let members = baggage.to_str().ok()?.split(',');
    let mut values =
        members.filter_map(|member| member.trim_start().strip_prefix(name)?.trim_start().strip_prefix('='));
    let value = values.next()?.split(';').next()?.trim();
    value.parse().ok().filter(|number| (0.0..=1.0).contains(number))
}
