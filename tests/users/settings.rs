//! Who is believed and what is told, by the environment; and where that is shown.

use std::ffi::OsString;

use tests::spans::Spans;
use tower_telemetry::{Builder, Pii, Telemetry, UserSource, Users};
use tower_telemetry_core::BuildError;
use tower_telemetry_user::Token;

use super::policy::shown;

const PROXIES: &str = "TOWER_TELEMETRY_TRUSTED_PROXIES";
const ADDRESS: &str = "TOWER_TELEMETRY_CLIENT_ADDRESS";
const KEY: &str = "TOWER_TELEMETRY_PSEUDONYM_KEY";
const SECRET: &str = "a key that is a secret";

fn read(variables: &[(&str, &str)]) -> Result<Builder, BuildError> {
    let lookup = |name: &str| variables.iter().find(|(of, _)| *of == name).map(|(_, value)| OsString::from(value));
    Telemetry::builder().environment("test")?.from_vars(lookup)
}

fn why(builder: Builder) -> String {
    shown(&builder.build().expect("nothing is wrong with it"))
}

#[test]
fn what_the_variables_say_is_shown() {
    let default = "from the handler; told are id, username, IP address cut";
    let cases: [(&[(&str, &str)], &str); 10] = [
        (&[], default),
        (&[(PROXIES, " "), (ADDRESS, ""), (KEY, "  ")], default),
        (&[(PROXIES, "10.0.0.0/8, ::1 ,192.0.2.1")], default),
        (&[(ADDRESS, "off")], "from the handler; told are id, username"),
        (&[(ADDRESS, "CUT")], default),
        (&[(ADDRESS, "whole")], "from the handler; told are id, username, IP address"),
        (&[(KEY, SECRET)], "from the handler; told are pseudonyms, IP address cut"),
        (
            &[("SENTRY_SEND_DEFAULT_PII", "true")],
            "from the handler; told are id, username, e-mail address, name, IP address",
        ),
        (
            &[("SENTRY_SEND_DEFAULT_PII", "true"), (ADDRESS, "cut")],
            "from the handler; told are id, username, e-mail address, name, IP address cut",
        ),
        (
            &[("SENTRY_SEND_DEFAULT_PII", "true"), (KEY, SECRET)],
            "from the handler; told are pseudonyms, IP address cut",
        ),
    ];
    for (variables, expected) in cases {
        assert_eq!(why(read(variables).expect("nothing is wrong with it")), expected, "{variables:?}");
    }
}

#[test]
fn sources_are_shown_and_one_that_is_deaf_is_named() {
    let sources = || [UserSource::proxy_headers(), UserSource::token(Token::bearer()), UserSource::basic()];
    let users = || Users::new().sources(sources());
    let told = "; told are id, username, IP address cut";
    let deaf = "from the handler, a trusted proxy's headers (of nobody: no proxy is trusted)";
    let rest = "a token's claims, unverified, basic credentials, unverified";
    let shown = why(Telemetry::builder().users(users()));
    assert_eq!(shown, format!("{deaf}, {rest}{told}"));
    let shown = why(read(&[(PROXIES, "10.0.0.1")]).expect("an address").users(users()));
    assert_eq!(shown, format!("from the handler, a trusted proxy's headers, {rest}{told}"));
    // The order of the calls does not matter.
    let shown = why(Telemetry::builder().pii(Pii::Sent).users(Users::new().attributes(["role", "tenant"])));
    assert!(shown.ends_with("told are id, username, e-mail address, name, IP address, role, tenant"), "{shown}");
}

#[test]
fn the_start_up_lines_say_the_same() {
    let spans = Spans::keep();
    let shown = why(read(&[(KEY, SECRET)]).expect("a key"));
    let lines = spans.events("tower_telemetry");
    let line = lines.iter().filter_map(|line| line.fields.get("message")).find(|line| line.starts_with("users: "));
    assert_eq!(line, Some(&*format!("users: on: {shown}")));
    assert!(!spans.text().contains(SECRET), "{}", spans.text());
}

#[test]
fn a_wrong_value_is_named_with_what_may_stand_there() {
    let long = "x".repeat(5_000);
    let cases: [(&str, &str, &[&str]); 9] = [
        (PROXIES, "10.0.0.0/33", &["10.0.0.0/33", "10.0.0.0/8", "::1"]),
        (PROXIES, "10.0.0.1, nginx", &["10.0.0.1, nginx"]),
        (PROXIES, "10.0.0.1,", &["10.0.0.1,"]),
        (PROXIES, "10.0.0.1 10.0.0.2", &["commas between"]),
        (PROXIES, &long, &["xxx…"]),
        (ADDRESS, "half", &["half", "off, cut or whole"]),
        (ADDRESS, "true", &["true", "off, cut or whole"]),
        (KEY, "15 bytes of key", &["15 bytes", "16 bytes or more"]),
        (KEY, "k", &["1 bytes", "16 bytes or more"]),
    ];
    for (name, value, expected) in cases {
        let error = read(&[(name, value)]).expect_err("it is wrong").to_string();
        for part in [&[name], expected].concat() {
            assert!(error.contains(part), "{error} does not say {part}");
        }
        assert!(error.len() < 500, "{error}");
        assert!(name != KEY || value.len() < 2 || !error.contains(value), "{error}");
    }
    #[cfg(unix)]
    for name in [PROXIES, ADDRESS, KEY] {
        use std::os::unix::ffi::OsStringExt;
        let lookup = |of: &str| (of == name).then(|| OsString::from_vec(b"secret \xff".to_vec()));
        let error = Telemetry::builder().from_vars(lookup).expect_err("it is no text").to_string();
        assert!(error.contains(name) && error.contains("UTF-8") && !error.contains("secret"), "{error}");
    }
    assert!(!format!("{:?}", read(&[(KEY, SECRET)]).expect("a key")).contains(SECRET));
}

#[test]
fn from_code_it_is_likewise() {
    let error = Users::new().trusted_proxies(["10.0.0.1", "nginx"]).expect_err("it is no network").to_string();
    assert!(error.contains("trusted proxy 2") && error.contains("nginx") && error.contains("10.0.0.0/8"), "{error}");
    let error = Users::new().pseudonyms("secret").expect_err("it is short").to_string();
    assert!(error.contains("6 bytes") && error.contains("16 bytes or more") && !error.contains("secret"), "{error}");
}
