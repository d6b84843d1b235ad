//! What is never told: everything that a caller, or the service itself, may have put a secret into.

use axum::body::Body;
use http::Request;
use tests::{
    app::{SECRET, request, rpc},
    spans::Spans,
};
use tower_telemetry_trace::Trace;

use super::fixtures::{REQUEST_ID, SPAN, trace, with_header};

#[test]
fn no_secret_is_recorded() {
    for span_too in [true, false] {
        for request in requests().map(with_secret_headers) {
            let name = format!("{} {}", request.method(), request.uri());
            let spans = Spans::keep_if(move |metadata| span_too || metadata.target() != SPAN);
            trace(Trace::new(), request);
            let text = spans.text().to_lowercase();
            assert!(text.contains(REQUEST_ID), "{name} is recorded: {text}");
            assert!(!text.contains(SECRET), "{name}: {text}");
        }
    }
}

fn requests() -> [Request<Body>; 12] {
    [
        request("GET", "/users/s3cr3t?token=s3cr3t"),
        request("GET", "/nothing/s3cr3t?s3cr3t"),
        request("POST", "/missing/s3cr3t"),
        request("GET", "https://s3cr3t:s3cr3t@s3cr3t.example.org/users/7"),
        request("S3CR3T", "/users/7"),
        request("POST", "/echo").map(|_| Body::from(SECRET)),
        rpc("s3cr3t"),
        // The app answers, fails or panics with it.
        request("GET", "/broken"),
        request("GET", "/error"),
        request("GET", "/panic"),
        request("GET", "/body/error"),
        request("GET", "/body/panic"),
    ]
}

fn with_secret_headers(request: Request<Body>) -> Request<Body> {
    let names = [
        "accept",
        "authorization",
        "baggage",
        "cookie",
        "forwarded",
        "host",
        "origin",
        "proxy-authorization",
        "referer",
        "tracestate",
        "user-agent",
        "x-api-key",
        "x-forwarded-for",
        "x-real-ip",
    ];
    names.into_iter().fold(request, |request, name| with_header(request, name, "name=s3cr3t"))
}
