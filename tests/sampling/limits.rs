//! Volume and budgets, in simulated time: what was traced, and who got it.

use std::{
    collections::BTreeMap,
    f64::consts::TAU,
    time::{Duration, Instant},
};

use http::Method;
use tower_telemetry_core::{Decision, Reason, Target, TraceContext};
use tower_telemetry_sampling::{Budget, HighVolume, Question, Sampling};

const DAY: f64 = 86_400.0;

/// What became of an endpoint's exchanges.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    asked: f64,
    traced: f64,
    /// The exchanges that the traced ones stand for, each by the rate that was applied to it.
    stood_for: f64,
}

/// Endpoints, how many exchanges a second each has at most, and what part of these it has at a time.
type Load = Vec<(&'static str, f64, Box<dyn Fn(f64) -> f64>)>;

/// Exchanges that come by chance, for so many seconds. The tallies are of each endpoint and part of the time.
fn simulate(sampling: &Sampling, load: &Load, seconds: f64, parts: u32) -> Vec<BTreeMap<&'static str, Tally>> {
    fastrand::seed(7);
    let start = Instant::now();
    let wait = |rate: f64| -(1.0 - fastrand::f64()).ln() / rate;
    let mut arrivals: Vec<f64> = load.iter().map(|&(_, most, _)| wait(most)).collect();
    let mut tallies = vec![BTreeMap::new(); parts as usize];
    loop {
        let (i, &at) =
            arrivals.iter().enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b)).expect("there are endpoints");
        if at >= seconds {
            return tallies;
        }
        let (endpoint, most, part) = &load[i];
        arrivals[i] = at + wait(*most);
        if fastrand::f64() >= part(at) {
            continue;
        }
        let decision = decide(sampling, endpoint, start + Duration::from_secs_f64(at));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a small positive number")]
        let tallies = &mut tallies[(at / seconds * f64::from(parts)) as usize];
        let tally = tallies.entry(*endpoint).or_default();
        tally.asked += 1.0;
        if decision.sampled {
            tally.traced += 1.0;
            tally.stood_for += 1.0 / decision.rate;
        }
    }
}

fn decide(sampling: &Sampling, endpoint: &str, now: Instant) -> Decision {
    let trace = &TraceContext::root();
    let target = Target::Template(endpoint);
    sampling.decide(&Question { method: &Method::GET, target, endpoint, trace, peer: None }, now)
}

/// Ten endpoints with so many exchanges a second each, and one that has at most so many.
fn load(each: f64, flood: f64, part: impl Fn(f64) -> f64 + 'static) -> Load {
    const RARE: [&str; 10] =
        ["/rare/0", "/rare/1", "/rare/2", "/rare/3", "/rare/4", "/rare/5", "/rare/6", "/rare/7", "/rare/8", "/rare/9"];
    let rare = RARE.map(|name| -> (&str, f64, Box<dyn Fn(f64) -> f64>) { (name, each, Box::new(|_| 1.0)) });
    rare.into_iter().chain([("/flood", flood, Box::new(part) as Box<_>)]).collect()
}

/// What became of the rare ones together, and of the flood.
fn rare_and_flood(tallies: &BTreeMap<&str, Tally>) -> (Tally, Tally) {
    let mut rare = Tally::default();
    for (_, tally) in tallies.iter().filter(|(name, _)| **name != "/flood") {
        rare.asked += tally.asked;
        rare.traced += tally.traced;
        rare.stood_for += tally.stood_for;
    }
    (rare, tallies["/flood"])
}

/// Prints and returns both, and how many traces there were of all.
fn report(name: &str, part: usize, tallies: &BTreeMap<&str, Tally>) -> (Tally, Tally, f64) {
    let (rare, flood) = rare_and_flood(tallies);
    let all = rare.traced + flood.traced;
    println!(
        "{name}, part {part}: {all} traces; rare {}/{} for {:.0}, flood {}/{} for {:.0}",
        rare.traced, rare.asked, rare.stood_for, flood.traced, flood.asked, flood.stood_for
    );
    (rare, flood, all)
}

#[track_caller]
fn near(what: &str, found: f64, expected: f64, tolerance: f64) {
    let off = (found / expected - 1.0).abs();
    assert!(off <= tolerance, "{what}: {found} instead of {expected}");
}

