//! One decision for each exchange of a Tower service: excluded, recorded lightly, or traced.
//!
//! ```
//! use std::time::Duration;
//! use tower_telemetry_core::Observe;
//! use tower_telemetry_sampling::{Budget, Rule, Sampling};
//!
//! # fn main() -> Result<(), tower_telemetry_core::BuildError> {
//! let sampling = Sampling::new()
//!     .rate(0.1)?
//!     .rules([Rule::trace("POST /orders"), Rule::rate("/search/**", 0.01), Rule::exclude("/internal/**")])?
//!     .budget(Budget::per_month(10_000))
//!     .keep_errors(true)
//!     .keep_slower_than(Duration::from_secs(3));
//! // The first of a tuple decides for those behind it.
//! let layer = (sampling, ()).into_layer();
//! # let _ = layer; Ok(()) }
//! ```
//!
//! | what is decided | metrics, errors | span | trace |
//! |---|---|---|---|
//! | excluded | no | no | no |
//! | not traced | yes | yes | no |
//! | traced | yes | yes | yes |
//!
//! In this order:
//!
//! 1. **Exclusions**: the first [rule](Sampling::rules) that matches, else [`STANDARD_EXCLUSIONS`]. For what is excluded it is as
//!    if the layer were not there.
//! 2. **The caller's word**, as far as it [counts](Upstream): by default a "no" does, and a "yes" does not raise the rate.
//! 3. **The rate** of the rule, else the [default rate](Sampling::rate). It is applied to the trace id, or to the `sample_rand` in
//!    the caller's `baggage`, so services that share a rate keep or drop whole traces together.
//! 4. **Volume and budgets**: they lower the rate of those endpoints that are asked for most. The rate that was applied in the
//!    end is in the [`Decision`](tower_telemetry_core::Decision), so that counts can be scaled up.
//! 5. **What happened**: failures and slow exchanges can be [kept](Sampling::keep_errors) even if nothing before had them traced.
//!
//! With the feature `serde`, a [`Sampling`] can be part of a configuration file:
//!
//! ```toml
//! rate = 0.1
//! exclude-preflights = true
//! upstream = ["10.0.0.0/8"]           # or "lower", "always", "never"
//! rules = [
//!     { endpoint = "POST /orders", decision = "trace" },
//!     { endpoint = "GET /reports/**", decision = 0.5, slow = "10s" },
//!     { endpoint = "/internal/**", decision = "exclude" },
//! ]
//! exclusions = ["/health", "/metrics"] # instead of the standard ones
//! high-volume = { above = 100, target = 10 }
//! budget = { per-second = 5, per-month = 10000 }
//! keep = { errors = true, slower-than = "3s", memory = 67108864 }
//! ```
//!
//! A decision takes no lock and allocates nothing: what volume and budgets allow is worked out five times a second, by whichever
//! request comes next. An exchange's endpoint is the one that is known when it begins; where the layer stands outside of the
//! router, that is `unmatched`, and rules match the path.

mod config;
mod decide;
mod keep;
mod limit;
mod observe;
mod rule;
mod rules;
#[cfg(feature = "serde")]
mod serde_form;
mod standard;
mod upstream;

pub use self::{
    config::Sampling,
    decide::Question,
    limit::{Budget, HighVolume},
    observe::SamplingExchange,
    rule::Rule,
    standard::STANDARD_EXCLUSIONS,
    upstream::Upstream,
};
