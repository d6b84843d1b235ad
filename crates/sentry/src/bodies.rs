use http::HeaderValue;
use tower_telemetry_core::{Capture, CapturedBody, Omitted, RequestContext};
use tower_telemetry_scrub::{Body, Described, Scrubber};

/// What events show of the bodies.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    pub(crate) request: Capture,
    pub(crate) response: Capture,
    pub(crate) scrubber: Scrubber,
}

impl Default for Bodies {
    fn default() -> Self {
        Self { request: Capture::MEDIUM, response: Capture::Off, scrubber: Scrubber::default() }
    }
}

impl Bodies {
    pub(crate) fn ask(&self, cx: &RequestContext) {
        cx.capture_request(self.request);
        cx.capture_response(self.response);
    }

    /// The request's body, if it has one: its text, as far as the service has read it, or what it is.
    pub(crate) fn show_request(&self, cx: &RequestContext) -> Option<String> {
        self.show(&cx.captured_request()?, self.request, "unread")
    }

    /// The response's body, as far as it was sent.
    pub(crate) fn show_response(&self, cx: &RequestContext) -> Option<String> {
        self.show(&cx.captured_response()?, self.response, "unsent")
    }

    fn show(&self, body: &CapturedBody, capture: Capture, untouched: &str) -> Option<String> {
        if body.length() == Some(0) || capture.limit() == 0 {
            return None;
        }
        // Others may have asked for more than we may send.
        if body.bytes().is_empty() || body.bytes().len() > capture.limit() {
            return Some(describe(body, untouched));
        }
        let described = self.scrubber.body(&Body {
            bytes: body.bytes(),
            cut: !body.is_whole(),
            length: body.length(),
            content_type: body.content_type().map(HeaderValue::as_bytes),
            ..Body::default()
        });
        match described {
            Described::Text(text) => Some(text.into_owned()),
            Described::Kind(kind) => Some(kind),
            _ => None,
        }
    }
}

/// `[image/png, 48213 bytes]`.
fn describe(body: &CapturedBody, untouched: &str) -> String {
    let size = match body.length() {
        Some(length) => format!("{length} bytes"),
        None => format!("at least {} bytes", body.seen()),
    };
    let untouched = (body.seen() == 0 && body.omitted() != Some(Omitted::Unwatched)).then_some(untouched);
    let size = Some(size).filter(|_| body.length().is_some() || body.seen() > 0);
    let parts = [body.content_type().and_then(media_type), size.as_deref(), untouched];
    format!("[{}]", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// The media type without its parameters, if it is one: a caller can write there what it likes.
fn media_type(content_type: &HeaderValue) -> Option<&str> {
    const LONGEST: usize = 100;
    let essence = content_type.to_str().ok()?.split(';').next()?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_');
    let (kind, subtype) = essence.split_once('/')?;
    (essence.len() <= LONGEST && kind.chars().all(is_name) && subtype.chars().all(is_name)).then_some(essence)
}
