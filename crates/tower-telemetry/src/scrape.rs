use std::{
    fmt,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
    request,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_telemetry_core::RequestHead;
use tower_telemetry_metrics::process::Collectors;

use crate::access::{MetricsAccess, Verdict};

/// Answers scrapes, for any host: `GET` and `HEAD`, to those who [may](MetricsAccess), compressed by gzip if they accept that.
///
/// From [`Telemetry::metrics_endpoint`](crate::Telemetry::metrics_endpoint). A clone costs two atomic increments.
#[derive(Clone)]
pub struct MetricsEndpoint {
    handle: PrometheusHandle,
    shared: Arc<Shared>,
}

struct Shared {
    collectors: Collectors,
    access: MetricsAccess,
    warned: AtomicBool,
}

/// Prometheus' text format.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
const EXPOSITION: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Less is one packet anyway, in bytes.
const WORTH_COMPRESSING: usize = 1024;

const UNKNOWN_PEER: &str = "Forbidden: these metrics are open to certain networks only, and the server does not tell where \
    this request comes from. With axum, serve by into_make_service_with_connect_info::<SocketAddr>(); with hyper, put the \
    peer's SocketAddr into the request's extensions; or set TOWER_TELEMETRY_METRICS_BIND, for an address of their own, or \
    TOWER_TELEMETRY_METRICS_ALLOW=all.\n";

const REFUSED: &str =
    "Forbidden: these metrics are open to certain networks only; TOWER_TELEMETRY_METRICS_ALLOW says which.\n";

impl MetricsEndpoint {
    pub(crate) fn new(handle: PrometheusHandle, collectors: Collectors, access: MetricsAccess) -> Self {
        Self { handle, shared: Arc::new(Shared { collectors, access, warned: AtomicBool::new(false) }) }
    }

    /// The page, after the collectors have told how the process is. The recorder is the process's, whichever is current here.
    pub(crate) fn render(&self) -> String {
        self.shared.collectors.collect();
        self.handle.render()
    }

    /// The whole answer. The peer is what [`RequestHead::peer`] finds, and the path is not looked at.
    ///
    /// It renders all metrics, and compresses them: milliseconds, so call it where a thread may be busy for so long.
    pub fn respond(&self, request: &request::Parts) -> Response<Bytes> {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed: GET or HEAD.\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match self.judge(request) {
            Verdict::Allowed => self.page(request),
            Verdict::Refused => refusal(StatusCode::FORBIDDEN, REFUSED),
            Verdict::Unknown => {
                if !self.shared.warned.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "tower_telemetry", "a scrape was refused: {}", UNKNOWN_PEER.trim_end());
                }
                refusal(StatusCode::FORBIDDEN, UNKNOWN_PEER)
            }
        }
    }

    pub(crate) fn judge(&self, request: &request::Parts) -> Verdict {
        self.shared.access.judge(RequestHead::of(request).peer())
    }

    pub(crate) fn access(&self) -> &MetricsAccess {
        &self.shared.access
    }

    fn page(&self, request: &request::Parts) -> Response<Bytes> {
        let page = self.render();
        let compressed = (page.len() >= WORTH_COMPRESSING && accepts_gzip(&request.headers)).then(|| gzip(&page));
        let is_compressed = compressed.is_some();
        let body = Bytes::from(compressed.unwrap_or_else(|| page.into_bytes()));

        let length = body.len();
        let mut response = Response::new(if request.method == Method::HEAD { Bytes::new() } else { body });
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, EXPOSITION);
        headers.insert(CONTENT_LENGTH, length.into());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if is_compressed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

fn refusal(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}

fn gzip(page: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(page.len() / 8), Compression::fast());
    encoder.write_all(page.as_bytes()).expect("a Vec takes what it is given");
    encoder.finish().expect("a Vec takes what it is given")
}

/// Whether gzip is acceptable, and no worse than as it is.
///
/// Source: [RFC 9110, section 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3)
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut any, mut identity) = (None, None, None);
    for value in headers.get_all(ACCEPT_ENCODING) {
        let Ok(value) = value.to_str() else { continue };
        for coding in value.split(',') {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            // What is no number is no wish.
            let weight = weight.map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0));
            match name.as_str() {
                "gzip" | "x-gzip" => gzip = Some(weight),
                "*" => any = Some(weight),
                "identity" => identity = Some(weight),
                _ => {}
            }
        }
    }
    let weight = gzip.or(any).unwrap_or(0.0);
    weight > 0.0 && weight >= identity.unwrap_or(0.0)
}

impl fmt::Debug for MetricsEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsEndpoint").field("access", &self.shared.access).finish_non_exhaustive()
    }
}
