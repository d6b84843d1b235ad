use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tests::{ingest::Ingest, process::Example};

use super::{
    bodies::BODIES,
    caller::{PATIENCE, Protocol, assert_nothing_leaked, count, logs, rounds_of_headers, send, send_bytes},
    places::{MESSAGES, PATHS, QUERIES},
    search::percent,
    secrets::Secrets,
};

/// A method, a path, and whether it is monitored.
const ROUTES: [(&str, &str, bool); 10] = [
    ("GET", "/users/1", true),
    ("GET", "/users/99", true),
    ("POST", "/orders", true),
    ("GET", "/error", true),
    ("GET", "/panic", true),
    ("GET", "/no/such", true),
    ("PLANTED", "/users/1", true),
    ("GET", "/health", false),
    ("GET", "/metrics", false),
    ("GET", "/docs", false),
];

/// What was sent.
struct Run<'a> {
    example: &'a Example,
    secrets: Secrets,
    protocol: Protocol,
    /// Of those that are monitored.
    requests: usize,
    /// Of those that fail on our side.
    failures: usize,
}

impl Run<'_> {
    fn at(&mut self, place: &str) {
        self.secrets.at(format!("{:?}, {place}", self.protocol));
    }

    async fn get(&mut self, path: &str) {
        let request = Request::get(self.example.url(path)).body(Full::default()).expect("a request");
        send(self.protocol, request).await;
        self.requests += 1;
    }

    async fn headers_and_queries(&mut self) {
        for (method, path, monitored) in ROUTES {
            let place = format!("{:?}, {method} {path}", self.protocol);
            let rounds = rounds_of_headers(&mut self.secrets, &place);
            for (headers, query) in rounds.into_iter().zip(QUERIES.iter().cycle()) {
                self.at(&format!("{method} {path}, query {query}"));
                let url = self.example.url(&format!("{path}?{}", self.secrets.fill(query)));
                let mut request = Request::builder().method(method).uri(url).body(Full::default()).expect("a request");
                *request.headers_mut() = headers;
                send(self.protocol, request).await;
                self.requests += usize::from(monitored);
                self.failures += usize::from(["/error", "/panic"].contains(&path));
            }
        }
        for query in QUERIES {
            self.at(&format!("query {query}"));
            let query = self.secrets.fill(query);
            self.get(&format!("/users/1?{query}")).await;
        }
    }

    async fn paths(&mut self) {
        for path in PATHS {
            self.at(&format!("path {path}"));
            let path = self.secrets.fill(path);
            self.get(&path).await;
        }
    }

    /// In errors and their sources, in panics, and in the breadcrumbs, logs and spans of both.
    async fn messages(&mut self) {
        for message in MESSAGES {
            for path in ["/error", "/panic"] {
                self.at(&format!("message of {path}: {message}"));
                let message = percent(&self.secrets.fill(message));
                self.get(&format!("{path}?message={message}")).await;
                self.failures += 1;
            }
        }
    }

    async fn bodies(&mut self) {
        for (content_type, body) in BODIES {
            // The first fails, and quotes what it was sent; the others answer that they cannot read it, or take it.
            for path in ["/orders/import", "/orders", "/login", "/no/such"] {
                self.at(&format!("body for {path}: {content_type} {body}"));
                let body = if content_type.contains("form-urlencoded") {
                    self.secrets.fill(body).replace('@', "%40")
                } else {
                    self.secrets.fill(body)
                };
                let mut request = Request::post(self.example.url(path));
                if !content_type.is_empty() {
                    request = request.header("content-type", *content_type);
                }
                send(self.protocol, request.body(Full::from(body)).expect("a request")).await;
                self.requests += 1;
                self.failures += usize::from(path == "/orders/import");
            }
        }
        self.at("an order that is taken");
        let order = self.secrets.fill(r#"{"item":"{shape}","quantity":1,"token":"{plain}"}"#);
        let request = Request::post(self.example.url("/orders")).header("content-type", "application/json");
        send(self.protocol, request.body(Full::from(order)).expect("a request")).await;
        self.requests += 1;
    }

    /// What is no request, or not a whole one. Whether it is one that is monitored is for the server to say.
    async fn malformed(&mut self) {
        const HEAD: &str = "Host: shop\r\nAuthorization: Bearer {plain}\r\n";
        self.at("malformed");
        for bytes in [
            "GET /users/{shape}\r\n\r\n".to_owned(),
            "{shape} {plain} {email}\r\n\r\n".to_owned(),
            format!("GET /error?password={{plain}} HTTP/1.1\r\n{HEAD}Broken header {{plain}}\r\n\r\n"),
            format!("GET /error HTTP/1.1\r\n{HEAD}X-Api-Key\r\n {{plain}}: x\r\n\r\n"),
            format!("GET /error HTTP/9.9\r\n{HEAD}\r\n"),
            format!("GET http://ada:{{plain}}@shop/error?token={{plain}} HTTP/1.1\r\n{HEAD}\r\n"),
            "GET /error HTTP/1.1\r\nHost: ada:{plain}@shop\r\n\r\n".to_owned(),
            "GET /error HTTP/1.1\r\nHost: {shape}\r\n\r\n".to_owned(),
            format!("GET /error?{{shape}}=\u{e9}\0 HTTP/1.1\r\n{HEAD}\r\n"),
            format!("POST /orders/import HTTP/1.1\r\n{HEAD}Content-Length: 99\r\n\r\n{{\"password\":\"{{plain}}\""),
            format!("POST /orders/import HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\npassword={{plain}}\r\n"),
            format!("POST /orders/import HTTP/1.1\r\n{HEAD}Content-Length: {{plain}}\r\n\r\n"),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{plain}{plain}".to_owned(),
        ] {
            let bytes = self.secrets.fill(&bytes);
            send_bytes(self.example, bytes.as_bytes()).await;
        }
    }
}

