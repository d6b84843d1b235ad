//! Secrets as they leak from services, and texts that only look like them. All of it is drawn from a seed, so that no
//! string in this repository is a key.

mod case;
mod draw;
pub(crate) mod encode;
mod fill;
mod finance;
mod personal;
mod providers;
mod report;
mod variants;

mod harmless;
mod secrets;

use std::env;

use fastrand::Rng;

pub(crate) use case::{Case, Entry};
pub(crate) use draw::Draw;
pub(crate) use fill::{Form, fill};
use report::Report;

const SEED: u64 = 0x5c72_7562;

fn seed() -> u64 {
    match env::var("SCRUB_SEED") {
        Ok(seed) => seed.parse().expect("SCRUB_SEED is a number"),
        Err(_) => SEED,
    }
}

/// Texts that hold secrets.
pub(crate) fn secrets() -> Vec<Case> {
    let mut draw = Draw::new(Rng::with_seed(seed()));
    let mut cases = secrets::all(&mut draw);
    variants::add(&mut cases, &mut draw);
    cases
}

/// Texts that hold none.
pub(crate) fn harmless() -> Vec<Case> {
    let mut draw = Draw::new(Rng::with_seed(seed().wrapping_add(1)));
    let mut cases = harmless::all(&mut draw);
    variants::wrap_some(&mut cases, &mut draw, 25);
    cases
}

#[test]
fn the_measure_is_fair() {
    let cases = secrets();
    let blind = Report::by(&cases, |case| case.input.clone());
    assert_eq!(blind.total.leaked, blind.total.secrets, "each secret shows where nothing is done");
    let perfect = Report::by(&cases, Case::without_secrets);
    assert_eq!((perfect.total.leaked, perfect.total.lost), (0, 0), "and none where all that is secret is taken out");
}

#[test]
fn secrets_are_found() {
    let report = Report::of(&secrets());
    println!("{report}");
    assert!(report.total.secrets >= 1500, "{} secrets are too few to tell", report.total.secrets);
    assert!(report.recall() >= 0.99, "recall {:.2} %", report.recall() * 100.0);
    assert!(report.neighbours_lost() <= 0.01, "{:.2} % of the neighbours lost", report.neighbours_lost() * 100.0);
}

#[test]
fn harmless_texts_stay() {
    let report = Report::of(&harmless());
    println!("{report}");
    assert!(report.total.texts >= 800, "{} texts are too few to tell", report.total.texts);
    assert!(report.damage() <= 0.005, "damage {:.2} %", report.damage() * 100.0);
}
