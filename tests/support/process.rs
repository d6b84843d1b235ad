//! The workspace's examples, as the processes that a user would run.

use std::{
    collections::HashMap,
    env,
    ffi::OsString,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::task;

use crate::watched::Watched;

/// How long a process may take to say where it listens.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long a process may take to end after it was asked to.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// All that a process inherits: nothing in it changes what telemetry does.
const INHERITED: [&str; 6] =
    ["DYLD_FALLBACK_LIBRARY_PATH", "HOME", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "PATH", "TMPDIR"];

/// A running example, killed when dropped.
#[derive(Debug)]
pub struct Example {
    package: &'static str,
    child: Child,
    address: SocketAddr,
    output: Arc<Watched<Printed>>,
}

impl Example {
    /// Builds the package unless this process did so before, and starts it on a free port of loopback, with these
    /// variables and no others of its own. Returns when it listens.
    ///
    /// # Panics
    ///
    /// With the output, when the package does not build, or the process does not say `listening on http://…` in time.
    pub async fn start(package: &'static str, env: &[(&str, &str)]) -> Self {
        let mut child =
            command(package, env).await.spawn().unwrap_or_else(|error| panic!("{package} does not start: {error}"));

        let output = Arc::new(Watched::default());
        read(child.stdout.take().expect("it is piped"), &output);
        read(child.stderr.take().expect("it is piped"), &output);
        let mut process = Self { package, child, address: SocketAddr::from(([0, 0, 0, 0], 0)), output };
        let line = process.wait_for_line(|line| listening(line).is_some(), START_LIMIT).await;
        process.address = listening(&line).expect("the line that was waited for");
        process
    }

    /// Runs an example that is not to start, as [`start`](Self::start) does, to its end. Returns how it ended, and all it
    /// printed.
    ///
    /// # Panics
    ///
    /// When the package does not build.
    pub async fn refuse(package: &'static str, env: &[(&str, &str)]) -> (ExitStatus, String) {
        let mut command = command(package, env).await;
        let run = task::spawn_blocking(move || command.output()).await.expect("it did not panic");
        let Output { status, stdout, stderr } = run.unwrap_or_else(|error| panic!("{package} does not start: {error}"));
        (status, String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it has printed so far: the lines of standard output and standard error, each in its order.
    pub fn output(&self) -> Vec<String> {
        self.output.get().lines.clone()
    }

    /// The first line that will do, from those printed and those to come. The limit is on tokio's clock: do not pause it.
    ///
    /// # Panics
    ///
    /// With the output, when the time is up or the process has ended.
    pub async fn wait_for_line(&self, mut wanted: impl FnMut(&str) -> bool, limit: Duration) -> String {
        let mut seen = 0;
        let mut found = None;
        let over = self.output.wait(limit, || {
            let (new, ended) = {
                let output = self.output.get();
                (output.lines[seen..].to_vec(), output.ended())
            };
            seen += new.len();
            found = new.into_iter().find(|line| wanted(line));
            found.is_some() || ended
        });
        let over = over.await;
        found.unwrap_or_else(|| {
            let how = if over { "has ended without printing" } else { "has not printed, in time," };
            panic!("{} {how} the wanted line; its output:\n{}", self.package, self.output().join("\n"))
        })
    }

    /// Asks it to end, with SIGTERM, and waits until it has. Its output stays readable.
    ///
    /// # Panics
    ///
    /// With the output, when it goes on regardless.
    pub async fn terminate(&mut self) -> ExitStatus {
        let ended = || self.output.get().ended();
        if !ended() {
            let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
            assert!(kill.as_ref().is_ok_and(ExitStatus::success), "kill does not work: {kill:?}");
        }
        // A process holds its standard output to its end.
        let ended = self.output.wait(STOP_LIMIT, ended).await;
        if !ended {
            let output = self.output().join("\n");
            panic!("{} has not ended {STOP_LIMIT:?} after SIGTERM; its output:\n{output}", self.package);
        }
        self.child.wait().expect("a child can be waited for")
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Either fails only for a child that has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn command(package: &'static str, env: &[(&str, &str)]) -> Command {
    let executable = task::spawn_blocking(move || build(package)).await.expect("a build that did not panic");
    let mut command = Command::new(executable);
    command.env_clear().envs(INHERITED.into_iter().filter_map(|name| Some((name, env::var_os(name)?))));
    command.env("HOST", "127.0.0.1").env("PORT", "0").envs(env.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[derive(Debug, Default)]
struct Printed {
    lines: Vec<String>,
    /// How many of the two streams have ended.
    closed: usize,
}

impl Printed {
    fn ended(&self) -> bool {
        self.closed == 2
    }
}

fn read(pipe: impl Read + Send + 'static, output: &Arc<Watched<Printed>>) {
    let output = Arc::clone(output);
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while matches!(pipe.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
            output.update(|output| output.lines.push(text));
            line.clear();
        }
        output.update(|output| output.closed += 1);
    });
}

fn listening(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("listening on http://")?;
    rest.split([' ', '/']).next()?.parse().ok()
}

/// The executable of a package of this workspace, built once in this process.
fn build(package: &'static str) -> PathBuf {
    type Built = HashMap<&'static str, Arc<OnceLock<PathBuf>>>;
    static BUILT: OnceLock<Mutex<Built>> = OnceLock::new();
    let mut built = BUILT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let cell = Arc::clone(built.entry(package).or_default());
    drop(built);
    cell.get_or_init(|| run_cargo_build(package)).clone()
}

fn run_cargo_build(package: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace");
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(workspace).args(["build", "--message-format=json-render-diagnostics", "-p", package]);
    // What cargo says of the test's own package would have build scripts that look at it run again.
    for (name, _) in env::vars_os().filter(|(name, _)| of_a_package(name)) {
        command.env_remove(name);
    }
    let output = command.stdin(Stdio::null()).output().expect("the cargo that built this test runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{package} does not build:\n{errors}");
    let executable = output.stdout.split(|&byte| byte == b'\n').find_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let own = message["target"]["name"] == package && message["target"]["kind"][0] == "bin";
        own.then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    executable.unwrap_or_else(|| panic!("{package} has no executable of its name:\n{errors}"))
}

fn of_a_package(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "CARGO_TARGET_TMPDIR"].contains(&&*name)
}
