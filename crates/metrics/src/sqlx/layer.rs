use std::{fmt, time::Duration};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, filter::Targets, layer::Context, registry::LookupSpan};

use super::shape::Shape;
use crate::instrument::{Database, Ended, Instrument, Label};

/// What sqlx calls its events.
const TARGET: &str = "sqlx::query";

/// What sqlx ends a summary with that is not the whole statement.
const MORE: &str = " …";

/// A layer for a `tracing` subscriber that sees the queries of sqlx: see the [module's page](super).
#[derive(Debug)]
#[must_use]
pub struct Queries {
    system: &'static str,
    instrument: Instrument<Database>,
}

impl Queries {
    /// Queries to this system, by [OpenTelemetry's name](https://opentelemetry.io/docs/specs/semconv/db/): `postgresql`, `mysql`,
    /// `sqlite`. The events do not tell it.
    pub fn new(system: &'static str) -> Self {
        Self { system, instrument: Instrument::new() }
    }

    /// From which duration on a query is slow. Default: 1 s.
    ///
    /// It is counted only: the event and the span of a slow query are sqlx's and the caller's.
    pub fn slow_after(mut self, duration: Duration) -> Self {
        self.instrument = self.instrument.slow_after(duration);
        self
    }

    /// How many pairs of operation and table there may be. Default: 1000. After them, the table is `overflow`.
    pub fn max_series(mut self, max: usize) -> Self {
        self.instrument = self.instrument.max_series(max);
        self
    }

    /// The layer. It asks for sqlx's events alone, so the subscriber's other callsites cost what they did.
    pub fn layer<S>(self) -> impl Layer<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        See(self).with_filter(Targets::new().with_target(TARGET, Level::TRACE))
    }
}

struct See(Queries);

impl<S: Subscriber> Layer<S> for See {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Self(Queries { system, instrument }) = self;
        let mut query = Query::default();
        event.record(&mut query);
        let Some(elapsed) = query.elapsed else { return };
        let Shape { operation, table } = query.shape;
        let labels = Database::new(*system).operation(operation).collection(Label::text(&table));
        instrument.record(labels, elapsed, Ended::Ok);
    }
}

/// What an event says of a query.
#[derive(Debug, Default)]
struct Query {
    shape: Shape,
    elapsed: Option<Duration>,
}

impl Visit for Query {
    /// A statement of up to four words is its own summary; of a longer one the text follows.
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" if !value.ends_with(MORE) => self.shape = Shape::of(value),
            "db.statement" if !value.is_empty() => self.shape = Shape::of(value),
            _ => {}
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.elapsed = Duration::try_from_secs_f64(value).ok();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
