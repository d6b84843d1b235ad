//! An observer that logs its callbacks.

use std::{
    cell::RefCell,
    fmt, iter, mem,
    panic::resume_unwind,
    sync::{Arc, MutexGuard},
    time::Duration,
};

use http::{HeaderMap, request, response};
use tower_telemetry_core::{
    End, Exchange, Failure, FailurePhase, GrpcStatus, Observe, ObserveLayer, Outcome, RequestContext, RequestHead,
};

use crate::watched::Watched;

thread_local! {
    static ENTERED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// The probes whose exchange this thread is in now, outermost first.
pub fn entered() -> Vec<&'static str> {
    ENTERED.with_borrow(Clone::clone)
}

/// Observer that logs every callback. Its clones, and the probes [beside](Self::beside) it, share one log.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    name: &'static str,
    refuses: bool,
    panics_in: Option<Stage>,
    log: Log,
}

/// A probe's state for one exchange.
#[derive(Debug)]
pub struct Probing(Probe);

/// What a probe was called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the callbacks'")]
pub enum Stage {
    Admits,
    Begin,
    Head,
    Data,
    Trailers,
    End,
}

/// One callback.
#[derive(Clone, Debug)]
pub struct Event {
    /// The probe's name.
    pub observer: &'static str,
    /// What it was called for.
    pub stage: Stage,
    /// What it was told: the status, a frame's length, the names of trailers.
    pub detail: String,
    /// The exchanges that the thread was in.
    pub inside: Vec<&'static str>,
}

/// What probes have seen.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Watched<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    events: Vec<Event>,
    contexts: Vec<RequestContext>,
    ends: Vec<Ended>,
    /// What no outcome may be, whatever happened.
    absurdities: Vec<String>,
}

/// The kind of an [`End`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of `End`")]
pub enum Ending {
    Completed,
    Failed,
    Cancelled,
    Panicked,
}

/// An owned summary of an [`Outcome`], without its times: the probe itself sees to it that they are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the outcome's getters")]
pub struct Ended {
    pub end: Ending,
    pub endpoint: String,
    pub status: Option<u16>,
    pub grpc_status: Option<&'static str>,
    pub request_bytes: Option<u64>,
    pub response_bytes: u64,
    pub error_type: Option<String>,
    pub server_failure: bool,
    pub long_lived: bool,
    pub failure: Option<Failed>,
    /// The text of the error that the handler left in the context.
    pub left_error: Option<String>,
}

/// An owned summary of a [`Failure`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the failure's getters")]
pub struct Failed {
    pub phase: FailurePhase,
    pub text: String,
    pub type_name: &'static str,
    /// The error and its sources; empty if the error's type is not known to be one.
    pub chain: Vec<String>,
}

impl Probe {
    /// A probe with a log of its own.
    pub fn new() -> Self {
        Self::named("probe")
    }

    /// A probe with a name, and a log of its own.
    pub fn named(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Another probe that writes to the same log.
    pub fn beside(&self, name: &'static str) -> Self {
        Self { log: self.log.clone(), ..Self::named(name) }
    }

    /// Admits no request.
    pub fn refusing(self) -> Self {
        Self { refuses: true, ..self }
    }

    /// Panics in this callback, after it was logged.
    pub fn panicking_in(self, stage: Stage) -> Self {
        Self { panics_in: Some(stage), ..self }
    }

    /// A layer of this probe.
    pub fn layer(&self) -> ObserveLayer<Self> {
        ObserveLayer::new(self.clone())
    }

    /// What was seen.
    pub fn log(&self) -> &Log {
        &self.log
    }

    fn note(&self, stage: Stage, detail: impl fmt::Display) {
        self.log.write(self.name, stage, &detail);
        if self.panics_in == Some(stage) {
            // Unlike `panic!`, it does not call the process's panic hook.
            resume_unwind(Box::new("the observer panics"));
        }
    }
}

impl Observe for Probe {
    type Exchange = Probing;

    fn admits(&self, head: &RequestHead<'_>) -> bool {
        self.note(Stage::Admits, head.uri);
        !self.refuses
    }

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> Probing {
        self.log.seen().contexts.push(cx.clone());
        self.note(Stage::Begin, &head.uri);
        Probing(self.clone())
    }
}

impl Exchange for Probing {
    fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        struct Leave;
        impl Drop for Leave {
            fn drop(&mut self) {
                ENTERED.with_borrow_mut(Vec::pop);
            }
        }

        ENTERED.with_borrow_mut(|entered| entered.push(self.0.name));
        let _leave = Leave;
        f()
    }

    fn head(&mut self, head: &mut response::Parts) {
        self.0.note(Stage::Head, head.status.as_u16());
    }

    fn data(&mut self, len: usize) {
        self.0.note(Stage::Data, len);
    }

    fn trailers(&mut self, trailers: &HeaderMap) {
        let names: Vec<_> = trailers.keys().map(http::HeaderName::as_str).collect();
        self.0.note(Stage::Trailers, names.join(" "));
    }

    fn end(&mut self, cx: &RequestContext, outcome: &Outcome<'_>) {
        let ended = Ended::of(cx, outcome);
        let detail = format!("{:?}", ended.end);
        {
            let mut seen = self.0.log.seen();
            seen.ends.push(ended);
            seen.absurdities.extend(absurdities(outcome));
        }
        self.0.note(Stage::End, detail);
    }
}

impl Log {
    /// All callbacks so far.
    pub fn events(&self) -> Vec<Event> {
        self.seen().events.clone()
    }

    /// All callbacks so far, as text: `begin inner / in outer`.
    pub fn lines(&self) -> Vec<String> {
        self.events().iter().map(ToString::to_string).collect()
    }

