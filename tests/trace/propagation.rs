//! The trace context: whose it is, and what is no one's.

use http::{HeaderMap, HeaderName, HeaderValue, Request, request};
use tests::spans::Spans;
use tower_telemetry_core::{Observe, RequestContext, RequestId, TraceContext};
use tower_telemetry_trace::{Propagation, Trace};

const T: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const S: &str = "00f067aa0ba902b7";
const NO_TRACE: &str = "00000000000000000000000000000000";
const NO_SPAN: &str = "0000000000000000";

/// `None` if it is refused, else whether the caller traces it.
type Taken = Option<Option<bool>>;

#[test]
fn sentry_trace_is_taken_if_it_is_valid() {
    let cases: &[(String, Taken)] = &[
        (format!("{T}-{S}-1"), Some(Some(true))),
        (format!("{T}-{S}-0"), Some(Some(false))),
        (format!("{T}-{S}"), Some(None)),
        (format!("{T}-{S}-1").to_uppercase(), Some(Some(true))),
        (format!("{NO_TRACE}-{S}-1"), None),
        (format!("{T}-{NO_SPAN}-1"), None),
        (format!("{T}0-{S}-1"), None),
        (format!("{T}-{S}0-1"), None),
        (format!("{T}-{S}-11"), None),
        (format!("{}-{S}-1", &T[1..]), None),
        (format!("{T}-{}-1", &S[1..]), None),
        (format!("+{}-{S}-1", &T[1..]), None),
        (format!("{T}-{S}-2"), None),
        (format!("{T}-{S}-true"), None),
        (format!("{T}-{S}-1-1"), None),
        (format!("{T}-{S}-1-"), None),
        (format!("{T}{S}1"), None),
        (T.into(), None),
        ("garbage".into(), None),
        ("--".into(), None),
        ("ä-ö-1".into(), None),
        (String::new(), None),
        (format!("{T}-{S}-1").repeat(1_000), None),
    ];
    for (value, taken) in cases {
        check(&[("sentry-trace", value)], *taken);
    }
}

#[test]
fn traceparent_is_taken_if_it_is_valid() {
    let cases: &[(String, Taken)] = &[
        (format!("00-{T}-{S}-01"), Some(Some(true))),
        (format!("00-{T}-{S}-00"), Some(Some(false))),
        // Only the last bit of the flags says it.
        (format!("00-{T}-{S}-03"), Some(Some(true))),
        (format!("00-{T}-{S}-02"), Some(Some(false))),
        (format!("01-{T}-{S}-01"), Some(Some(true))),
        (format!("01-{T}-{S}-01-more"), Some(Some(true))),
        (format!("01-{T}-{S}-01more"), None),
        (format!("00-{T}-{S}-01-more"), None),
        (format!("00-{T}-{S}-01-"), None),
        (format!("ff-{T}-{S}-01"), None),
        (format!("00-{T}-{S}-01").to_uppercase(), None),
        (format!("0A-{T}-{S}-01"), None),
        (format!("00-{NO_TRACE}-{S}-01"), None),
        (format!("00-{T}-{NO_SPAN}-01"), None),
        (format!("00-{T}-{S}"), None),
        (format!("00-{T}-{S}-1"), None),
        (format!("00-{T}-{S}-0g"), None),
        (format!("0-{T}-{S}-01"), None),
        (format!("00-{}-{S}-01", &T[1..]), None),
        (format!("00-{T}0-{S}-01"), None),
        (format!("{T}-{S}-1"), None),
        ("00".into(), None),
        ("---".into(), None),
        (String::new(), None),
    ];
    for (value, taken) in cases {
        check(&[("traceparent", value)], *taken);
    }
}

#[test]
fn of_two_the_first_valid_one_counts_and_sentrys_before_the_w3cs() {
    let (sentry, w3c) = (format!("{T}-{S}-1"), format!("00-{}-{}-00", "a".repeat(32), "b".repeat(16)));
    check(&[("traceparent", &w3c), ("sentry-trace", &sentry)], Some(Some(true)));

    let cx = begun(&[("sentry-trace", "garbage"), ("traceparent", &w3c)]);
    let trace = cx.trace().expect("there always is one");
    let parent = trace.parent.expect("the W3C's is valid");
    assert_eq!((trace.trace_id.to_string(), parent.sampled), ("a".repeat(32), Some(false)));
    assert_eq!(parent.span_id.to_string(), "b".repeat(16));
}

#[test]
fn a_callers_baggage_comes_with_its_trace() {
    let sentry = format!("{T}-{S}-1");
    let (longest, too_long) = ("b".repeat(8192), "b".repeat(8193));
    let cases = [
        (sentry.as_str(), "sentry-trace_id=1,other=2", Some("sentry-trace_id=1,other=2")),
        (&sentry, &longest, Some(longest.as_str())),
        (&sentry, &too_long, None),
        ("garbage", "sentry-trace_id=1", None),
    ];
    for (sentry_trace, baggage, kept) in cases {
        let cx = begun(&[("sentry-trace", sentry_trace), ("baggage", baggage)]);
        let trace = cx.trace().expect("there always is one");
        assert_eq!(trace.baggage.as_ref().map(|value| value.to_str().expect("it is text")), kept);
    }
}

