//! Shows in the terminal what a service would send to Sentry: one readable line for each envelope item.
//!
//! It stands in for the transport of a client, so what it shows is what would have left, and nothing leaves.
//!
//! ```
//! use std::sync::Arc;
//! use sentry_core::{Client, ClientOptions, Hub, Level};
//! use tower_telemetry_console::Console;
//!
//! let options = ClientOptions::new().dsn(tower_telemetry_console::DSN).transport(Console::new());
//! let hub = Hub::new(Some(Arc::new(Client::with_options(options))), Arc::default());
//! hub.capture_message("hello", Level::Info);
//! ```

mod line;
mod sink;

pub use self::sink::{Console, DSN};