    /// How often any probe was called for this.
    pub fn count(&self, stage: Stage) -> usize {
        self.seen().events.iter().filter(|event| event.stage == stage).count()
    }

    /// The contexts that were given to `begin`.
    pub fn contexts(&self) -> Vec<RequestContext> {
        self.seen().contexts.clone()
    }

    /// The outcomes so far.
    #[track_caller]
    pub fn ends(&self) -> Vec<Ended> {
        let seen = self.seen();
        assert_eq!(seen.absurdities, [""; 0], "outcomes make sense");
        seen.ends.clone()
    }

    /// The outcome of the one exchange: one begin, one end.
    #[track_caller]
    pub fn only_end(&self) -> Ended {
        let mut ends = self.ends();
        let counts = (self.count(Stage::Begin), self.count(Stage::End));
        assert_eq!(counts, (1, 1), "one begin, one end: {:#?}", self.lines());
        ends.remove(0)
    }

    /// Waits until probes were called this often for this, with any number of threads to call them.
    pub async fn wait_for(&self, stage: Stage, times: usize) {
        let done = self.0.wait(Duration::from_secs(10), || self.count(stage) >= times).await;
        assert!(done, "{stage:?} comes {times} times: {:#?}", self.lines());
    }

    /// Forgets all.
    pub fn clear(&self) {
        mem::take(&mut *self.seen());
    }

    fn write(&self, observer: &'static str, stage: Stage, detail: &dyn fmt::Display) {
        let event = Event { observer, stage, detail: detail.to_string(), inside: entered() };
        self.0.update(|seen| seen.events.push(event));
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.get()
    }
}

impl Ended {
    /// The response went out whole.
    pub fn completed(status: u16, response_bytes: u64) -> Self {
        let broken = status >= 500;
        let error_type = broken.then(|| status.to_string());
        Self { error_type, server_failure: broken, ..Self::new(Ending::Completed, Some(status), response_bytes) }
    }

    /// The host dropped it.
    pub fn cancelled(status: Option<u16>, response_bytes: u64) -> Self {
        let error_type = Some("cancelled".into());
        Self { error_type, ..Self::new(Ending::Cancelled, status, response_bytes) }
    }

    /// The service or the body panicked.
    pub fn panicked(status: Option<u16>, response_bytes: u64) -> Self {
        let error_type = Some("panic".into());
        Self { error_type, server_failure: true, ..Self::new(Ending::Panicked, status, response_bytes) }
    }

    /// The service or the body gave an error.
    pub fn failed(status: Option<u16>, response_bytes: u64, failure: Failed) -> Self {
        let error_type = match failure.phase {
            FailurePhase::Service => "service_error",
            _ => "body_error",
        };
        Self {
            error_type: Some(error_type.into()),
            server_failure: true,
            failure: Some(failure),
            ..Self::new(Ending::Failed, status, response_bytes)
        }
    }

    fn new(end: Ending, status: Option<u16>, response_bytes: u64) -> Self {
        Self {
            end,
            endpoint: "unmatched".into(),
            status,
            grpc_status: None,
            request_bytes: None,
            response_bytes,
            error_type: None,
            server_failure: false,
            long_lived: false,
            failure: None,
            left_error: None,
        }
    }

    fn of(cx: &RequestContext, outcome: &Outcome<'_>) -> Self {
        let (end, failure) = match outcome.end() {
            End::Completed => (Ending::Completed, None),
            End::Failed(failure) => (Ending::Failed, Some(Failed::of(&failure))),
            End::Cancelled => (Ending::Cancelled, None),
            End::Panicked => (Ending::Panicked, None),
            other => unreachable!("a new kind of end: {other:?}"),
        };
        Self {
            end,
            endpoint: outcome.endpoint().to_string(),
            status: outcome.status().map(|status| status.as_u16()),
            grpc_status: outcome.grpc_status().map(GrpcStatus::name),
            request_bytes: outcome.request_bytes(),
            response_bytes: outcome.response_bytes(),
            error_type: outcome.error_type().map(Into::into),
            server_failure: outcome.is_server_failure(),
            long_lived: outcome.is_long_lived(),
            failure,
            left_error: cx.error().map(|error| error.get().to_string()),
        }
    }
}

impl Failed {
    fn of(failure: &Failure<'_>) -> Self {
        let sources = iter::successors(failure.error(), |error| error.source());
        Self {
            phase: failure.phase(),
            text: failure.to_string(),
            type_name: failure.type_name(),
            chain: sources.map(ToString::to_string).collect(),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Admits => "admits",
            Stage::Begin => "begin",
            Stage::Head => "head",
            Stage::Data => "data",
            Stage::Trailers => "trailers",
            Stage::End => "end",
        };
        write!(f, "{} {stage} {}", self.observer, self.detail)?;
        if !self.inside.is_empty() {
            write!(f, " in {}", self.inside.join(" in "))?;
        }
        Ok(())
    }
}

// A panic in here would be caught with the observer's own, so what is wrong is kept for the test to find.
fn absurdities(outcome: &Outcome<'_>) -> Vec<String> {
    let (to_head, duration) = (outcome.time_to_head(), outcome.duration());
    let latency = to_head.filter(|_| outcome.is_long_lived()).unwrap_or(duration);
    let claims = [
        ("there is a time to the head if there is a head", to_head.is_some() == outcome.status().is_some()),
        ("the head comes before the end", to_head.is_none_or(|to_head| to_head <= duration)),
        ("latency leaves out a long life", outcome.latency() == latency),
    ];
    claims.into_iter().filter(|(_, holds)| !holds).map(|(claim, _)| format!("{claim}: {outcome:?}")).collect()
}
