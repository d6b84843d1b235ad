use http::StatusCode;
use sentry::protocol::SpanStatus;
use tower_telemetry_core::{End, GrpcStatus, Outcome};

/// The transaction's status.
///
/// Source: <https://develop.sentry.dev/sdk/telemetry/traces/opentelemetry/#span-status>
pub(crate) fn span_status(outcome: &Outcome<'_>) -> SpanStatus {
    match outcome.end() {
        End::Cancelled => match outcome.grpc_status() {
            Some(GrpcStatus::DEADLINE_EXCEEDED) => SpanStatus::DeadlineExceeded,
            _ => SpanStatus::Cancelled,
        },
        End::Completed => match (outcome.grpc_status(), outcome.status()) {
            (Some(status), _) => grpc(status),
            (None, Some(status)) => http(status),
            (None, None) => SpanStatus::UnknownError,
        },
        _ => SpanStatus::InternalError,
    }
}

fn http(status: StatusCode) -> SpanStatus {
    match status.as_u16() {
        100..=399 => SpanStatus::Ok,
        401 => SpanStatus::Unauthenticated,
        403 => SpanStatus::PermissionDenied,
        404 => SpanStatus::NotFound,
        408 | 504 => SpanStatus::DeadlineExceeded,
        409 => SpanStatus::AlreadyExists,
        412 | 413 => SpanStatus::FailedPrecondition,
        429 => SpanStatus::ResourceExhausted,
        499 => SpanStatus::Cancelled,
        400..=498 => SpanStatus::InvalidArgument,
        501 => SpanStatus::Unimplemented,
        503 => SpanStatus::Unavailable,
        500..=599 => SpanStatus::InternalError,
        _ => SpanStatus::UnknownError,
    }
}

fn grpc(status: GrpcStatus) -> SpanStatus {
    match status.code() {
        0 => SpanStatus::Ok,
        1 => SpanStatus::Cancelled,
        3 => SpanStatus::InvalidArgument,
        4 => SpanStatus::DeadlineExceeded,
        5 => SpanStatus::NotFound,
        6 => SpanStatus::AlreadyExists,
        7 => SpanStatus::PermissionDenied,
        8 => SpanStatus::ResourceExhausted,
        9 => SpanStatus::FailedPrecondition,
        10 => SpanStatus::Aborted,
        11 => SpanStatus::OutOfRange,
        12 => SpanStatus::Unimplemented,
        13 => SpanStatus::InternalError,
        14 => SpanStatus::Unavailable,
        15 => SpanStatus::DataLoss,
        16 => SpanStatus::Unauthenticated,
        _ => SpanStatus::UnknownError,
    }
}
