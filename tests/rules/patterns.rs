//! What each pattern matches, by itself.

use http::Method;
use tower_telemetry_core::{EndpointRules, Target};

/// A pattern, paths that it matches, and paths that it does not.
type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

fn matches(pattern: &str, method: &Method, target: Target<'_>) -> bool {
    let rules = EndpointRules::new([pattern]).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    rules.find(method, target) == Some(0)
}

fn check<'a>(cases: &[Case<'a>], target: fn(&'a str) -> Target<'a>) {
    for (pattern, matched, others) in cases {
        for text in *matched {
            assert!(matches(pattern, &Method::GET, target(text)), "{pattern} must match {:?}", target(text));
        }
        for text in *others {
            assert!(!matches(pattern, &Method::GET, target(text)), "{pattern} must not match {:?}", target(text));
        }
    }
}

#[test]
fn literals_and_parameters() {
    let cases: &[Case<'_>] = &[
        ("/", &["/"], &["", "*", "//", "/a"]),
        (
            "/health",
            &["/health", "/health/"],
            &["/Health", "/health//", "//health", "/healthz", "/", "health", "/a/health"],
        ),
        ("/health/", &["/health", "/health/"], &["/health//"]),
        ("/a//b", &["/a//b", "/a//b/"], &["/a/b", "/a///b"]),
        ("//", &["//"], &["/", "", "///"]),
        (
            "/users/{id}",
            &["/users/42", "/users/42/", "/users/{id}", "/users/{*x}"],
            &["/users", "/users/", "/users//", "/users/1/2"],
        ),
        ("/{a}/{b}", &["/x/y"], &["/x", "//y", "/x//"]),
        (
            "/files/{*rest}",
            &["/files/a", "/files/a/", "/files/a/b", "/files//", "/files//a"],
            &["/files", "/files/", "/filesa"],
        ),
        ("/{*rest}", &["/a", "/a/b", "//"], &["/", "", "*"]),
    ];
    check(cases, Target::Path);
}

#[test]
fn globs() {
    let cases: &[Case<'_>] = &[
        ("/*", &["/a", "/a/", "/*"], &["/", "//", "/a/b", "*", ""]),
        ("/a/*/c", &["/a/b/c"], &["/a//c", "/a/c", "/a/b/b/c"]),
        ("/v*", &["/v", "/v1", "/v1/"], &["/av", "/v/1", "/V1", "/"]),
        ("/*.css", &["/.css", "/a.css", "/a.b.css"], &["/a.css/b", "/a.cssx", "/css"]),
        ("/a*b*c", &["/abc", "/a1b2c", "/abcbc"], &["/ab", "/acb", "/a/b/c"]),
        ("/ab*ba", &["/abba", "/abxba"], &["/aba"]),
        ("/*a*a*", &["/aa", "/xaxax"], &["/a", "/b"]),
    ];
    check(cases, Target::Path);
}

#[test]
fn runs_of_segments() {
    let cases: &[Case<'_>] = &[
        (
            "/assets/**",
            &["/assets", "/assets/", "/assets/a/b", "/assets//", "/assets//a"],
            &["/assetsx", "/a/assets", "/"],
        ),
        ("/**", &["/", "//", "/a", "/a/b//c"], &["", "*", "a"]),
        ("/**/**", &["/", "/a/b"], &[""]),
        ("/**/secret", &["/secret", "/a/secret", "/a//secret/"], &["/secret/a", "/secrets", "/a/secret//"]),
        (
            "/api/*/internal/**",
            &["/api/v1/internal", "/api/v1/internal/x/y"],
            &["/api/internal", "/api/a/b/internal", "/api//internal"],
        ),
        ("/a/**/b/**/c", &["/a/b/c", "/a/x/b/y/z/c", "/a/c/b/b/c/c"], &["/a/c/b", "/a/b/x", "/b/c"]),
        ("/**/a/b", &["/a/b", "/a/a/b", "/a/b/a/b"], &["/a/b/a", "/a/c/b"]),
        ("/**/*/x", &["/a/x", "/a/b/x"], &["/x", "//x"]),
        ("/**/*", &["/a", "/a/b", "//a"], &["/", "//", "/a//"]),
        ("/**/x/*/**", &["/x/a", "/b/x/a/c"], &["/x", "/x//", "/a/x"]),
        ("/**/*.php", &["/index.php", "/wp/login.php"], &["/index.php/x", "/php"]),
        ("/**/.git/{*rest}", &["/.git/config", "/a/.git/b/c"], &["/.git", "/a/.gitx/b"]),
        ("**", &["", "*", "/", "host:443", "/a/../b", "//", "a"], &[]),
    ];
    check(cases, Target::Path);
}

