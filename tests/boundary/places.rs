//! Each field of each item, as a place to plant something in.

use sentry::protocol::{
    AppContext, Attachment, AttachmentType, BrowserContext, Context, DeviceContext, EnvelopeItem, Frame, GpuContext,
    LogEntry, Map, Mechanism, OsContext, OtelContext, ResponseContext, RuntimeContext, Stacktrace, TemplateInfo,
    TraceContext, Unit, Value,
};

use super::items::{
    attachment, breadcrumb, check_in, context, event, exception, frame, log, metric, one, request, session, sessions,
    span, thread, transaction, user,
};

/// A field, and what makes an item with this text in it.
pub(crate) type Text = (&'static str, fn(String) -> EnvelopeItem);

/// A map, and what makes an item with this name and value in it.
pub(crate) type Named = (&'static str, fn(&str, Value) -> EnvelopeItem);

pub(crate) const TEXTS: &[Text] = &[
    ("message", |text| event(|event| event.message = Some(text))),
    ("culprit", |text| event(|event| event.culprit = Some(text))),
    ("event's transaction", |text| event(|event| event.transaction = Some(text))),
    ("logger", |text| event(|event| event.logger = Some(text))),
    ("server name", |text| event(|event| event.server_name = Some(text.into()))),
    ("fingerprint", |text| event(|event| event.fingerprint = vec!["a".into(), text.into()].into())),
    ("log entry", |text| event(|event| event.logentry = Some(LogEntry { message: text, params: vec![] }))),
    ("log entry's parameter", |text| {
        event(|event| event.logentry = Some(LogEntry { message: "%s".into(), params: vec![text.into()] }))
    }),
    ("tag", |text| event(|event| event.tags = one("note", text))),
    ("tag's name", |text| event(|event| event.tags = one(&text, "yes".into()))),
    ("extra", |text| event(|event| event.extra = one("note", text.into()))),
    ("extra's name", |text| event(|event| event.extra = one(&text, 1.into()))),
    ("extra, nested", |text| event(|event| event.extra = one("note", serde_json::json!([{ "a": ["b", text] }])))),
    ("extra's name, nested", |text| event(|event| event.extra = one("note", serde_json::json!({ "a": { text: 1 } })))),
    ("exception's type", |text| exception(|exception| exception.ty = text)),
    ("exception's value", |text| exception(|exception| exception.value = Some(text))),
    ("exception's thread", |text| exception(|exception| exception.thread_id = Some(text.into()))),
    ("mechanism", |text| {
        exception(|exception| exception.mechanism = Some(Mechanism { ty: text, ..Mechanism::default() }))
    }),
    ("mechanism's description", |text| {
        let mechanism = Mechanism { description: Some(text), ..Mechanism::default() };
        exception(|exception| exception.mechanism = Some(mechanism))
    }),
    ("mechanism's link", |text| {
        let url = format!("https://help.example/?about={text}").parse().ok();
        exception(|exception| exception.mechanism = Some(Mechanism { help_link: url, ..Mechanism::default() }))
    }),
    ("line before", |text| frame(|frame| frame.pre_context = vec![text])),
    ("line", |text| frame(|frame| frame.context_line = Some(text))),
    ("line after", |text| frame(|frame| frame.post_context = vec![text])),
    ("variable", |text| frame(|frame| frame.vars = one("note", text.into()))),
    ("raw stack's variable", |text| {
        let frames = vec![Frame { vars: one("note", text.into()), ..Frame::default() }];
        exception(|exception| exception.raw_stacktrace = Some(Stacktrace { frames, ..Stacktrace::default() }))
    }),
    ("event's own stack's variable", |text| {
        let frames = vec![Frame { vars: one("note", text.into()), ..Frame::default() }];
        event(|event| event.stacktrace = Some(Stacktrace { frames, ..Stacktrace::default() }))
    }),
    ("template's line", |text| {
        event(|event| event.template = Some(TemplateInfo { context_line: Some(text), ..TemplateInfo::default() }))
    }),
    ("thread's name", |text| thread(|thread| thread.name = Some(text))),
    ("thread's id", |text| thread(|thread| thread.id = Some(text.into()))),
    ("thread's variable", |text| {
        let frames = vec![Frame { vars: one("note", text.into()), ..Frame::default() }];
        thread(|thread| thread.stacktrace = Some(Stacktrace { frames, ..Stacktrace::default() }))
    }),
    ("breadcrumb", |text| breadcrumb(|breadcrumb| breadcrumb.message = Some(text))),
    ("breadcrumb's type", |text| breadcrumb(|breadcrumb| breadcrumb.ty = text)),
    ("breadcrumb's category", |text| breadcrumb(|breadcrumb| breadcrumb.category = Some(text))),
    ("breadcrumb's data", |text| breadcrumb(|breadcrumb| breadcrumb.data = one("note", text.into()))),
    ("method", |text| request(|request| request.method = Some(text))),
    ("url's path", |text| request(|request| request.url = format!("https://shop.example/a/{text}").parse().ok())),
    ("url's query", |text| request(|request| request.url = format!("https://shop.example/?a={text}").parse().ok())),
    ("data", |text| request(|request| request.data = Some(text))),
    ("query string", |text| request(|request| request.query_string = Some(format!("a={text}")))),
    ("header", |text| request(|request| request.headers = one("x-note", text))),
    ("request's environment", |text| request(|request| request.env = one("NOTE", text))),
    ("user's id", |text| user(|user| user.id = Some(text))),
    ("user's name", |text| user(|user| user.username = Some(text))),
    ("user's address", |text| user(|user| user.email = Some(text))),
    ("device", |text| context("device", DeviceContext { name: Some(text), ..DeviceContext::default() })),
    ("device's other", |text| {
        context("device", DeviceContext { other: one("note", text.into()), ..DeviceContext::default() })
    }),
    ("os", |text| context("os", OsContext { kernel_version: Some(text), ..OsContext::default() })),
    ("runtime", |text| context("runtime", RuntimeContext { name: Some(text), ..RuntimeContext::default() })),
    ("browser", |text| context("browser", BrowserContext { version: Some(text), ..BrowserContext::default() })),
    ("gpu", |text| context("gpu", GpuContext { name: text, ..GpuContext::default() })),
    ("otel", |text| context("otel", OtelContext { resource: one("note", text.into()), ..OtelContext::default() })),
    ("response's header", |text| {
        context("response", ResponseContext { headers: one("x-note", text), ..ResponseContext::default() })
    }),
    ("response's data", |text| {
        context("response", ResponseContext { data: Some(text.into()), ..ResponseContext::default() })
    }),
    ("trace's description", |text| {
        context("trace", TraceContext { description: Some(text), ..TraceContext::default() })
    }),
    ("trace's data", |text| {
        context("trace", TraceContext { data: one("note", text.into()), ..TraceContext::default() })
    }),
    ("context of one's own", |text| context("order", Context::Other(one("note", text.into())))),
    ("context's name", |text| context(&text, Context::Other(one("note", 1.into())))),
    ("template's line before", |text| {
        event(|event| event.template = Some(TemplateInfo { pre_context: vec![text], ..TemplateInfo::default() }))
    }),
    ("template's line after", |text| {
        event(|event| event.template = Some(TemplateInfo { post_context: vec![text], ..TemplateInfo::default() }))
    }),
    ("cookies", |text| request(|request| request.cookies = Some(format!("a={text}")))),
    ("response's cookies", |text| {
        context("response", ResponseContext { cookies: Some(format!("a={text}")), ..ResponseContext::default() })
    }),
    ("app", |text| context("app", AppContext { app_name: Some(text), ..AppContext::default() })),
    ("app's version", |text| context("app", AppContext { app_version: Some(text), ..AppContext::default() })),
    ("app's other", |text| context("app", AppContext { other: one("note", text.into()), ..AppContext::default() })),
    ("device's time zone", |text| {
        context("device", DeviceContext { timezone: Some(text), ..DeviceContext::default() })
    }),
    ("gpu's driver", |text| context("gpu", GpuContext { driver_version: Some(text), ..GpuContext::default() })),
    ("trace's op", |text| context("trace", TraceContext { op: Some(text), ..TraceContext::default() })),
    ("trace's origin", |text| context("trace", TraceContext { origin: Some(text), ..TraceContext::default() })),
    ("transaction", |text| transaction(|transaction| transaction.name = Some(text))),
    ("transaction's tag", |text| transaction(|transaction| transaction.tags = one("note", text))),
    ("transaction's extra", |text| transaction(|transaction| transaction.extra = one("note", text.into()))),
    ("transaction's server", |text| transaction(|transaction| transaction.server_name = Some(text.into()))),
    ("span's op", |text| span(|span| span.op = Some(text))),
    ("span's description", |text| span(|span| span.description = Some(text))),
    ("span's tag", |text| span(|span| span.tags = one("note", text))),
    ("span's data", |text| span(|span| span.data = one("note", text.into()))),
    ("log", |text| log(|log| log.body = text)),
    ("log's attribute", |text| log(|log| log.attributes = one("note", text.into()))),
    ("log's attribute's name", |text| log(|log| log.attributes = one(&text, 1.into()))),
    ("metric", |text| metric(|metric| metric.name = text.into())),
    ("metric's unit", |text| metric(|metric| metric.unit = Some(Unit::Other(text.into())))),
    ("metric's attribute", |text| metric(|metric| metric.attributes = Map::from([("note".into(), text.into())]))),
    ("metric's attribute's name", |text| metric(|metric| metric.attributes = Map::from([(text.into(), 1.into())]))),
    ("session's user", |text| session(Some(text), None).into()),
    ("session's user agent", |text| session(None, Some(text)).into()),
    ("sessions' user", |text| sessions(Some(text)).into()),
    ("monitor", check_in),
    ("attachment", |text| attachment("a.txt", Some("text/plain; charset=utf-8"), text)),
    ("attachment's name", |text| attachment(&text, Some("text/plain"), "a")),
    ("attachment's type", |text| {
        let ty = Some(AttachmentType::Custom(text));
        Attachment { buffer: vec![], filename: "a.log".into(), content_type: None, ty }.into()
    }),
];

pub(crate) const NAMED: &[Named] = &[
    ("tag", |name, value| event(|event| event.tags = one(name, plain(value)))),
    ("extra", |name, value| event(|event| event.extra = one(name, value))),
    ("extra, nested", |name, value| event(|event| event.extra = one("a", serde_json::json!([[{ name: value }]])))),
    ("log entry's parameter", |name, value| {
        let params = vec![serde_json::json!({ name: value })];
        event(|event| event.logentry = Some(LogEntry { message: "%s".into(), params }))
    }),
    ("mechanism's data", |name, value| {
        let mechanism = Mechanism { data: one(name, value), ..Mechanism::default() };
        exception(|exception| exception.mechanism = Some(mechanism))
    }),
    ("variable", |name, value| frame(|frame| frame.vars = one(name, value))),
    ("breadcrumb's data", |name, value| breadcrumb(|breadcrumb| breadcrumb.data = one(name, value))),
    ("header", |name, value| request(|request| request.headers = one(name, plain(value)))),
    ("request's environment", |name, value| request(|request| request.env = one(name, plain(value)))),
    ("os", |name, value| context("os", OsContext { other: one(name, value), ..OsContext::default() })),
    ("runtime", |name, value| {
        context("runtime", RuntimeContext { other: one(name, value), ..RuntimeContext::default() })
    }),
    ("gpu", |name, value| context("gpu", GpuContext { other: one(name, value), ..GpuContext::default() })),
    ("otel's attributes", |name, value| {
        context("otel", OtelContext { attributes: one(name, value), ..OtelContext::default() })
    }),
    ("otel's resource", |name, value| {
        context("otel", OtelContext { resource: one(name, value), ..OtelContext::default() })
    }),
    ("response's headers", |name, value| {
        context("response", ResponseContext { headers: one(name, plain(value)), ..ResponseContext::default() })
    }),
    ("response's data", |name, value| {
        let data = Some(serde_json::json!({ name: value }));
        context("response", ResponseContext { data, ..ResponseContext::default() })
    }),
    ("trace's data", |name, value| {
        context("trace", TraceContext { data: one(name, value), ..TraceContext::default() })
    }),
    ("context of one's own", |name, value| context("order", Context::Other(one(name, value)))),
    ("context", |name, value| context(name, Context::Other(one("a", value)))),
    ("transaction's tag", |name, value| transaction(|transaction| transaction.tags = one(name, plain(value)))),
    ("transaction's extra", |name, value| transaction(|transaction| transaction.extra = one(name, value))),
    ("span's tag", |name, value| span(|span| span.tags = one(name, plain(value)))),
    ("span's data", |name, value| span(|span| span.data = one(name, value))),
    ("log's attribute", |name, value| log(|log| log.attributes = one(name, value.into()))),
    ("metric's attribute", |name, value| {
        metric(|metric| metric.attributes = Map::from([(name.to_owned().into(), value.into())]))
    }),
];

/// As text, for maps that hold nothing else.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
