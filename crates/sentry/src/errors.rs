use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::percent_decode;
use sentry::{
    integrations::backtrace::parse_stacktrace,
    protocol::{Event, Exception, Level, Mechanism},
};
use tower_telemetry_core::{Endpoint, Failure, GrpcStatus, ResponseError};

use crate::panic::PANIC;

/// What an answer is, that is to be reported.
pub(crate) struct Answer<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) status: Option<StatusCode>,
    pub(crate) grpc: Option<GrpcStatus>,
    pub(crate) grpc_message: Option<&'a HeaderValue>,
}

/// gRPC's words for people, beside its status.
pub(crate) fn grpc_message(headers: &HeaderMap) -> Option<HeaderValue> {
    static GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

    headers.get(&GRPC_MESSAGE).cloned()
}

impl Answer<'_> {
    /// The event for the error behind an answer, or for the answer itself where none is known.
    pub(crate) fn event(&self, error: Option<&ResponseError>) -> Event<'static> {
        let level = if self.is_servers_fault() { Level::Error } else { Level::Warning };
        let mut event = match error {
            Some(error) => of_error(error),
            None => self.of_answer(),
        };
        event.level = level;
        event
    }

    fn of_answer(&self) -> Event<'static> {
        let (status, message) = match (self.grpc, self.status) {
            (Some(grpc), _) => match self.grpc_message.and_then(decoded) {
                Some(message) => (grpc.to_string(), format!("{grpc}: {message}")),
                None => (grpc.to_string(), grpc.to_string()),
            },
            (None, Some(status)) => (status.as_str().to_owned(), status.to_string()),
            (None, None) => (String::new(), "no answer".to_owned()),
        };
        // One defect is one issue, whatever the answer's words.
        let fingerprint = vec![self.endpoint.to_string().into(), status.into()];
        Event { message: Some(message), fingerprint: fingerprint.into(), ..Event::default() }
    }

    fn is_servers_fault(&self) -> bool {
        match self.grpc {
            Some(grpc) => grpc.is_server_failure(),
            None => self.status.is_none_or(|status| status.is_server_error()),
        }
    }
}

fn of_error(error: &ResponseError) -> Event<'static> {
    let mut event = sentry::event_from_error(error.get());
    if let Some(met) = event.exception.last_mut()
        && let Some(backtrace) = error.backtrace()
    {
        met.stacktrace = parse_stacktrace(&backtrace);
    }
    mark(&mut event);
    event
}

/// The event for an error of the service, or of the response's body.
pub(crate) fn of_failure(failure: &Failure<'_>) -> Event<'static> {
    let mut event = match failure.error() {
        Some(error) => sentry::event_from_error(error),
        None => of_text(failure.type_name(), failure.to_string()),
    };
    mark(&mut event);
    event
}

/// The event for a panic that no hook has reported.
pub(crate) fn of_panic() -> Event<'static> {
    let mut event = of_text(PANIC, "the handler panicked".to_owned());
    if let Some(met) = event.exception.last_mut() {
        met.mechanism = Some(Mechanism { ty: PANIC.into(), handled: Some(false), ..Mechanism::default() });
    }
    event.level = Level::Fatal;
    event
}

fn of_text(ty: &str, value: String) -> Event<'static> {
    let exception = Exception { ty: ty.to_owned(), value: Some(value), ..Exception::default() };
    Event { exception: vec![exception].into(), level: Level::Error, ..Event::default() }
}

// The last exception is the outermost, the one that was met.
fn mark(event: &mut Event<'_>) {
    if let Some(met) = event.exception.last_mut() {
        met.mechanism = Some(Mechanism { ty: "tower_telemetry".into(), handled: Some(true), ..Mechanism::default() });
    }
}

/// Source: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>, on Percent-Encoded.
fn decoded(message: &HeaderValue) -> Option<String> {
    /// In bytes.
    const LONGEST: usize = 4096;
    let bytes = &message.as_bytes()[..message.len().min(LONGEST)];
    Some(percent_decode(bytes).decode_utf8_lossy().into_owned()).filter(|message| !message.is_empty())
}
