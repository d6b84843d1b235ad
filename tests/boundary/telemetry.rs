//! Request ids, spans, access logs and labels: what callers have a hand in.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use metrics::with_local_recorder;
use metrics_util::debugging::DebuggingRecorder;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Endpoint, Observe};
use tower_telemetry_metrics::Metrics;
use tower_telemetry_trace::Trace;

use super::support::Output;

const TOKEN: &str = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

/// All that is told of a request, and the request id of the response.
fn told(request: http::request::Builder, grpc: bool) -> (String, String) {
    let (output, recorder) = (Output::default(), DebuggingRecorder::new());
    let snapshotter = recorder.snapshotter();
    let subscriber = tracing_subscriber::fmt().with_writer(output.clone()).with_ansi(false).finish();
    let layer = (Metrics::new(), Trace::new()).into_layer();
    // As somebody would who knows no better.
    let layer = if grpc { layer } else { layer.name_by(|head| Some(Endpoint::route(head.uri.path()))) };
    let service = layer.layer(service_fn(move |_: Request<()>| async move {
        let mut response = Response::new(Full::new(Bytes::new()));
        if grpc {
            response.headers_mut().insert("content-type", "application/grpc".parse().expect("a value"));
            response.headers_mut().insert("grpc-status", "16".parse().expect("a value"));
        }
        Ok::<_, Infallible>(response)
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let id = with_local_recorder(&recorder, || {
        tracing::subscriber::with_default(subscriber, || {
            runtime.block_on(async {
                let request = request.body(()).expect("a request");
                let (head, body) = service.oneshot(request).await.expect("it cannot fail").into_parts();
                body.collect().await.expect("it cannot fail");
                head.headers["x-request-id"].to_str().expect("text").to_owned()
            })
        })
    });
    let labels: Vec<_> = snapshotter.snapshot().into_vec().into_iter().map(|(key, ..)| key).collect();
    (format!("{} {labels:?}", output.text()), id)
}

#[test]
fn a_request_id_without_a_secret_is_taken() {
    let request = Request::get("/a").header("x-request-id", "5f0c6a3e-7a4b-4f7e-9d57-0c0f4d1c2b3a");
    let (told, id) = told(request, false);
    assert_eq!(id, "5f0c6a3e-7a4b-4f7e-9d57-0c0f4d1c2b3a");
    assert!(told.contains(&id) && told.contains("/a"), "{told}");
}

#[test]
fn a_request_id_with_a_secret_in_it_is_not_taken() {
    for secret in ["ada@example.com", TOKEN] {
        let (told, id) = told(Request::get("/a").header("x-request-id", secret), false);
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        assert!(told.contains(&id) && !told.contains(secret), "{told}");
    }
}

#[test]
fn a_name_that_is_no_template_is_searched() {
    for secret in ["ada@example.com", TOKEN] {
        let (told, _) = told(Request::get(format!("/users/{secret}")), false);
        assert!(!told.contains(secret) && told.contains("/users/["), "{told}");
    }
    let call = Request::post(format!("/{TOKEN}.S/M")).header("content-type", "application/grpc");
    let (told, _) = told(call, true);
    assert!(!told.contains(TOKEN) && told.contains("UNAUTHENTICATED"), "{told}");
}
