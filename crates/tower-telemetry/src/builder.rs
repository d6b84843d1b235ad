use std::{env, ffi::OsString, fmt, net::SocketAddr, sync::Arc};

use ::sentry::TransportFactory;
use tower_telemetry_core::{BuildError, Capture};
use tower_telemetry_metrics::{
    Metrics,
    process::{Collect, Collectors},
};
use tower_telemetry_sampling::Sampling;
use tower_telemetry_scrub::{Pii, Scrub};
use tower_telemetry_sentry::{Attachments, Sentry};
use tower_telemetry_user::Users;

use crate::{
    MetricsAccess, Telemetry,
    settings::{self, Settings},
};

/// Sets up [`Telemetry`] from code, from the environment, or both. The order of the calls does not matter, but that a later
/// call overrides an earlier one for the same thing.
#[derive(Clone, Default)]
#[must_use]
pub struct Builder {
    pub(crate) settings: Settings,
    pub(crate) without_dsn: WithoutDsn,
    pub(crate) transport: Option<Arc<dyn TransportFactory>>,
    pub(crate) sampling: Sampling,
    pub(crate) scrub: Option<Scrub>,
    pub(crate) attachments: Attachments,
    pub(crate) users: Users,
    pub(crate) sentry: Sentry,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) collectors: Option<Collectors>,
    pub(crate) more_collectors: Collectors,
}

/// What becomes of Sentry's data where no DSN is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WithoutDsn {
    #[default]
    Off,
    Print,
}

impl Builder {
    /// Takes over what the process's environment says; see [`from_vars`](Self::from_vars).
    pub fn from_env(self) -> Result<Self, BuildError> {
        self.from_vars(|name| env::var_os(name))
    }

