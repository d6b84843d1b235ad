#[cfg(feature = "anyhow")]
use std::any::Any;
use std::{error::Error, fmt, sync::Arc};

/// The error behind a response. A handler leaves it in the response's extensions, for whoever reports errors.
///
/// ```
/// use std::io;
/// use http::{Response, StatusCode};
/// use tower_telemetry_core::ResponseError;
///
/// let mut response = Response::new(());
/// *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
/// response.extensions_mut().insert(ResponseError::new(io::Error::other("the disk is full")));
/// ```
///
/// For axum there is [`HandlerError`](crate::HandlerError), which does it in one line.
#[derive(Clone)]
pub struct ResponseError(Arc<Held>);

enum Held {
    Plain(Box<dyn Error + Send + Sync>),
    #[cfg(feature = "anyhow")]
    Anyhow(anyhow::Error),
}

impl ResponseError {
    /// Takes an error, a `Box<dyn Error + Send + Sync>`, an eyre `Report` or an anyhow `Error`. With the feature `anyhow`, the
    /// last one's backtrace is kept.
    pub fn new<E: Into<Box<dyn Error + Send + Sync>> + 'static>(error: E) -> Self {
        Self(Arc::new(Held::of(error)))
    }

    /// The error.
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        match &*self.0 {
            Held::Plain(error) => &**error,
            #[cfg(feature = "anyhow")]
            Held::Anyhow(error) => error.as_ref(),
        }
    }

    /// Where the error came to be, if it knows: a [`std::backtrace::Backtrace`] in its long form. Its symbols are looked up
    /// now, which takes milliseconds the first time.
    pub fn backtrace(&self) -> Option<String> {
        match &*self.0 {
            Held::Plain(_) => None,
            #[cfg(feature = "anyhow")]
            Held::Anyhow(error) => {
                let is_captured = error.backtrace().status() == std::backtrace::BacktraceStatus::Captured;
                is_captured.then(|| format!("{:#}", error.backtrace()))
            }
        }
    }
}

impl Held {
    #[cfg(feature = "anyhow")]
    fn of<E: Into<Box<dyn Error + Send + Sync>> + 'static>(error: E) -> Self {
        let mut error = Some(error);
        let any: &mut dyn Any = &mut error;
        match any.downcast_mut::<Option<anyhow::Error>>().and_then(Option::take) {
            Some(error) => Self::Anyhow(error),
            None => Self::Plain(error.expect("it is not anyhow's").into()),
        }
    }

    #[cfg(not(feature = "anyhow"))]
    fn of<E: Into<Box<dyn Error + Send + Sync>> + 'static>(error: E) -> Self {
        Self::Plain(error.into())
    }
}

/// As the error itself has it.
impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.get(), f)
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResponseError").field(&self.get()).finish()
    }
}
