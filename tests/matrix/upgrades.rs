//! Connections that become something else: the exchange is over with the head, whatever the connection lives on to do.

use http::{Method, StatusCode};
use hyper::{ext::Protocol, upgrade};
use hyper_util::rt::TokioIo;
use tests::probe::{Ended, Probe, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    hosts::{Host, ends, only_end},
    http2::{Got, connect, request},
    replies::Replies,
    wire::Wire,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_is_complete_with_its_head() {
    const UPGRADE: &str = "GET /reply/upgrade HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: raw\r\n\r\n";

    for host in Host::ALL {
        let raw = async |probe: Option<&Probe>| {
            let server = host.serve(probe, Replies::default()).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send(UPGRADE).await;
            let head = wire.response(false).await;
            if let Some(probe) = probe {
                // The connection lives on, and the exchange is over.
                probe.log().wait_for(Stage::End, 1).await;
            }
            wire.send("ping").await;
            let rest = wire.rest().await;
            server.stop().await;
            [head, rest]
        };
        let probe = Probe::new();
        let (with, without) = (raw(Some(&probe)).await, raw(None).await);
        assert_eq!(with, without, "{host:?}");
        assert!(with[0].starts_with(b"HTTP/1.1 101 "), "{host:?}: {with:?}");
        assert_eq!(&*with[1], b"pong", "{host:?}");
        let expected = Ended { long_lived: true, ..Ended::completed(101, 0) };
        assert_eq!(only_end(&probe).await, host.sees(0, expected), "{host:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connect_is_complete_with_its_head() {
    let probe = Probe::new();
    let server = Host::Hyper.serve(Some(&probe), Replies::default()).await;
    let mut wire = Wire::connect(server.address).await;
    wire.send("CONNECT there:443 HTTP/1.1\r\nhost: there:443\r\n\r\n").await;
    wire.until("\r\n\r\n").await;
    probe.log().wait_for(Stage::End, 1).await;
    wire.send("ping").await;
    let all = wire.rest().await;
    assert!(all.starts_with(b"HTTP/1.1 200 ") && all.ends_with(b"\r\n\r\npong"), "{all:?}");
    server.stop().await;
    // It asks for no path that could have a template.
    assert_eq!(only_end(&probe).await, Ended { long_lived: true, ..Ended::completed(200, 0) });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extended_connect_is_complete_with_its_head() {
    for host in Host::ALL {
        let probe = Probe::new();
        let server = host.serve(Some(&probe), Replies::default()).await;
        let mut client = connect(server.address).await;
        // With the first response the client knows that the server allows what comes then.
        let first = client.send_request(request(Method::GET, "/reply/known", "")).await;
        assert_eq!(Got::of(first, || ()).await.header("content-length"), Some("5"));

        let mut connect = request(Method::CONNECT, "/reply/tunnel", "");
        connect.extensions_mut().insert(Protocol::from_static("websocket"));
        let response = client.send_request(connect).await.expect("a response");
        assert_eq!(response.status(), StatusCode::OK, "{host:?}");
        probe.log().wait_for(Stage::End, 2).await;
        let mut raw = TokioIo::new(upgrade::on(response).await.expect("a tunnel"));
        raw.write_all(b"ping").await.expect("the server reads");
        let mut pong = Vec::new();
        raw.read_to_end(&mut pong).await.expect("the server writes");
        assert_eq!(pong, b"pong", "{host:?}");
        drop((raw, client));
        server.stop().await;
        let tunnel = Ended { long_lived: true, ..Ended::completed(200, 0) };
        let expected = [host.sees(0, Ended::completed(200, 5)), host.sees(0, tunnel)];
        assert_eq!(ends(&probe, 2).await, expected, "{host:?}");
    }
}
