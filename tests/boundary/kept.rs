//! What must come through as it is.

use std::{borrow::Cow, time::SystemTime};

use sentry::{
    Envelope, Level,
    protocol::{
        Addr, BrowserContext, ClientReport, Context, DynamicSamplingContext, EnvelopeHeaders, EnvelopeItem, Exception,
        Frame, OsContext, Request, SpanStatus, Stacktrace, TraceContext,
        client_report::{Category, Item, Reason},
    },
};

use tower_telemetry_scrub::{Body, Described, Scrubber};

use super::{
    items,
    places::{NAMED, TEXTS},
    support::{SECRET, scrubbed, scrubbed_item, wire},
};

/// A stack as a panic's is, with what could be taken for a secret in it.
fn stacktrace() -> Stacktrace {
    let frame = Frame {
        function: Some("core::ops::function::FnOnce::call_once::h0123456789abcdef".into()),
        symbol: Some("_ZN4core3ops8function6FnOnce9call_once17h0123456789abcdefE".into()),
        module: Some("shop::password".into()),
        package: Some("/srv/shop-4111111111111111/bin/shop".into()),
        filename: Some("password.rs".into()),
        abs_path: Some("/home/ada@example.com/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/a.rs".into()),
        lineno: Some(7),
        instruction_addr: Some(Addr(0x7fff_1234_5678)),
        ..Frame::default()
    };
    Stacktrace { frames: vec![frame], ..Stacktrace::default() }
}

#[test]
fn what_identifies_the_program_and_the_trace() {
    let item = items::event(|event| {
        event.level = Level::Warning;
        event.release = Some("shop@10.0.0.1".into());
        event.environment = Some("production".into());
        event.dist = Some("4111111111111111".into());
        event.platform = "native".into();
        event.message = Some("out of stock".into());
        let exception = Exception { ty: "Error".into(), stacktrace: Some(stacktrace()), ..Exception::default() };
        event.exception = vec![exception].into();
        event.modules.insert("tower".into(), "0.5.3.1".into());
        let trace = TraceContext {
            op: Some("http.server".into()),
            status: Some(SpanStatus::InternalError),
            origin: Some("auto.http".into()),
            ..TraceContext::default()
        };
        event.contexts.insert("trace".into(), trace.into());
        let browser = BrowserContext { version: Some("120.0.0.0".into()), ..BrowserContext::default() };
        event.contexts.insert("browser".into(), browser.into());
        let os =
            OsContext { name: Some("Linux".into()), kernel_version: Some("6.1.0.5".into()), ..OsContext::default() };
        event.contexts.insert("os".into(), os.into());
    });
    assert_eq!(scrubbed_item(item.clone()), item);
}

#[test]
fn what_has_no_secret_in_it() {
    for (place, make) in TEXTS {
        let item = make("nothing-special".into());
        // Those go whatever is in them.
        if !place.ends_with("cookies") && *place != "user's address" {
            assert_eq!(wire(&scrubbed_item(item.clone()).into()), wire(&item.into()), "{place}");
        }
    }
    for (place, make) in NAMED {
        for value in [serde_json::json!("red"), serde_json::json!([1, { "a": null, "b": [true] }]), 7.into()] {
            let item = make("colour", value);
            assert_eq!(scrubbed_item(item.clone()), item, "{place}");
        }
    }
}

#[test]
fn what_is_the_sdks_own_stays_borrowed() {
    let EnvelopeItem::Event(event) = scrubbed_item(items::event(|_| ())) else { panic!("it is an event") };
    assert!(matches!(event.fingerprint, Cow::Borrowed(_)) && matches!(event.platform, Cow::Borrowed(_)));
}

