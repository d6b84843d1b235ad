use http::{Method, Uri};
use tower_telemetry_core::semconv;

/// A request's method and scheme, in a byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asked(u8);

/// How many there are.
pub(crate) const ASKED: usize = 2 * semconv::METHODS.len();

impl Asked {
    pub(crate) fn new(method: &Method, uri: &Uri) -> Self {
        let is_https = semconv::scheme(uri) == HTTPS;
        Self(u8::try_from(2 * semconv::method_index(method)).unwrap_or_default() | u8::from(is_https))
    }

    /// The same method, of whatever scheme.
    pub(crate) fn of_any_scheme(self) -> Self {
        Self(self.0 & !1)
    }

    pub(crate) fn method(self) -> &'static str {
        semconv::METHODS[self.index() / 2]
    }

    pub(crate) fn scheme(self) -> &'static str {
        if self.0 & 1 == 1 { HTTPS } else { "http" }
    }

    /// From 0, and smaller than [`ASKED`].
    pub(crate) fn index(self) -> usize {
        self.0.into()
    }
}

const HTTPS: &str = "https";