fn always(_: f64) -> f64 {
    1.0
}

#[test]
fn what_fits_into_the_budget_is_traced_whole() {
    let sampling = Sampling::new().budget(Budget::per_second(60));
    for (part, tallies) in simulate(&sampling, &load(1.0, 20.0, always), 120.0, 4).iter().enumerate() {
        let (rare, flood, _) = report("steady, within", part, tallies);
        assert!(rare.traced >= 0.99 * rare.asked && flood.traced >= 0.99 * flood.asked);
    }
}

#[test]
fn a_flood_gets_what_the_rare_ones_leave_of_the_budget() {
    let sampling = Sampling::new().budget(Budget::per_second(50));
    for (part, tallies) in simulate(&sampling, &load(1.0, 1000.0, always), 120.0, 4).iter().enumerate() {
        let (rare, flood, all) = report("steady, beyond", part, tallies);
        assert!(all <= 50.0 * 30.0, "a budget is kept");
        assert!(all >= 0.9 * 50.0 * 30.0, "and used");
        assert!(rare.traced >= 0.9 * rare.asked, "the rare ones have their share");
        near("what the flood's traces stand for", flood.stood_for, flood.asked, 0.2);
        near("what the others' traces stand for", rare.stood_for, rare.asked, 0.1);
    }
}

#[test]
fn a_burst_takes_nothing_from_the_others_and_leaves_nothing_behind() {
    let sampling = Sampling::new().budget(Budget::per_second(50));
    let burst = |at: f64| if (20.0..30.0).contains(&at) { 1.0 } else { 0.001 };
    let parts = simulate(&sampling, &load(1.0, 5000.0, burst), 60.0, 6);
    for (part, tallies) in parts.iter().enumerate() {
        let (rare, flood, all) = report("burst", part, tallies);
        assert!(all <= 50.0 * 11.0, "a budget is kept in each second");
        assert!(rare.traced >= 0.9 * rare.asked, "the rare ones have their share");
        match part {
            2 => assert!(flood.asked > 40_000.0 && flood.traced > 300.0, "the flood has the rest"),
            3 => {}
            _ => assert!(flood.traced >= 0.95 * flood.asked, "all is as before, and soon again"),
        }
    }
}

#[test]
fn an_endpoint_of_high_volume_is_traced_at_its_target_while_it_lasts() {
    let volume = HighVolume::new(100.0, 20.0).expect("it makes sense");
    let sampling = Sampling::new().high_volume(volume);
    let flood = |at: f64| if (20.0..40.0).contains(&at) { 1.0 } else { 0.025 };
    for (part, tallies) in simulate(&sampling, &load(1.0, 2000.0, flood), 60.0, 12).iter().enumerate() {
        let (rare, flood, _) = report("volume", part, tallies);
        assert!(rare.traced >= rare.asked, "the others are not touched");
        match part {
            0..4 | 10.. => assert!(flood.traced >= flood.asked, "neither is it, before and after"),
            4 => assert!(flood.traced <= 350.0, "it takes a moment: at most what high volume begins with, saved up"),
            5..8 => {
                near("its traces", flood.traced, 20.0 * 5.0, 0.25);
                near("what they stand for", flood.stood_for, flood.asked, 0.35);
            }
            _ => assert!(flood.traced <= flood.asked, "it comes back smoothly"),
        }
    }
}

#[test]
fn a_daily_budget_lasts_through_the_days_ups_and_downs() {
    let sampling = Sampling::new().budget(Budget::per_day(10_000));
    let day = |at: f64| 0.5 * (1.0 - (at / DAY * TAU).cos());
    let parts = simulate(&sampling, &load(0.005, 2.0, day), 2.0 * DAY, 8);
    let parts: Vec<_> = parts.iter().enumerate().map(|(part, tallies)| report("diurnal", part, tallies)).collect();
    for day in parts.chunks(4) {
        let all: f64 = day.iter().map(|(.., all)| all).sum();
        assert!((9_000.0..=10_000.0).contains(&all), "{all} of the day's budget are used");
        for (rare, flood, _) in day {
            assert!(rare.traced >= 0.98 * rare.asked, "the rare ones have their share at any time");
            near("what the flood's traces stand for", flood.stood_for, flood.asked, 0.15);
        }
    }
}

