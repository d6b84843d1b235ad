//! The tables that README.md shows: what monitoring adds to a request, what it may add, and where and when that was measured.
//!
//! It measures the time itself, and has allocations, instructions and the server's requests a second from the benches of these
//! names.

use std::{collections::HashMap, env, fs, process::Command, thread};

use benches::{BARE, GROUPS, PLAIN, Table, in_turns};

/// Those of the peers' crates that are compared, and what all members stand on.
const CRATES: [&str; 9] = [
    "axum",
    "metrics-exporter-prometheus",
    "sentry",
    "tower-http",
    "axum-prometheus",
    "opentelemetry-instrumentation-tower",
    "sentry-tower",
    "sentry-tracing",
    "tracing-subscriber",
];

const ROWS: [&str; 24] = [
    IDENTITY,
    "floor",
    "floor of metrics",
    "floor at 0",
    "floor at 0.1",
    "floor at 1",
    "floor at 0.1, logged",
    "observer ()",
    "Metrics",
    "everything, excluded",
    "everything, no DSN",
    "everything at 0",
    "everything at 0.1",
    "everything at 1",
    "everything at 0.1, logged",
    "tower-http's trace",
    "axum-prometheus",
    "opentelemetry-instrumentation",
    "sentry-tower, no DSN",
    "sentry-tower at 0",
    "sentry-tower at 0.1",
    "sentry-tower at 1",
    "assembled stack at 0.1",
    "assembled stack at 0.1, logged",
];

const IDENTITY: &str = "identity layer";
const IDENTITY_HEALTH: &str = "identity layer, /health";

/// Units, as the benches name them.
const TIME: &str = "ns";
const ALLOCATIONS: &str = "mean";
const MEDIAN: &str = "median";
const INSTRUCTIONS: &str = "instructions";
const PART: &str = "part of bare";

/// What a member may cost, over what the bare app does.
struct Budget {
    member: &'static str,
    /// What does the least that such a member can do.
    floor: &'static str,
    what: &'static str,
    measured: fn(&Measured, &str) -> Option<f64>,
    limit: Limit,
}

#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

const BUDGETS: [Budget; 12] = [
    Budget {
        member: "Metrics",
        floor: "floor of metrics",
        what: "of axum-prometheus's time",
        measured: |all, name| all.part(name, "axum-prometheus"),
        limit: Limit::AtMost(0.3),
    },
    Budget {
        member: "Metrics",
        floor: "floor of metrics",
        what: "allocations over an identity layer",
        measured: Measured::allocations_over_identity,
        limit: Limit::AtMost(3.0),
    },
    Budget {
        member: "everything, excluded",
        floor: "wrapping layer, /health",
        what: "µs over an identity layer",
        measured: |all, name| Some((all.of(TIME, name)? - all.of(TIME, IDENTITY_HEALTH)?) / 1e3),
        limit: Limit::AtMost(0.08),
    },
    Budget {
        member: "everything, excluded",
        floor: "wrapping layer, /health",
        what: "allocations over an identity layer",
        measured: |all, name| Some(all.of(MEDIAN, name)? - all.of(MEDIAN, IDENTITY_HEALTH)?),
        limit: Limit::AtMost(0.0),
    },
    Budget {
        member: "everything at 0",
        floor: "floor at 0",
        what: "of axum-prometheus's time",
        measured: |all, name| all.part(name, "axum-prometheus"),
        limit: Limit::AtMost(0.5),
    },
    Budget {
        member: "everything at 0",
        floor: "floor at 0",
        what: "allocations over an identity layer",
        measured: Measured::allocations_over_identity,
        limit: Limit::AtMost(14.0),
    },
    Budget {
        member: "everything at 0.1",
        floor: "floor at 0.1",
        what: "of sentry-tower's time at 0.1",
        measured: |all, name| all.part(name, "sentry-tower at 0.1"),
        limit: Limit::AtMost(0.3),
    },
    Budget {
        member: "everything at 1",
        floor: "floor at 1",
        what: "of sentry-tower's time at 1",
        measured: |all, name| all.part(name, "sentry-tower at 1"),
        limit: Limit::AtMost(0.9),
    },
    Budget {
        member: "everything at 0.1, logged",
        floor: "floor at 0.1, logged",
        what: "of the assembled stack's time",
        measured: |all, name| all.part(name, "assembled stack at 0.1, logged"),
        limit: Limit::AtMost(0.25),
    },
    Budget {
        member: "everything at 0.1, logged",
        floor: "floor at 0.1, logged",
        what: "allocations",
        measured: |all, name| all.of(ALLOCATIONS, name),
        limit: Limit::AtMost(60.0),
    },
    Budget {
        member: "everything at 0.1",
        floor: "floor at 0.1",
        what: "of the bare server's requests a second",
        measured: |all, name| all.of(PART, name),
        limit: Limit::AtLeast(0.9),
    },
    Budget {
        member: "everything at 0.1, logged",
        floor: "floor at 0.1, logged",
        what: "of the bare server's requests a second",
        measured: |all, name| all.of(PART, name),
        limit: Limit::AtLeast(0.65),
    },
];

