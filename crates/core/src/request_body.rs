//! Watches a request body as it passes, to count its bytes and to capture them, without changing the body's type: a service
//! that takes `Request<axum::body::Body>` must go on taking it. So only body types that can hold any body are watched.

use http::HeaderMap;

use crate::RequestContext;

pub(crate) fn tap<B: 'static>(body: &mut B, headers: &HeaderMap, cx: &RequestContext) {
    if !watch(body, headers, cx) {
        cx.bodies().begin_unwatched_request(headers);
    }
}

#[cfg(not(any(feature = "axum", feature = "hyper", feature = "tonic")))]
fn watch<B: 'static>(_: &mut B, _: &HeaderMap, _: &RequestContext) -> bool {
    false
}

#[cfg(any(feature = "axum", feature = "hyper", feature = "tonic"))]
use watched::watch;

#[cfg(any(feature = "axum", feature = "hyper", feature = "tonic"))]
mod watched {
    use std::{
        any::Any,
        mem,
        pin::Pin,
        task::{Context, Poll, ready},
    };

    use bytes::Bytes;
    use http::HeaderMap;
    use http_body::{Body, Frame, SizeHint};
    use pin_project_lite::pin_project;

    use crate::{RequestContext, messages::Messages, recording::quietly};

    /// Whether the body is of a type that can be watched.
    pub(super) fn watch<B: 'static>(body: &mut B, headers: &HeaderMap, cx: &RequestContext) -> bool {
        let body: &mut dyn Any = body;
        // The types are known when this is compiled, and so is which of these is the one.
        macro_rules! watch_as {
            ($($body:ty),+) => {
                $(if let Some(body) = body.downcast_mut::<$body>() {
                    wrap(body, headers, cx, <$body>::new);
                    return true;
                })+
            };
        }
        #[cfg(feature = "axum")]
        watch_as!(axum::body::Body);
        #[cfg(feature = "tonic")]
        watch_as!(tonic::body::Body);
        #[cfg(feature = "hyper")]
        {
            use std::{convert::Infallible, error::Error, io};

            use http_body_util::combinators::{BoxBody, UnsyncBoxBody};

            type BoxError = Box<dyn Error + Send + Sync>;

            watch_as!(BoxBody<Bytes, hyper::Error>, UnsyncBoxBody<Bytes, hyper::Error>);
            watch_as!(BoxBody<Bytes, BoxError>, UnsyncBoxBody<Bytes, BoxError>);
            watch_as!(BoxBody<Bytes, io::Error>, UnsyncBoxBody<Bytes, io::Error>);
            watch_as!(BoxBody<Bytes, Infallible>, UnsyncBoxBody<Bytes, Infallible>);
        }
        false
    }

    // A body that is empty, as a GET's, is counted by not being there: no box for it.
    fn wrap<B: Body + Default>(
        body: &mut B,
        headers: &HeaderMap,
        cx: &RequestContext,
        erase: impl FnOnce(Watched<B>) -> B,
    ) {
        let is_first = cx.claim_request_bytes();
        if body.is_end_stream() {
            return;
        }
        // Asked by a layer further in, the one that is there already captures.
        cx.bodies().begin_request(headers, body.size_hint().exact());
        if is_first {
            *body = erase(Watched { inner: mem::take(body), cx: cx.clone(), messages: Messages::default() });
        }
    }

    pin_project! {
        struct Watched<B> {
            #[pin]
            inner: B,
            cx: RequestContext,
            messages: Messages,
        }
    }

    impl<B: Body<Data = Bytes>> Body for Watched<B> {
        type Data = Bytes;
        type Error = B::Error;

        fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
            let this = self.project();
            let polled = ready!(this.inner.poll_frame(cx));
            let capturing = this.cx.bodies().request();
            let ended = match &polled {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        this.cx.add_request_bytes(data.len());
                        if this.cx.counts_messages() {
                            quietly(|| this.messages.pass(data));
                            this.cx.set_request_messages(this.messages.whole());
                        }
                        if let Some(capturing) = capturing {
                            capturing.data(data);
                        }
                    }
                    frame.is_trailers()
                }
                Some(Err(_)) => false,
                None => true,
            };
            if ended && let Some(capturing) = capturing {
                capturing.end();
            }
            Poll::Ready(polled)
        }

        fn is_end_stream(&self) -> bool {
            self.inner.is_end_stream()
        }

        fn size_hint(&self) -> SizeHint {
            self.inner.size_hint()
        }
    }
}
