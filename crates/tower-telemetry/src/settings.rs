use std::{ffi::OsString, fmt, net::SocketAddr};

use ::sentry::{ClientOptions, TracesSamplingStrategy, types::Dsn};
use tower_telemetry_core::{AddressDisclosure, BuildError, Capture, Disclosure, Networks};
use tower_telemetry_sampling::Sampling;
use tower_telemetry_scrub::Pii;
use tower_telemetry_sentry::Sentry;
use tower_telemetry_user::Users;

use crate::MetricsAccess;

/// What can be said of the set-up. Nothing is derived here, so the order in which it is said does not matter.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) dsn: Option<Dsn>,
    /// Whether the data source name was said in code: it is meant even where the service has a client of its own.
    pub(crate) replaces_client: bool,
    pub(crate) environment: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) traces_sample_rate: Option<f64>,
    pub(crate) tracing_off: bool,
    pub(crate) sampling_rules: Option<String>,
    pub(crate) strict_trace_continuation: bool,
    pub(crate) pii: Pii,
    pub(crate) request_bodies: Option<Capture>,
    pub(crate) response_bodies: Option<Capture>,
    pub(crate) trusted_proxies: Option<Vec<String>>,
    pub(crate) client_address: Option<AddressDisclosure>,
    pub(crate) pseudonym_key: Option<String>,
    pub(crate) metrics_bind: Option<SocketAddr>,
    pub(crate) metrics_access: Option<MetricsAccess>,
}

/// Held values are shown up to this length, in characters.
const MAX_SHOWN: usize = 100;

