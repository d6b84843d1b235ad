//! What handing an envelope to a transport costs the request that does it, while the queue is full: the drop of the envelope is in
//! each, and alone is the first. Then what writing it there and then would cost, which neither transport does.

use std::{hint::black_box, net::TcpListener, sync::Arc};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use sentry::{
    ClientOptions, Envelope, Transport, TransportFactory, TransportOptions,
    protocol::{Event, Exception, Frame, Span, Stacktrace, Transaction},
    transports::DefaultTransportFactory,
};
use tower_telemetry_sentry::HttpTransportFactory;

/// An error with 60 frames.
fn error() -> Envelope {
    let frame = |number| Frame {
        function: Some(format!("<shop::orders::Orders as tower::Service<http::Request<B>>>::call::{number}")),
        filename: Some("mod.rs".into()),
        abs_path: Some("/build/shop/src/orders/mod.rs".into()),
        lineno: Some(number),
        ..Frame::default()
    };
    let stacktrace = Stacktrace { frames: (0..60).map(frame).collect(), ..Stacktrace::default() };
    let exception = Exception { stacktrace: Some(stacktrace), ..Exception::default() };
    Event { exception: vec![exception].into(), ..Event::default() }.into()
}

/// A transaction with five spans.
fn transaction() -> Envelope {
    let span = || Span { op: Some("db".into()), description: Some("SELECT 1".into()), ..Span::default() };
    Transaction { spans: (0..5).map(|_| span()).collect(), ..Transaction::default() }.into()
}

fn full(factory: &dyn TransportFactory) -> (Arc<dyn Transport>, TcpListener) {
    // Nobody reads what it is sent.
    let hanging = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let dsn = format!("http://key@{}/1", hanging.local_addr().expect("it is bound"));
    let options = ClientOptions::new().dsn(&dsn).transport_channel_capacity(1);
    let options = TransportOptions::try_from_client_options(&options).expect("there is a DSN");
    let transport = factory.create_transport_with_options(options);
    for _ in 0..10 {
        transport.send_envelope(transaction());
    }
    (transport, hanging)
}

fn transports(c: &mut Criterion) {
    let (ours, _ours) = full(&HttpTransportFactory::new());
    let (sdk, _sdk) = full(&DefaultTransportFactory);
    // Its drop would wait for the server.
    std::mem::forget(sdk.clone());
    for (name, make) in [("error", error as fn() -> Envelope), ("transaction", transaction)] {
        let mut group = c.benchmark_group(name);
        let mut member = |name, f: &dyn Fn(Envelope)| {
            group.bench_function(name, |b| b.iter_batched(make, f, BatchSize::SmallInput));
        };
        member("dropped", &drop);
        member("ours", &|envelope| ours.send_envelope(envelope));
        member("the SDK's", &|envelope| sdk.send_envelope(envelope));
        member("written", &|envelope| {
            let mut bytes = Vec::new();
            envelope.to_writer(&mut bytes).expect("it can be written");
            black_box(bytes);
        });
        group.finish();
    }
}

criterion_group!(benches, transports);
criterion_main!(benches);
