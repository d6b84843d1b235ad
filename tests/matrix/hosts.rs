//! Servers on loopback, each with the observer or without.

use std::{convert::Infallible, fmt, future::Future, net::SocketAddr, pin::pin};

use axum::{Router, extract};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tests::probe::{Ended, Failed, Probe, Stage};
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_telemetry_core::FailurePhase;

use super::{
    LIMIT,
    replies::{ENDPOINT, Replies, routes, torn},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Hyper,
    Axum,
}

impl Host {
    pub(crate) const ALL: [Self; 2] = [Self::Hyper, Self::Axum];

    /// Serves the replies.
    pub(crate) async fn serve(self, probe: Option<&Probe>, replies: Replies) -> Server {
        match (self, probe) {
            (Self::Hyper, Some(probe)) => Server::hyper(probe.layer().routes(routes()).layer(replies)).await,
            (Self::Hyper, None) => Server::hyper(replies).await,
            (Self::Axum, Some(probe)) => Server::axum(router(replies).layer(probe.layer())).await,
            (Self::Axum, None) => Server::axum(router(replies)).await,
        }
    }

    /// What a probe sees here of an exchange whose request had so many bytes.
    pub(crate) fn sees(self, request_bytes: u64, ended: Ended) -> Ended {
        // hyper's body type cannot be counted without changing it.
        let request_bytes = (self == Self::Axum).then_some(request_bytes);
        Ended { endpoint: ENDPOINT.into(), request_bytes, ..ended }
    }

    /// What a probe sees here of the error in a torn body. axum puts errors of bodies into one of its own.
    pub(crate) fn torn_body(self) -> Failed {
        let failed = Failed { phase: FailurePhase::Body, ..torn() };
        match self {
            Self::Hyper => failed,
            Self::Axum => Failed {
                type_name: std::any::type_name::<axum::Error>(),
                chain: vec!["torn".into(), "torn".into()],
                ..failed
            },
        }
    }
}

fn router(replies: Replies) -> Router {
    let no_error = |error: BoxError| -> Infallible { unreachable!("axum is not asked for what fails: {error}") };
    Router::new().route_service(ENDPOINT, ServiceExt::<extract::Request>::map_err(replies, no_error))
}

/// A server that stops gracefully when it is told to, and else when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    /// A server that is this task, which comes to its end once all connections have after a stop.
    pub(crate) async fn spawn<F>(serve: impl FnOnce(TcpListener, watch::Receiver<()>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, stopped) = watch::channel(());
        Self { address, stop, task: tokio::spawn(serve(listener, stopped)) }
    }

    pub(crate) async fn hyper<S, B>(service: S) -> Self
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        Self::hyper_with(service, |_| {}).await
    }

    /// With a say in how connections are served.
    pub(crate) async fn hyper_with<S, B>(service: S, configure: fn(&mut auto::Builder<TokioExecutor>)) -> Self
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        Self::spawn(async move |listener, mut stopped| {
            let mut connections = JoinSet::new();
            loop {
                select! {
                    accepted = listener.accept() => {
                        let (stream, _) = accepted.expect("loopback accepts");
                        connections.spawn(connection(stream, service.clone(), configure, stopped.clone()));
                    }
                    _ = stopped.changed() => break,
                }
            }
            // A panic of a handler is one of its connection.
            while connections.join_next().await.is_some() {}
        })
        .await
    }

    /// Serves a router, or what is around one.
    pub(crate) async fn axum<S>(app: S) -> Self
    where
        S: Service<extract::Request, Response = axum::response::Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        Self::spawn(async move |listener, mut stopped| {
            let stop = async move { drop(stopped.changed().await) };
            let app = axum::ServiceExt::<extract::Request>::into_make_service(app);
            axum::serve(listener, app).with_graceful_shutdown(stop).await.expect("axum's accept loop does not fail");
        })
        .await
    }

    /// Begins to stop, and goes on with what is open.
    pub(crate) fn begin_to_stop(&self) {
        self.stop.send_replace(());
    }

    /// Stops, once all connections are done: after this, nothing more will be seen.
    pub(crate) async fn stop(self) {
        self.begin_to_stop();
        timeout(LIMIT, self.task).await.expect("the connections come to an end").expect("the server does not panic");
    }

    /// Stops here and now, in the midst of what is open.
    pub(crate) fn abort(self) {
        self.task.abort();
    }
}

/// What becomes of so many exchanges, which are all. A server that has stopped may still be dropping what it had.
pub(crate) async fn ends(probe: &Probe, exchanges: usize) -> Vec<Ended> {
    probe.log().wait_for(Stage::End, exchanges).await;
    assert_eq!(probe.log().count(Stage::Begin), exchanges, "{:#?}", probe.log().lines());
    probe.log().ends()
}

/// What becomes of the one exchange.
pub(crate) async fn only_end(probe: &Probe) -> Ended {
    ends(probe, 1).await;
    probe.log().only_end()
}

/// As [`ends`], without the errors that tonic's statuses are: how an exchange ends does not depend on them.
pub(crate) async fn grpc_ends(probe: &Probe, exchanges: usize) -> Vec<Ended> {
    ends(probe, exchanges).await.into_iter().map(|ended| Ended { left_error: None, ..ended }).collect()
}

/// As [`only_end`], likewise.
pub(crate) async fn only_grpc_end(probe: &Probe) -> Ended {
    Ended { left_error: None, ..only_end(probe).await }
}

async fn connection<S, B>(
    stream: TcpStream,
    service: S,
    configure: fn(&mut auto::Builder<TokioExecutor>),
    mut stopped: watch::Receiver<()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().enable_connect_protocol();
    configure(&mut builder);
    let service = TowerToHyperService::new(service);
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.address)
    }
}
