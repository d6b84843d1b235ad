use std::{fmt, time::Instant};

use metrics::Unit;

use super::{
    Label,
    metric::{Metric, Shape},
    series::Series,
};

/// The state of a pool of database connections, by OpenTelemetry's names, but for one: its `db.client.connection.count` is
/// `db_client_connections`, since in Prometheus a name that ends in `_count` is a histogram's, and `promtool` objects to any other.
///
/// It is told, say at each scrape or every few seconds, since pools tell their state only when they are asked.
/// Source: [connection pools](https://opentelemetry.io/docs/specs/semconv/db/database-metrics/#connection-pools).
///
/// ```
/// use tower_telemetry_metrics::instrument::{Pool, PoolState};
///
/// static POOL: Pool = Pool::new("orders");
///
/// // With sqlx: `used` is `pool.size()` less `pool.num_idle()`.
/// POOL.set(PoolState { used: 7, idle: 3, max: 20, pending: 0 });
/// POOL.timed_out(); // in the branch for `sqlx::Error::PoolTimedOut`
/// ```
pub struct Pool {
    name: &'static str,
    series: Series,
}

/// How many connections a pool has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolState {
    /// In use: `db_client_connections{db_client_connection_state="used"}`.
    pub used: u32,
    /// Idle: `db_client_connections{db_client_connection_state="idle"}`.
    pub idle: u32,
    /// At most so many: `db_client_connection_max`.
    pub max: u32,
    /// Requests that wait for one: `db_client_connection_pending_requests`.
    pub pending: u32,
}

impl Pool {
    /// A pool by its name, which tells it from the service's others: the label `db_client_connection_pool_name`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, series: Series::new() }
    }

    /// So it is now.
    pub fn set(&self, state: PoolState) {
        let now = Instant::now();
        let name = Label::from(self.name);
        for (metric, extra, value) in [
            (&COUNT, "used", state.used),
            (&COUNT, "idle", state.idle),
            (&MAX, "", state.max),
            (&PENDING, "", state.pending),
        ] {
            self.series.tell(metric, &[name], extra, now, |gauge| gauge.set(value.into()));
        }
    }

    /// A request for a connection waited too long: `db_client_connection_timeouts_total`.
    pub fn timed_out(&self) {
        let name = Label::from(self.name);
        self.series.tell(&TIMEOUTS, &[name], "", Instant::now(), |timeouts| timeouts.count(1));
    }
}

/// All of a pool's.
pub(super) const METRICS: [&Metric; 4] = [&COUNT, &MAX, &PENDING, &TIMEOUTS];

const COUNT: Metric = Metric {
    part: 0,
    base: "db_client_connections",
    suffix: "",
    shape: Shape::Gauge,
    unit: Unit::Count,
    help: "Connections of the pool, by their state.",
    labels: &["db_client_connection_pool_name"],
    extra: "db_client_connection_state",
};

const MAX: Metric = Metric {
    part: 1,
    base: "db_client_connection_max",
    help: "How many connections the pool may have.",
    extra: "",
    ..COUNT
};

const PENDING: Metric = Metric {
    part: 2,
    base: "db_client_connection_pending_requests",
    help: "Requests that wait for a connection of the pool.",
    extra: "",
    ..COUNT
};

const TIMEOUTS: Metric = Metric {
    part: 3,
    base: "db_client_connection_timeouts",
    suffix: "_total",
    shape: Shape::Counter,
    help: "Requests that waited too long for a connection of the pool.",
    extra: "",
    ..COUNT
};

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("name", &self.name).finish_non_exhaustive()
    }
}
