//! Nothing of a request outlives it, and the last of 100,000 costs what the first did, whatever stands around it. In a
//! process of its own, since the allocator counts for all of one.

use std::{
    alloc::System,
    cell::RefCell,
    future::pending,
    rc::Rc,
    sync::{Arc, Mutex, Weak},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use http_body_util::BodyExt;
use sentry::{Client, ClientOptions, Hub};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use tests::Nowhere;
use tower::{ServiceBuilder, ServiceExt};
use tower_telemetry_core::{HandlerError, Observe, RequestContext, UserClaim};
use tower_telemetry_sampling::Sampling;
use tower_telemetry_sentry::{Sentry, client};
use tower_telemetry_trace::{Propagation, Trace};
use tracing_subscriber::layer::SubscriberExt;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Of each of the five orders.
const REQUESTS: usize = 20_000;

const BLOCK: usize = 1_000;

/// What each request leaves a weak reference to.
#[derive(Clone, Default)]
struct Left(Arc<Mutex<Vec<Remains>>>);

struct Remains {
    hub: Weak<Hub>,
    /// In a processor of the request's scope.
    scope: Weak<()>,
    /// In its context, which our own processor holds.
    context: Weak<()>,
}

impl Left {
    fn note(&self, cx: &RequestContext) {
        let (scope, context) = (Arc::new(()), Arc::new(()));
        let remains = Remains {
            hub: Arc::downgrade(&Hub::current()),
            scope: Arc::downgrade(&scope),
            context: Arc::downgrade(&context),
        };
        sentry::configure_scope(|current| {
            current.add_event_processor(move |event| (Arc::weak_count(&scope) > 0).then_some(event));
        });
        cx.claim_user(
            0,
            UserClaim::Asked(Box::new(move || {
                assert_eq!(Arc::strong_count(&context), 1);
                None
            })),
        );
        self.0.lock().expect("no panic").push(remains);
    }

    /// How many requests left something, which is forgotten.
    fn survivors(&self) -> usize {
        let mut all = self.0.lock().expect("no panic");
        assert_eq!(all.len(), BLOCK, "each request was noted");
        let lives = |remains: &Remains| {
            let Remains { hub, scope, context } = remains;
            hub.strong_count() + scope.strong_count() + context.strong_count() > 0
        };
        let survivors = all.iter().filter(|remains| lives(remains)).count();
        all.clear();
        survivors
    }
}

/// Each that fails fails in another way, and one never comes to an end.
fn service(left: &Left) -> Router {
    #[tracing::instrument(skip_all)]
    async fn works() {
        tracing::info!("working");
        tokio::task::yield_now().await;
    }
    let left = left.clone();
    let handler = move |cx: RequestContext, axum::extract::Path(n): axum::extract::Path<usize>| {
        let left = left.clone();
        async move {
            left.note(&cx);
            works().await;
            match n % 50 {
                0 => HandlerError::new("out of luck").into_response(),
                1 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                2 => pending::<Response>().await,
                _ => "done".into_response(),
            }
        }
    };
    Router::new().route("/orders/{id}", get(handler))
}

async fn call(app: &Router, n: usize) {
    let request = Request::get(format!("/orders/{n:05}")).body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request);
    tokio::select! {
        biased;
        answer = answer => drop(answer.expect("infallible").into_body().collect().await),
        () = gives_up() => {}
    }
}

/// After a few polls.
async fn gives_up() {
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
}

fn bytes(stats: Stats) -> isize {
    isize::try_from(stats.bytes_allocated).expect("few") - isize::try_from(stats.bytes_deallocated).expect("few")
}

/// Allocations of each block, and the memory that it left behind.
fn blocks(app: &Router, left: &Left) -> Vec<(usize, isize)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let blocks = Rc::new(RefCell::new(Vec::with_capacity(REQUESTS / BLOCK)));
    left.0.lock().expect("no panic").reserve(BLOCK);
    runtime.block_on(async {
        for block in 0..REQUESTS / BLOCK {
            let region = Region::new(ALLOCATOR);
            for n in 0..BLOCK {
                call(app, n).await;
            }
            // A weak reference holds memory, too.
            assert_eq!(left.survivors(), 0, "of block {block}");
            let change = region.change();
            blocks.borrow_mut().push((change.allocations, bytes(change)));
        }
    });
    blocks.take()
}

#[test]
fn nothing_outlives_a_request_and_the_last_costs_what_the_first_did() {
    let options = ClientOptions::new().dsn("https://public@sentry.example/1").release("shop@1").transport(Nowhere);
    let client: Arc<Client> = client(options);
    let hub = Arc::new(Hub::new(Some(client), Arc::default()));
    let subscriber = tracing_subscriber::registry()
        .with(sentry_tracing::SpanLayer::new())
        .with(sentry_tracing::BreadcrumbLayer::new());
    let _scoped = tracing::subscriber::set_default(subscriber);

    let left = Left::default();
    let sampling = || Sampling::new().rate(0.1).expect("a rate");
    let ours = || (Propagation::new(), sampling(), Sentry::new().fallback(hub.clone())).into_layer();
    let spans = || Trace::new().into_layer();
    let theirs = || {
        ServiceBuilder::new()
            .layer(sentry_tower::NewSentryLayer::<Request<Body>>::new_from_top())
            .layer(sentry_tower::SentryHttpLayer::new())
    };
    let service = || service(&left);
    let orders = [
        ("spans inside", service().layer(spans()).layer(ours())),
        ("spans outside", service().layer(ours()).layer(spans())),
        ("twice", service().layer(ours()).layer(spans()).layer(ours())),
        ("sentry-tower inside", service().layer(theirs()).layer(ours())),
        ("sentry-tower outside", service().layer(ours()).layer(theirs())),
    ];
    for (name, app) in orders {
        let blocks = Hub::run(hub.clone(), || blocks(&app, &left));
        // What is made once is made in the first.
        let (first, last) = (blocks[1], blocks[blocks.len() - 1]);
        println!("{name}: allocations of a thousand {} at first, {} at last", first.0, last.0);
        assert!(last.0.abs_diff(first.0) <= first.0 / 100, "{name}: {blocks:?}");
        let kept: isize = blocks[1..].iter().map(|(_, bytes)| bytes).sum();
        assert!(kept.abs() < 64 * 1024, "{name} keeps {kept} bytes: {blocks:?}");
    }
}
