//! A Sentry ingest on loopback that keeps what it is sent.

use std::{
    error::Error,
    fmt::{self, Write as _},
    future::Future,
    net,
    sync::Arc,
    thread,
    time::Duration,
};

use axum::{Router, body, extract::Request, routing};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header::CONTENT_ENCODING};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{valid, watched::Watched};

/// Where a DSN of project 1 has its envelopes posted.
const PATH: &str = "/api/1/envelope/";

/// Item types whose payload is a JSON object.
const JSON_KINDS: [&str; 11] = [
    "check_in",
    "client_report",
    "event",
    "feedback",
    "log",
    "profile",
    "session",
    "sessions",
    "trace_metric",
    "transaction",
    "user_report",
];

/// The server. It has a thread and a runtime of its own, so that a test may block its own thread in a flush; it stops
/// when dropped.
#[derive(Debug)]
pub struct Ingest {
    address: net::SocketAddr,
    received: Arc<Watched<Received>>,
    /// Its loss is what stops the server.
    _stop: oneshot::Sender<()>,
}

impl Ingest {
    /// A server that answers each envelope with 200 and its id.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.and_then(TcpListener::into_std);
        Self::serve(listener.expect("loopback has a free port"), |listener, received| async move {
            let answer = move |request: Request| {
                let received = Arc::clone(&received);
                async move { receive(&received, request).await }
            };
            let app = Router::new().fallback(routing::any(answer));
            axum::serve(listener, app).await.expect("axum's accept loop does not end");
        })
    }

    /// A server that accepts connections, and never reads from or writes to one.
    pub fn hanging() -> Self {
        let listener = net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        listener.set_nonblocking(true).expect("a listener can be made non-blocking");
        Self::serve(listener, |listener, received| async move {
            let mut held = Vec::new();
            while let Ok((connection, _)) = listener.accept().await {
                held.push(connection);
                received.update(|received| received.connections += 1);
            }
        })
    }

    fn serve<F: Future<Output = ()>>(
        listener: net::TcpListener,
        run: impl FnOnce(TcpListener, Arc<Watched<Received>>) -> F + Send + 'static,
    ) -> Self {
        let address = listener.local_addr().expect("a bound listener has an address");
        let received = Arc::new(Watched::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let server = Arc::clone(&received);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("the listener does not block");
                tokio::select! {
                    () = run(listener, server) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, received, _stop: stop }
    }

    /// What to give the Sentry client.
    pub fn dsn(&self) -> String {
        format!("http://publickey@{}/1", self.address)
    }

    /// Where the server listens.
    pub fn address(&self) -> net::SocketAddr {
        self.address
    }

    /// All request bodies, one after the other, whether they were envelopes or not.
    pub fn raw(&self) -> Vec<u8> {
        self.received.get().raw.clone()
    }

    /// How many requests have come, each with an envelope.
    pub fn requests(&self) -> usize {
        self.received.get().requests
    }

    /// The items of all envelopes so far, in their order of arrival.
    ///
    /// # Panics
    ///
    /// When something came that a Sentry server would not take: see [`Ingest::errors`].
    pub fn items(&self) -> Vec<Item> {
        let received = self.received.get();
        let (items, errors) = (received.items.clone(), received.errors.clone());
        drop(received);
        assert!(errors.is_empty(), "the ingest was sent what it cannot take:\n{}", errors.join("\n"));
        items
    }

    /// What was wrong with requests so far; empty when all was well.
    pub fn errors(&self) -> Vec<String> {
        self.received.get().errors.clone()
    }

    /// The items, as soon as `done` says that they are enough. The limit is on tokio's clock: do not pause it, since the
    /// client and the server run on the real one.
    ///
    /// # Panics
    ///
    /// With a list of what had come, when the time is up; and as [`Ingest::items`] does.
    pub async fn wait_for(&self, mut done: impl FnMut(&[Item]) -> bool, limit: Duration) -> Vec<Item> {
        let mut seen = Vec::new();
        let enough = self.received.wait(limit, || {
            seen = self.items();
            done(&seen)
        });
        let enough = enough.await;
        assert!(enough, "not all that was expected came within {limit:?}; {} items did:\n{}", seen.len(), list(&seen));
        seen
    }

    /// Waits until a server made by [`Ingest::hanging`] has accepted this many connections.
    ///
    /// # Panics
    ///
    /// When the time is up.
    pub async fn wait_for_connections(&self, count: usize, limit: Duration) {
        let mut seen = 0;
        let enough = self.received.wait(limit, || {
            seen = self.received.get().connections;
            seen >= count
        });
        let enough = enough.await;
        assert!(enough, "{seen} connections came within {limit:?}, not {count}");
    }
}

