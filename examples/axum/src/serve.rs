use std::{env, error::Error, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, signal, sync::oneshot, time};

/// How long open requests may take once the service is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves on `HOST` and `PORT` until Ctrl-C or SIGTERM, then lets open requests finish.
pub(crate) async fn run(app: Router) -> Result<(), Box<dyn Error>> {
    let host = env::var("HOST").unwrap_or_else(|_| "127.0.0.1".into());
    let port = match env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| format!("PORT is {text:?}, but it must be a number from 0 to 65535"))?,
        Err(_) => 3000,
    };
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| format!("cannot listen on {host}:{port}: {error} (set HOST or PORT)"))?;
    // From here on a signal is a request to stop, not an end.
    let stop = stop()?;
    println!("listening on http://{}", listener.local_addr()?);

    let (stopping, stopped) = oneshot::channel();
    // Who asks decides who may see the metrics.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        println!("stopping: open requests have {} s to finish", DRAIN.as_secs());
        let _ = stopping.send(());
    });
    let too_long = async {
        // An error means that the server has ended by itself.
        if stopped.await.is_ok() {
            time::sleep(DRAIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = server => result?,
        () = too_long => println!("stopping without the requests that are still open"),
    }
    Ok(())
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