#[tokio::test]
async fn nothing_that_is_planted_leaves_the_axum_example() {
    let ingest = Ingest::start().await;
    let dsn = ingest.dsn();
    let vars = [
        ("SENTRY_DSN", dsn.as_str()),
        ("SENTRY_TRACES_SAMPLE_RATE", "1.0"),
        ("TOWER_TELEMETRY_CAPTURE_RESPONSE_BODIES", "10000"),
        ("RUST_LOG", "info,tower_telemetry=trace"),
        ("NO_COLOR", "1"),
    ];
    let mut example = Example::start("example-axum", &vars).await;
    let mut run =
        Run { example: &example, secrets: Secrets::new(), protocol: Protocol::Http1, requests: 0, failures: 0 };
    for protocol in [Protocol::Http1, Protocol::Http2] {
        run.protocol = protocol;
        run.headers_and_queries().await;
        run.paths().await;
        run.messages().await;
        run.bodies().await;
    }
    run.malformed().await;
    let Run { secrets, requests, failures, .. } = run;
    println!("{requests} requests, {failures} of which fail");

    let items = ingest.wait_for(|items| count(items, "transaction") >= requests, PATIENCE).await;
    assert!(count(&items, "event") >= failures, "{} events of {failures}", count(&items, "event"));
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let metrics = client.get(example.url("/metrics").parse().expect("a URI")).await.expect("an answer");
    let metrics = metrics.into_body().collect().await.expect("a body").to_bytes();
    assert!(example.terminate().await.success());

    assert!(secrets.planted.len() >= 500, "{}", secrets.planted.len());
    assert!(logs(&ingest.items()) >= requests, "{} logs for {requests} requests", logs(&ingest.items()));
    // What was planted did get there: what is left around it shows.
    let wire = String::from_utf8_lossy(&ingest.raw()).into_owned();
    for (around, least) in [
        ("the payment failed: ", 2 * MESSAGES.len()),
        ("the example was asked to panic: ", 2 * MESSAGES.len()),
        ("asking the bank: ", 4 * MESSAGES.len()),
        ("giving up: ", 4 * MESSAGES.len()),
        ("this is no order: ", 2 * BODIES.len()),
        ("import stopped: ", 2 * BODIES.len()),
        (r#"\"password\":"#, 1),
        ("[Filtered]", 500),
        ("[token]", 100),
        ("[email]", 100),
        ("[id]", 8),
    ] {
        let count = wire.matches(around).count();
        assert!(count >= least, "{around:?} is there {count} times");
    }
    assert!(String::from_utf8_lossy(&metrics).contains(r#"http_route="/orders/import""#));
    let access = example.output().iter().filter(|line| line.contains("tower_telemetry::access")).count();
    assert!(access >= requests, "{access} lines for {requests} requests");
    assert_nothing_leaked(&secrets, &ingest, &metrics, &example);
}
