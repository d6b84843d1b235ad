use std::{
    env,
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    time::Duration,
};

use tokio::{net::TcpListener, signal, sync::oneshot, time};
use tonic::transport;

/// How long open requests may take once the service is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// `HOST`, an IP address, and the port that a variable names.
pub(crate) fn address(variable: &str, default: u16) -> Result<SocketAddr, Box<dyn Error>> {
    let host = match env::var("HOST") {
        Ok(text) => text.parse().map_err(|_| format!("HOST is {text:?}, but it must be an IP address"))?,
        Err(_) => IpAddr::from([127, 0, 0, 1]),
    };
    let port = match env::var(variable) {
        Ok(text) => {
            text.parse().map_err(|_| format!("{variable} is {text:?}, but it must be a number from 0 to 65535"))?
        }
        Err(_) => default,
    };
    Ok(SocketAddr::new(host, port))
}

/// Listens on the [`address`].
pub(crate) async fn listen(variable: &str, default: u16) -> Result<TcpListener, Box<dyn Error>> {
    let address = address(variable, default)?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error} (set HOST or {variable})"))?;
    Ok(listener)
}

/// Serves until `stop`, then lets open requests finish. The server is given what tells it to do so.
pub(crate) async fn until(
    stop: impl Future<Output = ()>,
    server: impl AsyncFnOnce(oneshot::Receiver<()>) -> Result<(), transport::Error>,
) -> Result<(), Box<dyn Error>> {
    let (stopping, stopped) = oneshot::channel();
    let mut server = pin!(server(stopped));
    tokio::select! {
        result = &mut server => return Ok(result?),
        () = stop => {}
    }
    println!("stopping: open requests have {} s to finish", DRAIN.as_secs());
    let _ = stopping.send(());
    match time::timeout(DRAIN, server).await {
        Ok(result) => result?,
        Err(_) => println!("stopping without the requests that are still open"),
    }
    Ok(())
}

/// Ends at Ctrl-C or SIGTERM. Both are caught as soon as this returns.
#[cfg(unix)]
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
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
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async { signal::ctrl_c().await.expect("the Ctrl-C handler can be installed") })
}
