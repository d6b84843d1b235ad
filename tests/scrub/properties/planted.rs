//! A secret does not survive, wherever it stands and wherever the text ends.

use proptest::{
    prelude::{Strategy, any, prop_assert, proptest},
    sample::{Index, select},
};

use super::{
    super::{
        corpus::{Case, Draw, Entry, fill},
        names::{PLAIN, Spelling},
    },
    config, standard,
    text::{HOLDERS, harmless, place, secret},
};

const SHAPES: &[&str] = &[
    "‹jwt›",
    "‹long›",
    "‹card›",
    "‹cardspaces›",
    "‹iban›",
    "‹ssn›",
    "‹email›",
    "‹ip4›",
    "‹ip6›",
    "‹key:github›",
    "‹key:stripe›",
    "‹key:aws-access›",
    "‹key:slack-bot›",
    "‹key:anthropic›",
    "‹key:gitlab›",
    "‹key:sendgrid›",
    "‹key:npm›",
    "Bearer ‹tok›",
    "postgres://app:‹upw›@db/x",
    "password=‹pw›",
    "x-api-key: ‹tok›",
];

fn name() -> impl Strategy<Value = String> {
    (select(PLAIN), select(&Spelling::ALL[..])).prop_map(|(name, spelling)| spelling.of(name))
}

/// That no four characters of it are in the output of the text's beginning, through each of these methods.
fn is_gone(
    secret: &str,
    text: &str,
    cut: Index,
    entries: &[Entry],
) -> Result<(), proptest::test_runner::TestCaseError> {
    let scrubber = standard();
    let cut = cut.index(text.len() + 1);
    for input in [text.as_bytes(), &text.as_bytes()[..cut]] {
        for entry in entries {
            if !entry.takes_bytes() && str::from_utf8(input).is_err() {
                continue;
            }
            let output = entry.run(&scrubber, input);
            let output = String::from_utf8_lossy(&output);
            let input = String::from_utf8_lossy(input);
            prop_assert!(!output.contains(&secret[..4]), "{input:?} became {output:?} through {entry:?}");
        }
    }
    Ok(())
}

