use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use ::sentry::{Client, ClientOptions, Envelope, Hub, TransportFactory};
use tower_telemetry_console::Console;
use tower_telemetry_core::{BuildError, Observe, ObserveLayer};
use tower_telemetry_scrub::{Pii, Scrubber};
use tower_telemetry_sentry::{Boundary, Sentry};
use tower_telemetry_trace::Organization;
use tower_telemetry_user::{UserTap, Users};

use crate::{
    Builder, MetricsEndpoint, Signals, builder::WithoutDsn, collectors, health::Health, prometheus::Prometheus,
    server::Server, settings::Settings,
};

/// The layer with everything in it.
pub type TelemetryLayer = ObserveLayer<Signals>;

/// Everything that monitors the service: made once, at the start of `main`, and kept to its end.
///
/// On drop it sends what is still queued, for at most two seconds, however the server behaves.
pub struct Telemetry {
    signals: Signals,
    users: Users,
    sentry: Sentry,
    /// Only there may be tried out what does harm elsewhere.
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "there is nothing to try out"))]
    development: bool,
    scrubber: Scrubber,
    client: Option<Arc<Client>>,
    /// Its upkeep goes on for as long as it is kept.
    _prometheus: Option<Prometheus>,
    endpoint: Option<MetricsEndpoint>,
    server: Option<Server>,
    health: Health,
}

/// How long a drop waits for the network.
const FLUSH: Duration = Duration::from_secs(2);

impl Telemetry {
    /// Sets everything up as the environment says; [`Builder::from_vars`] lists the variables.
    ///
    /// Installs a Prometheus recorder, unless the service has a recorder already, and a Sentry client, if there is a DSN. The
    /// `tracing` subscriber is left to the service: install it first, to see the lines that say what is on.
    ///
    /// A Sentry client that the service has already, by `sentry::init` before this, is used as it is, and no other is made:
    /// it has its own DSN, release, environment, rate of traces and `before_send`. It scrubs what it sends if its transport
    /// [does](crate::sentry::HttpTransportFactory::scrubbing).
    pub fn from_env() -> Result<Self, BuildError> {
        Self::builder().from_env()?.build()
    }

    /// Sets everything up from code.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The layer: for axum's `Router::layer`, tonic's `Server::layer`, or around any Tower service for hyper.
    pub fn layer(&self) -> TelemetryLayer {
        self.signals.clone().into_layer()
    }

    /// A layer to stand inside an auth layer, for what that one leaves in the request's extensions: see
    /// [`user`](crate::user#an-auth-layer-inside). An auth layer outside needs none.
    pub fn user_tap(&self) -> ObserveLayer<UserTap> {
        self.users.tap()
    }

    /// What scrubs everything that leaves: for the service's own output, say, by `ScrubFields`.
    pub fn scrubber(&self) -> &Scrubber {
        &self.scrubber
    }

    /// What `GET /health` answers, as JSON.
    pub fn health(&self) -> String {
        self.health.to_json()
    }

    /// What `GET /metrics` answers, in Prometheus' text format. `None` if the service has a recorder of its own.
    pub fn render_metrics(&self) -> Option<String> {
        Some(self.endpoint.as_ref()?.render())
    }

    #[cfg(feature = "axum")]
    pub(crate) fn is_development(&self) -> bool {
        self.development
    }

    #[cfg(feature = "axum")]
    pub(crate) fn slow_after(&self) -> Duration {
        self.sentry.slow_after()
    }

    /// What answers scrapes, for a host that [`routes`](Self::routes) are not for. `None` if the service has a recorder of its own.
    ///
    /// Not needed where the metrics have [an address of their own](Builder::metrics_bind).
    pub fn metrics_endpoint(&self) -> Option<MetricsEndpoint> {
        self.endpoint.clone()
    }