/// One item of an envelope.
#[derive(Debug, Clone)]
pub struct Item {
    /// The `type` in the item's header.
    pub kind: String,
    /// The header of the envelope that it came in.
    pub envelope: Value,
    /// The item's own header.
    pub header: Value,
    /// The payload where it is JSON, else null.
    pub payload: Value,
    /// The payload as it was sent.
    pub bytes: Vec<u8>,
}

/// The items of one [envelope], held to the letter of the format.
///
/// [envelope]: https://develop.sentry.dev/sdk/data-model/envelopes/
pub fn parse_envelope(bytes: &[u8]) -> Result<Vec<Item>, MalformedEnvelope> {
    let mut reader = Reader { bytes, at: 0 };
    let envelope = reader.header("the envelope header")?;
    let has_event_id = envelope.get("event_id").is_some_and(Value::is_string);
    let envelope = Value::Object(envelope);
    let mut items = Vec::new();
    while reader.at < bytes.len() {
        let start = reader.at;
        let item = reader.item(&envelope)?;
        if matches!(&*item.kind, "event" | "transaction") && !has_event_id {
            return Err(MalformedEnvelope::new(start, format!("{} in an envelope without an event_id", item.kind)));
        }
        items.push(item);
    }
    Ok(items)
}

/// What is wrong with an envelope, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedEnvelope {
    at: usize,
    what: String,
}

impl MalformedEnvelope {
    fn new(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }
}

impl fmt::Display for MalformedEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

impl Error for MalformedEnvelope {}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn item(&mut self, envelope: &Value) -> Result<Item, MalformedEnvelope> {
        let start = self.at;
        let wrong = |what: String| Err(MalformedEnvelope::new(start, what));
        let header = self.header("an item header")?;
        if self.bytes[self.at - 1] != b'\n' {
            return wrong("an item header that no payload follows".into());
        }
        let Some(kind) = header.get("type").and_then(Value::as_str).filter(|kind| !kind.is_empty()) else {
            return wrong("an item header without a type".into());
        };
        let kind = kind.to_owned();
        let length = match header.get("length").map(Value::as_u64) {
            None => None,
            Some(Some(length)) => Some(length),
            Some(None) => return wrong(format!("{kind} with a length that is no length")),
        };
        let bytes = match length {
            Some(length) => self.counted(length)?,
            None => self.line(),
        };
        let payload = match serde_json::from_slice(bytes) {
            Ok(payload @ Value::Object(_)) => payload,
            _ if JSON_KINDS.contains(&&*kind) => return wrong(format!("{kind} that is not a JSON object")),
            other => other.unwrap_or_default(),
        };
        if let Some(count) = header.get("item_count")
            && count.as_u64() != payload["items"].as_array().map(|items| items.len() as u64)
        {
            return wrong(format!("{kind} with another number of items than the {count} of its header"));
        }
        Ok(Item { kind, envelope: envelope.clone(), header: Value::Object(header), payload, bytes: bytes.to_vec() })
    }

    fn header(&mut self, name: &str) -> Result<Map<String, Value>, MalformedEnvelope> {
        let start = self.at;
        let line = self.line();
        match serde_json::from_slice(line) {
            _ if line.ends_with(b"\r") => Err(MalformedEnvelope::new(start, format!("{name} that ends in CR LF"))),
            Ok(Value::Object(header)) => Ok(header),
            _ => Err(MalformedEnvelope::new(start, format!("{name} that is not a JSON object"))),
        }
    }

    /// Up to the next newline, which is passed over, or the end.
    fn line(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| byte == b'\n');
        self.at += length.map_or(rest.len(), |length| length + 1);
        &rest[..length.unwrap_or(rest.len())]
    }

    /// So many bytes, and the newline that must follow them unless they are the last.
    fn counted(&mut self, length: u64) -> Result<&'a [u8], MalformedEnvelope> {
        let rest = &self.bytes[self.at..];
        let split = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let Some((payload, after)) = split else {
            let what = format!("a payload of {} bytes instead of {length}", rest.len());
            return Err(MalformedEnvelope::new(self.at, what));
        };
        self.at += payload.len();
        match after.first() {
            None => {}
            Some(b'\n') => self.at += 1,
            Some(_) => return Err(MalformedEnvelope::new(self.at, "a payload that is longer than its length")),
        }
        Ok(payload)
    }
}

