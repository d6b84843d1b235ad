//! What Sentry costs each exchange, in allocations. In a process of its own, since the allocator counts for all of one.

use std::{alloc::System, sync::Arc};

use axum::{Router, body::Body, extract::Path, routing::get};
use http::{Request, header};
use http_body_util::BodyExt;
use sentry::{ClientOptions, Hub};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::{Nowhere, allocated};
use tokio::runtime::{Builder, Runtime};
use tower::{ServiceExt, layer::util::Identity};
use tower_telemetry_core::Observe;
use tower_telemetry_sentry::{Sentry, client};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn app() -> Router {
    let user = |Path(id): Path<u64>| async move { ([(header::CONTENT_TYPE, "text/plain")], id.to_string()) };
    Router::new().route("/users/{id}", get(user))
}

/// With a client that samples at this rate, if there is one.
fn sentry(rate: Option<f32>) -> Router {
    let options = |rate| {
        let options = ClientOptions::new().dsn("https://public@sentry.example/1").release("shop@1.0.0");
        options.traces_sample_rate(rate).transport(Nowhere)
    };
    let hub = Hub::new(rate.map(|rate| client(options(rate))), Arc::default());
    app().layer(Sentry::new().fallback(Arc::new(hub)).into_layer()).with_state(())
}

fn request() -> Request<Body> {
    Request::get("/users/42")
        .header(header::HOST, "api.example.com")
        .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)")
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_ENCODING, "gzip")
        .header(header::ACCEPT_LANGUAGE, "en-GB")
        .header(header::AUTHORIZATION, "Bearer secret")
        .header(header::COOKIE, "session=secret")
        .header("x-forwarded-for", "203.0.113.7")
        .body(Body::empty())
        .expect("a request")
}

/// The least that an exchange allocates: the first few fill caches.
fn allocations(runtime: &Runtime, app: &Router) -> usize {
    let one = async || {
        // What is cloned for the first time is made to be shared, as the parts of a request are that hyper has read.
        let (request, app) = (request(), app.clone());
        let _shared = (request.headers().clone(), request.uri().clone());
        let region = Region::new(ALLOCATOR);
        let response = app.oneshot(request).await.expect("a Router is infallible");
        drop(response.into_body().collect().await.expect("it does not fail"));
        allocated(&region)
    };
    let counts = (0..50).map(|_| runtime.block_on(one()));
    counts.min().expect("there are some")
}

// One test, since the allocator counts for the whole process.
#[test]
fn an_exchange_allocates_as_little_as_is_promised() {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    // axum boxes the services of a router that has a layer, whatever that does.
    let idle = allocations(&runtime, &app().layer(Identity::new()).with_state(()));
    let observed = allocations(&runtime, &app().layer(().into_layer()).with_state(()));
    assert_eq!(allocations(&runtime, &sentry(None)), observed, "no client");
    for (rate, most) in [(0.0, 14), (1.0, 60)] {
        let more = allocations(&runtime, &sentry(Some(rate))) - idle;
        println!("at a rate of {rate}: {more}");
        assert!(more <= most, "at a rate of {rate}: {more}");
    }
}
