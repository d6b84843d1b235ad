use std::{
    any::Any,
    cell::OnceCell,
    error::Error,
    fmt::{self, Display},
    io,
    time::{Duration, Instant},
};

use http::StatusCode;

use crate::{Endpoint, GrpcStatus};

/// What became of an exchange.
#[derive(Debug)]
pub struct Outcome<'a> {
    pub(crate) end: End<'a>,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) status: Option<StatusCode>,
    pub(crate) grpc: bool,
    pub(crate) grpc_status: Option<GrpcStatus>,
    pub(crate) arrival: Instant,
    pub(crate) time_to_head: Option<Duration>,
    pub(crate) duration: OnceCell<Duration>,
    pub(crate) request_bytes: Option<u64>,
    pub(crate) response_bytes: u64,
    pub(crate) request_messages: Option<u64>,
    pub(crate) response_messages: Option<u64>,
    pub(crate) long_lived: bool,
}

/// How an exchange ended. Each one ends in exactly one of these ways.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum End<'a> {
    /// The response went out whole, whatever its status.
    Completed,
    /// The service, or the response body, gave an error instead of going on.
    Failed(Failure<'a>),
    /// The host dropped the exchange: the client went away, or a layer outside gave up on it.
    Cancelled,
    /// The service or the response body panicked. The panic goes on.
    Panicked,
}

/// An error that ended an exchange.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    phase: FailurePhase,
    message: &'a dyn Display,
    error: Option<&'a (dyn Error + 'static)>,
    type_name: &'static str,
}

/// Where a [`Failure`] came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailurePhase {
    /// The service's future gave `Err`.
    Service,
    /// The response body gave `Err`.
    Body,
}

impl Outcome<'_> {
    /// How it ended.
    pub fn end(&self) -> End<'_> {
        self.end
    }

    /// The endpoint: final, and from a closed set.
    pub fn endpoint(&self) -> &Endpoint {
        self.endpoint
    }

    /// The response's status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether it was gRPC, by the response's content type; where there was no response, by the request's and its path.
    pub fn is_grpc(&self) -> bool {
        self.grpc
    }

    /// The gRPC status, from the trailers, else the headers. A gRPC response that ended without one is `UNKNOWN`.
    pub fn grpc_status(&self) -> Option<GrpcStatus> {
        self.grpc_status
    }

    /// Time from the arrival to the response's head, if there was one.
    pub fn time_to_head(&self) -> Option<Duration> {
        self.time_to_head
    }

    /// Time from the arrival to the end. The clock is read when the first observer asks for this.
    pub fn duration(&self) -> Duration {
        *self.duration.get_or_init(|| self.arrival.elapsed())
    }

    /// How long the caller waited for an answer: the whole [`duration`](Self::duration), but only the time to the head
    /// for an exchange that is [long-lived](Self::is_long_lived) by its nature.
    pub fn latency(&self) -> Duration {
        match self.time_to_head() {
            Some(time) if self.long_lived => time,
            _ => self.duration(),
        }
    }

    /// Whether the exchange was an event stream or an upgraded connection.
    pub fn is_long_lived(&self) -> bool {
        self.long_lived
    }

    /// Bytes of the request's body that the service read; see
    /// [`RequestContext::request_bytes`](crate::RequestContext::request_bytes).
    pub fn request_bytes(&self) -> Option<u64> {
        self.request_bytes
    }

    /// Bytes of the response's body that were handed to the host.
    pub fn response_bytes(&self) -> u64 {
        self.response_bytes
    }

    /// gRPC messages that the service has read whole. `None` if no observer [asked](crate::RequestContext::count_messages), or if
    /// the request's body is not [watched](crate::ObserveService).
    pub fn request_messages(&self) -> Option<u64> {
        self.request_messages
    }

    /// gRPC messages that were handed whole to the host. `None` if no observer [asked](crate::RequestContext::count_messages),
    /// if the response is not gRPC's, or if its frames came in too many pieces.
    pub fn response_messages(&self) -> Option<u64> {
        self.response_messages
    }

    /// Whether the service is to blame: a panic, an error, a 5xx, or one of gRPC's server failures.
    pub fn is_server_failure(&self) -> bool {
        match self.end {
            End::Panicked | End::Failed(_) => true,
            End::Completed | End::Cancelled => match (self.grpc_status, self.status) {
                (Some(grpc), _) => grpc.is_server_failure(),
                (None, status) => status.is_some_and(|status| status.is_server_error()),
            },
        }
    }

    /// OpenTelemetry's `error.type`: from a closed set, `None` if the service did its work.
    ///
    /// It is `panic`, `timeout`, `service_error`, `body_error` or `cancelled` by how the exchange ended, else the gRPC
    /// status's name or the HTTP status where that is the server's failure. A gRPC exchange that is dropped when its caller's
    /// time is up is `DEADLINE_EXCEEDED`.
    pub fn error_type(&self) -> Option<&str> {
        match self.end {
            End::Panicked => Some("panic"),
            End::Failed(failure) if failure.is_timeout() => Some("timeout"),
            End::Failed(failure) => Some(match failure.phase {
                FailurePhase::Service => "service_error",
                FailurePhase::Body => "body_error",
            }),
            End::Cancelled => match self.grpc_status {
                Some(grpc) if grpc.is_server_failure() => Some(grpc.name()),
                _ => Some("cancelled"),
            },
            End::Completed if self.is_server_failure() => match self.grpc_status {
                Some(grpc) => Some(grpc.name()),
                None => self.status.as_ref().map(StatusCode::as_str),
            },
            End::Completed => None,
        }
    }
}

