//! Exchanges over HTTP/1.1 that end before their time.

use bytes::Bytes;
use tests::probe::{Ended, Ending, Probe, Stage};

use super::{
    hosts::{Host, ends, only_end},
    replies::{Replies, torn},
    wire::{Wire, request},
};

/// How a client goes away.
#[derive(Clone, Copy, Debug)]
enum Leaving {
    Fin,
    Rst,
}

impl Leaving {
    const ALL: [Self; 2] = [Self::Fin, Self::Rst];

    fn leave(self, wire: Wire) {
        match self {
            Self::Fin => wire.close(),
            Self::Rst => wire.reset(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_cancels() {
    let event = Ended { long_lived: true, ..Ended::cancelled(Some(200), 9) };
    // Up to where it waits, and what becomes of it.
    let cases = [
        (request("GET", "pending", ""), None, Ended::cancelled(None, 0)),
        (request("GET", "endless", ""), Some("3\r\none\r\n"), Ended::cancelled(Some(200), 3)),
        (request("GET", "endless-exact", ""), Some("\r\n\r\none"), Ended::cancelled(Some(200), 3)),
        (request("GET", "events", ""), Some("data: 1"), event),
    ];
    for host in Host::ALL {
        for leaving in Leaving::ALL {
            for (request, until, expected) in &cases {
                let probe = Probe::new();
                let server = host.serve(Some(&probe), Replies::default()).await;
                let mut wire = Wire::connect(server.address).await;
                wire.send(request).await;
                probe.log().wait_for(Stage::Begin, 1).await;
                if let Some(text) = until {
                    wire.until(text).await;
                }
                leaving.leave(wire);
                server.stop().await;
                let expected = host.sees(0, expected.clone());
                assert_eq!(only_end(&probe).await, expected, "{host:?}, {leaving:?}: {request}");
            }
        }
    }
}

/// The handler hears of it, and hyper takes its answer though nobody will read that: the host's word is what stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_breaks_off_its_request_is_answered() {
    for host in Host::ALL {
        for leaving in Leaving::ALL {
            let probe = Probe::new();
            let server = host.serve(Some(&probe), Replies::default()).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send("POST /reply/sink HTTP/1.1\r\nhost: here\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n")
                .await;
            wire.until("100 Continue\r\n\r\n").await;
            leaving.leave(wire);
            server.stop().await;
            assert_eq!(only_end(&probe).await, host.sees(0, Ended::completed(400, 5)), "{host:?}, {leaving:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_from_a_flood_cancels() {
    for host in Host::ALL {
        for leaving in Leaving::ALL {
            let probe = Probe::new();
            let server = host.serve(Some(&probe), Replies::default()).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send(request("GET", "flood", "")).await;
            wire.until("xxx").await;
            leaving.leave(wire);
            server.stop().await;
            let ended = only_end(&probe).await;
            assert_eq!((ended.end, ended.status), (Ending::Cancelled, Some(200)), "{host:?}, {leaving:?}");
            assert_ne!(ended.response_bytes, 0, "{host:?}, {leaving:?}");
        }
    }
}

/// hyper does not look whether the client is still there while it has a next request of its own. Whether it answers that one
/// too depends on when it finds out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipeline_outlives_a_client_that_has_finished() {
    for host in Host::ALL {
        let (probe, replies) = (Probe::new(), Replies::default());
        let server = host.serve(Some(&probe), replies.clone()).await;
        let mut wire = Wire::connect(server.address).await;
        wire.send(request("GET", "held", "") + &request("GET", "known", "")).await;
        wire.finish().await;
        probe.log().wait_for(Stage::Begin, 1).await;
        replies.0.open();
        let both = wire.rest().await;
        server.stop().await;
        let answers = String::from_utf8_lossy(&both).matches("\r\n\r\nhello").count();
        assert_ne!(answers, 0, "{host:?}: {both:?}");
        let expected = host.sees(0, Ended::completed(200, 5));
        assert_eq!(ends(&probe, answers).await, vec![expected; answers], "{host:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_and_panics_end_it_and_its_connection() {
    let cases = |host: Host| {
        let torn_at = |bytes| Ended::failed(Some(200), bytes, host.torn_body());
        [
            ("error", None, Ended::failed(None, 0, torn())),
            ("torn", Some("\r\n\r\n3\r\none\r\n"), torn_at(3)),
            ("torn-exact", Some("\r\n\r\none"), torn_at(3)),
            ("torn-at-once", None, torn_at(0)),
            ("panic-in-call", None, Ended::panicked(None, 0)),
            ("panic", None, Ended::panicked(None, 0)),
            ("panic-midway", Some("\r\n\r\n3\r\none\r\n"), Ended::panicked(Some(200), 3)),
        ]
    };
    for host in Host::ALL {
        // axum has no errors of services.
        for (name, until, expected) in cases(host).into_iter().skip(usize::from(host == Host::Axum)) {
            let probe = Probe::new();
            let with = until_closed(host, Some(&probe), name, until).await;
            let without = until_closed(host, None, name, until).await;
            assert_eq!(with, without, "{host:?}: {name}: the wire is the same");
            assert!(with.ends_with(until.unwrap_or("").as_bytes()), "{host:?}: {name}: {with:?}");
            assert_eq!(only_end(&probe).await, host.sees(0, expected), "{host:?}: {name}");
        }
    }
}

/// What comes before the connection is closed, which is not before this has come.
async fn until_closed(host: Host, probe: Option<&Probe>, name: &str, until: Option<&str>) -> Bytes {
    let replies = Replies::default();
    let server = host.serve(probe, replies.clone()).await;
    let mut wire = Wire::connect(server.address).await;
    wire.send(request("GET", name, "")).await;
    if let Some(text) = until {
        wire.until(text).await;
    }
    replies.0.open();
    let all = wire.rest().await;
    server.stop().await;
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_stop_leaves_time_to_complete() {
    for host in Host::ALL {
        for (name, until, bytes, tail) in
            [("held", None, 5, "hello"), ("held-midway", Some("one"), 6, "two\r\n0\r\n\r\n")]
        {
            let (probe, replies) = (Probe::new(), Replies::default());
            let server = host.serve(Some(&probe), replies.clone()).await;
            let mut wire = Wire::connect(server.address).await;
            wire.send(request("GET", name, "")).await;
            probe.log().wait_for(Stage::Begin, 1).await;
            if let Some(text) = until {
                wire.until(text).await;
            }
            server.begin_to_stop();
            replies.0.open();
            let rest = wire.rest().await;
            server.stop().await;
            assert!(rest.ends_with(tail.as_bytes()), "{host:?}: {name}: {rest:?}");
            assert_eq!(only_end(&probe).await, host.sees(0, Ended::completed(200, bytes)), "{host:?}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rude_stop_cancels() {
    let cases =
        [("pending", None, Ended::cancelled(None, 0)), ("endless", Some("one"), Ended::cancelled(Some(200), 3))];
    for (name, until, expected) in cases {
        let probe = Probe::new();
        let server = Host::Hyper.serve(Some(&probe), Replies::default()).await;
        let mut wire = Wire::connect(server.address).await;
        wire.send(request("GET", name, "")).await;
        probe.log().wait_for(Stage::Begin, 1).await;
        if let Some(text) = until {
            wire.until(text).await;
        }
        server.abort();
        wire.rest().await;
        assert_eq!(only_end(&probe).await, Host::Hyper.sees(0, expected), "{name}");
    }
}
