//! A process that sends more than its ingest takes, and then ends: by a drop of its telemetry, or with it leaked. Run by the tests.

use std::{env, mem, process::ExitCode};

use sentry::{Hub, Level};
use tower_telemetry::Telemetry;

/// What no log may tell.
const SECRET: &str = "s3cr3t";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [dsn, ending, events] = &arguments[..] else { return ExitCode::FAILURE };
    let (Ok(builder), Ok(events)) = (Telemetry::builder().dsn(dsn), events.parse()) else { return ExitCode::FAILURE };
    log::set_logger(&ToErr).expect("there is no other");
    log::set_max_level(log::LevelFilter::Trace);
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::TRACE).init();
    let telemetry = builder.build().expect("all is set up well");

    for _ in 0..events {
        sentry::capture_message(SECRET, Level::Error);
    }
    println!("{}", telemetry.render_metrics().expect("it has a recorder"));
    println!("sent");
    match &**ending {
        "drop" => drop(telemetry),
        "leak" => mem::forget(telemetry),
        "flush" => {
            let client = Hub::current().client().expect("there is one");
            println!("flushed {}", client.flush(None));
            println!("{}", telemetry.render_metrics().expect("it has a recorder"));
            drop(telemetry);
        }
        _ => return ExitCode::FAILURE,
    }
    println!("dropped");
    ExitCode::SUCCESS
}

/// What the HTTP client says.
struct ToErr;

impl log::Log for ToErr {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("{} {} {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}