impl<'a> Failure<'a> {
    pub(crate) fn new<E: Display + 'static>(phase: FailurePhase, error: &'a E) -> Self {
        Self { phase, message: error, error: as_error(error), type_name: std::any::type_name::<E>() }
    }

    /// Where it came from.
    pub fn phase(&self) -> FailurePhase {
        self.phase
    }

    /// The error itself, with its sources, where its type is known to be one: a boxed error, as tower's layers make.
    pub fn error(&self) -> Option<&'a (dyn Error + 'static)> {
        self.error
    }

    /// Whether a layer further in had waited for long enough: an [`ErrorKind::TimedOut`](std::io::ErrorKind), or what tower's
    /// or tokio's time-outs say, as the error or as one of its sources. Those are known by their words: neither crate is a
    /// dependency.
    pub fn is_timeout(&self) -> bool {
        const WORDS: [&str; 2] = ["request timed out", "deadline has elapsed"];

        let Some(error) = self.error else { return WORDS.contains(&&*self.message.to_string()) };
        let timed_out = |error: &(dyn Error + 'static)| {
            let io = error.downcast_ref::<io::Error>();
            io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) || WORDS.contains(&&*error.to_string())
        };
        let mut next = Some(error);
        while let Some(error) = next {
            if timed_out(error) {
                return true;
            }
            next = error.source();
        }
        false
    }

    /// The name of the error's type.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }
}

// `Service::Error` need not be an `Error`, but the boxes that carry most errors through tower are known.
fn as_error<E: 'static>(error: &E) -> Option<&(dyn Error + 'static)> {
    let any: &dyn Any = error;
    if let Some(boxed) = any.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return Some(&**boxed);
    }
    if let Some(boxed) = any.downcast_ref::<Box<dyn Error + Send>>() {
        return Some(&**boxed);
    }
    if let Some(boxed) = any.downcast_ref::<Box<dyn Error>>() {
        return Some(&**boxed);
    }
    if let Some(error) = any.downcast_ref::<std::io::Error>() {
        return Some(error);
    }
    #[cfg(feature = "axum")]
    if let Some(error) = any.downcast_ref::<axum::Error>() {
        return Some(error);
    }
    #[cfg(feature = "tonic")]
    if let Some(error) = any.downcast_ref::<tonic::Status>() {
        return Some(error);
    }
    None
}

impl Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl fmt::Debug for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({:?}: {self})", self.phase)
    }
}
