//! Metrics of the process and what it runs on: read when somebody asks, at each scrape, or by a task every few seconds.
//!
//! ```
//! use tower_telemetry_metrics::process::Collectors;
//!
//! let collectors = Collectors::new().with(|| metrics::gauge!("open_files").set(17.0));
//! # #[cfg(feature = "process")]
//! let collectors = collectors.with(tower_telemetry_metrics::process::Process::new());
//! # #[cfg(feature = "disk")]
//! let collectors = collectors.with(tower_telemetry_metrics::process::Disk::working_directory());
//!
//! collectors.collect(); // before the page is rendered
//! ```
//!
//! | collector | feature | metrics |
//! |---|---|---|
//! | `Process` | `process` | `process_cpu_seconds_total` (whole seconds), `process_resident_memory_bytes`, `process_virtual_memory_bytes`, `process_virtual_memory_max_bytes`, `process_open_fds`, `process_max_fds`, `process_threads`, `process_start_time_seconds` |
//! | `Disk` | `disk` | `system_filesystem_usage_bytes` by `system_filesystem_state` (`free`, `used`, `reserved`), `system_filesystem_limit_bytes`; by `directory` |
//! | `Runtime` | `tokio-runtime` | `tokio_workers`, `tokio_alive_tasks`, `tokio_global_queue_depth`, `tokio_busy_ratio`, `tokio_worker_busy_seconds_total` (whole seconds), `tokio_worker_parks_total` |
//! | a closure | | what it sets: a pool's state, a cache's size |
//!
//! The first are [Prometheus' own](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), those of disks
//! [OpenTelemetry's](https://opentelemetry.io/docs/specs/semconv/system/system-metrics/#filesystem-metrics). What Tokio tells only
//! to a program that is built with `tokio_unstable` is not here: blocking threads, the workers' own queues, times of polls.
//!
//! What telemetry itself lost or refused is counted where that happens: `telemetry_metric_overflow_total` by the
//! metrics of requests and the [instruments](crate::instrument#labels), `telemetry_items_dropped_total` by what sends to Sentry.
//!
//! Each collector goes to the recorder that is current when it collects. A collection reads some files of `/proc` and takes 0.1 ms;
//! it blocks as long as the kernel does, which for a disk on the network may be long: there, collect on a thread of its own.

mod collect;
#[cfg(feature = "disk")]
mod disk;
#[cfg(feature = "process")]
mod own;
#[cfg(feature = "tokio-runtime")]
mod runtime;

pub use self::collect::{Collect, Collectors};
#[cfg(feature = "disk")]
pub use self::disk::Disk;
#[cfg(feature = "process")]
pub use self::own::Process;
#[cfg(feature = "tokio-runtime")]
pub use self::runtime::Runtime;
