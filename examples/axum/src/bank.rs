//! A stand-in for another service, and the requests to it.

use std::{error::Error, fmt, io};

use axum::http::Response;
use tower_telemetry::metrics::instrument::{HttpClient, Instrument};

static BANK: Instrument<HttpClient> = Instrument::new();

#[derive(Debug)]
pub(crate) struct PaymentError {
    message: Option<String>,
    source: io::Error,
}

pub(crate) async fn charge() -> Result<(), PaymentError> {
    request(Ok(Response::default()), None).await
}

/// As on a day on which the bank does not answer.
pub(crate) async fn charge_in_vain(message: Option<String>) -> Result<(), PaymentError> {
    let mut why = "the bank does not answer".to_owned();
    if let Some(message) = &message {
        tracing::info!(order.note = message, "asking the bank: {message}");
        why = format!("{why} to {message}");
    }
    request(Err(io::Error::new(io::ErrorKind::ConnectionRefused, why)), message).await
}

async fn request(reply: io::Result<Response<()>>, message: Option<String>) -> Result<(), PaymentError> {
    let labels = HttpClient::new("POST", "bank.example").template("/payments");
    // What an HTTP client sends stands here: its response's status becomes a label.
    match BANK.send(labels, async { reply }).await {
        Ok(_) => Ok(()),
        Err(source) => Err(PaymentError { message, source }),
    }
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "the payment failed: {message}"),
            None => f.write_str("the payment failed"),
        }
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
