//! Items with one thing in them.

use std::time::SystemTime;

use sentry::protocol::{
    Attachment, Breadcrumb, Context, EnvelopeItem, Event, Exception, Frame, ItemContainer, Log, LogLevel, Map, Metric,
    MetricType, MonitorCheckIn, MonitorCheckInStatus, Request, SessionAggregateItem, SessionAggregates,
    SessionAttributes, SessionStatus, SessionUpdate, Span, Stacktrace, Thread, TraceId, Transaction, User, Uuid,
};

pub(crate) fn event(change: impl FnOnce(&mut Event<'static>)) -> EnvelopeItem {
    let mut event = Event::new();
    change(&mut event);
    event.into()
}

pub(crate) fn transaction(change: impl FnOnce(&mut Transaction<'static>)) -> EnvelopeItem {
    let mut transaction = Transaction::new();
    change(&mut transaction);
    transaction.into()
}

pub(crate) fn exception(change: impl FnOnce(&mut Exception)) -> EnvelopeItem {
    event(|event| {
        let mut exception = Exception { ty: "Error".into(), ..Exception::default() };
        change(&mut exception);
        event.exception = vec![exception].into();
    })
}

pub(crate) fn frame(change: impl FnOnce(&mut Frame)) -> EnvelopeItem {
    let mut frame = Frame::default();
    change(&mut frame);
    let stacktrace = Stacktrace { frames: vec![frame], ..Stacktrace::default() };
    exception(|exception| exception.stacktrace = Some(stacktrace))
}

pub(crate) fn thread(change: impl FnOnce(&mut Thread)) -> EnvelopeItem {
    let mut thread = Thread::default();
    change(&mut thread);
    event(|event| event.threads = vec![thread].into())
}

pub(crate) fn breadcrumb(change: impl FnOnce(&mut Breadcrumb)) -> EnvelopeItem {
    let mut breadcrumb = Breadcrumb::default();
    change(&mut breadcrumb);
    event(|event| event.breadcrumbs = vec![breadcrumb].into())
}

pub(crate) fn request(change: impl FnOnce(&mut Request)) -> EnvelopeItem {
    let mut request = Request::default();
    change(&mut request);
    transaction(|transaction| transaction.request = Some(request))
}

pub(crate) fn user(change: impl FnOnce(&mut User)) -> EnvelopeItem {
    let mut user = User::default();
    change(&mut user);
    event(|event| event.user = Some(user))
}

pub(crate) fn context(name: &str, context: impl Into<Context>) -> EnvelopeItem {
    transaction(|transaction| _ = transaction.contexts.insert(name.into(), context.into()))
}

pub(crate) fn span(change: impl FnOnce(&mut Span)) -> EnvelopeItem {
    let mut span = Span::default();
    change(&mut span);
    transaction(|transaction| transaction.spans.push(span))
}

pub(crate) fn log(change: impl FnOnce(&mut Log)) -> EnvelopeItem {
    let mut log = Log {
        level: LogLevel::Info,
        body: String::new(),
        trace_id: None,
        timestamp: SystemTime::now(),
        severity_number: None,
        attributes: Map::new(),
    };
    change(&mut log);
    vec![log].into()
}

pub(crate) fn metric(change: impl FnOnce(&mut Metric)) -> EnvelopeItem {
    let mut metric = Metric {
        r#type: MetricType::Counter,
        name: "orders".into(),
        value: 1.0,
        timestamp: SystemTime::now(),
        trace_id: TraceId::default(),
        span_id: None,
        unit: None,
        attributes: Map::new(),
    };
    change(&mut metric);
    ItemContainer::Metrics(vec![metric]).into()
}

fn attributes() -> SessionAttributes<'static> {
    SessionAttributes { release: "shop@1.2.3".into(), environment: None, ip_address: None, user_agent: None }
}

pub(crate) fn session(distinct_id: Option<String>, user_agent: Option<String>) -> SessionUpdate<'static> {
    SessionUpdate {
        session_id: Uuid::default(),
        distinct_id,
        sequence: None,
        timestamp: None,
        started: SystemTime::now(),
        init: true,
        duration: None,
        status: SessionStatus::default(),
        errors: 0,
        attributes: SessionAttributes { user_agent, ..attributes() },
    }
}

pub(crate) fn sessions(distinct_id: Option<String>) -> SessionAggregates<'static> {
    let item = SessionAggregateItem {
        started: SystemTime::now(),
        distinct_id,
        exited: 1,
        errored: 0,
        abnormal: 0,
        crashed: 0,
    };
    SessionAggregates { aggregates: vec![item], attributes: attributes() }
}

pub(crate) fn attachment(filename: &str, content_type: Option<&str>, buffer: impl Into<Vec<u8>>) -> EnvelopeItem {
    let content_type = content_type.map(str::to_owned);
    Attachment { buffer: buffer.into(), filename: filename.into(), content_type, ty: None }.into()
}

pub(crate) fn check_in(monitor_slug: String) -> EnvelopeItem {
    MonitorCheckIn {
        check_in_id: Uuid::default(),
        monitor_slug,
        status: MonitorCheckInStatus::Ok,
        environment: None,
        duration: None,
        monitor_config: None,
    }
    .into()
}

/// A map with one entry.
pub(crate) fn one<V>(name: &str, value: V) -> Map<String, V> {
    Map::from([(name.to_owned(), value)])
}
