//! The list of metrics: what it says is what is told and what the page says.

use std::collections::BTreeSet;

use tower_telemetry_metrics::instrument::{BUCKETS, catalogue};

const PAGE: &str = include_str!("../../crates/metrics/src/instrument/mod.rs");

#[test]
fn names_and_labels_are_ones_that_prometheus_takes_and_told_once() {
    let catalogue = catalogue();
    let names: BTreeSet<_> = catalogue.iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(names.len(), catalogue.len());
    for metric in &catalogue {
        let words = metric.labels.iter().chain([&metric.name]);
        for word in words {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{word}");
        }
        // What `promtool check metrics` asks for.
        assert_eq!(metric.kind == "counter", metric.name.ends_with("_total"), "{metric:?}");
        assert!(metric.help.ends_with('.'), "{metric:?}");
        let labels: BTreeSet<_> = metric.labels.iter().collect();
        assert_eq!(labels.len(), metric.labels.len(), "{metric:?}");
    }
}

#[test]
fn the_page_names_each_of_them() {
    for metric in catalogue() {
        let base = metric.name.strip_suffix("_duration_seconds").or(metric.name.strip_suffix("_slow_total"));
        let base = base.unwrap_or(&metric.name);
        assert!(PAGE.contains(&format!("`{base}`")), "{base}");
        // `Consume` says "the same" of `Publish`.
        for label in metric.labels {
            assert!(PAGE.contains(&format!("`{label}`")), "{label} of {base}");
        }
    }
}

#[test]
fn buckets_are_of_histograms_and_rise() {
    let catalogue = catalogue();
    for (name, buckets) in BUCKETS {
        let metric = catalogue.iter().find(|metric| metric.name == name).expect("it is one of them");
        assert!(metric.kind == "histogram" && buckets.is_sorted(), "{name}");
    }
}
