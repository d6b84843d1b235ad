//! gRPC: its status, wherever that is, and its methods as endpoints.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use tests::probe::{Ended, Ending, Probe};

use super::{
    fixtures::{ALL, answered, poll_once, read, ready, response},
    script::{ScriptedBody, Step},
};

type Headers = &'static [(&'static str, &'static str)];

const GRPC: Headers = &[("content-type", "application/grpc")];
const METHOD: &str = "pkg.Service/Method";

fn rpc(path: &str) -> Request<()> {
    Request::post(path).header("content-type", "application/grpc+proto").body(()).expect("a request")
}

fn ended(endpoint: &str, grpc_status: Option<&'static str>, ended: Ended) -> Ended {
    Ended { endpoint: endpoint.into(), grpc_status, ..ended }
}

/// Completed, with a status that is the server's failure.
fn broken(status: &'static str, bytes: u64) -> Ended {
    let completed = Ended::completed(200, bytes);
    ended(METHOD, Some(status), Ended { error_type: Some(status.into()), server_failure: true, ..completed })
}

fn fine(status: &'static str, bytes: u64) -> Ended {
    ended(METHOD, Some(status), Ended::completed(200, bytes))
}

#[tokio::test]
async fn the_status_is_in_the_trailers_or_in_the_headers() {
    const OK: Step = Step::Trailers(&[("grpc-status", "0")]);
    const DATA: Step = Step::Data("message");

    let cases: [(&str, Headers, &[Step], Ended); 10] = [
        ("in the trailers", GRPC, &[DATA, OK], fine("OK", 7)),
        ("in the trailers of a stream", GRPC, &[DATA, DATA, DATA, OK], fine("OK", 21)),
        ("in the trailers, without a message", GRPC, &[OK], fine("OK", 0)),
        (
            "trailers only",
            &[("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "no such user")],
            &[],
            fine("NOT_FOUND", 0),
        ),
        (
            "in both",
            &[("content-type", "application/grpc"), ("grpc-status", "0")],
            &[DATA, Step::Trailers(&[("grpc-status", "13")])],
            broken("INTERNAL", 7),
        ),
        (
            "malformed where it counts",
            &[("content-type", "application/grpc"), ("grpc-status", "0")],
            &[DATA, Step::Trailers(&[("grpc-status", "fine")])],
            broken("UNKNOWN", 7),
        ),
        ("a content type with a suffix", &[("content-type", "application/grpc+json")], &[OK], fine("OK", 0)),
        ("a content type with a parameter", &[("content-type", "application/grpc; v=1")], &[OK], fine("OK", 0)),
        ("missing", GRPC, &[DATA], broken("UNKNOWN", 7)),
        ("missing from the trailers", GRPC, &[DATA, Step::Trailers(&[("checksum", "7")])], broken("UNKNOWN", 7)),
    ];
    for (name, headers, steps, expected) in cases {
        let probe = Probe::new();
        let body = ScriptedBody::new(steps);
        let response = answered(probe.clone(), rpc("/pkg.Service/Method"), response(200, headers, body)).await;
        read(response.into_body(), ALL).await;
        assert_eq!(probe.log().only_end(), expected, "{name}");
    }
}

#[tokio::test]
async fn a_trailers_only_response_is_whole_unread() {
    for (headers, expected) in [
        (&[("content-type", "application/grpc"), ("grpc-status", "16")][..], fine("UNAUTHENTICATED", 0)),
        (GRPC, broken("UNKNOWN", 0)),
    ] {
        let probe = Probe::new();
        let response = response(200, headers, Empty::<Bytes>::new());
        drop(answered(probe.clone(), rpc("/pkg.Service/Method"), response).await);
        assert_eq!(probe.log().only_end(), expected);
    }
}

#[tokio::test]
async fn without_its_trailers_a_stream_is_not_whole() {
    const MESSAGES: &[Step] = &[Step::Data("message"), Step::Data("message")];

    let cases = [
        ("unread", ScriptedBody::new(MESSAGES), 0, "unmatched", 0),
        ("midway", ScriptedBody::new(MESSAGES), 1, METHOD, 7),
        // The length is that of the messages, and the status comes after them.
        ("of a size", ScriptedBody::new(MESSAGES).sized(), 2, METHOD, 14),
        ("of no size", ScriptedBody::default().sized(), 0, "unmatched", 0),
    ];
    for (name, body, frames, endpoint, bytes) in cases {
        let probe = Probe::new();
        let response = answered(probe.clone(), rpc("/pkg.Service/Method"), response(200, GRPC, body)).await;
        read(response.into_body(), frames).await;
        let expected = ended(endpoint, None, Ended::cancelled(Some(200), bytes));
        assert_eq!(probe.log().only_end(), expected, "{name}");
    }
}

#[tokio::test]
async fn each_code_has_its_name_and_its_blame() {
    let codes = [
        ("0", "OK", false),
        ("1", "CANCELLED", false),
        ("2", "UNKNOWN", true),
        ("3", "INVALID_ARGUMENT", false),
        ("4", "DEADLINE_EXCEEDED", true),
        ("5", "NOT_FOUND", false),
        ("6", "ALREADY_EXISTS", false),
        ("7", "PERMISSION_DENIED", false),
        ("8", "RESOURCE_EXHAUSTED", false),
        ("9", "FAILED_PRECONDITION", false),
        ("10", "ABORTED", false),
        ("11", "OUT_OF_RANGE", false),
        ("12", "UNIMPLEMENTED", true),
        ("13", "INTERNAL", true),
        ("14", "UNAVAILABLE", true),
        ("15", "DATA_LOSS", true),
        ("16", "UNAUTHENTICATED", false),
        // What is no code.
        ("17", "UNKNOWN", true),
        ("20", "UNKNOWN", true),
        ("00", "UNKNOWN", true),
        ("-1", "UNKNOWN", true),
        ("+1", "UNKNOWN", true),
        ("1.0", "UNKNOWN", true),
        (" 0", "UNKNOWN", true),
        ("OK", "UNKNOWN", true),
        ("", "UNKNOWN", true),
        ("4294967296", "UNKNOWN", true),
    ];
    for (code, name, blame) in codes {
        let probe = Probe::new();
        let headers = &[("content-type", "application/grpc"), ("grpc-status", code)];
        let response = response(200, headers, Empty::<Bytes>::new());
        drop(answered(probe.clone(), rpc("/pkg.Service/Method"), response).await);
        let mut expected = if blame { broken(name, 0) } else { fine(name, 0) };
        if name == "UNIMPLEMENTED" {
            expected.endpoint = "unmatched".into();
        }
        assert_eq!(probe.log().only_end(), expected, "grpc-status: {code:?}");
    }
}

#[tokio::test]
async fn a_method_is_named_by_its_path_if_it_is_a_name() {
    let longest = format!("/{}/Method", "s".repeat(192));
    let too_long = format!("/{}/Method", "s".repeat(193));
    let cases = [
        ("/pkg.Service/Method", METHOD),
        ("/pkg.Service/Method?a=b", METHOD),
        ("/Service/Method", "Service/Method"),
        ("/a.b_c.D1/_e", "a.b_c.D1/_e"),
        (&longest, &longest[1..]),
        (&too_long, "unmatched"),
        ("/", "unmatched"),
        ("/pkg.Service", "unmatched"),
        ("/pkg.Service/", "unmatched"),
        ("//Method", "unmatched"),
        ("/pkg.Service/Method/more", "unmatched"),
        ("/pkg.Service/Met%20hod", "unmatched"),
        ("/pkg.Service/%3Cb%3E", "unmatched"),
        ("/user@example.org/Method", "unmatched"),
    ];
    for (path, endpoint) in cases {
        let probe = Probe::new();
        let headers = &[("content-type", "application/grpc"), ("grpc-status", "0")];
        drop(answered(probe.clone(), rpc(path), response(200, headers, Empty::<Bytes>::new())).await);
        assert_eq!(probe.log().only_end().endpoint, endpoint, "{path}");
    }
}

#[tokio::test]
async fn a_name_that_nobody_answers_to_is_unmatched() {
    let invented = |status, headers, steps: &[Step]| (headers, response(status, headers, ScriptedBody::new(steps)));
    let cases = [
        ("trailers only", invented(200, &[("content-type", "application/grpc"), ("grpc-status", "12")], &[])),
        ("in the trailers", invented(200, GRPC, &[Step::Trailers(&[("grpc-status", "12")])])),
        ("not gRPC", invented(404, &[], &[])),
        ("a page", invented(200, &[("content-type", "text/html")], &[Step::Data("hello")])),
        ("gRPC-Web", invented(200, &[("content-type", "application/grpc-web"), ("grpc-status", "0")], &[])),
    ];
    for (name, (_, response)) in cases {
        let probe = Probe::new();
        let response = answered(probe.clone(), rpc("/invented.Service/Method1234"), response).await;
        read(response.into_body(), ALL).await;
        let ended = probe.log().only_end();
        assert_eq!((ended.end, ended.endpoint.as_str()), (Ending::Completed, "unmatched"), "{name}");
    }

    let probe = Probe::new();
    let (mut service, mut handle) = ready::<_, _, Empty<Bytes>>(probe.clone());
    let mut future = Box::pin(service.call(rpc("/invented.Service/Method1234")));
    let _unanswered = handle.next_request().await.expect("the request comes through");
    assert!(poll_once(&mut future).is_pending());
    drop(future);
    assert_eq!(probe.log().only_end(), Ended::cancelled(None, 0));
}

#[tokio::test]
async fn a_grpc_status_without_grpc_means_nothing() {
    let probe = Probe::new();
    let request = Request::get("/pkg.Service/Method").body(()).expect("a request");
    let steps = [Step::Data("one"), Step::Trailers(&[("grpc-status", "13")])];
    let response: Response<_> = response(200, &[("grpc-status", "13")], ScriptedBody::new(&steps));
    read(answered(probe.clone(), request, response).await.into_body(), ALL).await;
    assert_eq!(probe.log().only_end(), Ended::completed(200, 3));
}
