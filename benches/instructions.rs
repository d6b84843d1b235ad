//! How many instructions a request takes, from its arrival to the last frame of its response: the same in each run to one in a
//! thousand. What differs hangs on the seeds of hash maps, on random ids of the peers, and on the digits of durations.
//!
//! Valgrind's callgrind counts them; without it nothing is measured. The processor does not matter, though what the compiler made
//! of the code for it does.

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Stdio,
};

use axum::Router;
use benches::{GROUPS, Request, Table, again, available, exchange, runtime, upkeep};
use tokio::runtime::Runtime;

/// Requests for which caches and buffers fill up.
const WARM_UP: usize = 500;

/// So many that a tenth of them is sampled, to the last few.
const COUNTED: usize = 4_000;

const COUNT: &str = "--count";

/// The function in which instructions are counted, as callgrind names it.
const FUNCTION: &str = "instructions::counted";

fn main() {
    if env::args().any(|argument| argument == COUNT) {
        count();
    } else if available("valgrind") {
        report();
    } else {
        println!("instructions are not counted: valgrind is not installed (apt-get install valgrind)");
    }
}

fn report() {
    let to = concat!(env!("CARGO_TARGET_TMPDIR"), "/callgrind");
    let file = |part: usize| PathBuf::from(format!("{to}.{part}"));
    let valgrind = [
        "valgrind",
        "--tool=callgrind",
        "--quiet",
        "--collect-atstart=no",
        &format!("--toggle-collect={FUNCTION}"),
        &format!("--dump-after={FUNCTION}"),
        &format!("--callgrind-out-file={to}"),
    ];
    let counted = again(&valgrind, COUNT).stdout(Stdio::null()).status().expect("valgrind is installed");
    assert!(counted.success(), "valgrind: {counted}");

    let mut part = 0;
    for members in GROUPS {
        let members = members();
        let counts = members.iter().map(|_| {
            part += 1;
            let count = instructions(&file(part));
            fs::remove_file(file(part)).expect("it has been read");
            count
        });
        let counts = counts.collect();
        Table::of("instructions", &members, counts).print();
    }
}

/// Of a request, by what callgrind wrote down when they had been counted.
fn instructions(part: &Path) -> f64 {
    let part = fs::read_to_string(part).expect("callgrind writes a file each time that it has counted");
    let total = part.lines().find_map(|line| line.strip_prefix("totals: ")).expect("each file has its total");
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    let requests = COUNTED as f64;
    total.parse::<f64>().expect("it is a number") / requests
}

/// What runs in valgrind.
fn count() {
    let runtime = runtime();
    for members in GROUPS {
        for member in members() {
            // Of ids, and so of what is sampled.
            fastrand::seed(7);
            let requests = |number| -> Vec<_> { (0..number).map(|_| (member.app(), member.request())).collect() };
            let (warm_up, batch) = (requests(WARM_UP), requests(COUNTED));
            member.run(|| {
                run(&runtime, warm_up);
                counted(&runtime, batch);
            });
            upkeep();
        }
    }
}

#[inline(never)]
fn counted(runtime: &Runtime, batch: Vec<(Router, Request)>) {
    run(runtime, batch);
}

#[inline(never)]
fn run(runtime: &Runtime, batch: Vec<(Router, Request)>) {
    runtime.block_on(async {
        for (app, request) in batch {
            black_box(exchange(app, request).await);
        }
    });
}
