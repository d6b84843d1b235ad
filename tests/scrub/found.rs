//! What fuzzing found.

use tower_telemetry_scrub::{Scrub, Scrubber};

fn scrubber() -> Scrubber {
    Scrub::standard().build().expect("the standard's rules")
}

#[test]
fn no_text_panics() {
    let cases = [
        // A row that ends where its value would begin.
        "INSERT INTO a (password) VALUES (",
    ];
    for case in cases {
        let _ = scrubber().text(case);
    }
}

/// A key that holds something itself is a name all the same.
#[test]
fn a_key_with_a_secret_in_it_names_one() {
    let key = ["ghp_", &"a1".repeat(18)].concat();
    let body = format!(r#"{{"password {key}":"correct horse"}}"#);
    assert_eq!(scrubber().text(&body), r#"{"password [token]":"[Filtered]"}"#);
}

/// Each is repeated: what looks ahead from each of them to the text's end takes minutes here, and what goes into itself overflows
/// the stack.
#[test]
fn no_text_takes_long() {
    let parts = (0..8_000).map(|part| format!("--{part:05}\r\nContent-Type: a/b\r\n\r\n"));
    let nested = parts.collect::<Vec<_>>().concat();
    let cases = [
        // Recursion: a multipart body in each part, a line of cookies in each cookie, a value in each value.
        nested,
        "Cookie: a=".repeat(30_000),
        "\"Cookie:(6\"".repeat(30_000),
        format!("password={}", "Some(".repeat(60_000)),
        // Brackets, rows and elements that nothing closes.
        "{\"password\":[".repeat(5_000),
        "password={".repeat(5_000),
        "(password) VALUES ('".repeat(3_000),
        "(password) VALUES (1,".repeat(3_000),
        "<password>".repeat(7_000),
        "<password></b>".repeat(5_000),
        "<key>password</key><string>".repeat(2_000),
        "<a/".repeat(22_000),
        "<c 9é".repeat(10_000),
        // Lines that do not end.
        "Cookie: ".repeat(7_000),
        "mysql ".repeat(12_000),
        "token '".repeat(10_000),
        "Private-Lines: 9".repeat(5_000),
        // Runs that are looked at from each of their parts.
        "a1.".repeat(22_000),
        "password".repeat(7_000),
        "VF.".repeat(22_000),
        "sig=".repeat(17_000),
        "#code=a".repeat(10_000),
        ":".repeat(75_000),
        // Blocks that are known by their ends.
        "---- BEGIN A----\n---- END A ----\n".repeat(2_000),
        "-----BEGIN A-----\n1a-----END A-----\n".repeat(2_000),
    ];
    for case in &cases {
        let _ = scrubber().text(case);
        let _ = scrubber().query(case);
        let _ = scrubber().header("cookie", case.as_bytes());
    }
}
