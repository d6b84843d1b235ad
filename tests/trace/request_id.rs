//! The request id: the caller's if it is sane, else a random one, and always echoed.

use std::convert::Infallible;

use axum::body::Body;
use http::{HeaderValue, Request, Response};
use tests::{app::request, spans::Spans};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, RequestContext};
use tower_telemetry_trace::{Propagation, Trace};

use super::fixtures::{only_span, with_header};

const X_REQUEST_ID: &str = "x-request-id";

#[tokio::test]
async fn a_sane_one_is_taken_and_another_replaced() {
    let (longest, too_long) = ("i".repeat(128), "i".repeat(129));
    let cases: [(&[u8], bool); 14] = [
        (b"request-1", true),
        (b"1", true),
        (b"7f9c24e5-2f31-4b1d-9a5e-0b8a3c1d2e4f", true),
        (br#"<a href="b">{c}\%0a;=,"#, false),
        (b"<a-href='b'>{c}%0a;=,", true),
        (longest.as_bytes(), true),
        (too_long.as_bytes(), false),
        (b"", false),
        (b" ", false),
        (b"request 1", false),
        (b"request\t1", false),
        ("request-ä".as_bytes(), false),
        (b"request-\xff", false),
        (b"request-\x85", false),
    ];
    for (sent, taken) in cases {
        let value = HeaderValue::from_bytes(sent).expect("a header's value");
        let mut request = request("GET", "/");
        request.headers_mut().insert(X_REQUEST_ID, value);
        let spans = Spans::keep();
        let ids = ids(Trace::new(), request).await;
        let sent = String::from_utf8_lossy(sent);
        assert_eq!(ids.echoed, [ids.inside.as_str()], "{sent:?}");
        assert_eq!(only_span(&spans).fields.get("request_id"), Some(ids.inside.as_str()), "{sent:?}");
        if taken {
            assert_eq!(ids.inside, sent);
        } else {
            assert!(is_random(&ids.inside), "{sent:?}: {}", ids.inside);
        }
    }
}

#[tokio::test]
async fn without_one_each_request_gets_its_own() {
    let [one, other] = [ids(Trace::new(), request("GET", "/")).await, ids(Trace::new(), request("GET", "/")).await];
    assert!(is_random(&one.inside) && is_random(&other.inside));
    assert_ne!(one.inside, other.inside);
}

#[tokio::test]
async fn a_response_keeps_what_it_has() {
    let service = service_fn(|_: Request<Body>| async {
        Ok::<_, Infallible>(
            Response::builder().header(X_REQUEST_ID, "its own").body(Body::empty()).expect("a response"),
        )
    });
    let request = with_header(request("GET", "/"), X_REQUEST_ID, "request-1");
    let response = Trace::new().into_layer().layer(service).oneshot(request).await.expect("it cannot fail");
    assert_eq!(all(&response), ["its own"]);
}

#[tokio::test]
async fn layers_that_are_nested_agree_and_echo_it_once() {
    for request in [request("GET", "/"), with_header(request("GET", "/"), X_REQUEST_ID, "request-1")] {
        let spans = Spans::keep();
        let inner = Trace::new().into_layer().layer(service_fn(answer));
        let response = Propagation::new().into_layer().layer(inner).oneshot(request).await.expect("it cannot fail");
        let inside = inside(&response);
        assert_eq!(all(&response), [inside.as_str()]);
        assert_eq!(only_span(&spans).fields.get("request_id"), Some(inside.as_str()));
    }
}

struct Ids {
    inside: String,
    echoed: Vec<String>,
}

async fn ids(observer: impl Observe, request: Request<Body>) -> Ids {
    let response = observer.into_layer().layer(service_fn(answer)).oneshot(request).await.expect("it cannot fail");
    Ids { inside: inside(&response), echoed: all(&response) }
}

/// Answers with the request's context.
async fn answer(mut request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(RequestContext::of(request.extensions_mut()));
    Ok(response)
}

fn inside<B>(response: &Response<B>) -> String {
    let cx = response.extensions().get::<RequestContext>().expect("it is answered with");
    cx.request_id().expect("the layer sees to it").to_string()
}

fn all<B>(response: &Response<B>) -> Vec<String> {
    let values = response.headers().get_all(X_REQUEST_ID).into_iter();
    values.map(|value| value.to_str().expect("it is text").to_owned()).collect()
}

fn is_random(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