#[test]
fn grpc_methods() {
    let cases: &[Case<'_>] = &[
        (
            "grpc.health.v1.Health/*",
            &["/grpc.health.v1.Health/Check"],
            &["/grpcxhealth.v1.Health/Check", "/grpc.health.v1.Health", "/x/grpc.health.v1.Health/Check"],
        ),
        ("pkg.Service/Method", &["/pkg.Service/Method"], &["/pkg.Service/method", "pkg.Service/Method"]),
        (
            "pkg.*/Get*",
            &["/pkg.Users/GetUser", "/pkg.a.b/Get"],
            &["/pkg.Users/ListUsers", "/pkg/GetUser", "/pkg.a/b/Get"],
        ),
        ("pkg.Service/**", &["/pkg.Service/Method", "/pkg.Service"], &["/pkg.Services/Method"]),
    ];
    check(cases, Target::Path);
    check(&[("pkg.*/Get*", &["pkg.Users/GetUser", "/pkg.Users/GetUser"], &["pkg.Users/List"])], Target::Template);
}

#[test]
fn templates() {
    let cases: &[Case<'_>] = &[
        (
            "/users/{id}",
            &["/users/{user}", "/users/{id}/"],
            &["/users/me", "/users/{*id}", "/users/user_{id}", "/users/{{id}}"],
        ),
        ("/users/me", &["/users/me"], &["/users/{id}"]),
        ("/files/{*rest}", &["/files/{*path}"], &["/files/{path}", "/files/a", "/files", "/files/{a}/{*path}"]),
        ("/users/*", &["/users/{id}", "/users/me", "/users/user_{id}"], &["/users/{*id}", "/users"]),
        ("/users/user_*", &["/users/user_{id}", "/users/user_1"], &["/users/{user_id}", "/users/{id}"]),
        ("/*id*", &["/a_id_{x}", "/{x}_id"], &["/{id}", "/a{id}b"]),
        ("/a*b*c", &["/ab{x}c", "/a{x}bc", "/abc"], &["/a{b}c", "/ac{x}b"]),
        ("/files/**", &["/files", "/files/{*path}", "/files/{id}/x"], &["/file/{id}"]),
        ("/**/{id}/edit", &["/{a}/edit", "/users/{id}/edit"], &["/users/me/edit", "/{*a}/edit"]),
        ("/**/{*rest}", &["/{*path}", "/a/{*path}"], &["/a/{b}", "/"]),
        ("**", &["/a/{b}", "unmatched", ""], &[]),
        ("/*", &[], &["unmatched"]),
        ("/café", &["/café", "/caf%C3%A9"], &["/cafe"]),
    ];

    check(cases, Target::Template);
}

#[test]
fn paths_are_compared_as_they_came() {
    let cases: &[Case<'_>] = &[
        ("/health", &[], &["/%68ealth", "/HEALTH", "/health%2F"]),
        ("/%68ealth", &["/%68ealth"], &["/health"]),
        ("/a%2Fb", &["/a%2Fb"], &["/a/b", "/a%2fb"]),
        ("/café", &["/café", "/caf%C3%A9", "/caf%c3%a9", "/caf%c3%A9/"], &["/cafe", "/caf%C3", "/caf%C3%A8", "/CAFÉ"]),
        ("/caf%C3%A9", &["/café", "/caf%c3%a9"], &["/cafe"]),
        ("/*é", &["/é", "/caf%C3%A9", "/%é", "/%%c3%A9"], &["/e"]),
        ("/é*", &["/été", "/%C3%A9t%C3%A9", "/%C3%A9%"], &["/t%C3%A9"]),
        ("/a*é*z", &["/aéz", "/a1%C3%A92z", "/a%C3%A9%C3%A9z"], &["/a%C3z", "/az"]),
        ("/日本/**", &["/日本", "/%E6%97%A5%e6%9c%ac/x"], &["/日"]),
        ("/**/日", &["/a/%E6%97%A5", "/日/日"], &["/a/%E6%97"]),
        ("/abcdefgh日ijklmnop", &["/abcdefgh%E6%97%A5ijklmnop"], &["/abcdefgh%E6%97%A5ijklmno"]),
    ];
    check(cases, Target::Path);
}

