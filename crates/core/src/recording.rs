use std::{
    cell::OnceCell,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use bytes::Buf;
use http::{
    HeaderMap, Method, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
    request, response,
};
use http_body::Body;

use crate::{
    End, Endpoint, Exchange, GrpcStatus, Outcome, RequestContext, ResponseError, grpc,
    messages::Messages,
    naming::{Answer, Naming},
};

/// One exchange under way: it moves from the future into the body, and tells its observer of the end, whichever way that
/// comes. Its drop is the last of these ways.
///
/// It is kept in a box, since it is large, moves often, and is not there for requests that are left alone.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Recording<E: Exchange> {
    exchange: E,
    cx: RequestContext,
    /// `None` if the endpoint's name is final already.
    naming: Option<Arc<Naming>>,
    method: Brief,
    status: Option<StatusCode>,
    grpc: bool,
    /// How long a gRPC caller waits.
    grpc_timeout: Option<Duration>,
    grpc_status: Option<GrpcStatus>,
    time_to_head: Option<Duration>,
    response_bytes: u64,
    response_messages: Option<Box<Messages>>,
    /// The length that the head declares: a host asks for no frame beyond it.
    declared_bytes: Option<u64>,
    long_lived: bool,
    captures: bool,
    body: BodyState,
    /// Set while inner code runs, so that it stays set if that unwinds.
    entered: bool,
    ended: bool,
}

/// What a request's method says about its response's body.
#[derive(PartialEq, Eq)]
enum Brief {
    Head,
    Connect,
    Other,
}

#[derive(PartialEq, Eq)]
enum BodyState {
    /// More is to come: a drop is a loss.
    Open,
    /// The head was all there is.
    Absent,
    /// Everything has passed, though its end was not asked for.
    Whole,
}

impl<E: Exchange> Recording<E> {
    pub(crate) fn new(exchange: E, cx: RequestContext, head: &request::Parts, naming: &Arc<Naming>) -> Self {
        let grpc_timeout =
            cx.endpoint().filter(|endpoint| endpoint.is_grpc()).and_then(|_| grpc::timeout(&head.headers));
        Self {
            exchange,
            naming: (!Naming::is_settled(&cx)).then(|| naming.clone()),
            cx,
            method: match head.method {
                Method::HEAD => Brief::Head,
                Method::CONNECT => Brief::Connect,
                _ => Brief::Other,
            },
            status: None,
            grpc: false,
            grpc_timeout,
            grpc_status: None,
            time_to_head: None,
            response_bytes: 0,
            response_messages: None,
            declared_bytes: None,
            long_lived: false,
            captures: false,
            body: BodyState::Open,
            entered: false,
            ended: false,
        }
    }

