use std::sync::Arc;

use sentry::{Client, ClientOptions, Envelope, Hub, Transport, TransportFactory, TransportOptions};

/// What a service's Sentry client does with its requests.
#[derive(Clone, Copy)]
pub(crate) enum Dsn {
    None,
    /// Set, with this share of transactions.
    Rate(f32),
}

impl Dsn {
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Rate(0.0), Self::Rate(0.1), Self::Rate(1.0)];

    /// `Sentry, no DSN`, `Sentry at 0.1`.
    pub(crate) fn name(self, monitor: &str) -> String {
        match self {
            Self::None => format!("{monitor}, no DSN"),
            Self::Rate(rate) => format!("{monitor} at {rate}"),
        }
    }

    pub(crate) fn rate(self) -> f32 {
        match self {
            Self::None => 0.0,
            Self::Rate(rate) => rate,
        }
    }

    /// A hub of its own, with the client that `client` makes if there is a DSN: no member sees another's.
    pub(crate) fn hub(self, client: impl FnOnce(ClientOptions) -> Arc<Client>) -> Arc<Hub> {
        let client = match self {
            Self::None => None,
            Self::Rate(rate) => Some(client(
                ClientOptions::new().dsn(DSN).release("bench@1.0.0").traces_sample_rate(rate).transport(Discard),
            )),
        };
        Arc::new(Hub::new(client, Arc::default()))
    }
}

/// It leads nowhere: see [`Discard`].
pub(crate) const DSN: &str = "https://key@sentry.example/1";

/// Sending is not what is compared: it happens on another thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Discard;

impl TransportFactory for Discard {
    fn create_transport_with_options(&self, _: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(Self)
    }
}

impl Transport for Discard {
    fn send_envelope(&self, _: Envelope) {}
}
