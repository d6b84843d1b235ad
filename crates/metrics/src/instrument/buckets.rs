/// Buckets of histograms that [`DURATION_BUCKETS`](tower_telemetry_core::semconv::DURATION_BUCKETS) do not fit, by metric.
///
/// Those of databases and of generative AI are OpenTelemetry's; those of work that takes minutes are ours.
///
/// ```
/// use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
/// use tower_telemetry_core::semconv::DURATION_BUCKETS;
/// use tower_telemetry_metrics::instrument::BUCKETS;
///
/// let durations = Matcher::Suffix("_duration_seconds".to_owned());
/// let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &DURATION_BUCKETS)?;
/// let builder = BUCKETS.iter().try_fold(builder, |builder, (metric, buckets)| {
///     builder.set_buckets_for_metric(Matcher::Full((*metric).to_owned()), buckets)
/// })?;
/// # drop(builder);
/// # Ok::<_, metrics_exporter_prometheus::BuildError>(())
/// ```
pub const BUCKETS: [(&str, &[f64]); 6] = [
    ("db_client_operation_duration_seconds", &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0]),
    (
        "gen_ai_client_operation_duration_seconds",
        &[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    ),
    (
        "gen_ai_client_token_usage",
        &[
            1.0,
            4.0,
            16.0,
            64.0,
            256.0,
            1024.0,
            4096.0,
            16_384.0,
            65_536.0,
            262_144.0,
            1_048_576.0,
            4_194_304.0,
            16_777_216.0,
            67_108_864.0,
        ],
    ),
    ("rag_pipeline_duration_seconds", LONG),
    ("document_processing_duration_seconds", LONG),
    ("background_task_duration_seconds", LONG),
];

const LONG: &[f64] = &[0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0];
