use std::{
    convert::Infallible,
    io,
    net::{self, SocketAddr},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{CONNECTION, CONTENT_TYPE},
};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{access::Verdict, scrape::MetricsEndpoint};

/// `GET /metrics` and `GET /health` on an address of their own, whatever the service's host: on a thread of its own, so that
/// neither keeps the other waiting. Its drop ends it.
pub(crate) struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Pages {
    metrics: MetricsEndpoint,
    health: Bytes,
}

/// Connections at once. Others wait to be accepted.
const CONNECTIONS: usize = 32;

/// How long a caller may take for the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// How long a connection is kept that may not scrape.
const STRANGER: Duration = Duration::from_secs(5);

/// How long a connection is kept: a scraper makes a new one.
const LIFETIME: Duration = Duration::from_secs(600);

/// How long a drop waits for answers that are on their way.
const GRACE: Duration = Duration::from_secs(1);

/// After a failed accept, which may be for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// Listens, so that an address which cannot be had is an error here.
    pub(crate) fn start(address: SocketAddr, metrics: MetricsEndpoint, health: String) -> io::Result<Self> {
        let listener = net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = watch::channel(false);
        let pages = Pages { metrics, health: health.into() };
        let thread = thread::Builder::new()
            .name("telemetry-metrics".into())
            .spawn(move || runtime.block_on(serve(listener, pages, stopped)))?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: net::TcpListener, pages: Pages, mut stopped: watch::Receiver<bool>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let accepting = async {
        loop {
            let Ok(permit) = free.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let connection = connection(stream, peer, pages.clone(), stopped.clone());
                    connections.spawn(async move {
                        connection.await;
                        drop(permit);
                    });
                    // Those that are over leave nothing behind.
                    while connections.try_join_next().is_some() {}
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    };
    let mut stop = stopped.clone();
    tokio::select! {
        () = accepting => {}
        _ = stop.changed() => {}
    }
    drop(listener);
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    let _ = stopped.borrow_and_update();
}

async fn connection(stream: TcpStream, peer: SocketAddr, pages: Pages, mut stopped: watch::Receiver<bool>) {
    let is_stranger = pages.metrics.access().judge(Some(peer.ip())) != Verdict::Allowed;
    let service = service_fn(|request: Request<Incoming>| {
        let mut response = pages.answer(request, peer);
        if is_stranger {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        async { Ok::<_, Infallible>(response.map(Full::new)) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    let _ = timeout(if is_stranger { STRANGER } else { LIFETIME }, async {
        tokio::select! {
            _ = served.as_mut() => return,
            _ = stopped.changed() => served.as_mut().graceful_shutdown(),
        }
        let _ = served.await;
    })
    .await;
}

impl Pages {
    fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Bytes> {
        let (mut head, _) = request.into_parts();
        match head.uri.path() {
            "/metrics" => {
                head.extensions.insert(peer);
                self.metrics.respond(&head)
            }
            "/health" => {
                let mut response = Response::new(self.health.clone());
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            _ => {
                let mut response = Response::new(Bytes::from_static(b"Not found: GET /metrics or GET /health.\n"));
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        }
    }
}
