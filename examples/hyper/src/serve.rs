use std::{env, error::Error, io, pin::pin, time::Duration};

use hyper::{
    Request, Response,
    body::{Body, Incoming},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, signal, time};
use tower::{Service, ServiceExt};

type BoxError = Box<dyn Error + Send + Sync>;

/// How long open requests may take once the service is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves on `HOST` and `PORT` until Ctrl-C or SIGTERM, then lets open requests finish.
pub(crate) async fn run<S, B>(service: S) -> Result<(), Box<dyn Error>>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let listener = listen().await?;
    // From here on a signal is a request to stop, not an end.
    let mut stop = pin!(stop()?);
    println!("listening on http://{}", listener.local_addr()?);

    let mut server = auto::Builder::new(TokioExecutor::new());
    // Without a timer hyper waits for ever for the rest of a request's head.
    server.http1().timer(TokioTimer::new());
    server.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                // There may be no file descriptors left: some time for others to close theirs.
                time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Who asks decides who may see the metrics.
        let service = service.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let connection = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended early: {error}");
            }
        });
    }

    drop(listener);
    println!("stopping: open requests have {} s to finish", DRAIN.as_secs());
    if time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        println!("stopping without the requests that are still open");
    }
    Ok(())
}

async fn listen() -> Result<TcpListener, Box<dyn Error>> {
    let host = env::var("HOST").unwrap_or_else(|_| "127.0.0.1".into());
    let port = match env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| format!("PORT is {text:?}, but it must be a number from 0 to 65535"))?,
        Err(_) => 3001,
    };
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| format!("cannot listen on {host}:{port}: {error} (set HOST or PORT)"))?;
    Ok(listener)
}

/// Ends at Ctrl-C or SIGTERM. Both are caught as soon as this returns.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async { signal::ctrl_c().await.expect("the Ctrl-C handler can be installed") })
}
