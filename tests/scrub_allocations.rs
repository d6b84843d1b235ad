//! A text in which nothing is found costs no allocation, in whichever format. In a process of its own, since the allocator counts
//! for all of one.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::allocated;
use tower_telemetry_scrub::{Scrub, Scrubber};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The least that one scrubbing allocates: the first fills tables and buffers.
fn allocations(scrub: impl Fn()) -> usize {
    let one = || {
        let region = Region::new(ALLOCATOR);
        scrub();
        allocated(&region)
    };
    (0..5).map(|_| one()).min().expect("there are some")
}

// One test, since the allocator counts for the whole process.
#[test]
fn what_holds_nothing_costs_no_allocation() {
    type Read = fn(&Scrubber, &str);
    let text: Read = |scrubber, text| assert_eq!(scrubber.text(text), text);
    let query: Read = |scrubber, text| assert_eq!(scrubber.query(text), text);
    let url: Read = |scrubber, text| assert_eq!(scrubber.url(text), text);
    let header: Read = |scrubber, text| assert_eq!(&scrubber.header("x-any", text.as_bytes())[..], text.as_bytes());
    let cookie: Read = |scrubber, text| assert_eq!(&scrubber.header("cookie", text.as_bytes())[..], text.as_bytes());
    let cases: [(&str, Read, &str); 14] = [
        ("nothing", text, ""),
        ("a message", text, "the connection to the database was closed"),
        ("a log line", text, "2026-11-21T10:11:12Z GET /users/42 200 17ms"),
        (
            "JSON",
            text,
            r#"{"id":42,"at":"2026-11-21T10:11:12Z","title":"Notes by the translator","tags":["a","b"],"n":1.5}"#,
        ),
        ("JSON with escapes", text, r#"{"note":"two\nlines and a \"quote\" of thirty letters","n":[1,2]}"#),
        ("JSON in JSON", text, r#"{"note":"{\"title\":\"Notes by the translator\",\"n\":1}"}"#),
        ("a form", text, "title=notes&page=2&sort=name"),
        ("a query", query, "title=notes&page=2&sort=name"),
        ("a percent-encoded query", query, "title=notes%20by%20the+translator&page=2&sort=%2Bname"),
        ("a URL", url, "https://example.com/users/42?page=2&sort=name#top"),
        ("a percent-encoded URL", url, "https://example.com/users/ada%20l?page=2&sort=%2Bname"),
        ("a header", header, "text/html, application/xhtml+xml;q=0.9, */*;q=0.8"),
        ("cookies", cookie, "theme=dark; lang=en"),
        ("XML", text, "<order id=\"42\"><title>Notes</title><n>1</n></order>"),
    ];
    let scrubber = Scrub::standard().build().expect("the standard's rules");
    for (what, read, text) in cases {
        assert_eq!(allocations(|| read(&scrubber, text)), 0, "{what}");
    }
    let one = allocations(|| drop(scrubber.clone()));
    assert_eq!(one, 0, "a clone");
}
