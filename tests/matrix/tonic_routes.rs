//! tonic's `Routes` inside an axum application, which also has routes of its own.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{Router, routing::get};
use http::{HeaderValue, Method, Request, Response};
use tests::probe::{Ended, Probe, Stage};
use tokio_stream::{Stream, iter};
use tonic::{Status, body::Body, server::NamedService, service::Routes};
use tonic_prost::ProstCodec;
use tower::{Layer, Service, service_fn};
use tower_telemetry_core::ObserveLayer;

use super::{
    hosts::{Server, grpc_ends},
    http2::{Got, connect, request},
};

/// Messages in their frames.
const ADA: &str = "\0\0\0\0\x05\n\x03ada";
const NOBODY: &str = "\0\0\0\0\x08\n\x06nobody";
const UNDECODABLE: &str = "\0\0\0\0\x01\x0b";
const HELLO_ADA: &str = "\0\0\0\0\x0b\n\x09hello ada";
const HELLO_NOBODY: &str = "\0\0\0\0\x0e\n\x0chello nobody";

/// What is generated for `service Greeter`, in short.
#[derive(Clone)]
struct Greeter;

impl NamedService for Greeter {
    const NAME: &'static str = "pkg.Greeter";
}

impl Service<Request<Body>> for Greeter {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default());
            Ok(match request.uri().path() {
                "/pkg.Greeter/Hello" => grpc.unary(service_fn(hello), request).await,
                "/pkg.Greeter/Stream" => grpc.server_streaming(service_fn(stream), request).await,
                _ => Status::unimplemented("").into_http(),
            })
        })
    }
}

async fn hello(request: tonic::Request<String>) -> Result<tonic::Response<String>, Status> {
    match &**request.get_ref() {
        "nobody" => Err(Status::not_found("nobody")),
        name => Ok(tonic::Response::new(format!("hello {name}"))),
    }
}

/// Nobody is greeted once, and all others twice.
async fn stream(
    request: tonic::Request<String>,
) -> Result<tonic::Response<impl Stream<Item = Result<String, Status>>>, Status> {
    let name = request.into_inner();
    let second = if name == "nobody" { Err(Status::internal("nobody")) } else { Ok(format!("hello {name}")) };
    Ok(tonic::Response::new(iter([Ok(format!("hello {name}")), second])))
}

struct Case {
    path: &'static str,
    /// A gRPC call if it has a message.
    message: Option<&'static str>,
    /// The status that the client is told, and where.
    told: Told,
    expected: Ended,
}

