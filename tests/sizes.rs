//! How large the layer's future is, and how long the names that a user meets in an error.

use std::{any::type_name, convert::Infallible, future::Ready};

use axum::{body::Body, routing::Route};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, Service, util::ServiceFn};
use tower_telemetry::TelemetryLayer;

/// In bytes, beside what is inside: a pointer, and whether there is one.
const BESIDE: usize = 16;

/// In characters.
const NAME: usize = 100;

type Answering = ServiceFn<fn(Request<Body>) -> Ready<Result<Response<Full<Bytes>>, Infallible>>>;
type Observed<S> = <TelemetryLayer as Layer<S>>::Service;
type Future<S> = <S as Service<Request<Body>>>::Future;

#[test]
fn the_future_is_little_larger_than_the_inner_one() {
    let sizes = [
        (size_of::<Future<Answering>>(), size_of::<Future<Observed<Answering>>>()),
        (size_of::<Future<Route>>(), size_of::<Future<Observed<Route>>>()),
    ];
    for (inner, observed) in sizes {
        assert!(observed <= inner + BESIDE, "{observed} bytes around {inner}");
    }
}

#[test]
fn the_body_is_little_larger_than_the_inner_one() {
    let observed = size_of::<<Observed<Answering> as Service<Request<Body>>>::Response>();
    let inner = size_of::<Response<Full<Bytes>>>();
    assert!(observed <= inner + BESIDE, "{observed} bytes around {inner}");
}

#[test]
fn names_are_short() {
    let inner = type_name::<Answering>().len();
    let names = [
        (type_name::<TelemetryLayer>(), 0),
        (type_name::<Observed<Answering>>(), inner),
        (type_name::<Future<Observed<Answering>>>(), type_name::<Future<Answering>>().len()),
    ];
    for (name, inner) in names {
        assert!(name.len() - inner <= NAME, "{} characters: {name}", name.len());
    }
}
