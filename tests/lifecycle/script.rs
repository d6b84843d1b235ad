//! A service and a body that do as a case says, and note where they are run.

use std::{
    collections::VecDeque,
    panic::resume_unwind,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    thread,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use tests::probe::entered;
use tower::{BoxError, Service};

use super::fixtures::{Torn, headers};

/// Where inner code ran, and the probes that the thread was in there.
#[derive(Clone, Default)]
pub(crate) struct Sites(Arc<Mutex<Vec<Site>>>);

type Site = (&'static str, Vec<&'static str>);

impl Sites {
    pub(crate) fn all(&self) -> Vec<Site> {
        self.0.lock().expect("nobody panics in a lock").clone()
    }

    fn note(&self, place: &'static str) {
        self.0.lock().expect("nobody panics in a lock").push((place, entered()));
    }
}

/// What a [`ScriptedBody`] does when it is polled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Data(&'static str),
    Trailers(&'static [(&'static str, &'static str)]),
    Pending,
    Error,
    Panic,
}

/// A body that takes one step for each poll.
#[derive(Default)]
pub(crate) struct ScriptedBody {
    steps: VecDeque<Step>,
    size: SizeHint,
    knows_end: bool,
    /// With how many steps to go it panics when it is asked whether it has ended.
    asked_panics: Option<usize>,
    drop_panics: bool,
    sites: Sites,
}

impl ScriptedBody {
    pub(crate) fn new(steps: &[Step]) -> Self {
        let mut body = Self::default();
        body.steps.extend(steps);
        body
    }

    /// Says beforehand how long it is.
    pub(crate) fn sized(mut self) -> Self {
        let len = |step: &Step| if let Step::Data(data) = step { data.len() as u64 } else { 0 };
        self.size = SizeHint::with_exact(self.steps.iter().map(len).sum());
        self
    }

    /// Says that it has ended as soon as its steps are over.
    pub(crate) fn knowing_its_end(mut self) -> Self {
        self.knows_end = true;
        self
    }

    pub(crate) fn panicking_in_drop(mut self) -> Self {
        self.drop_panics = true;
        self
    }

    pub(crate) fn panicking_when_asked(mut self, steps_left: usize) -> Self {
        self.asked_panics = Some(steps_left);
        self
    }

    pub(crate) fn noting(mut self, sites: &Sites) -> Self {
        self.sites = sites.clone();
        self
    }
}

impl Body for ScriptedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.sites.note("body poll");
        Poll::Ready(match self.steps.pop_front() {
            None => None,
            Some(Step::Data(data)) => {
                let left = self.size.exact().map(|size| size.saturating_sub(data.len() as u64));
                self.size = left.map_or(self.size, SizeHint::with_exact);
                Some(Ok(Frame::data(Bytes::from(data))))
            }
            Some(Step::Trailers(pairs)) => Some(Ok(Frame::trailers(headers(pairs)))),
            Some(Step::Error) => Some(Err(Torn.into())),
            Some(Step::Panic) => unwind("the body panics"),
            Some(Step::Pending) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        if self.asked_panics == Some(self.steps.len()) {
            unwind("the question panics");
        }
        self.knows_end && self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}

impl Drop for ScriptedBody {
    fn drop(&mut self) {
        self.sites.note("body drop");
        if self.drop_panics && !thread::panicking() {
            unwind("the body's drop panics");
        }
    }
}

/// A service for one request.
pub(crate) struct ScriptedService {
    pub(crate) call_panics: bool,
    /// How often the future is pending first.
    pub(crate) pending: usize,
    pub(crate) answer: Option<Answer>,
    pub(crate) drop_panics: bool,
    pub(crate) sites: Sites,
}

pub(crate) enum Answer {
    Response(Box<Response<ScriptedBody>>),
    Error,
    Panic,
}

impl ScriptedService {
    pub(crate) fn new(answer: Answer) -> Self {
        Self { call_panics: false, pending: 0, answer: Some(answer), drop_panics: false, sites: Sites::default() }
    }

    pub(crate) fn responding(body: ScriptedBody) -> Self {
        Self::new(Answer::Response(Box::new(Response::new(body))))
    }
}

impl Service<Request<()>> for ScriptedService {
    type Response = Response<ScriptedBody>;
    type Error = BoxError;
    type Future = ScriptedFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> ScriptedFuture {
        self.sites.note("call");
        if self.call_panics {
            unwind("the call panics");
        }
        ScriptedFuture {
            pending: self.pending,
            answer: self.answer.take(),
            drop_panics: self.drop_panics,
            sites: self.sites.clone(),
        }
    }
}

pub(crate) struct ScriptedFuture {
    pending: usize,
    answer: Option<Answer>,
    drop_panics: bool,
    sites: Sites,
}

impl Future for ScriptedFuture {
    type Output = Result<Response<ScriptedBody>, BoxError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.sites.note("future poll");
        if self.pending > 0 {
            self.pending -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(match self.answer.take().expect("it is polled to one answer") {
            Answer::Response(response) => Ok(*response),
            Answer::Error => Err(Torn.into()),
            Answer::Panic => unwind("the future panics"),
        })
    }
}

impl Drop for ScriptedFuture {
    fn drop(&mut self) {
        self.sites.note("future drop");
        if self.drop_panics && !thread::panicking() {
            unwind("the future's drop panics");
        }
    }
}

/// Panics without calling the process's panic hook.
fn unwind(why: &'static str) -> ! {
    resume_unwind(Box::new(why))
}
