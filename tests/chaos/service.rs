use std::{io, net::SocketAddr, panic, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::watch, task, time};
use tower::{Layer, service_fn};
use tower_telemetry_core::Observe;

use super::tally::{Tallied, Tally};

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;
type FrameOrError = Result<Frame<Bytes>, io::Error>;

/// A server on loopback that does what the path says.
pub(crate) struct Server {
    address: SocketAddr,
    connections: watch::Receiver<usize>,
    tally: Arc<Tally>,
}

impl Server {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until no connection is left, and no exchange.
    pub(crate) async fn rest(&self) {
        self.connections.clone().wait_for(|&open| open == 0).await.expect("the server goes on");
        self.tally.rest().await;
    }
}

pub(crate) async fn serve(tally: Arc<Tally>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let (open, connections) = watch::channel(0);
    let layer = Tallied(tally.clone()).into_layer();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            open.send_modify(|open| *open += 1);
            let (open, service) = (open.clone(), layer.layer(service_fn(answer)));
            tokio::spawn(async move {
                // A panic in a handler takes an HTTP/1 connection with it.
                let connection = task::spawn(async move {
                    let builder = auto::Builder::new(TokioExecutor::new());
                    builder
                        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
                        .await
                        .map_err(drop)
                });
                let _ = connection.await;
                open.send_modify(|open| *open -= 1);
            });
        }
    });
    Server { address, connections, tally }
}

async fn answer(request: Request<Incoming>) -> Result<Answer, io::Error> {
    Ok(match request.uri().path() {
        "/slow" => {
            time::sleep(Duration::from_millis(2)).await;
            whole()
        }
        "/stream" => frames(["one", "two", "three"].map(|text| Ok(frame(text)))),
        "/fail" => return Err(io::Error::other("no answer")),
        "/break-off" => frames([Ok(frame("one")), Err(io::Error::other("broken off")), Ok(frame("three"))]),
        "/panic" => panic(),
        "/panic-midway" => frames([Ok(frame("one"))].into_iter().chain(std::iter::from_fn(panic))),
        _ => whole(),
    })
}

/// Without the hook's output: there are thousands.
fn panic<T>() -> T {
    panic::resume_unwind(Box::new("chaos"))
}

fn whole() -> Answer {
    let body = Full::new(Bytes::from_static(b"whole")).map_err(|never| match never {});
    Response::new(body.boxed_unsync())
}

fn frame(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

/// One frame at a time, with a pause before each.
fn frames<I>(frames: I) -> Answer
where
    I: IntoIterator<Item = FrameOrError>,
    I::IntoIter: Send + 'static,
{
    let paced = tokio_stream::StreamExt::then(tokio_stream::iter(frames), |frame| async {
        task::yield_now().await;
        frame
    });
    Response::new(BodyExt::boxed_unsync(StreamBody::new(paced)))
}