#[test]
fn each_exchange_has_a_span_of_its_own_and_without_a_caller_a_trace() {
    let sentry = format!("{T}-{S}-1");
    let ids =
        |cx: RequestContext| cx.trace().map(|trace| (trace.trace_id, trace.span_id)).expect("there always is one");
    let [one, other] = [(); 2].map(|()| ids(begun(&[])));
    assert!(one.0 != other.0 && one.1 != other.1);
    let [one, other] = [(); 2].map(|()| ids(begun(&[("sentry-trace", &sentry)])));
    assert!(one.0 == other.0 && one.1 != other.1);
}

#[test]
fn what_was_known_before_stays() {
    let (mut head, cx) = arrived(&[("sentry-trace", &format!("{T}-{S}-1"))]);
    let known = cx.trace_or_init(TraceContext::root).trace_id;
    Propagation::new().begin(&mut head, &cx);
    assert_eq!(cx.trace().map(|trace| trace.trace_id), Some(known));
}

#[test]
fn no_header_makes_it_panic() {
    let _spans = Spans::keep();
    let mut random = fastrand::Rng::with_seed(1);
    let valid = [format!("{T}-{S}-1"), format!("00-{T}-{S}-01"), "a=b,c=d".into(), "request-1".into()];
    for _ in 0..20_000 {
        let mut headers = HeaderMap::new();
        for name in ["sentry-trace", "traceparent", "baggage", "x-request-id"] {
            let value = if random.bool() { mutated(&mut random, &valid) } else { garbage(&mut random) };
            headers.append(HeaderName::from_static(name), value);
        }
        let (mut head, ()) = Request::new(()).into_parts();
        head.headers = headers;
        let cx = RequestContext::of(&mut head.extensions);
        // Not through the layer, which would catch a panic.
        drop(Trace::new().begin(&mut head, &cx));
        let trace = cx.trace().expect("there always is one");
        assert!(trace.trace_id.to_bytes() != [0; 16] && trace.span_id.to_bytes() != [0; 8], "{:?}", head.headers);
        let id = cx.request_id().expect("there always is one").as_str();
        assert!((1..=RequestId::MAX_LEN).contains(&id.len()), "{:?}", head.headers);
        assert!(id.bytes().all(|byte| byte.is_ascii_graphic()), "{:?}", head.headers);
    }
}

/// Checks what becomes of the trace with the ids of this file.
#[track_caller]
fn check(headers: &[(&'static str, &str)], taken: Taken) {
    let cx = begun(headers);
    let trace = cx.trace().expect("there always is one");
    let parent = trace.parent.map(|parent| (parent.span_id.to_string(), parent.sampled));
    assert_eq!(parent, taken.map(|sampled| (S.to_owned(), sampled)), "{headers:?}");
    assert_eq!(trace.trace_id.to_string() == T, taken.is_some(), "{headers:?}");
    assert_ne!(trace.span_id.to_string(), S, "{headers:?}");
}

fn begun(headers: &[(&'static str, &str)]) -> RequestContext {
    let (mut head, cx) = arrived(headers);
    Propagation::new().begin(&mut head, &cx);
    cx
}

fn arrived(headers: &[(&'static str, &str)]) -> (request::Parts, RequestContext) {
    let (mut head, ()) = Request::new(()).into_parts();
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        head.headers.append(HeaderName::from_static(name), value);
    }
    let cx = RequestContext::of(&mut head.extensions);
    (head, cx)
}

/// A valid value with some bytes changed, taken out or put in.
fn mutated(random: &mut fastrand::Rng, valid: &[String]) -> HeaderValue {
    let mut bytes = valid[random.usize(..valid.len())].clone().into_bytes();
    for _ in 0..random.usize(..4) {
        let at = random.usize(..bytes.len());
        match random.u8(..3) {
            0 => bytes[at] = header_byte(random),
            1 => bytes.insert(at, header_byte(random)),
            _ => drop(bytes.remove(at)),
        }
    }
    HeaderValue::from_bytes(&bytes).expect("a header's bytes")
}

fn garbage(random: &mut fastrand::Rng) -> HeaderValue {
    let bytes: Vec<_> = (0..random.usize(..200)).map(|_| header_byte(random)).collect();
    HeaderValue::from_bytes(&bytes).expect("a header's bytes")
}

/// One of those that HTTP admits: a tab, and all but the control characters.
fn header_byte(random: &mut fastrand::Rng) -> u8 {
    loop {
        let byte = random.u8(..);
        if byte == b'\t' || (byte >= b' ' && byte != 0x7f) {
            return byte;
        }
    }
}
