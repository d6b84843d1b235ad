//! Many exchanges at a time, on few threads: what is told of each is its own user, or none.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use sentry::{
    Client, ClientOptions, Envelope, Hub, Transport,
    protocol::{EnvelopeItem, Map, User as Told},
};
use tokio::task::{JoinSet, yield_now};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{Observe, RequestContext, User};
use tower_telemetry_sentry::Sentry;
use tower_telemetry_user::{UserSource, Users};

const EXCHANGES: u64 = 100_000;
const USERS: u64 = 1_000;

/// So many exchanges are under way at a time.
const TASKS: u64 = 64;

/// In which way the user of an exchange is known. Of the last, nobody is.
const WAYS: u64 = 4;

/// The tag that says who it should be.
const EXPECTED: &str = "expected";

const NOBODY: &str = "nobody";

#[derive(Clone)]
struct Account(u64);

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self::new(account.0)
    }
}

#[derive(Clone, Default)]
struct Session(Arc<Mutex<Option<u64>>>);

/// Compares what it is given, and keeps only what is wrong.
#[derive(Default)]
struct Checked {
    events: AtomicUsize,
    transactions: AtomicUsize,
    wrong: Mutex<Vec<String>>,
}

impl Checked {
    fn check(&self, count: &AtomicUsize, tags: &Map<String, String>, user: Option<&Told>) {
        count.fetch_add(1, Ordering::Relaxed);
        let told = user.and_then(|user| user.id.as_deref()).unwrap_or(NOBODY);
        if tags.get(EXPECTED).map(String::as_str) != Some(told) {
            self.wrong.lock().expect("no panic").push(format!("{:?} is told as {told}", tags.get(EXPECTED)));
        }
    }
}

impl Transport for Checked {
    fn send_envelope(&self, envelope: Envelope) {
        for item in envelope.items() {
            match item {
                EnvelopeItem::Event(event) => self.check(&self.events, &event.tags, event.user.as_ref()),
                EnvelopeItem::Transaction(one) => self.check(&self.transactions, &one.tags, one.user.as_ref()),
                _ => {}
            }
        }
    }
}

#[test]
fn a_hundred_thousand_exchanges_of_a_thousand_users_on_two_threads() {
    let checked = Arc::new(Checked::default());
    let options = ClientOptions::new().dsn("https://key@sentry.example/1").traces_sample_rate(1.0);
    // Without default integrations, which look at the machine for each event.
    let client = Client::with_options(options.transport(checked.clone()));
    let hub = Arc::new(Hub::new(Some(Arc::new(client)), Arc::default()));
    let sources = [
        UserSource::extension::<Account>(),
        UserSource::extension_by(|session: &Session| session.0.lock().ok()?.map(User::new)),
    ];
    let observer = (Users::new().sources(sources), Sentry::new().fallback(hub));
    let service = observer.into_layer().layer(service_fn(fail));

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let service = service.clone();
            tasks.spawn(async move {
                for i in (task..EXCHANGES).step_by(usize::try_from(TASKS).expect("it is small")) {
                    let Ok(response) = service.clone().oneshot(request(i)).await;
                    let Ok(_) = response.into_body().collect().await;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("no task panics");
        }
    });

    let wrong = checked.wrong.lock().expect("no panic");
    assert!(wrong.is_empty(), "{}: {:?}", wrong.len(), wrong.first());
    let counts = [&checked.events, &checked.transactions].map(|count| count.load(Ordering::Relaxed) as u64);
    assert_eq!(counts, [EXCHANGES; 2]);
}

fn request(i: u64) -> Request<u64> {
    let mut request = Request::new(i);
    match i % WAYS {
        0 => _ = request.extensions_mut().insert(Account(user(i))),
        1 => _ = request.extensions_mut().insert(Session::default()),
        _ => {}
    }
    request
}

/// Which of the users makes it: neighbours are different ones.
fn user(i: u64) -> u64 {
    i.wrapping_mul(7_919) % USERS
}

async fn fail(request: Request<u64>) -> Result<Response<Empty<&'static [u8]>>, Infallible> {
    let (cx, i) = (RequestContext::from_extensions(request.extensions()), *request.body());
    let expected = if i % WAYS == WAYS - 1 { NOBODY.to_owned() } else { user(i).to_string() };
    cx.set_tag(EXPECTED, expected);
    yield_now().await;
    match (i % WAYS, request.extensions().get::<Session>()) {
        (1, Some(session)) => *session.0.lock().expect("no panic") = Some(user(i)),
        (2, _) => cx.set_user(User::new(user(i))),
        _ => {}
    }
    for _ in 0..i % 3 {
        yield_now().await;
    }
    cx.set_error("it failed");
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    Ok(response)
}
