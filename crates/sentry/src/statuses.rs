use std::{fmt, ops::RangeInclusive};

use http::{Method, StatusCode};
use tower_telemetry_core::{BuildError, Endpoint, GrpcStatus};

use crate::by_endpoint::ByEndpoint;

/// A set of answers: HTTP statuses and gRPC codes.
///
/// ```
/// use tower_telemetry_core::GrpcStatus;
/// use tower_telemetry_sentry::Statuses;
///
/// let statuses = Statuses::server_failures().without(503..=503).with(404..=404).with_grpc(GrpcStatus::NOT_FOUND);
/// # let _ = statuses;
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Statuses {
    /// A bit for each status from 0 to 1,023.
    http: [u64; 16],
    /// A bit for each code.
    grpc: u32,
}

/// Which answers are errors, by endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct ErrorStatuses {
    pub(crate) base: Statuses,
    by_endpoint: Option<ByEndpoint<Statuses>>,
}

impl Statuses {
    /// No answer.
    pub fn none() -> Self {
        Self { http: [0; 16], grpc: 0 }
    }

    /// 500 to 599, and the gRPC codes that are the [server's failures](GrpcStatus::is_server_failure). The default.
    ///
    /// `UNIMPLEMENTED` counts only if the handler left its error: of itself it says that the caller has asked for what there
    /// is not.
    pub fn server_failures() -> Self {
        let failures = GrpcStatus::all().filter(|status| status.is_server_failure());
        failures.fold(Self::none().with(500..=599), Self::with_grpc)
    }

    /// Adds HTTP statuses.
    pub fn with(mut self, statuses: RangeInclusive<u16>) -> Self {
        for (word, bit) in statuses.filter_map(place) {
            self.http[word] |= bit;
        }
        self
    }

    /// Takes HTTP statuses out.
    pub fn without(mut self, statuses: RangeInclusive<u16>) -> Self {
        for (word, bit) in statuses.filter_map(place) {
            self.http[word] &= !bit;
        }
        self
    }

    /// Adds a gRPC code.
    pub fn with_grpc(mut self, status: GrpcStatus) -> Self {
        self.grpc |= code_bit(status);
        self
    }

    /// Takes a gRPC code out.
    pub fn without_grpc(mut self, status: GrpcStatus) -> Self {
        self.grpc &= !code_bit(status);
        self
    }

    /// Whether an answer is one of these. Where it is gRPC's, its code decides: its HTTP status is 200.
    pub fn contain(&self, status: Option<StatusCode>, grpc: Option<GrpcStatus>) -> bool {
        match (grpc, status.map(|status| status.as_u16()).and_then(place)) {
            (Some(grpc), _) => self.grpc & code_bit(grpc) != 0,
            (None, Some((word, bit))) => self.http[word] & bit != 0,
            (None, None) => false,
        }
    }
}

impl ErrorStatuses {
    pub(crate) fn at<P: AsRef<str>>(
        self,
        endpoints: impl IntoIterator<Item = (P, Statuses)>,
    ) -> Result<Self, BuildError> {
        Ok(Self { by_endpoint: Some(ByEndpoint::new(endpoints)?), ..self })
    }

    pub(crate) fn of(&self, method: &Method, endpoint: &Endpoint, path: &str) -> &Statuses {
        let found = self.by_endpoint.as_ref().and_then(|by| by.find(method, endpoint, path));
        found.unwrap_or(&self.base)
    }
}

/// The word, and the bit in it.
fn place(status: u16) -> Option<(usize, u64)> {
    (status < 1024).then(|| (usize::from(status / 64), 1 << (status % 64)))
}

fn code_bit(status: GrpcStatus) -> u32 {
    1 << status.code()
}

impl Default for Statuses {
    fn default() -> Self {
        Self::server_failures()
    }
}

impl fmt::Debug for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let http = (0..1024_u16).filter(|status| place(*status).is_some_and(|(word, bit)| self.http[word] & bit != 0));
        let grpc = GrpcStatus::all().filter(|status| self.grpc & code_bit(*status) != 0);
        f.debug_struct("Statuses")
            .field("http", &http.collect::<Vec<_>>())
            .field("grpc", &grpc.collect::<Vec<_>>())
            .finish()
    }
}
