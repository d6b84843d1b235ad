//! What it costs to know who makes a request: no source, an address, an extension, over the same layer without users. Beside
//! them is what tells of users: spans, to which nobody listens.
//!
//! Criterion's figures are for the curious; those of the table are the least of many batches, which other programs disturb least.

use std::{
    alloc::System,
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{Extensions, Request, Response};
use http_body_util::{BodyExt, Full};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::runtime::Builder;
use tower::{Layer, Service, ServiceExt, service_fn, util::ServiceFn};
use tower_telemetry_core::{AddressDisclosure, Observe, ObserveService, User};
use tower_telemetry_trace::Trace;
use tower_telemetry_user::{UserSource, Users};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BATCHES: usize = 5_000;
const BATCH: u32 = 64;

/// What an auth layer leaves.
#[derive(Clone)]
struct Account {
    id: u64,
    username: Arc<str>,
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self::new(account.id).with_username(account.username.clone())
    }
}

/// A configuration, and what the host and an auth layer leave in its requests.
struct Member {
    name: &'static str,
    users: Option<Users>,
    extensions: Extensions,
}

fn members() -> Vec<Member> {
    let mut from_somewhere = Extensions::new();
    from_somewhere.insert(SocketAddr::from(([203, 0, 113, 7], 4711)));
    let mut logged_in = from_somewhere.clone();
    logged_in.insert(Account { id: 7, username: "ada".into() });
    let off = || Users::new().address(AddressDisclosure::Off);
    let extension = || [UserSource::extension::<Account>()];
    let member = |name, users, extensions: &Extensions| Member { name, users, extensions: extensions.clone() };
    vec![
        member("without users", None, &logged_in),
        member("without users or extensions", None, &Extensions::new()),
        member("nothing to know", Some(Users::new()), &Extensions::new()),
        member("no source, no address", Some(off()), &logged_in),
        member("no source", Some(Users::new()), &logged_in),
        member("one extension, no address", Some(off().sources(extension())), &logged_in),
        member("one extension", Some(Users::new().sources(extension())), &logged_in),
        member("one extension that is not there", Some(Users::new().sources(extension())), &from_somewhere),
    ]
}

/// Two types, as a service has that knows no users and one that does.
#[derive(Clone)]
enum Monitored {
    Without(ObserveService<Answering, ((), Trace)>),
    With(ObserveService<Answering, (Users, Trace)>),
}

type Answering = ServiceFn<fn(Request<()>) -> Ready<Result<Response<Full<Bytes>>, Infallible>>>;

impl Monitored {
    fn of(member: &Member) -> Self {
        let answering: Answering = service_fn(answer);
        match member.users.clone() {
            None => Self::Without(((), Trace::new()).into_layer().layer(answering)),
            Some(users) => Self::With((users, Trace::new()).into_layer().layer(answering)),
        }
    }

    /// One request, from its arrival to the last frame of its response.
    async fn exchange(self, request: Request<()>) -> usize {
        match self {
            Self::Without(service) => through(service, request).await,
            Self::With(service) => through(service, request).await,
        }
    }
}

async fn through<S, B>(service: S, request: Request<()>) -> usize
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body<Data = Bytes, Error = Infallible>,
{
    let Ok(response) = service.oneshot(request).await;
    let Ok(body) = response.into_body().collect().await;
    body.to_bytes().len()
}

fn answer(_: Request<()>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    ready(Ok(Response::new(Full::new(Bytes::from_static(b"hello")))))
}

fn request(member: &Member) -> Request<()> {
    let mut request = Request::new(());
    *request.extensions_mut() = member.extensions.clone();
    request
}

fn users(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().expect("a runtime without drivers needs nothing");
    let members = members();
    let mut group = criterion.benchmark_group("users");
    for member in &members {
        let service = Monitored::of(member);
        group.bench_function(member.name, |bencher| {
            bencher.iter_batched(
                || (service.clone(), request(member)),
                |(service, request)| runtime.block_on(service.exchange(request)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();

    println!("{:34} {:>10} {:>10} {:>12}", "", "ns", "over none", "allocations");
    let services: Vec<_> = members.iter().map(Monitored::of).collect();
    let mut least = vec![Duration::MAX; members.len()];
    runtime.block_on(async {
        // In turns, so that a slow minute is one for all of them.
        for _ in 0..BATCHES {
            for ((member, service), least) in members.iter().zip(&services).zip(&mut least) {
                let batch: Vec<_> = (0..BATCH).map(|_| (service.clone(), request(member))).collect();
                let start = Instant::now();
                for (service, request) in batch {
                    black_box(service.exchange(request).await);
                }
                *least = start.elapsed().min(*least);
            }
        }
        for ((member, service), took) in members.iter().zip(services).zip(&least) {
            let each = |took: Duration| took.as_secs_f64() * 1e9 / f64::from(BATCH);
            let request = request(member);
            let region = Region::new(ALLOCATOR);
            service.exchange(request).await;
            let allocations = region.change().allocations;
            let over = each(*took) - each(least[0]);
            println!("{:34} {:>10.1} {over:>10.1} {allocations:>12}", member.name, each(*took));
        }
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    targets = users
}
criterion_main!(benches);
