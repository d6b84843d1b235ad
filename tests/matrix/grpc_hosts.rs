//! Servers of gRPC on loopback, each with the observer or without.

use axum::{Router, routing::get};
use tests::probe::Probe;
use tokio::sync::watch;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{service::Routes, transport};

use super::{greeter::Greeter, hosts::Server};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// tonic's server, and the layer at that.
    Tonic,
    /// tonic's routes beside others in axum's router, and the layer at that.
    Axum,
}

impl Host {
    pub(crate) const ALL: [Self; 2] = [Self::Tonic, Self::Axum];

    pub(crate) async fn serve(self, probe: Option<&Probe>, greeter: &Greeter) -> Server {
        if self == Self::Tonic {
            return tonic(transport::Server::builder(), probe, greeter).await;
        }
        let rpcs = Routes::new(greeter.clone()).into_axum_router();
        let app = Router::new().route("/page", get(async || "hello")).merge(rpcs);
        Server::axum(match probe {
            Some(probe) => app.layer(probe.layer()),
            None => app,
        })
        .await
    }

    /// The endpoint of an exchange to which the greeter gave no answer: the method may be one that the caller invented.
    pub(crate) fn unanswered(self) -> &'static str {
        match self {
            Self::Tonic => "unmatched",
            Self::Axum => "/greet.Greeter/{*rest}",
        }
    }
}

/// tonic's server, set up beforehand.
pub(crate) async fn tonic(mut builder: transport::Server, probe: Option<&Probe>, greeter: &Greeter) -> Server {
    let rpcs = Routes::new(greeter.clone());
    let stop = |mut stopped: watch::Receiver<()>| async move { drop(stopped.changed().await) };
    match probe {
        Some(probe) => {
            let router = builder.layer(probe.layer()).add_routes(rpcs);
            Server::spawn(async move |listener, stopped| {
                let served = router.serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop(stopped));
                served.await.expect("tonic's accept loop does not fail");
            })
            .await
        }
        None => {
            let router = builder.add_routes(rpcs);
            Server::spawn(async move |listener, stopped| {
                let served = router.serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop(stopped));
                served.await.expect("tonic's accept loop does not fail");
            })
            .await
        }
    }
}
