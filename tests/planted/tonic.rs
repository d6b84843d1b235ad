use bytes::Bytes;
use http::{Request, uri::PathAndQuery};
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tests::{ingest::Ingest, process::Example};
use tonic::{client::Grpc, metadata::MetadataMap, transport::Channel};
use tonic_prost::ProstCodec;

use super::{
    caller::{PATIENCE, Protocol, assert_nothing_leaked, count, rounds_of_headers, send},
    places::{MESSAGES, QUERIES},
    secrets::Secrets,
};

/// A method, what it is sent, and whether it is monitored.
const CALLS: [(&str, &str, bool); 8] = [
    ("/helloworld.Greeter/SayHello", "ada", true),
    ("/helloworld.Greeter/SayHello", "error", true),
    ("/helloworld.Greeter/SayHello", "panic", true),
    ("/helloworld.Greeter/StreamHello", "error", true),
    ("/helloworld.Greeter/StreamHello", "panic", true),
    ("/helloworld.Greeter/NoSuchMethod", "ada", true),
    ("/no.such.Service/Method", "ada", true),
    ("/grpc.health.v1.Health/Check", "helloworld.Greeter", false),
];

/// Methods that a caller makes up.
const INVENTED: [&str; 5] = [
    "/helloworld.Greeter/{hex}",
    "/{hex}.Service/Method",
    "/helloworld.Greeter/{shape}",
    "/helloworld.Greeter/SayHello/{hex}",
    "/{email}/{hex}",
];

/// A string is the message whose first field is a string. A connection for each call: a panic takes its own with it.
async fn call(example: &Example, path: &str, message: String, metadata: MetadataMap) {
    let channel = Channel::from_shared(example.url("")).expect("a URI").connect().await.expect("it listens");
    let mut client = Grpc::new(channel);
    client.ready().await.expect("it is connected");
    let mut request = tonic::Request::new(message);
    *request.metadata_mut() = metadata;
    let codec = ProstCodec::<String, String>::default();
    let path = PathAndQuery::try_from(path).expect("a path");
    if let Ok(response) = client.server_streaming(request, path, codec).await {
        let mut messages = response.into_inner();
        while let Ok(Some(_)) = messages.message().await {}
    }
}

/// Every header, of which some cannot be gRPC's, and binary ones.
fn metadata(secrets: &mut Secrets, place: &str) -> Vec<MetadataMap> {
    let mut rounds: Vec<_> = rounds_of_headers(secrets, place)
        .into_iter()
        .map(|mut headers| {
            headers.remove("content-type");
            MetadataMap::from_headers(headers)
        })
        .collect();
    for name in ["token-bin", "x-credentials-bin", "grpc-trace-bin"] {
        secrets.at(format!("{place}, metadata {name}"));
        let value = tonic::metadata::BinaryMetadataValue::from_bytes(secrets.plain().as_bytes());
        rounds[0].insert_bin(name, value);
    }
    rounds
}

#[tokio::test]
async fn nothing_that_is_planted_leaves_the_tonic_example() {
    let ingest = Ingest::start().await;
    let dsn = ingest.dsn();
    let vars = [
        ("SENTRY_DSN", dsn.as_str()),
        ("SENTRY_TRACES_SAMPLE_RATE", "1.0"),
        ("RUST_LOG", "info,tower_telemetry=trace"),
        ("NO_COLOR", "1"),
        ("METRICS_PORT", "0"),
    ];
    let mut example = Example::start("example-tonic", &vars).await;
    let mut secrets = Secrets::new();
    let (mut requests, mut failures) = (0, 0);
    for (path, message, monitored) in CALLS {
        for metadata in metadata(&mut secrets, &format!("{path} {message:?}")) {
            call(&example, path, message.to_owned(), metadata).await;
            requests += usize::from(monitored);
            failures += usize::from(monitored && message != "ada");
        }
    }
    for path in ["/helloworld.Greeter/SayHello", "/helloworld.Greeter/StreamHello"] {
        for template in MESSAGES {
            for word in ["error", "panic"] {
                secrets.at(format!("{path} {word} {template}"));
                let message = format!("{word} {}", secrets.fill(template));
                call(&example, path, message, MetadataMap::new()).await;
                requests += 1;
                failures += 1;
            }
            // One whom it greets.
            secrets.at(format!("{path} {template}"));
            let name = secrets.fill(template);
            call(&example, path, name, MetadataMap::new()).await;
            requests += 1;
        }
    }
    for path in INVENTED {
        secrets.at(format!("path {path}"));
        call(&example, &secrets.fill(path), secrets.plain(), MetadataMap::new()).await;
        requests += 1;
    }
    requests += malformed(&example, &mut secrets).await;
    println!("{requests} requests, {failures} of which fail");

    let items = ingest.wait_for(|items| count(items, "transaction") >= requests, PATIENCE).await;
    assert!(count(&items, "event") >= failures, "{} events of {failures}", count(&items, "event"));
    let metrics = metrics(&example).await;
    assert!(example.terminate().await.success());

    assert!(secrets.planted.len() >= 500);
    assert!(String::from_utf8_lossy(&metrics).contains(r#"rpc_method="helloworld.Greeter/SayHello""#));
    let access = example.output().iter().filter(|line| line.contains("tower_telemetry::access")).count();
    assert!(access >= requests, "{access} lines for {requests} requests");
    assert_nothing_leaked(&secrets, &ingest, &metrics, &example);
}

/// Over HTTP/2, but not gRPC, or not as it should be. Returns how many.
async fn malformed(example: &Example, secrets: &mut Secrets) -> usize {
    let mut requests = 0;
    for (query, content_type) in QUERIES
        .iter()
        .zip(["application/grpc", "application/json", "application/grpc+{shape}", "text/plain"].iter().cycle())
    {
        secrets.at(format!("malformed {content_type} {query}"));
        let url = example.url(&format!("/helloworld.Greeter/SayHello?{}", secrets.fill(query)));
        let request = Request::post(url)
            .header("content-type", secrets.fill(content_type))
            .header("grpc-timeout", secrets.plain())
            .header("te", "trailers")
            .body(Full::from(secrets.fill(r#"{"name":"error","password":"{plain}"}"#)));
        send(Protocol::Http2, request.expect("a request")).await;
        requests += 1;
    }
    requests
}

async fn metrics(example: &Example) -> Bytes {
    let at = |line: &str| line.strip_prefix("metrics on ").map(str::to_owned);
    let url = example.output().iter().find_map(|line| at(line)).expect("it says where its metrics are");
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.get(url.parse().expect("a URI")).await.expect("an answer");
    response.into_body().collect().await.expect("a body").to_bytes()
}
