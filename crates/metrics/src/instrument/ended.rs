use std::any::type_name;

/// How a piece of work ended, as far as it can tell.
///
/// What it cannot tell is told by its drop: given up is `error_type="cancelled"`, a panic `error_type="panic"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As it should.
    Ok,
    /// In an error of this type: the value of the label `error_type`. It should come from a small set: `timeout`, not a message.
    Error(&'static str),
}

impl Ended {
    /// An `Err` is an error, by the name of its type without its parameters: `std::io::error::Error`.
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Ok,
            Err(_) => Self::Error(short(type_name::<E>())),
        }
    }

    /// As [`of`](Self::of), with a type that is told by the error: a `sqlx::Error::PoolTimedOut` may be `pool_timeout`.
    pub fn by<T, E>(result: &Result<T, E>, error_type: impl FnOnce(&E) -> &'static str) -> Self {
        match result {
            Ok(_) => Self::Ok,
            Err(error) => Self::Error(error_type(error)),
        }
    }

    /// By the status of a response to a client: 4xx and 5xx are errors, as
    /// [OpenTelemetry says](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status).
    pub fn of_status(status: http::StatusCode) -> Self {
        if status.is_client_error() || status.is_server_error() { Self::Error(digits(status)) } else { Self::Ok }
    }

    pub(crate) fn error_type(self) -> &'static str {
        match self {
            Self::Ok => "",
            Self::Error(error) => error,
        }
    }
}

pub(crate) const CANCELLED: &str = "cancelled";
pub(crate) const PANIC: &str = "panic";

/// The digits of 400 to 599, so that none has to be made.
static DIGITS: [u8; 600] = {
    let mut digits = [0; 600];
    let mut i: usize = 0;
    while i < 200 {
        let status = 400 + i;
        digits[3 * i] = digit(status / 100);
        digits[3 * i + 1] = digit(status / 10 % 10);
        digits[3 * i + 2] = digit(status % 10);
        i += 1;
    }
    digits
};

#[expect(clippy::cast_possible_truncation, reason = "a digit is less than 10")]
const fn digit(of: usize) -> u8 {
    b'0' + of as u8
}

fn digits(error: http::StatusCode) -> &'static str {
    let at = 3 * usize::from(error.as_u16().saturating_sub(400));
    DIGITS.get(at..at + 3).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or("_OTHER")
}

fn short(type_name: &'static str) -> &'static str {
    type_name.split('<').next().unwrap_or(type_name)
}
