use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum_prometheus::PrometheusMetricLayerBuilder;
use opentelemetry_instrumentation_tower::http::server::LayerBuilder;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use sentry::{Client, ClientOptions, TracesSamplingStrategy};
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use tower::ServiceBuilder;
use tower_http::{
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    sensitive_headers::SetSensitiveRequestHeadersLayer,
    trace::{DefaultMakeSpan, DefaultOnFailure, DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use crate::{Member, Request, app::app, client::Dsn};

pub(crate) const TRACE_LAYER: &str = "tower-http's trace";
pub(crate) const EARLY_DROP: &str = "TraceLayer, OnEarlyDrop";
pub(crate) const AXUM_PROMETHEUS: &str = "axum-prometheus";
pub(crate) const SENTRY_TOWER: &str = "sentry-tower";
pub(crate) const ASSEMBLED: &str = "assembled stack";

pub(crate) fn members() -> Vec<Member> {
    // Built without its pair, it installs no recorder and uses ours.
    let prometheus = PrometheusMetricLayerBuilder::new().build();
    // One builder means one boxing by axum.
    let early_drop = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(OnEarlyDropLayer::new(EarlyDropsAsFailures::new(DefaultOnFailure::default())));
    let mut members = vec![
        Member::new(TRACE_LAYER, app().layer(TraceLayer::new_for_http())),
        Member::new(EARLY_DROP, app().layer(early_drop)),
        Member::new(AXUM_PROMETHEUS, app().layer(prometheus)),
    ];
    members.push(opentelemetry());
    members.extend(Dsn::ALL.map(sentry_tower));
    members.extend(Dsn::ALL.map(assembled));
    members
}

/// Its metrics alone. Nobody collects them: what is left is what each request costs.
pub(crate) fn opentelemetry() -> Member {
    let reader = ManualReader::builder().build();
    opentelemetry::global::set_meter_provider(SdkMeterProvider::builder().with_reader(reader).build());
    let layer = LayerBuilder::builder().with_tracing(false).build().expect("nothing is wrong with it");
    Member::new("opentelemetry-instrumentation", app().layer(layer))
}

fn sentry_tower(dsn: Dsn) -> Member {
    // The hub's layer must be the outer one. One builder means one boxing by axum.
    let layers = ServiceBuilder::new()
        .layer(NewSentryLayer::<Request>::new_from_top())
        .layer(SentryHttpLayer::new().enable_transaction());
    Member::new(dsn.name(SENTRY_TOWER), app().layer(layers)).hub(dsn.hub(sdk_client))
}

/// What people put together, in the order that they do it in: what ours does in one layer.
pub(crate) fn assembled(dsn: Dsn) -> Member {
    let layers = ServiceBuilder::new()
        .layer(SetSensitiveRequestHeadersLayer::new([AUTHORIZATION, COOKIE]))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(NewSentryLayer::<Request>::new_from_top())
        .layer(SentryHttpLayer::new().enable_transaction())
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(DefaultMakeSpan::new().level(Level::INFO))
                .on_response(DefaultOnResponse::new().level(Level::INFO)),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(PrometheusMetricLayerBuilder::new().build());
    Member::new(dsn.name(ASSEMBLED), app().layer(layers)).hub(dsn.hub(sdk_client))
}

/// As `sentry::init` makes it, but for chance.
pub(crate) fn sdk_client(options: ClientOptions) -> Arc<Client> {
    let options = match options.traces_sampling_strategy {
        TracesSamplingStrategy::FixedRate(rate) if rate > 0.0 && rate < 1.0 => {
            let is_traced = share(rate);
            options.traces_sampler(move |_| f32::from(u8::from(is_traced())))
        }
        _ => options,
    };
    Arc::new(Client::with_options(sentry::apply_defaults(options)))
}

/// Says yes to this share by a count, so that each run does the same: the SDK's generator cannot be seeded, as ours can.
pub(crate) fn share(rate: f32) -> impl Fn() -> bool {
    let asked = AtomicU32::new(0);
    move || {
        #[expect(clippy::cast_precision_loss, reason = "a number below 100 is exact")]
        let number = (asked.fetch_add(1, Ordering::Relaxed) % 100) as f32;
        ((number + 1.0) * rate).floor() > (number * rate).floor()
    }
}