#[derive(Debug, PartialEq)]
enum Told {
    Head(&'static str),
    Trailers(&'static str),
    Nothing,
}

/// `route` is the template of what is not a gRPC call, and comes to the service of one.
fn cases(route: &str) -> Vec<Case> {
    use Told::{Head, Nothing, Trailers};

    const HELLO: &str = "/pkg.Greeter/Hello";
    const STREAM: &str = "/pkg.Greeter/Stream";

    let ended = |endpoint: &str, status: Option<&'static str>, request_bytes: usize, response_bytes: usize| {
        let server_failure = matches!(status, Some("INTERNAL" | "UNIMPLEMENTED"));
        Ended {
            endpoint: endpoint.into(),
            grpc_status: status,
            request_bytes: Some(request_bytes as u64),
            error_type: status.filter(|_| server_failure).map(Into::into),
            server_failure,
            ..Ended::completed(200, response_bytes as u64)
        }
    };
    let call = |path: &'static str, message: &'static str, told, status, response_bytes| {
        let expected = ended(&path[1..], Some(status), message.len(), response_bytes);
        Case { path, message: Some(message), told, expected }
    };
    // Its message is not read.
    let lost = |path| {
        let expected = ended("unmatched", Some("UNIMPLEMENTED"), 0, 0);
        Case { path, message: Some(ADA), told: Head("12"), expected }
    };
    let get = |path, told, endpoint, status, response_bytes| Case {
        path,
        message: None,
        told,
        expected: ended(endpoint, status, 0, response_bytes),
    };
    vec![
        // Nobody has answered to either service yet.
        lost("/pkg.Greeter/Invented"),
        lost("/invented.Service/Hello"),
        call(HELLO, ADA, Trailers("0"), "OK", HELLO_ADA.len()),
        call(HELLO, NOBODY, Head("5"), "NOT_FOUND", 0),
        call(HELLO, UNDECODABLE, Head("13"), "INTERNAL", 0),
        call(STREAM, ADA, Trailers("0"), "OK", 2 * HELLO_ADA.len()),
        call(STREAM, NOBODY, Trailers("13"), "INTERNAL", HELLO_NOBODY.len()),
        lost("/pkg.Greeter/Invented"),
        get("/items/7", Nothing, "/items/{id}", None, 5),
        // tonic answers to what is no call as if it were one.
        get(HELLO, Head("13"), route, Some("INTERNAL"), 0),
    ]
}

struct Position {
    name: &'static str,
    app: fn(Option<&Probe>) -> Router,
    /// How a layer there knows gRPC's services as routes of the router.
    route: &'static str,
    observers: usize,
}

const ROUTE: &str = "/pkg.Greeter/{*rest}";

const POSITIONS: &[Position] = &[
    Position {
        name: "merged",
        app: |probe| layered(probe, Routes::new(Greeter).into_axum_router().merge(items())),
        route: ROUTE,
        observers: 1,
    },
    Position {
        name: "as a fallback",
        app: |probe| layered(probe, items().fallback_service(Routes::new(Greeter))),
        route: "unmatched",
        observers: 1,
    },
    Position {
        name: "as a fallback, with a tap on it",
        app: |probe| {
            let grpc = Routes::new(Greeter).into_axum_router().layer(ObserveLayer::new(()));
            layered(probe, items().fallback_service(grpc))
        },
        route: ROUTE,
        observers: 1,
    },
    Position {
        name: "around it all, with a tap inside",
        app: |probe| {
            let app = Routes::new(Greeter).into_axum_router().merge(items()).layer(ObserveLayer::new(()));
            match probe {
                Some(probe) => Router::new().fallback_service(probe.layer().layer(app)),
                None => app,
            }
        },
        route: ROUTE,
        observers: 1,
    },
    Position {
        name: "twice",
        app: |probe| {
            let inner = layered(probe, Routes::new(Greeter).into_axum_router().merge(items()));
            layered(probe.map(|probe| probe.beside("outer")).as_ref(), inner)
        },
        route: ROUTE,
        observers: 2,
    },
];

fn items() -> Router {
    Router::new().route("/items/{id}", get(async || "hello"))
}

fn layered(probe: Option<&Probe>, router: Router) -> Router {
    match probe {
        Some(probe) => router.layer(probe.layer()),
        None => router,
    }
}

/// All cases on one connection, one after the other.
async fn talk(position: &Position, probe: Option<&Probe>) -> Vec<Got> {
    let server = Server::axum((position.app)(probe)).await;
    let mut client = connect(server.address).await;
    let mut replies = Vec::new();
    for Case { message, path, .. } in cases(position.route) {
        let method = if message.is_some() { Method::POST } else { Method::GET };
        let mut request = request(method, path, message.unwrap_or_default());
        if message.is_some() {
            request.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
            request.headers_mut().insert("te", HeaderValue::from_static("trailers"));
        }
        replies.push(Got::of(client.send_request(request).await, || ()).await);
        if let Some(probe) = probe {
            probe.log().wait_for(Stage::End, replies.len() * position.observers).await;
        }
    }
    drop(client);
    server.stop().await;
    replies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_its_method_beside_routes_that_are_their_templates() {
    for position in POSITIONS {
        let (name, probe) = (position.name, Probe::new());
        let (with, without) = (talk(position, Some(&probe)).await, talk(position, None).await);
        assert_eq!(with, without, "{name}");
        let cases = cases(position.route);
        for (case, reply) in cases.iter().zip(&with) {
            let told = match case.told {
                Told::Head(code) => (Some(code), None),
                Told::Trailers(code) => (None, Some(code)),
                Told::Nothing => (None, None),
            };
            let got = (reply.header("grpc-status"), reply.trailer("grpc-status"));
            assert_eq!(got, told, "{name}: {} {:?}", case.path, case.message);
        }
        let expected: Vec<_> =
            cases.into_iter().flat_map(|case| std::iter::repeat_n(case.expected, position.observers)).collect();
        assert_eq!(grpc_ends(&probe, expected.len()).await, expected, "{name}");
    }
}
