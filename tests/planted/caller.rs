//! Those who call, and what is looked at afterwards.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tests::{
    ingest::{Ingest, Item},
    process::Example,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time,
};

use super::{places::HEADERS, search::Search, secrets::Secrets};

/// For things that take milliseconds, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Answers that do not come are none: a server may well hold on to what it cannot read.
const ANSWER: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

/// Sends a request and reads its answer. A panic has none.
pub(crate) async fn send(protocol: Protocol, request: Request<Full<Bytes>>) {
    let http2 = protocol == Protocol::Http2;
    // Another connection for each: a panic takes that with it which it is on.
    let client = Client::builder(TokioExecutor::new()).http2_only(http2).build_http::<Full<Bytes>>();
    let answer = async {
        let response = client.request(request).await.ok()?;
        response.into_body().collect().await.ok()
    };
    let _ = time::timeout(ANSWER, answer).await.expect("an answer, or the end of the connection");
}

/// Sends bytes that need not be HTTP, and reads what comes until the server hangs up or falls silent.
pub(crate) async fn send_bytes(example: &Example, bytes: &[u8]) {
    let mut stream = TcpStream::connect(example.address()).await.expect("it listens");
    stream.write_all(bytes).await.expect("it reads");
    let _ = time::timeout(Duration::from_millis(200), stream.read_to_end(&mut Vec::new())).await;
}

/// All headers with what is planted in them: as many rounds as the most frequent name takes, for of two of a name the first alone
/// is looked at.
pub(crate) fn rounds_of_headers(secrets: &mut Secrets, place: &str) -> Vec<HeaderMap> {
    let mut rounds: Vec<HeaderMap> = Vec::new();
    for (name, template) in HEADERS {
        secrets.at(format!("{place}, header {name}"));
        let name: HeaderName = name.parse().expect("a name");
        let value: HeaderValue = secrets.fill(template).parse().expect("a value");
        match rounds.iter_mut().find(|round| !round.contains_key(&name)) {
            Some(round) => _ = round.insert(name, value),
            None => rounds.push([(name, value)].into_iter().collect()),
        }
    }
    rounds
}

pub(crate) fn count(items: &[Item], kind: &str) -> usize {
    items.iter().filter(|item| item.kind == kind).count()
}

/// An item holds many.
pub(crate) fn logs(items: &[Item]) -> usize {
    let logs = items.iter().filter(|item| item.kind == "log").filter_map(|item| item.payload["items"].as_array());
    logs.map(Vec::len).sum()
}

/// Fails if anything that was planted is in the envelopes, the metrics or the lines of the log; says what was looked at.
pub(crate) fn assert_nothing_leaked(secrets: &Secrets, ingest: &Ingest, metrics: &[u8], example: &Example) {
    let search = Search::new(&secrets.planted);
    let (wire, items, output) = (ingest.raw(), ingest.items(), example.output());
    // What is printed of a panic is the standard library's; all other lines begin with their time.
    let lines: Vec<_> = output.iter().filter(|line| line.starts_with("20")).map(String::as_str).collect();
    let own = lines.iter().filter(|line| line.contains("tower_telemetry")).count();
    println!(
        "{} secrets planted; {} envelopes with {} items ({} transactions, {} events, {} logs), {} bytes; {} bytes of metrics; {} \
         log lines, {own} of them monitoring's",
        secrets.planted.len(),
        ingest.requests(),
        items.len(),
        count(&items, "transaction"),
        count(&items, "event"),
        logs(&items),
        wire.len(),
        metrics.len(),
        lines.len(),
    );
    let mut leaks = Vec::new();
    let log = lines.join("\n");
    for (where_, text) in [("the envelopes", &*wire), ("the metrics", metrics), ("the log", log.as_bytes())] {
        let mut found: Vec<_> = search.find(text).into_iter().collect();
        // One line for each secret: it is found in several ways.
        found.dedup_by_key(|(secret, _)| *secret);
        for (secret, how) in found {
            let planted = &secrets.planted[secret];
            leaks.push(format!(
                "{:?} of {} is in {where_}, {how}: …{}…",
                planted.value,
                planted.place,
                search.excerpt(text, secret)
            ));
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// Were the search blind, all would pass.
#[test]
fn what_is_planted_is_found() {
    let mut secrets = Secrets::new();
    for place in ["{plain}", "{odd}", "{shape}", "{card}", "{iban}", "{ip}", "{ip6}", "{ssn}", "{hex}", "{basic}"] {
        for _ in 0..20 {
            secrets.at(place);
            secrets.fill(place);
        }
    }
    let search = Search::new(&secrets.planted);
    for (index, planted) in secrets.planted.iter().enumerate() {
        let value = &planted.value;
        for text in [
            format!("it is {value}."),
            serde_json::json!({ "a": [format!("x{value}")] }).to_string(),
            format!("/?q={}", super::search::percent(value)),
            super::search::base64(format!("ada:{value}:").as_bytes()),
            super::search::base64(format!("a:{value}").as_bytes()),
            super::search::base64(value.as_bytes()),
        ] {
            let found = search.find(text.as_bytes());
            assert!(found.iter().any(|(secret, _)| *secret == index), "{value:?} is in {text}");
            assert!(search.excerpt(text.as_bytes(), index).len() >= 9);
        }
    }
    assert!(search.find(br#"{"transaction":"GET /users/{id}","ip":"[ip]","password":"[Filtered]"}"#).is_empty());
}