    /// Where the metrics are served, if they have [an address of their own](Builder::metrics_bind).
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.server.as_ref().map(Server::address)
    }

    pub(crate) fn start(builder: Builder) -> Result<Self, BuildError> {
        let Builder {
            settings,
            without_dsn,
            transport,
            sampling,
            scrub,
            attachments,
            users,
            sentry,
            metrics,
            collectors,
            more_collectors,
        } = builder;
        let mut health = Health::default();
        let own = own_client(&settings);
        let own_options = own.as_ref().map(|(_, client)| client.options());
        let (sampling, why_rate) = settings.sampling(sampling, own_options)?;
        let rate = sampling.base_rate();

        let rules = if scrub.is_some() { "by the rules that are set" } else { "by the standard rules" };
        let scrub = scrub.unwrap_or_default().pii(settings.pii);
        let scrubber = scrub.build().map_err(|error| BuildError::failed("scrubbing", error))?;
        health.add("scrubbing", true, format!("{rules}, personal data {}", shown(settings.pii)), None);

        let users = settings.users(users)?;
        health.add("users", true, users.to_string(), None);

        let boundary = Boundary::new(scrubber.clone()).attachments(attachments).users(users.policy().clone());
        let client = match &own {
            Some(_) => {
                let why = "with the service's own client, which scrubs what it sends if its transport does";
                health.add("sentry", true, why, None);
                None
            }
            None => client(&settings, without_dsn, transport, rate, boundary, &mut health),
        };
        let (bodies_on, bodies) = settings.bodies(client.is_some() || own.is_some());
        health.add("bodies", bodies_on, bodies, None);
        let mut sentry = settings.capturing(sentry).scrubber(scrubber.clone());
        // Threads that used their hub before the client was bound would never see it.
        if let Some(client) = &client {
            let hub = Hub::current();
            hub.bind_client(Some(client.clone()));
            sentry = sentry.fallback(hub);
        } else if let Some((hub, _)) = &own {
            sentry = sentry.fallback(hub.clone());
        }
        let reporting = client.as_ref().or(own.as_ref().map(|(_, client)| client));
        let organization = organization(reporting, settings.strict_trace_continuation);
        let why_rate = match sampling.rule_count() {
            0 => why_rate,
            1 => format!("{why_rate}, and one rule by endpoint"),
            rules => format!("{why_rate}, and {rules} rules by endpoint"),
        };
        health.add("traces", sampling.traces_any(), why_rate, Some(rate));

        // The recorder comes first, so that it is found at once.
        let prometheus = Prometheus::install(&metrics.clone().unwrap_or_default())?;
        let metrics = metrics.unwrap_or_default().scrubber(scrubber.clone());
        let access = settings.metrics_access();
        let why = match (&prometheus, settings.metrics_bind) {
            (None, _) => "with the service's own recorder, which serves them".into(),
            (Some(_), None) => format!("with a Prometheus recorder, open to {access}"),
            (Some(_), Some(address)) => format!("with a Prometheus recorder, on {address}, open to {access}"),
        };
        health.add("metrics", true, why, None);
        health.add("spans", true, "with the service's own tracing subscriber", None);
        health.add("access log", true, "one event for each request", None);
        let endpoint = prometheus.as_ref().map(|prometheus| {
            let collectors = collectors.unwrap_or_else(collectors::standard).with(more_collectors);
            MetricsEndpoint::new(prometheus.handle().clone(), collectors, access)
        });
        let server = settings.metrics_bind.map(|address| serve(address, endpoint.clone(), &health)).transpose()?;
        health.log();

        let signals = Signals::new(sampling, users.clone(), sentry.clone(), metrics, organization, &scrubber);
        let development = settings.is_development();
        Ok(Self {
            signals,
            users,
            sentry,
            development,
            scrubber,
            client,
            _prometheus: prometheus,
            endpoint,
            server,
            health,
        })
    }
}

fn serve(address: SocketAddr, endpoint: Option<MetricsEndpoint>, health: &Health) -> Result<Server, BuildError> {
    let what = format!("the metrics' own address, {address},");
    let Some(endpoint) = endpoint else {
        return Err(BuildError::failed(
            what,
            "the service has installed a recorder of its own, which is to serve them",
        ));
    };
    Server::start(address, endpoint, health.to_json()).map_err(|error| BuildError::failed(what, error))
}

fn client(
    settings: &Settings,
    without_dsn: WithoutDsn,
    transport: Option<Arc<dyn TransportFactory>>,
    rate: f64,
    boundary: Boundary,
    health: &mut Health,
) -> Option<Arc<Client>> {
    #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
    let options = ClientOptions::new()
        .environment(settings.environment().to_owned())
        .maybe_release(settings.release.clone())
        .send_default_pii(settings.pii == Pii::Sent)
        .traces_sample_rate(rate as f32)
        .shutdown_timeout(FLUSH);
    let (options, state) = match (&settings.dsn, without_dsn) {
        (Some(dsn), _) => {
            let mut options = options;
            options.dsn = Some(dsn.clone());
            options.transport = transport;
            (options, "SENTRY_DSN is set")
        }
        (None, WithoutDsn::Print) => {
            health.add("sentry", false, "SENTRY_DSN is not set; what would be sent is printed", None);
            let options = options.dsn(tower_telemetry_console::DSN).transport(Console::new());
            return Some(tower_telemetry_sentry::client_with(options, boundary));
        }
        (None, WithoutDsn::Off) => {
            health.add("sentry", false, "SENTRY_DSN is not set", None);
            return None;
        }
    };
    let release = settings.release.as_deref().unwrap_or("none");
    let (environment, pii) = (settings.environment(), shown(settings.pii));
    let why = format!("{state}; environment {environment}, release {release}, personal data {pii}");
    health.add("sentry", true, why, None);
    Some(tower_telemetry_sentry::client_with(options, boundary))
}

/// The client that the service has made itself, with its hub. It is used whatever the environment says: `sentry::init` has
/// read that too.
fn own_client(settings: &Settings) -> Option<(Arc<Hub>, Arc<Client>)> {
    if settings.replaces_client {
        return None;
    }
    let hubs = [Hub::current(), Hub::main()].into_iter();
    let mut clients = hubs.filter_map(|hub| hub.client().map(|client| (hub, client)));
    clients.find(|(_, client)| client.is_enabled())
}

/// Whose traces are continued, by what is known of the client that reports.
fn organization(client: Option<&Arc<Client>>, strict: bool) -> Organization {
    let options = client.map(|client| client.options());
    let id = options.and_then(|options| options.org_id.or_else(|| options.dsn.as_ref()?.org_id()));
    let organization = Organization::new(id.and_then(|id| id.to_string().parse().ok()));
    let strict = strict || options.is_some_and(|options| options.strict_trace_continuation);
    if strict { organization.strict() } else { organization }
}

fn shown(pii: Pii) -> &'static str {
    match pii {
        Pii::Withheld => "withheld",
        Pii::Sent => "sent",
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.sentry.flush_sessions();
        if let Some(client) = &self.client {
            // With it goes the client's report of what it left out.
            client.send_envelope(Envelope::new());
            client.close(Some(FLUSH));
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("health", &self.health).finish_non_exhaustive()
    }
}