#[test]
fn a_monthly_budget_lasts_through_the_month_beside_a_crawler() {
    let sampling = Sampling::new().rate(0.1).expect("a rate").budget(Budget::per_month(10_000));
    let parts = simulate(&sampling, &load(0.002, 0.2, always), 30.0 * DAY, 6);
    let parts: Vec<_> = parts.iter().enumerate().map(|(part, tallies)| report("month", part, tallies)).collect();
    let all: f64 = parts.iter().map(|(.., all)| all).sum();
    assert!((9_000.0..=10_000.0).contains(&all), "{all} of the month's budget are used");
    for (rare, flood, all) in parts {
        near("a sixth of the month has a sixth of the traces", all, 10_000.0 / 6.0, 0.1);
        near("the rare ones are traced at their rate", rare.traced, 0.1 * rare.asked, 0.1);
        near("what the crawler's traces stand for", flood.stood_for, flood.asked, 0.2);
    }
}

/// Two at once: the tighter one counts at each time.
#[test]
fn budgets_of_different_periods_are_both_kept() {
    let sampling = Sampling::new().budget(Budget::per_second(5)).budget(Budget::per_day(1_000));
    let parts = simulate(&sampling, &load(0.0001, 50.0, always), 600.0, 600);
    assert!(parts.iter().all(|tallies| tallies.values().map(|tally| tally.traced).sum::<f64>() <= 5.0 + 5.0));
    let all: f64 = parts.iter().flat_map(BTreeMap::values).map(|tally| tally.traced).sum();
    assert!(all <= 1_000.0 * 600.0 / DAY + 20.0, "{all} in ten minutes of a day");
}

#[test]
fn no_budget_is_no_trace() {
    let sampling = Sampling::new().budget(Budget::per_day(0));
    let parts = simulate(&sampling, &load(1.0, 10.0, always), 60.0, 1);
    assert!(report("nothing", 0, &parts[0]).2 < 1.0, "there is no half of a trace");
}

/// A crawler that invents names, as gRPC's callers can, gets one share for all that are too many.
#[test]
fn invented_endpoints_are_bounded() {
    let sampling = Sampling::new().budget(Budget::per_second(100));
    let start = Instant::now();
    let mut traced = 0;
    for i in 0..50_000_u32 {
        let at = start + Duration::from_millis(i.into());
        traced += u32::from(decide(&sampling, &format!("shop.Invented/Number{i}"), at).sampled);
    }
    assert!(traced <= 100 * 51, "{traced} in 50 seconds");
}

#[test]
fn high_volume_and_budgets_are_told_apart_from_the_rate() {
    let volume = HighVolume::new(10.0, 1.0).expect("it makes sense");
    for (sampling, reason) in [
        (Sampling::new().high_volume(volume), Reason::Volume),
        (Sampling::new().budget(Budget::per_second(1)), Reason::Budget),
    ] {
        let start = Instant::now();
        let first = decide(&sampling, "/flood", start);
        assert_eq!((first.sampled, first.rate, first.reason), (true, 1.0, Reason::Rate));
        let last = (1..2_000).fold(first, |_, i| decide(&sampling, "/flood", start + Duration::from_millis(i)));
        assert!(last.reason == reason && last.rate < 0.1, "{last:?}");
    }
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    for (above, target, says) in [
        (0.0, 1.0, r#"the limit of high volume was given as "0", but it may be a number above 0"#),
        (f64::NAN, 1.0, r#"the limit of high volume was given as "NaN", but it may be a number above 0"#),
        (f64::INFINITY, 1.0, r#"the limit of high volume was given as "inf", but it may be a number above 0"#),
        (
            9.0,
            0.0,
            r#"the target of high volume was given as "0", but it may be a number above 0 and up to the limit, 9"#,
        ),
        (
            9.0,
            10.0,
            r#"the target of high volume was given as "10", but it may be a number above 0 and up to the limit, 9"#,
        ),
    ] {
        assert_eq!(HighVolume::new(above, target).expect_err("it makes no sense").to_string(), says);
    }
}
