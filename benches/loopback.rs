//! Requests a second of a server that people would run: axum's, on one core and one thread, with wrk on another core.
//!
//! The servers take turns, in several rounds: the median of each, the best, and what part of the bare router's median it is.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write, stdin, stdout},
    process::{self, Child, Command, Stdio},
    thread,
    time::Duration,
};

use axum::{Extension, Router};
use benches::{Account, BARE, HEADERS, Member, PLAIN, again, available, served, upkeep};
use tokio::{net::TcpListener, runtime};

const ROUNDS: usize = 9;

/// Of one server in one round, after as long that does not count.
const DURATION: &str = "1";

const CONNECTIONS: &str = "32";

const UPKEEP: Duration = Duration::from_secs(5);

const SERVE: &str = "--serve";

/// Cores: of the server, and of wrk.
const CORES: [&str; 2] = ["0", "1"];

fn main() {
    let mut arguments = env::args();
    if arguments.any(|argument| argument == SERVE) {
        let name = arguments.next().expect("the name of a member follows");
        let member = served().into_iter().find(|member| member.name() == name).expect("a member has this name");
        member.run(|| serve(&member));
        return;
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    match ["wrk", "taskset"].into_iter().find(|program| !available(program)) {
        Some(program) => println!("no server is measured: {program} is not installed (apt-get install wrk util-linux)"),
        None if cores < CORES.len() => println!("no server is measured: this machine has one core"),
        None => report(),
    }
}

fn report() {
    let mut members: Vec<_> = served().iter().map(|member| (Server::start(member.name()), Vec::new())).collect();
    for _ in 0..ROUNDS {
        for (server, rates) in &mut members {
            server.load();
            rates.push(server.load());
        }
    }
    let plain = env::args().any(|argument| argument == PLAIN);
    let mut bare = None;
    if !plain {
        println!("{:34} {:>12} {:>12} {:>14}", "requests a second", "median", "best", "part of bare");
    }
    for (server, rates) in &mut members {
        rates.sort_unstable_by(f64::total_cmp);
        let (median, best) = (rates[rates.len() / 2], rates[rates.len() - 1]);
        if server.name == BARE {
            bare = Some(median);
        }
        let part = median / bare.expect("the bare one comes first");
        if plain {
            println!("part of bare\t{}\t{part}", server.name);
        } else {
            println!("{:34} {median:>12.0} {best:>12.0} {part:>14.2}", server.name);
        }
    }
}

/// A member's server, in a process of its own.
struct Server {
    name: String,
    process: Child,
    url: String,
}

impl Server {
    fn start(name: &str) -> Self {
        let mut server = again(&["taskset", "--cpu-list", CORES[0]], SERVE);
        let server = server.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = server.spawn().expect("taskset is installed");
        let mut url = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("it is piped"));
        output.read_line(&mut url).expect("the server says where it is");
        Self { name: name.into(), process, url: url.trim().into() }
    }

    /// Requests a second, as wrk counts them.
    fn load(&self) -> f64 {
        let mut wrk = Command::new("taskset");
        wrk.args([
            "--cpu-list",
            CORES[1],
            "wrk",
            "--threads",
            "1",
            "--connections",
            CONNECTIONS,
            "--duration",
            DURATION,
        ]);
        // The host's is wrk's own.
        for (name, value) in &HEADERS[1..] {
            wrk.arg("--header").arg(format!("{name}: {value}"));
        }
        let output = wrk.arg(&self.url).output().expect("taskset is installed");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && !said.contains("Non-2xx"), "{}: {said}", self.name);
        let rate = said.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
        rate.and_then(|rate| rate.trim().parse().ok()).expect("wrk says how many requests it made a second")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Serves until the input ends, and says where.
fn serve(member: &Member) {
    let runtime = runtime::Builder::new_current_thread().enable_io().build().expect("there is a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        println!("http://{address}{}", member.request().uri());
        stdout().flush().expect("somebody reads it");
        thread::spawn(|| {
            let _ = stdin().read_to_end(&mut Vec::new());
            process::exit(0);
        });
        // As the recorder's owner does it.
        thread::spawn(|| {
            loop {
                thread::sleep(UPKEEP);
                upkeep();
            }
        });
        let app: Router = member.app().layer(Extension(Account::ada()));
        axum::serve(listener, app).await.expect("it goes on");
    });
}
