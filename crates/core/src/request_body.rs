//! Counts a request body's bytes as they pass, without changing the body's type: a service that takes
//! `Request<axum::body::Body>` must go on taking it. So only body types that can hold any body are counted.

#[cfg(not(any(feature = "axum", feature = "tonic")))]
pub(crate) fn tap<B: 'static>(_: &mut B, _: &crate::RequestContext) {}

#[cfg(any(feature = "axum", feature = "tonic"))]
pub(crate) use counted::tap;

#[cfg(any(feature = "axum", feature = "tonic"))]
mod counted {
    use std::{
        any::Any,
        mem,
        pin::Pin,
        task::{Context, Poll, ready},
    };

    use bytes::{Buf, Bytes};
    use http_body::{Body, Frame, SizeHint};
    use pin_project_lite::pin_project;

    use crate::RequestContext;

    pub(crate) fn tap<B: 'static>(body: &mut B, cx: &RequestContext) {
        let body: &mut dyn Any = body;
        #[cfg(feature = "axum")]
        if let Some(body) = body.downcast_mut::<axum::body::Body>() {
            wrap(body, cx, axum::body::Body::new);
        }
        #[cfg(feature = "tonic")]
        if let Some(body) = body.downcast_mut::<tonic::body::Body>() {
            wrap(body, cx, tonic::body::Body::new);
        }
    }

    // A body that is empty, as a GET's, is counted by not being there: no box for it.
    fn wrap<B: Body + Default>(body: &mut B, cx: &RequestContext, erase: impl FnOnce(Counted<B>) -> B) {
        if cx.claim_request_bytes() && !body.is_end_stream() {
            *body = erase(Counted { inner: mem::take(body), cx: cx.clone() });
        }
    }

    pin_project! {
        struct Counted<B> {
            #[pin]
            inner: B,
            cx: RequestContext,
        }
    }

    impl<B: Body<Data = Bytes>> Body for Counted<B> {
        type Data = Bytes;
        type Error = B::Error;

        fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
            let this = self.project();
            let polled = ready!(this.inner.poll_frame(cx));
            if let Some(Ok(frame)) = &polled
                && let Some(data) = frame.data_ref()
            {
                this.cx.add_request_bytes(data.remaining());
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
