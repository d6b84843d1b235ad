//! Which patterns are refused, and what the error says.

use tower_telemetry_core::{EndpointPattern, EndpointRules};

/// The error of the patterns after one that is fine.
fn error(patterns: &[&str]) -> String {
    let all = ["/fine"].into_iter().chain(patterns.iter().copied());
    EndpointRules::new(all).map(|_| ()).expect_err(&format!("{patterns:?}")).to_string()
}

#[test]
fn malformed_patterns() {
    let cases = [
        ("", "such as /users/{id}"),
        ("health", "begins with a slash"),
        ("*", "begins with a slash"),
        ("a/b/c", "begins with a slash"),
        ("**/secret", "begins with a slash"),
        ("/a**", "** as a whole segment"),
        ("/**.css", "** as a whole segment"),
        ("/***", "** as a whole segment"),
        ("***", "begins with a slash"),
        ("/{}", "{name}"),
        ("/{*}", "{name}"),
        ("/{a", "{name}"),
        ("/a}", "{name}"),
        ("/{a}b", "not \"{a}b\""),
        ("/b{a}", "not \"b{a}\""),
        ("/{{a}}", "{name}"),
        ("/{a}{b}", "{name}"),
        ("/{a*}", "{name}"),
        ("/{*rest}/a", "{*rest} at its end"),
        ("/{*rest}//", "{*rest} at its end"),
        ("get /a", "after GET: methods are case-sensitive"),
        ("Options **", "after OPTIONS: methods are case-sensitive"),
        ("G(T /a", "a method such as GET, which \"G(T\" is not"),
        (" /a", "a method such as GET"),
        ("GET  /a", "without whitespace"),
        ("GET ", "such as /users/{id}"),
        ("/a b", "without whitespace"),
        ("/a ", "without whitespace"),
        ("/a\t", "without whitespace"),
        ("/a\u{7f}", "control characters"),
        ("/a\u{a0}b", "without whitespace"),
        ("/a?b=c", "without whitespace, control characters, ? and #"),
        ("/a#b", "without whitespace, control characters, ? and #"),
        ("/a/../b", "dot segments"),
        ("/a/%2e", "dot segments"),
        ("re:", "a regex"),
        ("re:(a", "a regex (error: unclosed group)"),
        (r"re:\w{99}{99}", "a regex (Compiled regex exceeds size limit"),
    ];
    for (pattern, expected) in cases {
        let error = error(&[pattern]);
        assert!(error.contains(expected), "{pattern:?}: {error}");
        assert!(error.starts_with(&format!("rule 2 was given as {pattern:?}, but it may be ")), "{pattern:?}: {error}");
        let alone = pattern.parse::<EndpointPattern>().expect_err(pattern).to_string();
        assert!(alone.starts_with("an endpoint's pattern was given as "), "{alone}");
    }
}

#[test]
fn too_long_or_too_many() {
    let longest = format!("/{}", "a".repeat(1023));
    EndpointRules::new([&longest]).expect("1,024 bytes are fine");
    let error = error(&[&format!("{longest}é")]);
    assert!(error.contains("at most 1024 bytes, and these are 1026") && error.len() < 400, "{error}");
    EndpointRules::new((0..10_000).map(|i| format!("/{i}"))).expect("10,000 are fine");
    let error = EndpointRules::new((0..).map(|i| format!("/{i}"))).map(|_| ()).expect_err("no end").to_string();
    assert!(error.contains("more than 10000 rules"), "{error}");
}

#[test]
fn rules_that_are_never_reached() {
    let cases = [
        ("/a", "/a"),
        ("/a", "/a/"),
        ("/a", "GET /a"),
        ("GET /a", "GET /a"),
        ("/{a}", "/{b}"),
        ("/*", "/{b}"),
        ("/*", "/a"),
        ("/*", "/a*"),
        ("/*", "/*"),
        ("/a*", "/ab*"),
        ("/*b*", "/ab*c"),
        ("/a*c", "/a*b*c"),
        ("/*.css", "/site.css"),
        ("/é", "/%c3%a9"),
        ("/**", "/"),
        ("/**", "/a/{b}/*/**/{*c}"),
        ("/**", "/**/**"),
        ("/a/**", "/a"),
        ("/a/**", "GET /a/**/b"),
        ("/**/b", "/a/b"),
        ("/**/b/**", "/a/**/b/*/**"),
        ("/**/*/c", "/a/b/**/*/c"),
        ("/a/**", "/a/{*rest}"),
        ("/**/{*rest}", "/a/{*x}"),
        ("pkg.S/*", "/pkg.S/Get"),
        ("**", "/**"),
        ("**", "re:a"),
        ("**", "PURGE **"),
        ("re:a", "re:a"),
        ("re:a", "PUT re:a"),
    ];
    for (by, covered) in cases {
        let error = error(&["PUT /between", by, covered]);
        let expected =
            format!("rule 4 was given as {covered:?}, but it may be a pattern that can be reached: rule 3, {by:?}");
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn rules_that_some_request_reaches() {
    let cases = [
        ("GET /a", "/a"),
        ("GET /a", "PUT /a"),
        ("/{a}", "/*"),
        ("/{a}", "/a"),
        ("/*", "//"),
        ("/*", "/{*a}"),
        ("/*", "/**"),
        ("/ab*", "/a*"),
        ("/a*", "/*a"),
        ("/*a*a*", "/*a*"),
        ("/**/a", "/**"),
        ("/**", "**"),
        ("/**", "re:^/"),
        ("/{*rest}", "/a"),
        ("/{*rest}", "/**"),
        ("/a/**", "/ab/**"),
        ("/**/b", "/b/**"),
        ("re:a", "/a"),
        ("re:a", "re:(a)"),
    ];
    for (earlier, later) in cases {
        EndpointRules::new([earlier, later]).unwrap_or_else(|error| panic!("{earlier} and {later}: {error}"));
    }
}
