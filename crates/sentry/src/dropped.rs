use std::{
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use metrics::Unit;
use sentry::protocol::{
    EnvelopeItem,
    client_report::{self, Category, ItemLoss, LossSource},
};

/// Counter: what was not sent to Sentry, by `category` and `reason`.
///
/// - `category` is one of [Sentry's][categories]: `error`, `transaction`, `span`, `session`, `attachment`, `monitor`, `log_item`,
///   `trace_metric`; or `unknown`.
/// - `reason`, of the scrubbing boundary: `not_text`, `too_large`, `rule`, `unreadable`, `unknown`.
/// - `reason`, of the [limit](crate::ErrorLimit) of equal errors: `equal_errors`.
/// - `reason`, of the way to the server, as Sentry's [client reports] name them: `queue_overflow`, `ratelimit_backoff`,
///   `network_error`, `send_error`, `internal_sdk_error`; what the SDK itself leaves out, as `sample_rate`; and two of our own,
///   `rate_limited` for what the server refused with 429, and `shutdown` for what was still waiting when the client was dropped.
///
/// [categories]: https://develop.sentry.dev/sdk/expected-features/rate-limiting/#definitions
/// [client reports]: https://develop.sentry.dev/sdk/telemetry/client-reports/
pub const ITEMS_DROPPED: &str = "telemetry_items_dropped_total";

/// How long a reason is not logged again, in seconds.
const QUIET: u32 = 600;

/// Counts what is dropped, and logs each reason now and then.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    /// When each cause was last logged, in seconds since `EPOCH`, and one more; 0 for never.
    logged: [AtomicU32; Cause::COUNT],
}

/// Why something was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// An attachment that is not text.
    NotText,
    /// An attachment whose scrubbing would hold up the request.
    TooLarge,
    /// An attachment, as the configuration says.
    Rule,
    /// A raw envelope that is not what an envelope should be, or has an item of an unknown kind.
    Unreadable,
    /// An item of an unknown kind.
    Unknown,
    /// The queue was full.
    QueueOverflow,
    /// A rate limit that the server told of.
    RatelimitBackoff,
    /// The server refused it for a rate limit, and counts it itself.
    RateLimited,
    /// The server could not be reached, or did not answer.
    NetworkError,
    /// The server refused it.
    SendError,
    /// It could not be written.
    Internal,
    /// It was still waiting when the client was dropped.
    Shutdown,
    /// So many like it were sent within the minute.
    EqualErrors,
}

impl Dropped {
    pub(crate) fn item(&self, cause: Cause, item: &EnvelopeItem) {
        self.add(cause, item.losses());
    }

    /// What was lost; nothing means something that cannot be told.
    pub(crate) fn add(&self, cause: Cause, losses: impl IntoIterator<Item = ItemLoss>) {
        let mut first = None;
        for loss in losses {
            first.get_or_insert(category(loss.category));
            count(&loss, cause.label());
        }
        let first = first.unwrap_or_else(|| {
            add_to_counter(UNKNOWN, cause.label(), 1);
            UNKNOWN
        });
        if self.is_news(cause) {
            log(first, cause);
        }
    }

