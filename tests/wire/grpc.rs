//! Over gRPC: tonic's server and tonic's client.

use std::{
    convert::Infallible,
    future::{Future, pending},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tests::ingest::Ingest;
use tokio::{net::TcpListener, sync::Notify};
use tokio_stream::{Stream, StreamExt, wrappers::TcpListenerStream};
use tonic::{
    Request, Response, Status,
    body::Body,
    client,
    server::{self, NamedService},
    service::Routes,
    transport::{Channel, Server},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use super::{Outcome, check, outcome, telemetry};

const METHOD: &str = "shop.Orders/Pay";

const OUTCOMES: [Outcome; 9] = [
    outcome("ok", "ok", 200),
    outcome("missing", "not_found", 200),
    outcome("fails", "internal_error", 200).error(
        "error",
        "Status",
        "code: 'Internal error', message: \"for the caller\", source: Custom { kind: Other, error: \"the disk is full\" }",
    ),
    outcome("breaks", "unavailable", 200).error("error", "", "UNAVAILABLE: halfway"),
    outcome("refuses", "permission_denied", 200),
    outcome("panics", "internal_error", 0).without_answer().error("fatal", "panic", "the service was asked to"),
    outcome("waits", "cancelled", 0).without_answer(),
    outcome("out-of-time", "deadline_exceeded", 0).without_answer(),
    outcome("streams", "cancelled", 200),
];

#[derive(Clone)]
struct Orders {
    reached: Arc<Notify>,
}

impl NamedService for Orders {
    const NAME: &'static str = "shop.Orders";
}

impl Service<http::Request<Body>> for Orders {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let reached = self.reached.clone();
        Box::pin(async move {
            let mut grpc = server::Grpc::new(ProstCodec::<String, String>::default());
            let pay = service_fn(move |_: Request<String>| pay(query.clone(), reached.clone()));
            Ok(grpc.server_streaming(pay, request).await)
        })
    }
}

type Words = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

async fn pay(query: String, reached: Arc<Notify>) -> Result<Response<Words>, Status> {
    let words = |words: Vec<Result<&str, Status>>| -> Words {
        let words: Vec<_> = words.into_iter().map(|word| word.map(str::to_owned)).collect();
        Box::pin(tokio_stream::iter(words))
    };
    Ok(Response::new(match query.trim_start_matches("deed=").split('&').next().unwrap_or_default() {
        "ok" => words(vec![Ok("one"), Ok("two")]),
        "missing" => return Err(Status::not_found("no such order")),
        "refuses" => words(vec![Ok("one"), Err(Status::permission_denied("not yours"))]),
        "fails" => {
            let mut status = Status::internal("for the caller");
            status.set_source(Arc::new(std::io::Error::other("the disk is full")));
            return Err(status);
        }
        "breaks" => words(vec![Ok("one"), Err(Status::unavailable("halfway"))]),
        "panics" => panic!("the service was asked to"),
        "streams" => Box::pin(words(vec![Ok("one")]).chain(tokio_stream::pending())),
        "out-of-time" => pending().await,
        _ => {
            reached.notify_one();
            pending().await
        }
    }))
}

/// On a connection of its own. Whoever is not answered gives up once the service has been reached, or when its time is up.
async fn ask(address: std::net::SocketAddr, deed: &str, reached: Arc<Notify>) {
    let channel =
        Channel::from_shared(format!("http://{address}")).expect("a URI").connect().await.expect("it listens");
    let mut client = client::Grpc::new(channel);
    client.ready().await.expect("it is connected");
    let mut request = Request::new("order 7".to_owned());
    request.metadata_mut().insert("authorization", "Bearer planted".parse().expect("a value"));
    if deed == "out-of-time" {
        request.set_timeout(Duration::from_millis(100));
    }
    let path = format!("/{METHOD}?deed={deed}&token=planted").parse().expect("a path");
    let call = client.server_streaming(request, path, ProstCodec::<String, String>::default());
    let answer = tokio::select! {
        answer = call => answer,
        () = reached.notified() => return,
    };
    if let Ok(answer) = answer {
        let mut words = answer.into_inner();
        // The stream is left after its first word, all others at their end.
        while let Ok(Some(_)) = words.message().await {
            if deed == "streams" {
                return;
            }
        }
    }
}

#[tokio::test]
async fn on_tonic() {
    let ingest = Ingest::start().await;
    let reached = Arc::new(Notify::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let telemetry = telemetry(&ingest);
    let routes = Routes::new(Orders { reached: reached.clone() });
    let server = Server::builder().layer(telemetry.layer()).add_routes(routes);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    for Outcome { deed, .. } in &OUTCOMES {
        ask(address, deed, reached.clone()).await;
    }
    check(&ingest, telemetry, &OUTCOMES, METHOD, "rpc.server").await;
}