const fn cut(content_type: &'static str) -> Entry {
    Entry::Body { content_type: Some(content_type), cut: true }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn by_name_in_json(
        (before, after) in place(),
        name in name(),
        secret in secret(),
        holder in select(HOLDERS),
        space in select(&["", " ", "\n\t"][..]),
        end in any::<Index>(),
    ) {
        let value = holder.replace('@', &secret);
        let json = format!("{before}{{\"n\":1,{space}\"{name}\"{space}:{space}{value}{space},\"z\":[]}}{after}");
        is_gone(&secret, &json, end, &[Entry::JSON, Entry::Text, Entry::Bytes, Entry::UNTYPED, cut("application/json"), cut("text/plain")])?;
    }

    #[test]
    fn by_name_in_json_in_a_string(
        (before, after) in place(),
        name in name(),
        secret in secret(),
        depth in 1..4_usize,
        end in any::<Index>(),
    ) {
        let mut json = format!("{{\"{name}\": \"{secret}\", \"n\":[1]}}");
        for _ in 0..depth {
            json = format!("{{\"body\":{}}}", serde_json::to_string(&json).expect("a string is JSON"));
        }
        is_gone(&secret, &format!("{before}{json}{after}"), end, &[Entry::JSON, Entry::Text, cut("application/json")])?;
    }

    #[test]
    fn by_name_in_a_form(
        before in "([a-p]{1,5}=[a-p0-9+]{0,5}&){0,4}",
        name in name(),
        prefix in select(&["", "user[", "user%5B", "a."][..]),
        noise in "[a-p%0-9+=]{0,6}",
        secret in secret(),
        after in "(&[a-p]{1,5}=[a-p0-9+]{0,5}){0,4}",
        end in any::<Index>(),
    ) {
        let close = if prefix.ends_with('[') { "]" } else if prefix.ends_with("%5B") { "%5D" } else { "" };
        let form = format!("{before}{prefix}{name}{close}={noise}{secret}{noise}{after}");
        is_gone(&secret, &form, end, &[Entry::FORM, Entry::Query, Entry::Text, Entry::UNTYPED, cut("application/x-www-form-urlencoded")])?;
        is_gone(&secret, &format!("https://a.example/x?{form}"), end, &[Entry::Url, Entry::Text, Entry::Header("referer")])?;
    }

    #[test]
    fn by_name_in_cookies(
        before in "([a-p]{1,5}=[a-p0-9]{0,5}; ){0,4}",
        name in select(&["session", "sessionid", "connect.sid", "PHPSESSID", "__Host-token", "csrftoken", "auth_token"][..]),
        secret in secret(),
        after in "(; [a-p]{1,5}=[a-p0-9]{0,5}){0,4}",
        end in any::<Index>(),
    ) {
        is_gone(&secret, &format!("{before}{name}={secret}{after}"), end, &[Entry::Header("cookie")])?;
        is_gone(&secret, &format!("{name}={secret}; Path=/{after}"), end, &[Entry::Header("set-cookie")])?;
    }

    #[test]
    fn by_name_in_a_set_of_headers(
        before in "([A-P][a-p]{1,5}: [a-p0-9]{0,5}\r\n){0,4}",
        name in select(&["Authorization", "X-Api-Key", "Proxy-Authorization", "X-Auth-Token", "X-CSRF-Token"][..]),
        scheme in select(&["", "Bearer ", "Basic ", "Token ", "ApiKey "][..]),
        secret in secret(),
        after in "(\r\n[A-P][a-p]{1,5}: [a-p0-9]{0,5}){0,4}",
        end in any::<Index>(),
    ) {
        is_gone(&secret, &format!("GET / HTTP/1.1\r\n{before}{name}: {scheme}{secret}{after}"), end, &[Entry::Text, Entry::Bytes, Entry::PLAIN])?;
        is_gone(&secret, &format!("{before}{name}: {scheme}{secret}"), end, &[Entry::Text])?;
    }

    #[test]
    fn by_name_in_a_message(
        before in harmless(),
        name in name(),
        assign in select(&["=", ": ", " = ", ":", "=\"", ": \"", "='", " => '", "\":\"", "': '"][..]),
        secret in secret(),
        after in harmless(),
        end in any::<Index>(),
    ) {
        let quote = assign.chars().last().filter(|char| "'\"".contains(*char)).map(String::from).unwrap_or_default();
        let open = if assign.starts_with(['"', '\'']) { &assign[..1] } else { "" };
        let message = format!("{before} {open}{name}{assign}{secret}{quote} {after}");
        is_gone(&secret, &message, end, &[Entry::Text, Entry::Bytes, Entry::PLAIN, cut("text/plain")])?;
    }

    #[test]
    fn by_shape_anywhere(
        (open, close) in place(),
        before in harmless(),
        shape in select(SHAPES),
        seed in any::<u64>(),
        after in harmless(),
    ) {
        let mut draw = Draw::new(fastrand::Rng::with_seed(seed));
        let scrubber = standard();
        let text = format!("{before} {shape} {after}");
        let json = format!("{open}{{\"note\":{}}}{close}", serde_json::to_string(&text).expect("a string is JSON"));
        let quoted = format!("{before} \"{shape}\", {after}");
        for (entry, template) in [(Entry::Text, &text), (Entry::JSON, &json), (Entry::Text, &quoted), (Entry::PLAIN, &quoted)] {
            let case: Case = fill(&mut draw, "planted", entry, template);
            let output = entry.run(&scrubber, &case.input);
            let (leaks, _) = case.failures(&output);
            let input = String::from_utf8_lossy(&case.input);
            prop_assert!(leaks.is_empty(), "{input:?} became {:?}", String::from_utf8_lossy(&output));
        }
    }
}