#[derive(Debug, Default)]
struct Received {
    raw: Vec<u8>,
    items: Vec<Item>,
    errors: Vec<String>,
    connections: usize,
    requests: usize,
}

/// Takes a request in, and says what to answer.
async fn receive(received: &Watched<Received>, request: Request) -> (StatusCode, String) {
    let (head, body) = request.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.map_err(|error| format!("a body that broke off: {error}"));
    let result = received.update(|received| {
        let result = body.and_then(|body| {
            received.requests += 1;
            received.raw.extend_from_slice(&body);
            accept(&head.method, &head.uri, &head.headers, &body)
        });
        match &result {
            Ok(items) => received.items.extend_from_slice(items),
            Err(error) => received.errors.push(error.clone()),
        }
        result
    });
    match result {
        Ok(items) => {
            let id = items.first().and_then(|item| item.envelope["event_id"].as_str());
            let id = id.unwrap_or("00000000000000000000000000000000");
            (StatusCode::OK, json!({ "id": id }).to_string())
        }
        Err(error) => (StatusCode::BAD_REQUEST, json!({ "detail": error }).to_string()),
    }
}

fn accept(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<Vec<Item>, String> {
    if method != Method::POST || uri.path() != PATH {
        return Err(format!("{method} {uri} instead of POST {PATH}"));
    }
    if let Some(encoding) = headers.get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
        return Err(format!("a body with the content encoding {encoding:?}, which this server does not know"));
    }
    let auth = headers.get("x-sentry-auth").and_then(|auth| auth.to_str().ok()).unwrap_or_default();
    if !auth.split([' ', ',']).any(|field| field == "sentry_key=publickey") {
        return Err(format!("the authorization {auth:?} instead of the DSN's key"));
    }
    let inside = || shorten(&String::from_utf8_lossy(body));
    let items = parse_envelope(body).map_err(|error| format!("{error}, in:\n{}", inside()))?;
    let faults: Vec<_> = items.iter().flat_map(valid::faults).collect();
    if faults.is_empty() { Ok(items) } else { Err(format!("{}, in:\n{}", faults.join("\n"), inside())) }
}

fn list(items: &[Item]) -> String {
    items.iter().fold(String::new(), |mut list, item| {
        let payload = match &item.payload {
            Value::Null => format!("{} bytes", item.bytes.len()),
            payload => shorten(&payload.to_string()),
        };
        // A String takes all that is written to it.
        let _ = writeln!(list, "{} {payload}", item.header);
        list
    })
}

/// Enough to see what it is.
fn shorten(text: &str) -> String {
    const ENOUGH: usize = 2_000;
    let mut chars = text.chars();
    let mut short: String = chars.by_ref().take(ENOUGH).collect();
    let left = chars.count();
    if left > 0 {
        let _ = write!(short, "… and {left} more");
    }
    short
}
