use std::time::{Duration, Instant, SystemTime};

use sentry::protocol::{EnvelopeItem, ItemContainer};

/// Until when the server wants nothing of a category. Source:
/// <https://develop.sentry.dev/sdk/expected-features/rate-limiting/>
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    until: [Option<Instant>; Category::COUNT],
}

/// No limit is believed for longer; the server can renew it.
const MAX: Duration = Duration::from_secs(60 * 60);

/// What a 429 without more means.
const DEFAULT: Duration = Duration::from_secs(60);

/// The data categories of what a client sends.
#[derive(Clone, Copy, Debug)]
enum Category {
    All,
    Error,
    Transaction,
    Session,
    Attachment,
    Monitor,
    Log,
    Metric,
}

impl Limits {
    /// Takes over what an answer says. `retry_after` counts with the statuses that have it.
    pub(super) fn update(&mut self, now: Instant, status: u16, limits: Option<&str>, retry_after: Option<&str>) {
        let told = limits.is_some_and(|limits| self.update_from_list(now, limits));
        let refused = matches!(status, 429 | 503);
        if told || !refused {
            return;
        }
        let asked = retry_after.and_then(|value| seconds(value).or_else(|| until_date(value)));
        match asked {
            Some(pause) => self.extend(Category::All, now, pause),
            None if status == 429 => self.extend(Category::All, now, DEFAULT),
            None => {}
        }
    }

    /// Whether an item of this kind is not wanted now. What is not of a known category is under the limits of all alone.
    pub(super) fn hold(&self, item: &EnvelopeItem, now: Instant) -> bool {
        self.is_held(Category::All, now) || Category::of(item).is_some_and(|category| self.is_held(category, now))
    }

    /// Whether any limit holds now.
    pub(super) fn any(&self, now: Instant) -> bool {
        self.until.iter().flatten().any(|until| *until > now)
    }

    /// Until when nothing at all is wanted, if that is so.
    pub(super) fn all_until(&self, now: Instant) -> Option<Instant> {
        self.until[Category::All as usize].filter(|until| *until > now)
    }

    /// `seconds:category;category:scope:reason:namespaces, …`. Whether there was anything in it that makes sense.
    fn update_from_list(&mut self, now: Instant, list: &str) -> bool {
        let mut told = false;
        for limit in list.split(',') {
            // Scope and reason are for people. Namespaces are those of `metric_bucket`, which is not sent.
            let mut fields = limit.split(':').map(str::trim);
            let (Some(Some(pause)), Some(categories)) = (fields.next().map(seconds), fields.next()) else { continue };
            told = true;
            if categories.is_empty() {
                self.extend(Category::All, now, pause);
                continue;
            }
            for category in categories.split(';').filter_map(|name| Category::from_name(name.trim())) {
                self.extend(category, now, pause);
            }
        }
        told
    }

    fn extend(&mut self, category: Category, now: Instant, pause: Duration) {
        let until = &mut self.until[category as usize];
        *until = (*until).max(now.checked_add(pause.min(MAX)));
    }

    fn is_held(&self, category: Category, now: Instant) -> bool {
        self.until[category as usize].is_some_and(|until| until > now)
    }
}

impl Category {
    const COUNT: usize = Self::Metric as usize + 1;

    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "default" | "error" => Self::Error,
            "transaction" => Self::Transaction,
            "session" => Self::Session,
            "attachment" => Self::Attachment,
            "monitor" => Self::Monitor,
            "log_item" | "log_byte" => Self::Log,
            "trace_metric" | "trace_metric_byte" => Self::Metric,
            _ => return None,
        })
    }

    fn of(item: &EnvelopeItem) -> Option<Self> {
        Some(match item {
            EnvelopeItem::Event(_) => Self::Error,
            EnvelopeItem::Transaction(_) => Self::Transaction,
            EnvelopeItem::SessionUpdate(_) | EnvelopeItem::SessionAggregates(_) => Self::Session,
            EnvelopeItem::Attachment(_) => Self::Attachment,
            EnvelopeItem::MonitorCheckIn(_) => Self::Monitor,
            EnvelopeItem::ItemContainer(ItemContainer::Logs(_)) => Self::Log,
            EnvelopeItem::ItemContainer(ItemContainer::Metrics(_)) => Self::Metric,
            _ => return None,
        })
    }
}

/// A number of seconds, whole or not, rounded up as the SDKs do.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(MAX.as_secs_f64()).ceil()))
}

fn until_date(text: &str) -> Option<Duration> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
