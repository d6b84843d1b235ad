//! The scrubber, one thread, all rules on, beside `serde_json`'s parse, walk and write of the same body in the same group.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;
use tower_telemetry_scrub::{Scrub, Scrubber};

/// A service's JSON of about this many bytes: orders, with what people write and machines make.
fn json(bytes: usize) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut orders = Vec::new();
    let mut length = 0;
    while length < bytes {
        let order = serde_json::json!({
            "id": random.u32(10_000..99_999),
            "createdAt": format!("2026-11-{:02}T{:02}:15:{:02}Z", random.u8(1..29), random.u8(0..24), random.u8(0..60)),
            "status": *random.choice(["open", "paid", "shipped", "returned"].iter()).expect("four"),
            "customer": { "name": "Ada Lovelace", "email": "ada@example.com", "loyal": random.bool(), "city": "London" },
            "items": (0..random.usize(1..4)).map(|_| serde_json::json!({
                "sku": format!("SKU-{:06}", random.u32(0..999_999)),
                "title": "Analytical engine, second edition, with notes by the translator",
                "quantity": random.u8(1..9),
                "price": f64::from(random.u32(100..99_999)) / 100.0,
            })).collect::<Vec<_>>(),
            "note": "Please leave the parcel with the neighbours on the ground floor.",
            "traceId": format!("{:032x}", random.u128(..)),
        });
        length += order.to_string().len() + 1;
        orders.push(order);
    }
    orders.push(serde_json::json!({ "login": { "user": "ada", "password": "correct horse" } }));
    serde_json::json!({ "orders": orders }).to_string()
}

/// Text without anything to look at: words.
fn prose(bytes: usize) -> String {
    let mut random = fastrand::Rng::with_seed(9);
    let words = [
        "the",
        "engine",
        "weaves",
        "algebraic",
        "patterns",
        "just",
        "as",
        "a",
        "loom",
        "flowers",
        "and",
        "leaves",
        "of",
        "silk",
    ];
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        text.push_str(random.choice(words.iter()).expect("words"));
        text.push_str(if random.u8(..) < 20 { ". " } else { " " });
    }
    text
}

/// What one would write without this crate: names alone, in lower case.
fn walk(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(name.to_ascii_lowercase().as_str(), "password" | "token" | "secret" | "authorization") {
                    *value = Value::from("[Filtered]");
                } else {
                    walk(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(walk),
        _ => {}
    }
}

fn parse_walk_write(body: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(body).expect("JSON");
    walk(&mut value);
    serde_json::to_vec(&value).expect("JSON")
}

fn scrubber() -> Scrubber {
    Scrub::standard().build().expect("the standard's rules")
}

fn bodies(c: &mut Criterion) {
    let scrubber = scrubber();
    for (name, bytes) in [("2 KB", 2_000), ("64 KB", 64_000)] {
        let body = json(bytes).into_bytes();
        let mut group = c.benchmark_group(format!("json {name}"));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function("serde_json: parse, walk, write", |b| b.iter(|| parse_walk_write(black_box(&body))));
        group.bench_function("scrub", |b| b.iter(|| scrubber.bytes(black_box(&body)).len()));
        group.finish();
    }
}

fn harmless(c: &mut Criterion) {
    let scrubber = scrubber();
    let text = prose(64_000);
    let mut group = c.benchmark_group("harmless text");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("scrub", |b| b.iter(|| scrubber.text(black_box(&text)).len()));
    group.finish();
    let mut group = c.benchmark_group("short text");
    for (name, text) in [
        ("message", "the connection to the database was closed"),
        ("log line", "2026-11-21T10:11:12Z GET /users/42 200 17ms 203.0.113.7"),
        ("url", "https://example.com/users/42?page=2&sort=name"),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| scrubber.text(black_box(text)).len()));
    }
    group.finish();
}

/// The same rate at each size: no part of it looks at a byte more often in a longer text.
fn sizes(c: &mut Criterion) {
    let scrubber = scrubber();
    let mut group = c.benchmark_group("sizes");
    group.sample_size(10);
    for kilobytes in [1_usize, 16, 256, 4096, 16_384] {
        let body = json(kilobytes * 1024).into_bytes();
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_with_input(BenchmarkId::new("scrub", format!("{kilobytes} KB")), &body, |b, body| {
            b.iter(|| scrubber.bytes(black_box(body)).len());
        });
    }
    group.finish();
}

/// What a text is made of that is to keep the scrubber busy: things begun, and looked for to the end of the text.
const BEGUN: &[&str] = &[
    "[",
    "{\"a\":",
    "\"",
    "\\",
    "%25",
    "&amp;",
    "<a",
    "=",
    ":",
    "@",
    "a@",
    "://",
    "eyJ",
    "-----BEGIN",
    "password ",
    "password=(",
    "4111 ",
    "/a1",
    "a.",
    "'",
    "--x\r\n",
    "VALUES (",
    "(password) VALUES ('",
    "a1.",
    "a1/=",
    "<password></b>",
    "{\"password\":[",
    "://a:b@",
    "Cookie: a=",
    "token '",
    "a:b@[\\\"<password>%25=",
];

/// A megabyte of each. The time for a byte stays within twenty times that of the ordinary JSON at their head.
fn adversarial(c: &mut Criterion) {
    const LENGTH: usize = 1 << 20;
    let scrubber = scrubber();
    let mut group = c.benchmark_group("adversarial");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(LENGTH as u64));
    let ordinary = json(LENGTH);
    group.bench_function("ordinary JSON", |b| {
        b.iter(|| scrubber.bytes(black_box(&ordinary.as_bytes()[..LENGTH])).len());
    });
    for begun in BEGUN {
        let text = begun.repeat(LENGTH / begun.len());
        group.bench_function(begun.escape_debug().to_string(), |b| {
            b.iter(|| scrubber.text(black_box(&text)).len());
        });
    }
    group.finish();
}

criterion_group!(benches, bodies, harmless, sizes, adversarial);
criterion_main!(benches);
