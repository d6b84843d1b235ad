//! Who may scrape, what they get, and the address of their own.

use std::{
    collections::HashMap,
    ffi::OsString,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use flate2::read::GzDecoder;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tower::ServiceExt;
use tower_telemetry::{
    MetricsAccess, Telemetry,
    metrics::{Metrics, process::Collectors},
};

type Vars<'a> = &'a [(&'a str, &'a str)];
type Peers<'a> = &'a [&'a str];

/// The process has one recorder, which they share.
fn telemetry(vars: Vars<'_>) -> Telemetry {
    let vars: HashMap<_, _> = vars.iter().map(|(name, value)| (*name, OsString::from(value))).collect();
    let builder = Telemetry::builder().from_vars(|name| vars.get(name).cloned()).expect("good values");
    builder.build().expect("nothing is wrong with it")
}

fn respond(telemetry: &Telemetry, request: http::request::Builder) -> Response<Bytes> {
    let endpoint = telemetry.metrics_endpoint().expect("the recorder is ours");
    endpoint.respond(&request.body(()).expect("a request").into_parts().0)
}

fn from(peer: &str) -> http::request::Builder {
    let peer: SocketAddr = peer.parse().expect("an address");
    Request::get("/metrics").extension(peer)
}

#[test]
fn only_those_who_may_are_answered() {
    let production = ("ENVIRONMENT", "production");
    let allow = |who| [production, ("TOWER_TELEMETRY_METRICS_ALLOW", who)];
    let (local, inside, outside) = ("127.0.0.1:1", "10.1.2.3:1", "203.0.113.7:1");
    let cases: [(Vars<'_>, Peers<'_>, Peers<'_>); 7] = [
        (&[production], &[local, "[::1]:1", "[::ffff:127.0.0.1]:1", "127.9.9.9:1"], &[inside, outside, "[fd00::1]:1"]),
        (&[("ENVIRONMENT", "blue")], &[local], &[outside]),
        (&[("ENVIRONMENT", "Test")], &[local, outside], &[]),
        (&allow("all"), &[local, inside, outside], &[]),
        (&allow("loopback"), &[local], &[inside]),
        (&allow("10.0.0.0/8, fd00::/8"), &[inside, "[::ffff:10.0.0.1]:1", "[fd00::1]:1"], &[local, outside, "[::1]:1"]),
        (&allow("loopback,10.1.2.3"), &[local, inside], &["10.1.2.4:1"]),
    ];
    for (vars, allowed, refused) in cases {
        let telemetry = telemetry(vars);
        for peer in allowed {
            assert_eq!(respond(&telemetry, from(peer)).status(), StatusCode::OK, "{vars:?} {peer}");
        }
        for peer in refused {
            // Nobody is who they say they are.
            let request = from(peer).header("x-forwarded-for", "127.0.0.1").header("forwarded", "for=127.0.0.1");
            let response = respond(&telemetry, request);
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{vars:?} {peer}");
            assert!(response.body().starts_with(b"Forbidden: "), "{:?}", response.body());
        }
    }
}

#[test]
fn what_is_read_at_a_scrape_is_the_services_too() {
    let scrapes = Arc::new(AtomicU32::new(0));
    let counted = scrapes.clone();
    let count = move || metrics::gauge!("scrapes").set(f64::from(counted.fetch_add(1, Ordering::Relaxed) + 1));
    let builder = Telemetry::builder().from_vars(|_| None).expect("nothing is said");
    let builder = builder.metrics_access(MetricsAccess::Anyone).collector(count);
    // Whether those before it are the standard ones or not.
    for (builder, expected) in [(builder.clone(), 1), (builder.collectors(Collectors::new()), 2)] {
        let telemetry = builder.build().expect("nothing is wrong with it");
        let response = respond(&telemetry, Request::get("/metrics"));
        let text = String::from_utf8_lossy(response.body());
        assert_eq!(scrapes.load(Ordering::Relaxed), expected);
        assert!(text.contains(&format!("scrapes {expected}\n")) && text.contains("process_threads "), "{text}");
    }
}

#[test]
fn who_is_not_known_is_told_what_to_do() {
    let production = telemetry(&[("ENVIRONMENT", "production")]);
    let response = respond(&production, Request::get("/metrics"));
    let text = String::from_utf8_lossy(response.body());
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    for wanted in ["into_make_service_with_connect_info", "TOWER_TELEMETRY_METRICS_BIND", "METRICS_ALLOW=all"] {
        assert!(text.contains(wanted), "{text}");
    }
    let open = telemetry(&[("ENVIRONMENT", "test")]);
    assert_eq!(respond(&open, Request::get("/metrics")).status(), StatusCode::OK);
}

#[test]
fn gzip_is_for_those_who_want_it() {
    let telemetry = telemetry(&[("ENVIRONMENT", "test")]);
    metrics::counter!("endpoint_test_total", "text" => "x".repeat(2_000)).increment(1);
    let cases = [
        (None, false),
        (Some("gzip"), true),
        (Some("GZip"), true),
        (Some("x-gzip"), true),
        (Some("br, gzip;q=0.5"), true),
        (Some("*"), true),
        (Some("identity;q=0.5, *;q=0.7"), true),
        (Some("gzip;q=0"), false),
        (Some("*, gzip;q=0"), false),
        (Some("*;q=0"), false),
        (Some("gzip; q=0.3, identity; q=0.8"), false),
        (Some("gzip;q=much"), false),
        (Some("br, deflate"), false),
        (Some("gzipped"), false),
        (Some(""), false),
    ];
    for (accepted, compressed) in cases {
        let mut request = Request::get("/metrics");
        if let Some(accepted) = accepted {
            request = request.header("accept-encoding", accepted);
        }
        let response = respond(&telemetry, request);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(headers["vary"], "accept-encoding");
        assert_eq!(headers.get("content-encoding").is_some(), compressed, "{accepted:?}");
        assert_eq!(headers["content-length"], response.body().len().to_string());
        let mut page = String::new();
        if compressed {
            GzDecoder::new(&response.body()[..]).read_to_string(&mut page).expect("it is gzip");
        } else {
            page = String::from_utf8(response.body().to_vec()).expect("it is text");
        }
        assert!(page.contains("endpoint_test_total{"), "{accepted:?}: {page}");
    }
    // Other methods.
    let head = respond(&telemetry, Request::head("/metrics"));
    let length: usize = head.headers()["content-length"].to_str().expect("text").parse().expect("a number");
    assert!(head.status() == StatusCode::OK && head.body().is_empty() && length > 2_000, "{head:?}");
    let post = respond(&telemetry, Request::post("/metrics"));
    assert_eq!(
        (post.status(), &post.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET, HEAD".parse().unwrap())
    );
}

#[tokio::test]
async fn axums_routes_ask_who_it_is() {
    let telemetry = telemetry(&[("ENVIRONMENT", "production")]);
    let app: Router = telemetry.routes();
    let status = async |peer: Option<&str>, method: &str| {
        let mut request = Request::builder().method(method).uri("/metrics").body(Body::empty()).expect("a request");
        if let Some(peer) = peer {
            let peer: SocketAddr = peer.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = app.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        (head.status, body.collect().await.expect("a body").to_bytes().is_empty())
    };
    assert_eq!(status(Some("127.0.0.1:1"), "GET").await.0, StatusCode::OK);
    assert_eq!(status(Some("127.0.0.1:1"), "HEAD").await, (StatusCode::OK, true));
    assert_eq!(status(Some("203.0.113.7:1"), "GET").await.0, StatusCode::FORBIDDEN);
    assert_eq!(status(None, "GET").await.0, StatusCode::FORBIDDEN);
}

#[test]
fn an_address_of_their_own_serves_metrics_and_health_until_the_end() {
    let telemetry = telemetry(&[("ENVIRONMENT", "production"), ("TOWER_TELEMETRY_METRICS_BIND", "127.0.0.1:0")]);
    let address = telemetry.metrics_address().expect("it was asked for");
    metrics::counter!("endpoint_test_total").increment(1);
    let cases = [
        ("GET", "/metrics", "200 OK", "endpoint_test_total"),
        ("GET", "/metrics?name=x", "200 OK", "endpoint_test_total"),
        ("HEAD", "/metrics", "200 OK", "text/plain; version=0.0.4"),
        ("POST", "/metrics", "405 Method Not Allowed", "allow: GET, HEAD"),
        ("GET", "/health", "200 OK", r#""status":"ok""#),
        ("GET", "/", "404 Not Found", "/metrics"),
    ];
    for (method, path, status, wanted) in cases {
        let answer = ask(address, &format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")) && answer.contains(wanted), "{answer}");
    }
    let why = telemetry.health();
    assert!(why.contains("on 127.0.0.1:0, open to loopback"), "{why}");

    // It has moved there.
    let app: Router = telemetry.routes();
    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let response = runtime.block_on(app.oneshot(request)).expect("infallible");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);

    // One who says nothing, and one who keeps the connection, do not keep it from ending.
    let _silent = TcpStream::connect(address).expect("it listens");
    let mut kept = TcpStream::connect(address).expect("it listens");
    kept.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").expect("it reads");
    assert!(kept.read(&mut [0; 1]).expect("it answers") > 0);
    drop(telemetry);
    TcpStream::connect(address).expect_err("it has ended");
    // And the address is free again.
    TcpListener::bind(address).expect("nobody listens");
}

#[test]
fn strangers_are_sent_away() {
    let telemetry =
        telemetry(&[("TOWER_TELEMETRY_METRICS_ALLOW", "10.0.0.0/8"), ("TOWER_TELEMETRY_METRICS_BIND", "127.0.0.1:0")]);
    let address = telemetry.metrics_address().expect("it was asked for");
    // They are not asked to go: the connection ends.
    let answer = ask(address, "GET /metrics HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 10.0.0.1\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n") && !answer.contains("_total"), "{answer}");
}

#[test]
fn an_address_that_cannot_be_had_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it has one");
    let error = Telemetry::builder().metrics_bind(address).build().expect_err("it is taken").to_string();
    assert!(error.contains(&address.to_string()) && error.contains("could not be started"), "{error}");
    MetricsAccess::networks(["10.0.0.0/8", "here"]).expect_err("not a network");
}

#[test]
fn all_histograms_have_buckets() {
    let metrics = Metrics::new();
    let builder = metrics.buckets().into_iter().fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
        builder.set_buckets_for_metric(Matcher::Full(name), &bounds).expect("there are buckets")
    });
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        for (name, _) in metrics.buckets() {
            metrics::histogram!(name).record(1.0);
        }
    });
    let page = recorder.handle().render();
    assert!(!page.contains(" summary") && page.contains(" histogram"), "{page}");
}

fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}