fn main() {
    // On a machine that nothing else keeps busy: the others compile first.
    let mut all = Measured(HashMap::new());
    for bench in ["allocations", "instructions", "loopback"] {
        all.have_from(bench);
    }
    let mut bare = None;
    for members in GROUPS {
        let members = members();
        let times = in_turns(&members);
        let position = members.iter().position(|member| member.name() == BARE);
        bare = bare.or(position.map(|at| times[at] / 1e3));
        for (name, over) in Table::of(TIME, &members, times).overheads() {
            all.add(TIME, name, over);
        }
    }

    println!("| over the bare router | µs | allocations | instructions | requests a second, of bare |");
    println!("|---|---|---|---|---|");
    for name in ROWS {
        let shown = |unit, digits: usize, times: f64| {
            all.of(unit, name).map_or(String::new(), |value| format!("{:.digits$}", value * times))
        };
        let (time, allocations) = (shown(TIME, 2, 1e-3), shown(ALLOCATIONS, 1, 1.0));
        println!("| {name} | {time} | {allocations} | {} | {} |", shown(INSTRUCTIONS, 0, 1.0), shown(PART, 2, 1.0));
    }
    println!("\n| budget | measured | limit | | floor |\n|---|---|---|---|---|");
    for budget in &BUDGETS {
        budget.print(&all);
    }
    println!("\nThe bare router takes {:.2} µs. {}", bare.expect("it is a member"), where_and_when());
}

impl Budget {
    fn print(&self, all: &Measured) {
        let Self { member, floor, what, measured, limit } = self;
        let value = measured(all, member);
        let (words, met) = match *limit {
            Limit::AtMost(most) => (format!("at most {most}"), value.map(|value| value <= most)),
            Limit::AtLeast(least) => (format!("at least {least}"), value.map(|value| value >= least)),
        };
        let shown = |value: Option<f64>| value.map_or("not measured".into(), |value| format!("{value:.2}"));
        let (value, floor) = (shown(value), shown(measured(all, floor)));
        let verdict = met.map_or("", |met| if met { "met" } else { "missed" });
        println!("| {member}: {what} | {value} | {words} | {verdict} | {floor} |");
    }
}

/// What each member takes over the bare app, by unit and name.
struct Measured(HashMap<(String, String), f64>);

impl Measured {
    fn add(&mut self, unit: &str, name: &str, value: f64) {
        self.0.insert((unit.into(), name.into()), value);
    }

    fn of(&self, unit: &str, name: &str) -> Option<f64> {
        self.0.get(&(unit.into(), name.into())).copied()
    }

    fn allocations_over_identity(&self, name: &str) -> Option<f64> {
        Some(self.of(MEDIAN, name)? - self.of(MEDIAN, IDENTITY)?)
    }

    /// What part of the peer's time a member takes.
    fn part(&self, name: &str, peer: &str) -> Option<f64> {
        Some(self.of(TIME, name)? / self.of(TIME, peer)?)
    }

    /// Runs another bench, and takes what it finds. It finds nothing where it lacks a tool.
    fn have_from(&mut self, bench: &str) {
        eprintln!("{bench} …");
        let mut cargo = Command::new(env!("CARGO"));
        let output = cargo.args(["bench", "--quiet", "-p", "benches", "--bench", bench, "--", PLAIN]).output();
        let output = output.expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{bench}: {}", String::from_utf8_lossy(&output.stderr));
        for line in said.lines() {
            match line.split('\t').collect::<Vec<_>>()[..] {
                [unit, name, value] => self.add(unit, name, value.parse().expect("it is a number")),
                _ => eprintln!("{line}"),
            }
        }
    }
}

fn where_and_when() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let lock = include_str!("../Cargo.lock");
    let versions = CRATES.map(|name| {
        let start = format!("name = \"{name}\"\nversion = \"");
        let after = lock.rsplit_once(&start).map_or("", |(_, after)| after);
        format!("{name} {}", after.split('"').next().unwrap_or_default())
    });
    let (date, rustc) = (first_line("date", "+%F"), first_line("rustc", "--version"));
    format!("Measured on {date}, {model}, {cores} cores, {rustc}; {}.", versions.join(", "))
}

fn first_line(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    said.lines().next().unwrap_or("an unknown day").to_owned()
}