    fn is_news(&self, cause: Cause) -> bool {
        static EPOCH: OnceLock<Instant> = OnceLock::new();
        if matches!(cause, Cause::Rule | Cause::EqualErrors) {
            return false;
        }
        let seconds = EPOCH.get_or_init(Instant::now).elapsed().as_secs();
        let now = u32::try_from(seconds).unwrap_or(u32::MAX - 1) + 1;
        let logged = &self.logged[cause as usize];
        let last = logged.load(Ordering::Relaxed);
        (last == 0 || now - last.min(now) >= QUIET)
            && logged.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Adds an event to the counter alone.
pub(crate) fn count_event(cause: Cause) {
    add_to_counter("error", cause.label(), 1);
}

/// Adds to the counter alone.
pub(crate) fn count(loss: &ItemLoss, reason: &'static str) {
    let items = match loss.category {
        // Their quantity is in bytes.
        Category::Attachment => 1,
        // Their items are counted too.
        Category::LogByte | Category::TraceMetricByte => return,
        _ => loss.quantity,
    };
    add_to_counter(category(loss.category), reason, items);
}

fn add_to_counter(category: &'static str, reason: &'static str, quantity: u64) {
    describe();
    metrics::counter!(ITEMS_DROPPED, "category" => category, "reason" => reason).increment(quantity);
}

/// Once for each recorder, by its address: a description costs more than a count.
fn describe() {
    static DESCRIBED_TO: AtomicUsize = AtomicUsize::new(0);
    let recorder = metrics::with_recorder(|recorder| ptr::from_ref(recorder).cast::<()>().addr());
    if DESCRIBED_TO.load(Ordering::Relaxed) != recorder {
        DESCRIBED_TO.store(recorder, Ordering::Relaxed);
        metrics::describe_counter!(ITEMS_DROPPED, Unit::Count, "What was not sent to Sentry, by kind and reason.");
    }
}

impl Cause {
    const COUNT: usize = Self::EqualErrors as usize + 1;

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::NotText => "not_text",
            Self::TooLarge => "too_large",
            Self::Rule => "rule",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
            Self::QueueOverflow => "queue_overflow",
            Self::RatelimitBackoff => "ratelimit_backoff",
            Self::RateLimited => "rate_limited",
            Self::NetworkError => "network_error",
            Self::SendError => "send_error",
            Self::Internal => "internal_sdk_error",
            Self::Shutdown => "shutdown",
            Self::EqualErrors => "equal_errors",
        }
    }

    /// As a client report says it, if one does.
    pub(crate) fn reported(self) -> Option<client_report::Reason> {
        use client_report::Reason;
        match self {
            Self::QueueOverflow => Some(Reason::QueueOverflow),
            Self::RatelimitBackoff => Some(Reason::RatelimitBackoff),
            Self::NetworkError => Some(Reason::NetworkError),
            Self::SendError => Some(Reason::SendError),
            Self::Internal => Some(Reason::InternalSdkError),
            _ => None,
        }
    }

    fn explained(self) -> &'static str {
        match self {
            Self::QueueOverflow => "more came than the ingest takes",
            Self::RatelimitBackoff | Self::RateLimited => "the ingest limits the rate",
            Self::NetworkError => "the ingest cannot be reached, or does not answer",
            Self::SendError => "the ingest refused it",
            Self::Internal => "it cannot be written",
            Self::Shutdown => "it was still waiting at the end",
            _ => "it cannot be scrubbed",
        }
    }
}

/// What an item of no known kind is counted as.
const UNKNOWN: &str = "unknown";

fn category(category: Category) -> &'static str {
    match category {
        Category::Error => "error",
        Category::Session => "session",
        Category::Transaction => "transaction",
        Category::Span => "span",
        Category::Attachment => "attachment",
        Category::Monitor => "monitor",
        Category::LogItem => "log_item",
        Category::LogByte => "log_byte",
        Category::TraceMetric => "trace_metric",
        Category::TraceMetricByte => "trace_metric_byte",
        _ => UNKNOWN,
    }
}

/// The label for a reason that the SDK gives in a client report.
pub(crate) fn reason(reason: client_report::Reason) -> &'static str {
    use client_report::Reason;
    match reason {
        Reason::SendError => "send_error",
        Reason::InternalSdkError => "internal_sdk_error",
        Reason::NetworkError => "network_error",
        Reason::RatelimitBackoff => "ratelimit_backoff",
        Reason::QueueOverflow => "queue_overflow",
        Reason::BufferOverflow => "buffer_overflow",
        Reason::EventProcessor => "event_processor",
        Reason::BeforeSend => "before_send",
        Reason::SampleRate => "sample_rate",
        _ => UNKNOWN,
    }
}

/// From a thread of its own: a subscriber may well send to Sentry what it is told, through the very client whose lock is held
/// here.
fn log(category: &'static str, cause: Cause) {
    let subscriber = tracing::dispatcher::get_default(Clone::clone);
    let _ = thread::Builder::new().name("sentry-dropped".into()).spawn(move || {
        tracing::dispatcher::with_default(&subscriber, || {
            let (reason, why) = (cause.label(), cause.explained());
            tracing::warn!(target: "tower_telemetry", category, reason, "not sent to Sentry: {why}");
        });
    });
}