#[test]
fn headers_and_all_items_of_an_envelope_in_their_order() {
    let trace = DynamicSamplingContext::new()
        .with_trace_id("0123456789abcdef0123456789abcdef".parse().expect("an id"))
        .with_public_key("abcdef0123456789abcdef0123456789".into())
        .with_sample_rate(0.5)
        .with_sampled(true)
        .with_release("shop@1.2.3".into());
    let headers = EnvelopeHeaders::new()
        .with_event_id("22d00b3f-d1b1-4b5d-8d20-49d138cd8a9c".parse().expect("an id"))
        .with_dsn("https://public@sentry.example/1".parse().expect("a DSN"))
        .with_sent_at(SystemTime::UNIX_EPOCH)
        .with_trace(trace);
    let report = ClientReport::new([Item::new(Category::Error, Reason::BeforeSend, 3)]);
    let mut envelope = Envelope::new().with_headers(headers.clone());
    envelope.add_item(items::event(|event| _ = event.tags.insert("password".into(), SECRET.into())));
    envelope.add_item(items::attachment("a.txt", None, "a\u{e4}\n"));
    envelope.add_item(items::session(Some("7".into()), None));
    envelope.add_item(report.clone());
    let after = scrubbed(envelope).expect("it is left");
    assert_eq!(*after.headers(), headers);
    let after: Vec<_> = after.into_items().collect();
    let [EnvelopeItem::Event(event), EnvelopeItem::Attachment(attachment), EnvelopeItem::SessionUpdate(session), last] =
        &after[..]
    else {
        panic!("{after:?}")
    };
    assert_eq!(event.tags["password"], "[Filtered]");
    assert_eq!((&*attachment.filename, &*attachment.buffer), ("a.txt", "a\u{e4}\n".as_bytes()));
    assert_eq!(session.distinct_id.as_deref(), Some("7"));
    assert_eq!(*last, EnvelopeItem::ClientReport(report));
}

#[test]
fn a_context_of_a_hidden_name_is_still_a_context() {
    let item = items::event(|event| {
        event.contexts.insert("password".into(), Context::Other([("a".to_owned(), SECRET.into())].into()));
    });
    let after = wire(&scrubbed_item(item).into());
    let envelope = Envelope::from_slice(after.as_bytes()).expect("it can be read again");
    assert!(envelope.event().expect("an event").contexts.contains_key("password"), "{after}");
}

/// A body is scrubbed when an event is made of it, and here once more.
#[test]
fn a_body_that_was_scrubbed_before() {
    let scrubber = Scrubber::default();
    for (content_type, body) in [
        ("application/json", r#"{"item":"lamp","password":"hunter2","by":"ada@example.com","n":[1,2]}"#),
        ("application/json", r#"{"item":"lamp","password":"hun"#),
        ("application/json", r#"{"query":"mutation { login(password: \"hunter2\") { id } }"}"#),
        ("application/x-www-form-urlencoded", "item=lamp&password=hunter2&by=ada%40example.com"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--\r\n",
        ),
        ("application/xml", "<login><password>hunter2</password><item>lamp</item></login>"),
        ("text/plain", "the lamp of ada@example.com, password=hunter2"),
    ] {
        let body = Body { bytes: body.as_bytes(), content_type: Some(content_type.as_bytes()), ..Body::default() };
        let Described::Text(once) = scrubber.body(&body) else { panic!("{content_type} is text") };
        assert!(!once.contains("hunter2"), "{once}");
        assert_eq!(sent_body(content_type, &once), once, "{content_type}");
        // And one that was not.
        let raw = std::str::from_utf8(body.bytes).expect("text");
        assert_eq!(sent_body(content_type, raw), once, "{content_type}");
    }
    assert_eq!(sent_body("image/png", "[image/png, 48213 bytes]"), "[image/png, 48213 bytes]");
}

fn sent_body(content_type: &str, body: &str) -> String {
    let item = items::event(|event| {
        let headers = [("content-type".to_owned(), content_type.to_owned())].into();
        event.request = Some(Request { data: Some(body.to_owned()), headers, ..Request::default() });
    });
    let EnvelopeItem::Event(event) = scrubbed_item(item) else { panic!("it is an event") };
    event.request.and_then(|request| request.data).expect("a body")
}
