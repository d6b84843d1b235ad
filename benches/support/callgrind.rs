use std::{env, fs, hint::black_box, path::PathBuf, process, process::Stdio};

use axum::Router;
use tokio::runtime::Runtime;

use crate::{
    Member, Request, exchange, runtime,
    tool::{again, available},
    upkeep,
};

/// Requests for which caches and buffers fill up, and more where there are more different ones.
const WARM_UP: usize = 500;

/// So many that a tenth of them is sampled, to the last few.
const COUNTED: usize = 4_000;

/// The role of the process that runs in Valgrind.
const COUNT: &str = "--count";

/// The function in which instructions are counted, as callgrind names it.
const FUNCTION: &str = "benches::callgrind::counted";

/// The instructions of a request of each member that this bench [counts](count), in the same order, or `None` without Valgrind.
///
/// They are the same in each run to one in a thousand, those of the peers to one in fifty. What differs hangs on the seeds of hash
/// maps, on the peers' random ids, and on the digits of durations.
pub fn instructions() -> Option<impl Iterator<Item = f64>> {
    if !available("valgrind") {
        println!("instructions are not counted: valgrind is not installed (apt-get install valgrind)");
        return None;
    }
    let to = env::temp_dir().join(format!("callgrind.{}", process::id()));
    let to = to.display();
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
    // What it writes when it ends.
    fs::remove_file(to.to_string()).expect("callgrind has written it");
    let parts = (1..).map(|part| PathBuf::from(format!("{to}.{part}"))).take_while(|part| part.exists());
    let counts: Vec<_> = parts.map(of_a_request).collect();
    assert!(!counts.is_empty(), "callgrind does not know {FUNCTION}");
    Some(counts.into_iter())
}

/// Whether this process is the one that is to [count](count), and nothing else.
pub fn counting() -> bool {
    env::args().any(|argument| argument == COUNT)
}

/// Has requests to a member counted.
pub fn count(member: &Member) {
    let runtime = runtime();
    // Of ids, and so of what is sampled.
    fastrand::seed(7);
    let requests = |number| (0..number).map(|_| (member.app(), member.request())).collect();
    let (warm_up, batch) = (requests(WARM_UP.max(member.different_requests())), requests(COUNTED));
    member.run(|| {
        run(&runtime, warm_up);
        counted(&runtime, batch);
    });
    upkeep();
}

#[inline(never)]
fn counted(runtime: &Runtime, batch: Vec<(Router, Request)>) {
    run(runtime, batch);
}

// No closure may be in `counted`: callgrind would take it for that.
#[inline(never)]
fn run(runtime: &Runtime, batch: Vec<(Router, Request)>) {
    runtime.block_on(async {
        for (app, request) in batch {
            black_box(exchange(app, request).await);
        }
    });
}

fn of_a_request(part: PathBuf) -> f64 {
    let written = fs::read_to_string(&part).expect("it is there");
    fs::remove_file(part).expect("it is ours");
    let total = written.lines().find_map(|line| line.strip_prefix("totals: ")).expect("each has its total");
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    let requests = COUNTED as f64;
    total.parse::<f64>().expect("it is a number") / requests
}