    /// Takes over what the variables say. One that is not set, or is blank, changes nothing.
    ///
    /// | variable | holds | if it is not set |
    /// |---|---|---|
    /// | `SENTRY_DSN` | where to send, unless the service [has a client](Telemetry::from_env) | nothing is sent |
    /// | `SENTRY_ENVIRONMENT`, else `ENVIRONMENT` | the environment's name | `development` in debug builds, else `production` |
    /// | `SENTRY_RELEASE`, else `RELEASE_VERSION`, else `GIT_COMMIT` | the release's name | no release |
    /// | `SENTRY_TRACES_SAMPLE_RATE` | the share of exchanges to trace, 0 to 1 | 1 in development, 0.5 in staging, else 0.1 |
    /// | `SENTRY_ENABLE_TRACING` | `false` for no traces | `true` |
    /// | `TOWER_TELEMETRY_SAMPLING_RULES` | [rules](Sampling::rules_from) by endpoint, with semicolons between them: `POST /orders = trace; /search/** = 0.01` | those of [`sampling`](Self::sampling) |
    /// | `TOWER_TELEMETRY_STRICT_TRACE_CONTINUATION` | `true` for [`strict_trace_continuation`](Self::strict_trace_continuation) | `false` |
    /// | `SENTRY_SEND_DEFAULT_PII` | `true` to let personal data leave | `false` |
    /// | `TOWER_TELEMETRY_TRUSTED_PROXIES` | the networks of [proxies](Users::trusted_proxies) that are believed: `10.0.0.0/8, ::1` | those of [`users`](Self::users) |
    /// | `TOWER_TELEMETRY_CLIENT_ADDRESS` | how much of callers' addresses is told: `off`, `cut` or `whole` | `cut`, or `whole` where personal data may leave |
    /// | `TOWER_TELEMETRY_PSEUDONYM_KEY` | the key of [pseudonyms](Users::pseudonyms), 16 bytes or more, that are told in place of users' ids | ids are told |
    /// | `TOWER_TELEMETRY_CAPTURE_REQUEST_BODIES` | `off`, or up to how many bytes, 1 to 1048576, events show them | 10000 |
    /// | `TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES` | likewise | `off` |
    /// | `TOWER_TELEMETRY_METRICS_BIND` | an [address of their own](Self::metrics_bind) for the metrics: `0.0.0.0:9464` | none |
    /// | `TOWER_TELEMETRY_METRICS_ALLOW` | who may scrape: `all`, `loopback`, or networks with commas between them | `all` in development, else `loopback` |
    pub fn from_vars(mut self, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, BuildError> {
        self.settings.read(&lookup)?;
        Ok(self)
    }

    /// Sends to this data source name, by a client of our own, which takes the place of one that the current hub has.
    /// Default: nothing is sent.
    pub fn dsn(mut self, dsn: &str) -> Result<Self, BuildError> {
        self.settings.replaces_client = true;
        self.settings.dsn = Some(settings::dsn(dsn).map_err(|refused| refused.value("the DSN"))?);
        Ok(self)
    }

    /// The environment's name, which also decides the default rate. Default: `development` in debug builds, else
    /// `production`.
    pub fn environment(mut self, name: impl Into<String>) -> Result<Self, BuildError> {
        self.settings.environment =
            Some(settings::environment(name.into()).map_err(|refused| refused.value("the environment"))?);
        Ok(self)
    }

    /// The release's name. Default: none.
    pub fn release(mut self, name: impl Into<String>) -> Result<Self, BuildError> {
        self.settings.release = Some(settings::release(name.into()).map_err(|refused| refused.value("the release"))?);
        Ok(self)
    }

    /// The share of exchanges that is traced, in 0..=1. Default: by the environment.
    pub fn traces_sample_rate(mut self, rate: f64) -> Result<Self, BuildError> {
        if !(0.0..=1.0).contains(&rate) {
            return Err(BuildError::value("the traces' sample rate", rate.to_string(), "a number from 0 to 1"));
        }
        self.settings.traces_sample_rate = Some(rate);
        Ok(self)
    }

    /// Who is traced and who is excluded: rules, budgets, whose word counts, and what is kept. Default: the standard
    /// exclusions, and one rate for the rest.
    ///
    /// Its rate is used where neither [`traces_sample_rate`](Self::traces_sample_rate) nor the environment sets one, its rules
    /// where the environment has none.
    pub fn sampling(mut self, sampling: Sampling) -> Self {
        self.sampling = sampling;
        self
    }

    /// What is taken out of everything that leaves: out of what goes to Sentry, whoever made it, and of what callers have a hand
    /// in among the fields of spans and access logs, request ids and metrics' labels. Default: [`Scrub::standard`].
    ///
    /// [`pii`](Self::pii) is applied to it.
    pub fn scrub(mut self, scrub: Scrub) -> Self {
        self.scrub = Some(scrub);
        self
    }

    /// What is reported to Sentry, and how: which answers are errors, how they are grouped and limited, what is slow, whether
    /// callers are told the event's id. Default: [`Sentry::new`].
    ///
    /// Its scrubber is that of [`scrub`](Self::scrub).
    pub fn sentry(mut self, sentry: Sentry) -> Self {
        self.sentry = sentry;
        self
    }

    /// Does not continue traces of callers whose Sentry organization is not known to be this service's own, which is known from
    /// its DSN. Default: it does, unless theirs is known to be another.
    pub fn strict_trace_continuation(mut self) -> Self {
        self.settings.strict_trace_continuation = true;
        self
    }

    /// What becomes of attachments that go to Sentry. Default: [`Attachments::Scrub`].
    pub fn attachments(mut self, attachments: Attachments) -> Self {
        self.attachments = attachments;
        self
    }

    /// Who says who makes a request, and what is told of them: the same in Sentry, spans and logs. Default: the handler says,
    /// and told are id, username, and the IP address cut to its network; with [`Pii::Sent`] e-mail address, full name and the
    /// whole IP address too.
    pub fn users(mut self, users: Users) -> Self {
        self.users = users;
        self
    }

    /// Whether personal data may leave. Default: [`Pii::Withheld`].
    pub fn pii(mut self, pii: Pii) -> Self {
        self.settings.pii = pii;
        self
    }

    /// Up to which size events show the bodies of requests, scrubbed. Default: [`Capture::MEDIUM`], 10,000 bytes.
    ///
    /// See [`Sentry::capture_request_bodies`](crate::sentry::Sentry::capture_request_bodies).
    pub fn capture_request_bodies(mut self, capture: Capture) -> Self {
        self.settings.request_bodies = Some(capture);
        self
    }

    /// Up to which size events show the bodies of responses, scrubbed. Default: [`Capture::Off`].
    pub fn capture_response_bodies(mut self, capture: Capture) -> Self {
        self.settings.response_bodies = Some(capture);
        self
    }

    /// How requests are counted and timed: names, labels, buckets. Default: [`Metrics::new`].
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// What is read at each scrape, and told with it. Default: [the process](crate::metrics::process), the disk of its
    /// working directory, and the Tokio runtime that [`build`](Self::build) is called in.
    pub fn collectors(mut self, collectors: Collectors) -> Self {
        self.collectors = Some(collectors);
        self
    }

    /// Reads this too at each scrape, after [those](Self::collectors). A closure that sets metrics is one. Default: none.
    pub fn collector(mut self, collector: impl Collect) -> Self {
        self.more_collectors = self.more_collectors.with(collector);
        self
    }

    /// Serves `GET /metrics` and `GET /health` on an address of their own, for a host that is no HTTP server, say, or to keep
    /// them off a public port: [`Telemetry::routes`] has no `/metrics` then. Default: none.
    ///
    /// It has a thread of its own, and ends with the [`Telemetry`]. [`build`](Self::build) fails if the address cannot be had, or
    /// if the service has installed a recorder of its own.
    pub fn metrics_bind(mut self, address: SocketAddr) -> Self {
        self.settings.metrics_bind = Some(address);
        self
    }

    /// Who may scrape. Default: anyone in development, elsewhere [`MetricsAccess::Loopback`].
    pub fn metrics_access(mut self, access: MetricsAccess) -> Self {
        self.settings.metrics_access = Some(access);
        self
    }

    /// What carries envelopes to Sentry where a DSN is set: for a test, or a way out that is not HTTP. Default:
    /// [`HttpTransport`](crate::sentry::HttpTransport).
    ///
    /// It is wrapped, so that one that hangs does not keep the process from ending.
    pub fn transport(mut self, transport: impl TransportFactory + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Where no DSN is set, prints one line to standard output for each item that would have been sent. Default: off.
    ///
    /// For development: see the [`console`](crate::console) crate.
    pub fn print_without_dsn(mut self) -> Self {
        self.without_dsn = WithoutDsn::Print;
        self
    }

    /// Starts what is asked for, and logs one line for each signal: on or off, why, and its rate.
    pub fn build(self) -> Result<Telemetry, BuildError> {
        Telemetry::start(self)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("settings", &self.settings)
            .field("without_dsn", &self.without_dsn)
            .field("transport", &self.transport.is_some())
            .field("sampling", &self.sampling)
            .field("scrub", &self.scrub)
            .field("attachments", &self.attachments)
            .field("users", &self.users)
            .field("sentry", &self.sentry)
            .field("metrics", &self.metrics)
            .field("collectors", &self.collectors)
            .field("more_collectors", &self.more_collectors)
            .finish()
    }
}