impl Settings {
    /// Takes over what the variables say; those that are not set, or blank, change nothing.
    pub(crate) fn read(&mut self, lookup: &dyn Fn(&str) -> Option<OsString>) -> Result<(), BuildError> {
        if let Some((_, text)) = first(lookup, &["SENTRY_DSN"])? {
            self.dsn = Some(dsn(&text).map_err(|refused| refused.variable("SENTRY_DSN"))?);
        }
        if let Some((name, text)) = first(lookup, &["SENTRY_ENVIRONMENT", "ENVIRONMENT"])? {
            self.environment = Some(environment(text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["SENTRY_RELEASE", "RELEASE_VERSION", "GIT_COMMIT"])? {
            self.release = Some(release(text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["SENTRY_TRACES_SAMPLE_RATE"])? {
            self.traces_sample_rate = Some(rate(&text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["SENTRY_ENABLE_TRACING"])? {
            self.tracing_off = !switch(&text).map_err(|refused| refused.variable(name))?;
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_SAMPLING_RULES"])? {
            if let Err(error) = Sampling::new().rules_from(&text) {
                let expected = format!("rules such as \"POST /orders = trace; /search/** = 0.01\": {error}");
                return Err(BuildError::variable(name, shown(&text), expected));
            }
            self.sampling_rules = Some(text);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_STRICT_TRACE_CONTINUATION"])? {
            self.strict_trace_continuation = switch(&text).map_err(|refused| refused.variable(name))?;
        }
        if let Some((name, text)) = first(lookup, &["SENTRY_SEND_DEFAULT_PII"])? {
            let send = switch(&text).map_err(|refused| refused.variable(name))?;
            self.pii = if send { Pii::Sent } else { Pii::Withheld };
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES"])? {
            self.request_bodies = Some(capture(&text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES"])? {
            self.response_bodies = Some(capture(&text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_TRUSTED_PROXIES"])? {
            let networks: Vec<_> = text.split(',').map(|network| network.trim().to_owned()).collect();
            if Networks::new(name, &networks).is_err() {
                let expected = "networks such as 10.0.0.0/8, or addresses such as ::1, with commas between them";
                return Err(BuildError::variable(name, shown(&text), expected));
            }
            self.trusted_proxies = Some(networks);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_CLIENT_ADDRESS"])? {
            self.client_address = Some(address(&text).map_err(|refused| refused.variable(name))?);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_PSEUDONYM_KEY"])? {
            if text.len() < 16 {
                return Err(BuildError::variable(
                    name,
                    format!("{} bytes", text.len()),
                    "a secret of 16 bytes or more",
                ));
            }
            self.pseudonym_key = Some(text);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_METRICS_BIND"])? {
            let refused =
                |_| BuildError::variable(name, shown(&text), "an address with a port, such as 127.0.0.1:9464");
            self.metrics_bind = Some(text.parse().map_err(refused)?);
        }
        if let Some((name, text)) = first(lookup, &["TOWER_TELEMETRY_METRICS_ALLOW"])? {
            let expected = "all, loopback, or networks such as \"10.0.0.0/8, ::1\"";
            let refused = |error| BuildError::variable(name, shown(&text), format!("{expected}: {error}"));
            self.metrics_access = Some(MetricsAccess::parse(&text).map_err(refused)?);
        }
        Ok(())
    }

    /// Who says who makes a request, and what is told of them.
    pub(crate) fn users(&self, mut users: Users) -> Result<Users, BuildError> {
        if self.pii == Pii::Sent {
            users = users.personal(Disclosure::Disclosed);
        }
        if let Some(networks) = &self.trusted_proxies {
            users = users.trusted_proxies(networks)?;
        }
        if let Some(address) = self.client_address {
            users = users.address(address);
        }
        if let Some(key) = &self.pseudonym_key {
            users = users.pseudonyms(key)?;
        }
        Ok(users)
    }

    /// Whether this is a developer's machine, or a test.
    pub(crate) fn is_development(&self) -> bool {
        let environment = self.environment().to_ascii_lowercase();
        matches!(environment.as_str(), "development" | "dev" | "local" | "test")
    }

    /// The environment: what was said, else `development` in debug builds and `production` in release builds.
    pub(crate) fn environment(&self) -> &str {
        match &self.environment {
            Some(environment) => environment,
            None if cfg!(debug_assertions) => "development",
            None => "production",
        }
    }

    /// Who may scrape the metrics.
    pub(crate) fn metrics_access(&self) -> MetricsAccess {
        match &self.metrics_access {
            Some(access) => access.clone(),
            None if self.is_development() => MetricsAccess::Anyone,
            None => MetricsAccess::Loopback,
        }
    }

    /// Which bodies events show.
    pub(crate) fn capturing(&self, mut sentry: Sentry) -> Sentry {
        if let Some(capture) = self.request_bodies {
            sentry = sentry.capture_request_bodies(capture);
        }
        if let Some(capture) = self.response_bodies {
            sentry = sentry.capture_response_bodies(capture);
        }
        sentry
    }

    /// Whether events show bodies, and up to which size.
    pub(crate) fn bodies(&self, reporting: bool) -> (bool, String) {
        // What the observer does where nothing was said.
        let (requests, responses) =
            (self.request_bodies.unwrap_or(Capture::MEDIUM), self.response_bodies.unwrap_or(Capture::Off));
        let of = |name: &str, capture: Capture| match capture.limit() {
            0 => format!("{name}' off"),
            limit => format!("{name}' up to {limit} bytes"),
        };
        let said = format!("{}, {}", of("requests", requests), of("responses", responses));
        match requests.limit().max(responses.limit()) {
            0 => (false, said),
            _ if !reporting => (false, format!("nothing is reported; {said}")),
            _ => (true, format!("in events, scrubbed; {said}")),
        }
    }

    /// Who is traced, and why at that rate.
    pub(crate) fn sampling(
        &self,
        sampling: Sampling,
        client: Option<&ClientOptions>,
    ) -> Result<(Sampling, String), BuildError> {
        let sampling = match &self.sampling_rules {
            Some(rules) => sampling.rules_from(rules)?,
            None => sampling,
        };
        if self.tracing_off {
            return Ok((sampling.off(), "SENTRY_ENABLE_TRACING is off".into()));
        }
        if let Some(rate) = self.traces_sample_rate {
            return Ok((sampling.rate(rate)?, "as set".into()));
        }
        if sampling.has_rate() {
            return Ok((sampling, "as set".into()));
        }
        if let Some(options) = client {
            return Ok((sampling.rate(rate_of(options))?, "as the service's own client has it".into()));
        }
        let environment = self.environment();
        let rate = match environment.to_ascii_lowercase().as_str() {
            _ if self.is_development() => 1.0,
            "staging" | "stage" => 0.5,
            // An unknown environment may be a busy one.
            _ => 0.1,
        };
        Ok((sampling.rate(rate)?, format!("the default in {environment}")))
    }
}

/// What a client that the service has made itself leaves to us: the rest is its sampler's to say.
fn rate_of(options: &ClientOptions) -> f64 {
    match options.traces_sampling_strategy {
        TracesSamplingStrategy::FixedRate(rate) => f64::from(rate),
        TracesSamplingStrategy::Function(_) => 1.0,
        _ => 0.0,
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            // The DSN without its key.
            .field("dsn", &self.dsn.as_ref().map(Dsn::host))
            .field("replaces_client", &self.replaces_client)
            .field("environment", &self.environment)
            .field("release", &self.release)
            .field("traces_sample_rate", &self.traces_sample_rate)
            .field("tracing_off", &self.tracing_off)
            .field("sampling_rules", &self.sampling_rules)
            .field("strict_trace_continuation", &self.strict_trace_continuation)
            .field("pii", &self.pii)
            .field("request_bodies", &self.request_bodies)
            .field("response_bodies", &self.response_bodies)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("client_address", &self.client_address)
            .field("pseudonym_key", &self.pseudonym_key.is_some())
            .field("metrics_bind", &self.metrics_bind)
            .field("metrics_access", &self.metrics_access)
            .finish()
    }
}

/// The first of `names` that is set and not blank.
fn first(
    lookup: &dyn Fn(&str) -> Option<OsString>,
    names: &[&'static str],
) -> Result<Option<(&'static str, String)>, BuildError> {
    for &name in names {
        let Some(value) = lookup(name) else { continue };
        let Ok(text) = value.into_string() else {
            return Err(BuildError::variable(name, "bytes that are not UTF-8", "UTF-8 text"));
        };
        let text = text.trim();
        if !text.is_empty() {
            return Ok(Some((name, text.to_owned())));
        }
    }
    Ok(None)
}

/// Why a value was refused.
pub(crate) struct Refused {
    held: String,
    expected: &'static str,
}

impl Refused {
    pub(crate) fn variable(self, name: &str) -> BuildError {
        BuildError::variable(name, self.held, self.expected)
    }

    pub(crate) fn value(self, name: &str) -> BuildError {
        BuildError::value(name, self.held, self.expected)
    }
}

pub(crate) fn dsn(text: &str) -> Result<Dsn, Refused> {
    let expected = "a data source name such as https://KEY@HOST/PROJECT, or nothing";
    text.parse().map_err(|_| Refused { held: redacted(text), expected })
}

/// Source: <https://docs.sentry.io/platforms/rust/configuration/environments/>
pub(crate) fn environment(text: String) -> Result<String, Refused> {
    let expected = "a name such as production: up to 64 characters, without spaces and slashes, and not \"None\"";
    let sane = (1..=64).contains(&text.len())
        && text != "None"
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/');
    if sane { Ok(text) } else { Err(Refused { held: shown(&text), expected }) }
}

/// Source: <https://docs.sentry.io/platforms/rust/configuration/releases/>
pub(crate) fn release(text: String) -> Result<String, Refused> {
    let expected = "a name such as shop@1.2.3: up to 200 characters, without slashes and line breaks, and not . or ..";
    let sane = (1..=200).contains(&text.len())
        && !matches!(text.as_str(), "." | "..")
        && !text.contains(|c: char| c.is_control() || matches!(c, '/' | '\\'));
    if sane { Ok(text) } else { Err(Refused { held: shown(&text), expected }) }
}

fn rate(text: &str) -> Result<f64, Refused> {
    match text.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        _ => Err(Refused { held: shown(text), expected: "a number from 0 to 1" }),
    }
}

fn switch(text: &str) -> Result<bool, Refused> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(Refused { held: shown(text), expected: "true or false (or 1, yes, on; 0, no, off)" }),
    }
}

fn address(text: &str) -> Result<AddressDisclosure, Refused> {
    match text.to_ascii_lowercase().as_str() {
        "off" => Ok(AddressDisclosure::Off),
        "cut" => Ok(AddressDisclosure::Cut),
        "whole" => Ok(AddressDisclosure::Whole),
        _ => Err(Refused { held: shown(text), expected: "off, cut or whole" }),
    }
}

/// Sentry refuses larger events.
const MAX_CAPTURED: usize = 1024 * 1024;

fn capture(text: &str) -> Result<Capture, Refused> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(Capture::Off);
    }
    match text.parse() {
        Ok(limit @ 1..=MAX_CAPTURED) => Ok(Capture::UpTo(limit)),
        _ => Err(Refused { held: shown(text), expected: "off, or a number of bytes from 1 to 1048576" }),
    }
}

fn shown(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}

/// A broken DSN without what may be its keys: all that stands before an `@`, and any long word.
fn redacted(text: &str) -> String {
    const LONGEST_WORD: usize = 12;
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{}://", words(scheme, LONGEST_WORD)), rest),
        None => (String::new(), text),
    };
    match rest.rsplit_once('@') {
        Some((_, place)) => shown(&format!("{scheme}***@{}", words(place, LONGEST_WORD))),
        None => shown(&format!("{scheme}{}", words(rest, LONGEST_WORD))),
    }
}

fn words(text: &str, longest: usize) -> String {
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric());
    let hide = |word: &str| {
        let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if end.chars().count() > longest { format!("***{}", &word[end.len()..]) } else { word.to_owned() }
    };
    words.map(hide).collect()
}