    /// Runs inner code inside the exchange.
    pub(crate) fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.watch(|exchange| exchange.enter(f))
    }

    /// Runs inner code that is too short to be worth entering for, such as a question to the body.
    pub(crate) fn watch<R>(&mut self, f: impl FnOnce(&mut E) -> R) -> R {
        let before = mem::replace(&mut self.entered, true);
        let result = f(&mut self.exchange);
        self.entered = before;
        result
    }

    pub(crate) fn head<B: Body>(&mut self, head: &mut response::Parts, body: &B) {
        self.time_to_head = Some(self.cx.arrival().elapsed());
        self.status = Some(head.status);
        if let Some(content_type) = head.headers.get(CONTENT_TYPE) {
            self.grpc = grpc::is_grpc(content_type);
            self.long_lived = content_type.as_bytes().starts_with(b"text/event-stream");
        }
        if self.grpc {
            self.grpc_status = GrpcStatus::from_headers(&head.headers);
            self.response_messages = self.cx.counts_messages().then(Box::default);
        }
        let upgraded = head.status == StatusCode::SWITCHING_PROTOCOLS
            || (self.method == Brief::Connect && head.status.is_success());
        self.long_lived |= upgraded;
        let bodiless = upgraded
            || self.method == Brief::Head
            || matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if bodiless || self.watch(|_| body.is_end_stream()) {
            self.body = BodyState::Absent;
        } else if !self.grpc {
            // gRPC's status comes after all the bytes.
            let known_bytes = self.watch(|_| body.size_hint().exact());
            self.declared_bytes = known_bytes.or_else(|| declared_length(&head.headers));
            self.settle(self.declared_bytes == Some(0));
        }
        if self.body == BodyState::Open {
            self.captures = self.cx.bodies().begin_response(&head.headers, self.declared_bytes);
        }
        if let Some(error) = head.extensions.get::<ResponseError>() {
            self.cx.share_error(error.clone());
        } else if self.grpc_status.is_some_and(GrpcStatus::is_server_failure)
            && let Some(error) = grpc::error(&head.extensions)
        {
            self.cx.share_error(error);
        }
        quietly(|| self.exchange.head(head));
    }

    pub(crate) fn data(&mut self, data: &impl Buf) {
        let len = data.remaining();
        self.response_bytes += len as u64;
        if self.captures
            && let Some(capturing) = self.cx.bodies().response()
        {
            capturing.data(data);
        }
        if let Some(messages) = &mut self.response_messages {
            quietly(|| messages.pass(data));
        }
        quietly(|| self.exchange.data(len));
        self.settle(self.declared_bytes == Some(self.response_bytes));
    }

    /// Notes that all has passed: from here on, a drop is no loss.
    fn settle(&mut self, whole: bool) {
        if whole && self.body == BodyState::Open {
            self.body = BodyState::Whole;
        }
    }

    pub(crate) fn trailers(&mut self, trailers: &HeaderMap) {
        if self.grpc
            && let Some(status) = GrpcStatus::from_headers(trailers)
        {
            self.grpc_status = Some(status);
        }
        quietly(|| self.exchange.trailers(trailers));
    }

    /// Tells of the end. It is called once, and else by the drop.
    pub(crate) fn end(&mut self, end: End<'_>) {
        self.ended = true;
        if self.captures
            && matches!(end, End::Completed)
            && let Some(capturing) = self.cx.bodies().response()
        {
            capturing.end();
        }
        let duration = match (&self.body, self.time_to_head) {
            (BodyState::Absent, Some(time)) => time.into(),
            _ => OnceCell::new(),
        };
        self.grpc_status = self.grpc_status.or_else(|| self.unsaid_grpc_status(end));
        let outcome = Outcome {
            end,
            endpoint: match &self.naming {
                Some(naming) => naming.settle(&self.cx, self.answer()),
                None => self.cx.route().unwrap_or(Endpoint::UNMATCHED),
            },
            status: self.status,
            grpc: self.is_grpc(),
            grpc_status: self.grpc_status,
            arrival: self.cx.arrival(),
            time_to_head: self.time_to_head,
            duration,
            request_bytes: self.cx.request_bytes(),
            response_bytes: self.response_bytes,
            request_messages: self.cx.request_messages(),
            response_messages: self.response_messages.as_ref().and_then(|messages| messages.whole()),
            long_lived: self.long_lived,
        };
        quietly(|| self.exchange.end(&self.cx, &outcome));
    }
}

impl<E: Exchange> Recording<E> {
    fn answer(&self) -> Answer {
        match self.grpc_status {
            _ if !self.grpc => Answer::Other,
            Some(GrpcStatus::UNIMPLEMENTED) => Answer::Unimplemented,
            Some(_) => Answer::Grpc,
            // A caller that leaves a stream never sees its status, but a message is an answer too.
            None if self.response_bytes > 0 => Answer::Grpc,
            None => Answer::Other,
        }
    }

    /// Whether this is gRPC, by what the service answered, else by what its caller asked.
    fn is_grpc(&self) -> bool {
        self.grpc || (self.status.is_none() && self.cx.rpc().is_some())
    }

    /// The gRPC status of an exchange that ended without one.
    fn unsaid_grpc_status(&self, end: End<'_>) -> Option<GrpcStatus> {
        match (end, self.status) {
            (End::Completed, Some(status)) if self.grpc => Some(GrpcStatus::from_http(status)),
            (End::Cancelled, _) if self.is_out_of_time() => Some(GrpcStatus::DEADLINE_EXCEEDED),
            _ => None,
        }
    }

    // tonic's own time-out stands outside all layers: it drops the exchange when the caller's time is up. A caller whose time
    // is up hangs up, and its time began before the request got here: whoever goes in the last eighth of it goes because of it.
    fn is_out_of_time(&self) -> bool {
        self.grpc_timeout.is_some_and(|timeout| self.cx.arrival().elapsed() >= timeout / 8 * 7)
    }
}

impl<E: Exchange> Drop for Recording<E> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        self.end(if self.entered {
            End::Panicked
        } else if self.body == BodyState::Open {
            End::Cancelled
        } else {
            End::Completed
        });
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Runs an observer's code: a panic of its own must not become the request's.
pub(crate) fn quietly<R>(f: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}
