//! Which names make a value a secret, in whatever spelling.

mod look_alikes;
mod sensitive;
mod spelling;

use tower_telemetry_scrub::{Scrub, Scrubber};

pub(crate) use sensitive::PLAIN;
pub(crate) use spelling::Spelling;

fn standard() -> Scrubber {
    Scrub::standard().build().expect("the standard rules are sound")
}

/// The names of a table, which stand many to a line.
fn each(names: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    names.iter().flat_map(|names| names.split_whitespace())
}

fn check(names: impl IntoIterator<Item = String>, expected: bool) {
    let scrubber = standard();
    let wrong: Vec<String> = names.into_iter().filter(|name| scrubber.hides(name).is_some() != expected).collect();
    let some = &wrong[..wrong.len().min(40)];
    assert!(wrong.is_empty(), "{} names should {}: {some:?}", wrong.len(), if expected { "go" } else { "stay" });
}

#[test]
fn names_from_the_public_lists_go() {
    for (list, names) in sensitive::PUBLIC_LISTS {
        println!("{list}");
        check(each(names).map(str::to_owned), true);
    }
}

#[test]
fn sensitive_names_go_in_each_spelling() {
    check(PLAIN.iter().flat_map(|name| Spelling::ALL.map(|spelling| spelling.of(name))), true);
}

#[test]
fn sensitive_names_go_with_prefixes_and_suffixes() {
    let around = |name: &str| {
        let kebab = Spelling::Kebab.of(name);
        let camel = Spelling::Pascal.of(name);
        [
            format!("X-{}", Spelling::Header.of(name)),
            format!("__Host-{name}"),
            format!("__Secure-{kebab}"),
            format!("_{name}"),
            format!("{name}_"),
            format!("user.{name}"),
            format!("user[{name}]"),
            format!("my{camel}"),
            format!("my{camel}2"),
            format!("spring.datasource.{kebab}"),
            format!("APP_{}", Spelling::Upper.of(name)),
            format!("@{name}"),
            format!("${name}"),
            format!("--{kebab}"),
            format!("{name}[]"),
            format!("http.request.header.{kebab}"),
        ]
    };
    check(PLAIN.iter().flat_map(|name| around(name)), true);
}

#[test]
fn sensitive_names_as_they_are_met_go() {
    check(each(sensitive::MET).map(str::to_owned), true);
}

#[test]
fn look_alikes_stay() {
    check(each(look_alikes::STAY).map(str::to_owned), false);
}

#[test]
fn look_alikes_stay_in_each_spelling() {
    check(each(look_alikes::WORDS).flat_map(|name| Spelling::ALL.map(|spelling| spelling.of(name))), false);
}

#[test]
fn a_value_goes_exactly_if_its_name_hides_it() {
    let scrubber = standard();
    for name in PLAIN.iter().copied().chain(each(sensitive::MET)) {
        assert_eq!(scrubber.value(name, "blue"), "[Filtered]", "{name}");
        let body = format!(r#"{{"{name}":"blue","n":1}}"#);
        assert_eq!(scrubber.text(&body), format!(r#"{{"{name}":"[Filtered]","n":1}}"#));
    }
    for name in each(look_alikes::STAY) {
        assert_eq!(scrubber.value(name, "blue"), "blue", "{name}");
        let body = format!(r#"{{"{name}":"blue","n":1}}"#);
        assert_eq!(scrubber.text(&body), body);
    }
}

#[test]
fn what_is_allowed_or_added_changes_the_answer() -> Result<(), tower_telemetry_scrub::BuildError> {
    let scrubber = Scrub::standard().allow("token").name("nickname").build()?;
    assert_eq!(scrubber.value("token", "blue"), "blue");
    assert_eq!(scrubber.value("nickName", "blue"), "[Filtered]");
    assert_eq!(scrubber.value("password", "blue"), "[Filtered]");
    Ok(())
}
