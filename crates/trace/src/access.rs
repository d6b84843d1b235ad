use std::cell::LazyCell;

use tower_telemetry_core::{End, Outcome, RequestContext, RequestId};
use tower_telemetry_scrub::Scrubber;
use tracing::{Level, Span};

use crate::{name::shown, user::Shown};

/// Writes the one event of an exchange's end. What `span` tells already is not told again, unless nobody listens to it.
pub(crate) fn log(span: &Span, method: &str, scrubber: &Scrubber, cx: &RequestContext, outcome: &Outcome<'_>) {
    let alone = span.is_disabled();
    let endpoint = Some(outcome.endpoint()).filter(|_| alone);
    // Nobody is asked for it where nobody listens.
    let user = LazyCell::new(|| {
        let user = if alone { cx.user() } else { None };
        user.map(|user| Shown::of(&user, scrubber)).unwrap_or_default()
    });
    macro_rules! log {
        ($level:expr) => {
            tracing::event!(
                target: "tower_telemetry::access",
                parent: span.id().or_else(|| Span::current().id()),
                $level,
                http.request.method = alone.then_some(method),
                http.route = endpoint.filter(|name| !name.is_grpc()).map(|name| shown(name, scrubber)).as_deref(),
                rpc.method = endpoint.filter(|name| name.is_grpc()).map(|name| shown(name, scrubber)).as_deref(),
                http.response.status_code = outcome.status().map(|status| status.as_u16()),
                rpc.response.status_code = outcome.grpc_status().map(|status| status.name()),
                error.type = outcome.error_type().filter(|_| alone),
                duration_ms = millis(outcome.duration()),
                time_to_head_ms = outcome.time_to_head().map(millis),
                http.request.body.size = outcome.request_bytes(),
                http.response.body.size = outcome.response_bytes(),
                request_id = cx.request_id().map(RequestId::as_str).filter(|_| alone),
                trace_id = cx.trace().filter(|_| alone).map(|trace| tracing::field::display(trace.trace_id)),
                user.id = user.id.as_deref(),
                user.name = user.name.as_deref(),
                user.email = user.email.as_deref(),
                user.full_name = user.full_name.as_deref(),
                user.roles = user.roles.as_deref(),
                user.attributes = user.attributes.as_deref(),
                user.verified = user.verified,
                client.address = user.address.as_deref(),
                "{}",
                word(outcome.end()),
            )
        };
    }
    // The span is not entered for it: layers such as Sentry's do much then.
    match level(outcome) {
        Level::ERROR => log!(Level::ERROR),
        Level::WARN => log!(Level::WARN),
        _ => log!(Level::INFO),
    }
}

fn level(outcome: &Outcome<'_>) -> Level {
    if outcome.is_server_failure() {
        Level::ERROR
    } else if matches!(outcome.end(), End::Cancelled) || outcome.status().is_some_and(|status| status.is_client_error())
    {
        Level::WARN
    } else {
        Level::INFO
    }
}

fn word(end: End<'_>) -> &'static str {
    match end {
        End::Completed => "request completed",
        End::Cancelled => "request cancelled",
        End::Panicked => "request panicked",
        _ => "request failed",
    }
}

fn millis(duration: std::time::Duration) -> f64 {
    // Whole microseconds: more digits are noise.
    #[expect(clippy::cast_precision_loss, reason = "exact for 285 years")]
    let micros = duration.as_micros() as f64;
    micros / 1000.0
}
