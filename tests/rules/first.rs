//! Which of several patterns is the first to match.

use http::Method;
use tower_telemetry_core::{EndpointRules, Target};

fn find(patterns: &[&str], path: &str) -> Option<usize> {
    let rules = EndpointRules::new(patterns).unwrap_or_else(|error| panic!("{patterns:?}: {error}"));
    rules.find(&Method::GET, Target::Path(path))
}

#[test]
fn the_first_counts_and_not_the_most_precise() {
    let cases: &[(&[&str], &str, Option<usize>)] = &[
        (&[], "/a", None),
        (&["/a", "/*", "/**", "**"], "/a", Some(0)),
        (&["/a", "/*", "/**", "**"], "/b", Some(1)),
        (&["/a", "/*", "/**", "**"], "/b/c", Some(2)),
        (&["/a", "/*", "/**", "**"], "*", Some(3)),
        (&["GET /**", "/a", "POST /b"], "/a", Some(0)),
        (&["POST /**", "/a"], "/a", Some(1)),
        (&["/*/b", "/a/*", "/a/b/**"], "/a/b", Some(0)),
        (&["/a/*", "/*/b"], "/a/b", Some(0)),
        (&["/a/{*rest}", "/a/**"], "/a", Some(1)),
        (&["/a/{*rest}", "/a/**"], "/a/b", Some(0)),
        (&["/**/c", "/a/b/c/d", "/a/**"], "/a/b/c", Some(0)),
        (&["/**/d", "/a/b/*", "/**/c"], "/a/b/c", Some(1)),
        (&["/{x}", "/*"], "/a", Some(0)),
        (&["/a*", "/*b"], "/ab", Some(0)),
        (&["/*b", "/a*"], "/ab", Some(0)),
        (&["re:a", "/a"], "/a", Some(0)),
        (&["/b", "re:a", "/a", "re:b"], "/a", Some(1)),
        (&["/a", "re:a"], "/a", Some(0)),
        (&["re:x", "PUT re:a", "**"], "/a", Some(2)),
    ];
    for (patterns, path, expected) in cases {
        assert_eq!(find(patterns, path), *expected, "{patterns:?} and {path}");
    }
}

#[test]
fn a_clone_finds_the_same_on_another_thread() {
    let rules = EndpointRules::new(["/a", "re:^/b$"]).expect("they are patterns");
    let clone = rules.clone();
    let found = std::thread::spawn(move || clone.find(&Method::GET, Target::Path("/b"))).join().expect("no panic");
    assert_eq!(found, rules.find(&Method::GET, Target::Path("/b")));
}

#[test]
fn many_rules_are_each_found() {
    let shapes = |i: usize| match i % 10 {
        0 => (format!("/exact/{i}"), format!("/exact/{i}")),
        1 => (format!("/users{i}/{{id}}/edit"), format!("/users{i}/7/edit")),
        2 => (format!("/static/*.{i}"), format!("/static/a.{i}")),
        3 => (format!("/tree/{i}/**"), format!("/tree/{i}/x/y")),
        4 => (format!("GET /get/*/{i}"), format!("/get/x/{i}")),
        5 => (format!("pkg.Service{i}/Get*"), format!("/pkg.Service{i}/GetAll")),
        6 => (format!("/**/deep{i}"), format!("/x/y/deep{i}")),
        7 => (format!("/**/in{i}/*/**"), format!("/x/in{i}/y/z")),
        8 => (format!("/**/list{i}/all"), format!("/a/list{i}/all")),
        _ => (format!("/prefix{i}-*"), format!("/prefix{i}-x")),
    };
    let goes_on = |i: usize| matches!(i % 10, 3 | 7);
    let (patterns, paths): (Vec<_>, Vec<_>) = (0..10_000).map(shapes).unzip();
    let rules = EndpointRules::new(&patterns).expect("they are patterns");
    for (i, path) in paths.iter().enumerate() {
        assert_eq!(rules.find(&Method::GET, Target::Path(path)), Some(i), "{path}");
        assert_eq!(rules.find(&Method::GET, Target::Path(&format!("{path}-no/no"))), goes_on(i).then_some(i), "{path}");
    }
}
