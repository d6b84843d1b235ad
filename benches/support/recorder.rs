use std::sync::OnceLock;

use axum_prometheus::{AXUM_HTTP_REQUESTS_DURATION_SECONDS, utils::SECONDS_DURATION_BUCKETS};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower_telemetry_core::semconv;

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the one recorder that all members record with, each to buckets of its own choice.
pub(crate) fn install() {
    RECORDER.get_or_init(|| {
        let ours = Matcher::Full(semconv::HTTP_SERVER_REQUEST_DURATION.into());
        let theirs = Matcher::Full(AXUM_HTTP_REQUESTS_DURATION_SECONDS.into());
        PrometheusBuilder::new()
            .set_buckets_for_metric(ours, &semconv::DURATION_BUCKETS)
            .and_then(|builder| builder.set_buckets_for_metric(theirs, SECONDS_DURATION_BUCKETS))
            .expect("there are buckets")
            .install_recorder()
            .expect("nothing else installs a recorder")
    });
}

/// Puts the samples that piled up into their buckets, as a service does every few seconds.
pub fn upkeep() {
    if let Some(recorder) = RECORDER.get() {
        recorder.run_upkeep();
    }
}
