//! tonic's client, and what it makes of an answer.

use std::net::SocketAddr;

use http::{HeaderMap, uri::PathAndQuery};
use tests::probe::{Ended, Probe, Stage};
use tonic::{Code, Request, Response, Status, Streaming, client::Grpc, transport::Channel};
use tonic_prost::ProstCodec;

use super::{greeter::Greeter, grpc_hosts::Host};

/// The standard's names, and whether that is the server's failure.
pub(crate) const CODES: [(&str, bool); 17] = [
    ("OK", false),
    ("CANCELLED", false),
    ("UNKNOWN", true),
    ("INVALID_ARGUMENT", false),
    ("DEADLINE_EXCEEDED", true),
    ("NOT_FOUND", false),
    ("ALREADY_EXISTS", false),
    ("PERMISSION_DENIED", false),
    ("RESOURCE_EXHAUSTED", false),
    ("FAILED_PRECONDITION", false),
    ("ABORTED", false),
    ("OUT_OF_RANGE", false),
    ("UNIMPLEMENTED", true),
    ("INTERNAL", true),
    ("UNAVAILABLE", true),
    ("DATA_LOSS", true),
    ("UNAUTHENTICATED", false),
];

/// A call by tonic's client, of the kind that the method is.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    path: String,
    messages: Vec<String>,
}

impl Call {
    pub(crate) fn new(method: &str, messages: &[&str]) -> Self {
        Self::at(&format!("greet.Greeter/{method}"), messages)
    }

    /// Of any service.
    pub(crate) fn at(endpoint: &str, messages: &[&str]) -> Self {
        Self { path: format!("/{endpoint}"), messages: messages.iter().map(ToString::to_string).collect() }
    }

    /// Calls, and takes what comes; `midway` is called at each message.
    pub(crate) async fn by(&self, client: &mut Grpc<Channel>, midway: impl Fn()) -> Got {
        let path: PathAndQuery = self.path.parse().expect("a path");
        let codec = ProstCodec::<String, String>::default();
        let first = Request::new(self.messages.first().cloned().unwrap_or_default());
        let all = Request::new(tokio_stream::iter(self.messages.clone()));
        client.ready().await.expect("it is connected");
        match self.path.rsplit('/').next() {
            Some("One") => Got::one(client.unary(first, path, codec).await),
            Some("Stream") => Got::many(client.server_streaming(first, path, codec).await, midway).await,
            Some("Join") => Got::one(client.client_streaming(all, path, codec).await),
            _ => Got::many(client.streaming(all, path, codec).await, midway).await,
        }
    }

    /// Calls a server of its own. The observer, if there is one, has seen the end when this returns.
    pub(crate) async fn alone(&self, host: Host, probe: Option<&Probe>) -> Got {
        let greeter = Greeter::default();
        let server = host.serve(probe, &greeter).await;
        let mut client = connect(server.address).await;
        let got = self.by(&mut client, || greeter.go_on()).await;
        if let Some(probe) = probe {
            probe.log().wait_for(Stage::End, 1).await;
        }
        drop(client);
        server.stop().await;
        got
    }
}

pub(crate) async fn connect(address: SocketAddr) -> Grpc<Channel> {
    let channel = Channel::from_shared(format!("http://{address}")).expect("a URI");
    Grpc::new(channel.connect().await.expect("it listens"))
}

/// Where a method of the greeter's is.
pub(crate) fn path(method: &str) -> PathAndQuery {
    format!("/greet.Greeter/{method}").parse().expect("a path")
}

/// What a client gets.
#[derive(Debug, PartialEq)]
pub(crate) struct Got {
    /// The head's metadata, and the trailers' for a method that answers with one message.
    pub(crate) metadata: Option<HeaderMap>,
    pub(crate) messages: Vec<String>,
    pub(crate) trailers: Option<HeaderMap>,
    pub(crate) code: Code,
    /// The status's message, details and metadata.
    pub(crate) status: (String, Vec<u8>, HeaderMap),
}

impl Got {
    fn one(result: Result<Response<String>, Status>) -> Self {
        match result {
            Ok(response) => {
                let (metadata, message, _) = response.into_parts();
                Self { metadata: Some(undated(metadata.into_headers())), messages: vec![message], ..Self::nothing() }
            }
            Err(status) => Self::nothing().and(&status),
        }
    }

    pub(crate) async fn many(result: Result<Response<Streaming<String>>, Status>, midway: impl Fn()) -> Self {
        let (metadata, mut stream, _) = match result {
            Ok(response) => response.into_parts(),
            Err(status) => return Self::nothing().and(&status),
        };
        let mut got = Self { metadata: Some(undated(metadata.into_headers())), ..Self::nothing() };
        loop {
            match stream.message().await {
                Ok(Some(message)) => got.messages.push(message),
                Ok(None) => break,
                Err(status) => return got.and(&status),
            }
            midway();
        }
        let trailers = stream.trailers().await.expect("an end is an end");
        Self { trailers: trailers.map(tonic::metadata::MetadataMap::into_headers), ..got }
    }

    fn nothing() -> Self {
        let status = (String::new(), Vec::new(), HeaderMap::new());
        Self { metadata: None, messages: Vec::new(), trailers: None, code: Code::Ok, status }
    }

    fn and(self, status: &Status) -> Self {
        let (message, details) = (status.message().to_owned(), status.details().to_vec());
        Self {
            code: status.code(),
            status: (message, details, undated(status.metadata().clone().into_headers())),
            ..self
        }
    }
}

/// Without the time of day.
fn undated(mut headers: HeaderMap) -> HeaderMap {
    headers.remove("date");
    headers
}

/// An exchange that went out whole, with this status.
pub(crate) fn answered(code: Code, request_bytes: u64, response_bytes: u64) -> Ended {
    let (name, blame) = CODES[code as usize];
    Ended {
        grpc_status: Some(name),
        request_bytes: Some(request_bytes),
        error_type: blame.then(|| name.into()),
        server_failure: blame,
        ..Ended::completed(200, response_bytes)
    }
}

/// With the endpoint of a method that has answered.
pub(crate) fn of(method: &str, ended: Ended) -> Ended {
    Ended { endpoint: format!("greet.Greeter/{method}"), ..ended }
}
