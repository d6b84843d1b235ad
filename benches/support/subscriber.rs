use std::io;

use tracing::Dispatch;
use tracing_subscriber::{filter::LevelFilter, fmt, prelude::*};

/// What people install for their logs and Sentry. Its lines go nowhere: writing them is not what is compared.
pub(crate) fn subscriber() -> Dispatch {
    #[expect(deprecated, reason = "it is what people have, and cheaper than the layers that are to take its place")]
    let sentry = sentry_tracing::layer();
    let lines = fmt::layer().with_ansi(false).with_writer(io::sink);
    tracing_subscriber::registry().with(LevelFilter::INFO).with(lines).with(sentry).into()
}
