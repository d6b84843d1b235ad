//! What a look-up may cost, whatever the path: linear time, a stack that does not grow with it, and no allocation.

use std::{
    alloc::System,
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use http::Method;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::allocated;
use tower_telemetry_core::{EndpointRules, Target};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Far more than it takes in a debug build on a busy machine, far less than anything that is not linear.
const LONG: Duration = Duration::from_secs(20);

const HOSTILE: [&str; 14] = [
    "/a/a/a/a/a/a/a/a/a/a/a/z",
    "/**/a/**/a/**/a/**/a/**/a/**/z1",
    "/**/a/**/b/**/a/**/b/**/c/**",
    "/**/a/*/a/*/a/*/a/**/*y",
    "/*/*/*/*/**/a/**/*/**/y",
    "/a/**/a/**/a*b*c*d*e*f*g/**",
    "/**/*a*a*a*a*a*b",
    "/**/a*a*a*a*c*/**",
    "/**/*/*/*/*/*/*/*/*/z*",
    "/**/{a}/**/{b}/**/{c}/z",
    "/**/é/**/z",
    "/**/*é*/**/z",
    "/**/a/z/{*rest}",
    "/**/%61/**",
];

fn hostile_paths() -> Vec<String> {
    let long = 64 * 1024;
    vec![
        "/a".repeat(30_000),
        "/".repeat(long),
        format!("/{}", "a".repeat(long)),
        format!("/{}", "%C3%A9".repeat(long / 6)),
        "/%C3%A9".repeat(long / 7),
        "/a/b".repeat(long / 4),
        format!("/{}", "a%".repeat(long / 2)),
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".repeat(long / 32),
        "/.".repeat(30_000),
        "/a/..".repeat(13_000),
    ]
}

#[test]
fn hostile_paths_take_linear_time_and_little_stack() {
    let search = || {
        let longest = format!("/**/{}/q", vec!["a"; 100].join("/"));
        let rules = EndpointRules::new(HOSTILE.into_iter().chain([longest.as_str()])).expect("they are patterns");
        let start = Instant::now();
        for path in hostile_paths() {
            assert_eq!(rules.find(&Method::GET, Target::Path(&path)), None, "{}…", &path[..20]);
            black_box(rules.find(&Method::GET, Target::Template(&path)));
            assert!(start.elapsed() < LONG, "{}…", &path[..20]);
        }
    };
    thread::Builder::new().stack_size(128 * 1024).spawn(search).expect("a thread").join().expect("no panic");
}

#[test]
fn patterns_as_deep_as_they_may_be_fit_the_stack() {
    let deep = "/a".repeat(511);
    let branching: Vec<_> = (0..500).map(|at| format!("{}/*{}", "/a".repeat(at), "/a".repeat(510 - at))).collect();
    let patterns = branching.iter().map(String::as_str).chain([deep.as_str()]);
    let rules = EndpointRules::new(patterns.clone()).map(|_| ());
    // The last one is covered by the first.
    assert!(rules.is_err());
    let rules = EndpointRules::new(patterns.take(500)).expect("they are patterns");
    assert_eq!(rules.find(&Method::GET, Target::Path(&"/a".repeat(511))), Some(0));
    assert_eq!(rules.find(&Method::GET, Target::Path(&"/a".repeat(512))), None);
}

#[test]
fn look_ups_do_not_allocate() {
    let patterns = ["/users/{id}", "/static/*.css", "/**/x/**", "/**/y", "pkg.*/Get*", "PUT /é/**", "/*/a*b*c/{*rest}"];
    let rules = EndpointRules::new(patterns).expect("they are patterns");
    let hostile = "/x/a".repeat(100);
    let paths = [
        "/users/42",
        "/static/a.css",
        "/a/x/b",
        "/a/b/y",
        "/pkg.S/GetAll",
        "/%C3%A9/1",
        "/q/abc/d/",
        "*",
        "",
        &hostile,
    ];
    // Other tests may allocate at the same time: once in so many times none does.
    let is_free = (0..1000).any(|_| {
        let region = Region::new(ALLOCATOR);
        for path in paths {
            black_box(rules.find(&Method::PUT, Target::Path(path)));
            black_box(rules.find(&Method::GET, Target::Template(path)));
        }
        allocated(&region) == 0
    });
    assert!(is_free);
}
