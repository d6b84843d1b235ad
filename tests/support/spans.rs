//! A subscriber that keeps what one thread's spans and events were told.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tracing::{
    Dispatch, Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{
    Layer, Registry,
    filter::filter_fn,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// Keeps this thread's spans and events, and is its subscriber until dropped.
#[derive(Debug)]
pub struct Spans {
    kept: Kept,
    _guard: DefaultGuard,
}

/// A span, as it is by now.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are tracing's")]
pub struct KeptSpan {
    pub name: &'static str,
    pub target: &'static str,
    pub level: Level,
    pub fields: Fields,
    /// How often it was entered.
    pub entered: usize,
    pub closed: bool,
}

/// An event.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are tracing's")]
pub struct KeptEvent {
    pub target: &'static str,
    pub level: Level,
    pub fields: Fields,
    /// The name of the span that it happened in.
    pub span: Option<&'static str>,
}

/// Each recording of each field, in its order. An event's message is the field `message`.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(&'static str, String)>);

impl Spans {
    /// Keeps everything.
    pub fn keep() -> Self {
        Self::keep_if(|_| true)
    }

    /// Keeps what has this metadata; nobody is interested in the rest.
    pub fn keep_if(interesting: impl Fn(&Metadata<'_>) -> bool + Send + Sync + 'static) -> Self {
        keep_tracing_from_asking_one_thread();
        let kept = Kept::default();
        let subscriber = tracing_subscriber::registry().with(kept.clone()).with(filter_fn(interesting));
        Self { kept, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Keeps everything, beside another layer.
    pub fn keep_beside(layer: impl Layer<Registry> + Send + Sync) -> Self {
        keep_tracing_from_asking_one_thread();
        let kept = Kept::default();
        let subscriber = tracing_subscriber::registry().with(layer).with(kept.clone());
        Self { kept, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// The spans, in the order of their creation.
    pub fn spans(&self) -> Vec<KeptSpan> {
        self.kept.all().spans.clone()
    }

    /// The events with this target, in their order.
    pub fn events(&self, target: &str) -> Vec<KeptEvent> {
        self.kept.all().events.iter().filter(|event| event.target == target).cloned().collect()
    }

    /// All text that was recorded: the values of all fields of all spans and events.
    pub fn text(&self) -> String {
        let all = self.kept.all();
        let fields = all.spans.iter().map(|span| &span.fields).chain(all.events.iter().map(|event| &event.fields));
        let lines = fields.flat_map(|fields| &fields.0).map(|(name, value)| format!("{name}={value}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Fields {
    /// The value that was recorded last.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(of, _)| *of == name).map(|(_, value)| value.as_str())
    }

    /// How often the field was recorded.
    pub fn times(&self, name: &str) -> usize {
        self.0.iter().filter(|(of, _)| *of == name).count()
    }

    /// Each recording of each field, by name.
    pub fn sorted(&self) -> Vec<(&'static str, &str)> {
        let mut all: Vec<_> = self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }
}

#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<All>>);

#[derive(Debug, Default)]
struct All {
    spans: Vec<KeptSpan>,
    events: Vec<KeptEvent>,
}

/// A span's place among those that are kept.
struct Place(usize);

impl Kept {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update<S>(&self, id: &Id, cx: &Context<'_, S>, change: impl FnOnce(&mut KeptSpan))
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let span = cx.span(id).expect("the registry knows its spans");
        if let Some(Place(place)) = span.extensions().get() {
            change(&mut self.all().spans[*place]);
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Kept {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let metadata = attributes.metadata();
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let span = KeptSpan {
            name: metadata.name(),
            target: metadata.target(),
            level: *metadata.level(),
            fields,
            entered: 0,
            closed: false,
        };
        let mut all = self.all();
        cx.span(id).expect("the registry knows its spans").extensions_mut().insert(Place(all.spans.len()));
        all.spans.push(span);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, cx: Context<'_, S>) {
        self.update(id, &cx, |span| record.record(&mut span.fields));
    }

    fn on_enter(&self, id: &Id, cx: Context<'_, S>) {
        self.update(id, &cx, |span| span.entered += 1);
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        self.update(&id, &cx, |span| span.closed = true);
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let span = cx.event_span(event).map(|span| span.name());
        self.all().events.push(KeptEvent { target: metadata.target(), level: *metadata.level(), fields, span });
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

/// While a process has had one subscriber only, tracing asks the thread that comes to a callsite first, and has the answer stand
/// for all threads. A test without a subscriber would so take away the spans of another.
fn keep_tracing_from_asking_one_thread() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(NoSubscriber::new()));
}
