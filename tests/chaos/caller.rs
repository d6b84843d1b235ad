use std::net::SocketAddr;

use bytes::Bytes;
use fastrand::Rng;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, task::JoinHandle};

const PATHS: [&str; 8] = ["/fast", "/fast", "/slow", "/stream", "/fail", "/break-off", "/panic", "/panic-midway"];

/// How long a caller stays.
#[derive(Clone, Copy)]
enum Stay {
    Patient,
    /// Leaves once the request is out.
    Before,
    /// Leaves once the first frame is there.
    During,
    /// Leaves for good once all is there: the connection is not used again.
    After,
}

const STAYS: [Stay; 4] = [Stay::Patient, Stay::Before, Stay::During, Stay::After];

/// One caller, with a draw of its own.
pub(crate) struct Caller {
    random: Rng,
    address: SocketAddr,
    connection: Option<Connection>,
}

/// Its drop takes the socket with it.
struct Connection {
    sender: Sender,
    driver: JoinHandle<()>,
}

enum Sender {
    Http1(http1::SendRequest<Empty<Bytes>>),
    Http2(http2::SendRequest<Empty<Bytes>>),
}

impl Caller {
    pub(crate) fn new(seed: u64, address: SocketAddr) -> Self {
        Self { random: Rng::with_seed(seed), address, connection: None }
    }

    pub(crate) async fn run(mut self, exchanges: usize) {
        for _ in 0..exchanges {
            let path = PATHS[self.random.usize(..PATHS.len())];
            let stay = STAYS[self.random.usize(..STAYS.len())];
            self.exchange(path, stay).await;
        }
    }

    async fn exchange(&mut self, path: &str, stay: Stay) {
        let mut connection = match self.connection.take().filter(|connection| !connection.driver.is_finished()) {
            Some(connection) => connection,
            None => Connection::open(self.address, self.random.bool()).await,
        };
        let request = Request::get(path).header("host", "chaos").body(Empty::new()).expect("a request");
        // An error is the service's doing, and ends an HTTP/1 connection.
        let reusable = connection.exchange(request, stay).await;
        if reusable && !matches!(stay, Stay::After) {
            self.connection = Some(connection);
        }
    }
}

impl Connection {
    async fn open(address: SocketAddr, http2: bool) -> Self {
        let stream = TokioIo::new(TcpStream::connect(address).await.expect("it listens"));
        let (sender, driver) = if http2 {
            let (sender, driver) = http2::handshake(TokioExecutor::new(), stream).await.expect("HTTP/2");
            (Sender::Http2(sender), tokio::spawn(async { driver.await.unwrap_or_default() }))
        } else {
            let (sender, driver) = http1::handshake(stream).await.expect("HTTP/1");
            (Sender::Http1(sender), tokio::spawn(async { driver.await.unwrap_or_default() }))
        };
        Self { sender, driver }
    }

    /// Whether the connection can be used again.
    async fn exchange(&mut self, request: Request<Empty<Bytes>>, stay: Stay) -> bool {
        let is_http2 = matches!(self.sender, Sender::Http2(_));
        if self.ready().await.is_err() {
            return false;
        }
        let mut response: std::pin::Pin<Box<dyn Future<Output = _> + Send>> = match &mut self.sender {
            Sender::Http1(sender) => Box::pin(sender.send_request(request)),
            Sender::Http2(sender) => Box::pin(sender.send_request(request)),
        };
        if matches!(stay, Stay::Before) {
            // Lets the request go out, and perhaps the answer come in.
            let answered =
                std::future::poll_fn(|cx| std::task::Poll::Ready(response.as_mut().poll(cx).is_ready())).await;
            tokio::task::yield_now().await;
            return is_http2 && !answered;
        }
        let Ok(response) = response.await else { return is_http2 };
        let mut body = response.into_body();
        if matches!(stay, Stay::During) {
            let _ = body.frame().await;
            return is_http2;
        }
        body.collect().await.is_ok() || is_http2
    }

    async fn ready(&mut self) -> hyper::Result<()> {
        match &mut self.sender {
            Sender::Http1(sender) => sender.ready().await,
            Sender::Http2(sender) => sender.ready().await,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
