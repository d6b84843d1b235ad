//! Layers of tower before and behind the observer.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, error_handling::HandleError};
use http::{Request, Response, StatusCode};
use tests::probe::{Ended, Failed, Probe, Stage};
use tower::{BoxError, Service, ServiceBuilder, timeout::TimeoutLayer};
use tower_telemetry_core::{FailurePhase, ObserveLayer};

use super::{
    hosts::{Host, Server, ends, only_end},
    replies::{AnyBody, ENDPOINT, Replies, Torn, routes, torn},
    wire::{Wire, request},
};

/// A handler that waits for ever is sure to miss it.
const DEADLINE: TimeoutLayer = TimeoutLayer::new(Duration::from_millis(20));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_in_front_cancels_and_one_behind_fails() {
    let late = Ended { error_type: Some("timeout".into()), ..Ended::failed(None, 0, failed("request timed out")) };

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(DEADLINE).layer(observe(&probe)).service(Replies::default());
    assert_eq!(get(Server::hyper(stack).await, "pending").await, "");
    assert_eq!(only_end(&probe).await, Host::Hyper.sees(0, Ended::cancelled(None, 0)));

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(observe(&probe)).layer(DEADLINE).service(Replies::default());
    assert_eq!(get(Server::hyper(stack).await, "pending").await, "");
    assert_eq!(only_end(&probe).await, Host::Hyper.sees(0, late.clone()));

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(DEADLINE).layer(observe(&probe)).service(Replies::default());
    let app = Router::new().route_service(ENDPOINT, HandleError::new(stack, gateway_timeout));
    assert!(get(Server::axum(app).await, "pending").await.starts_with("HTTP/1.1 504"));
    assert_eq!(only_end(&probe).await, Host::Axum.sees(0, Ended::cancelled(None, 0)));

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(observe(&probe)).layer(DEADLINE).service(Replies::default());
    let app = Router::new().route_service(ENDPOINT, HandleError::new(stack, gateway_timeout));
    assert!(get(Server::axum(app).await, "pending").await.starts_with("HTTP/1.1 504"));
    assert_eq!(only_end(&probe).await, Host::Axum.sees(0, late));
}

/// A layer outside of axum's error handling sees what it makes of an error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handled_error_is_a_response() {
    let probe = Probe::new();
    let handled = HandleError::new(Replies::default(), gateway_timeout);
    let app = Router::new().route_service(ENDPOINT, handled).layer(probe.layer());
    assert!(get(Server::axum(app).await, "error").await.starts_with("HTTP/1.1 504"));
    assert_eq!(only_end(&probe).await, Host::Axum.sees(0, Ended::completed(504, 0)));

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(observe(&probe)).service(Replies::default());
    let app = Router::new().route_service(ENDPOINT, HandleError::new(stack, gateway_timeout));
    assert!(get(Server::axum(app).await, "error").await.starts_with("HTTP/1.1 504"));
    assert_eq!(only_end(&probe).await, Host::Axum.sees(0, Ended::failed(None, 0, torn())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shed_in_front_never_comes_and_what_is_shed_behind_fails() {
    let done = Host::Hyper.sees(0, Ended::completed(200, 5));
    let shed = Host::Hyper.sees(0, Ended::failed(None, 0, failed("service overloaded")));

    let (probe, replies) = (Probe::new(), Replies::default());
    let stack = ServiceBuilder::new().load_shed().layer(observe(&probe)).concurrency_limit(1);
    let server = Server::hyper(stack.service(replies.clone())).await;
    one_too_many(server, &probe, &replies).await;
    assert_eq!(only_end(&probe).await, done);

    let (probe, replies) = (Probe::new(), Replies::default());
    let stack = ServiceBuilder::new().layer(observe(&probe)).load_shed().concurrency_limit(1);
    let server = Server::hyper(stack.service(replies.clone())).await;
    one_too_many(server, &probe, &replies).await;
    assert_eq!(ends(&probe, 2).await, [shed, done]);
}

/// One request that is held, and another beside it, which is shed.
async fn one_too_many(server: Server, probe: &Probe, replies: &Replies) {
    let mut held = Wire::connect(server.address).await;
    held.send(request("GET", "held", "connection: close\r\n")).await;
    probe.log().wait_for(Stage::Begin, 1).await;
    let mut other = Wire::connect(server.address).await;
    other.send(request("GET", "known", "")).await;
    assert_eq!(&*other.rest().await, b"");
    replies.0.open();
    assert!(held.rest().await.ends_with(b"hello"));
    server.stop().await;
}

/// Nothing was called, so there is nothing to observe: the error goes by as it would without the layer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_never_ready_is_never_called() {
    #[derive(Clone)]
    struct NeverReady;

    impl<B> Service<Request<B>> for NeverReady {
        type Response = Response<AnyBody>;
        type Error = BoxError;
        type Future = Ready<Result<Response<AnyBody>, BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Err(Torn.into()))
        }

        fn call(&mut self, _: Request<B>) -> Self::Future {
            ready(Err("it is called though it was not ready".into()))
        }
    }

    let probe = Probe::new();
    let stack = ServiceBuilder::new().layer(observe(&probe)).service(NeverReady);
    assert_eq!(get(Server::hyper(stack).await, "known").await, "");
    assert_eq!(probe.log().lines(), [""; 0]);
}

fn observe(probe: &Probe) -> ObserveLayer<Probe> {
    probe.layer().routes(routes())
}

/// A service's error, as tower boxes it.
fn failed(text: &str) -> Failed {
    Failed { phase: FailurePhase::Service, text: text.into(), chain: vec![text.into()], ..torn() }
}

async fn gateway_timeout(_: BoxError) -> Result<StatusCode, Infallible> {
    Ok(StatusCode::GATEWAY_TIMEOUT)
}

/// What the server sends before it closes the connection.
async fn get(server: Server, name: &str) -> String {
    let mut wire = Wire::connect(server.address).await;
    wire.send(request("GET", name, "connection: close\r\n")).await;
    let all = wire.rest().await;
    server.stop().await;
    String::from_utf8_lossy(&all).into_owned()
}