#[test]
fn dot_segments_are_matched_by_everything_and_regexes_only() {
    let dotted =
        ["/assets/../admin", "/assets/.", "/./assets", "/assets/%2e%2E/admin", "/assets/.%2e", "/assets/%2e/", "/.."];
    for path in dotted {
        for pattern in ["/**", "/assets/**", "/*/**", "/**/admin", "/{a}/{*b}", "/*", "/.*", "/**/.*/**"] {
            assert!(!matches(pattern, &Method::GET, Target::Path(path)), "{pattern} must not match {path}");
        }
        for pattern in ["**", "GET **", "re:^/"] {
            assert!(matches(pattern, &Method::GET, Target::Path(path)), "{pattern} must match {path}");
        }
    }
    let cases: &[Case<'_>] = &[
        ("/.well-known/**", &["/.well-known/x"], &[]),
        ("/**", &["/...", "/a/.b", "/a./b", "/%2e%2e%2e", "/%2ea", "/a%2e/b", "/%2", "/%"], &[]),
    ];
    check(cases, Target::Path);
}

#[test]
fn targets_without_segments() {
    for target in ["", "*", "host:443", "a/b"] {
        for pattern in ["/**", "/*", "/", "/{*a}", "/**/*", "a/b"] {
            assert!(!matches(pattern, &Method::CONNECT, Target::Path(target)), "{pattern} must not match {target:?}");
        }
        assert!(matches("**", &Method::CONNECT, Target::Path(target)));
        assert!(matches("CONNECT **", &Method::CONNECT, Target::Path(target)));
        assert!(!matches("OPTIONS **", &Method::CONNECT, Target::Path(target)));
        assert!(matches("re:^.{0,8}$", &Method::CONNECT, Target::Path(target)));
    }
}

#[test]
fn regexes() {
    let cases: &[Case<'_>] = &[
        ("re:^/v[0-9]+/", &["/v1/users", "/v10/"], &["/v1", "/a/v1/"]),
        ("re:secret", &["/a/secret/b", "/top-secrets"], &["/Secret"]),
        ("re:(?i)SECRET", &["/a/secret"], &[]),
        (r"re:^/a b\d?$", &["/a b", "/a b1"], &[]),
        ("re:^/caf%C3%A9$", &["/caf%C3%A9"], &["/café", "/caf%c3%a9"]),
    ];
    check(cases, Target::Path);
    assert!(matches("re:^/users/[{]id}$", &Method::GET, Target::Template("/users/{id}")));
    assert!(matches("GET re:^/a b$", &Method::GET, Target::Path("/a b")));
    assert!(!matches("PUT re:^/a b$", &Method::GET, Target::Path("/a b")));
}

#[test]
fn methods() {
    let purge = Method::from_bytes(b"PURGE").expect("a token");
    let lower = Method::from_bytes(b"get").expect("a token");
    let cases = [
        ("GET /x", Method::GET, true),
        ("GET /x", Method::HEAD, false),
        ("GET /x", lower.clone(), false),
        ("/x", lower, true),
        ("PURGE /x", purge.clone(), true),
        ("PURGE **", purge.clone(), true),
        ("GET /x", purge, false),
        ("POST pkg.S/M", Method::POST, false),
        ("GET /**/x", Method::GET, true),
        ("GET /**/x", Method::PUT, false),
    ];
    for (pattern, method, expected) in cases {
        assert_eq!(matches(pattern, &method, Target::Path("/x")), expected, "{pattern} and {method}");
    }
}

#[test]
fn a_pattern_is_shown_as_written() {
    for text in ["GET /users/{id}/", "re:^/a", "**", "pkg.S/*", "/café"] {
        let rules = EndpointRules::new([text]).expect("it is a pattern");
        let pattern = &rules.patterns()[0];
        assert_eq!((pattern.to_string().as_str(), pattern.as_str()), (text, text));
        assert_eq!(pattern.method().is_some(), text.starts_with("GET"));
        assert_eq!(format!("{rules:?}"), format!("[{text:?}]"));
        let again = EndpointRules::from_patterns([pattern.clone()]).expect("it is a pattern");
        assert_eq!(format!("{again:?}"), format!("{rules:?}"));
    }
}
