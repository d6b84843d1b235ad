//! Servers on loopback with the facade's layer, and their clients.

use std::{convert::Infallible, net::SocketAddr};

use axum::{Router, body::Body, extract::State, routing::any};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, select, task::AbortHandle};
use tokio_stream::{StreamExt, wrappers::TcpListenerStream};
use tonic::{
    Status,
    metadata::{MetadataKey, MetadataValue},
    server::NamedService,
    service::Routes,
    transport::Channel,
};
use tonic_prost::ProstCodec;
use tower::{Service, ServiceBuilder, ServiceExt, service_fn, util::BoxCloneSyncService};
use tower_telemetry::{RequestContext, Telemetry};

use super::{
    moments::{Moment, Signals},
    sources::Source,
};

/// Says when to report.
const MOMENT: &str = "x-moment";

const PATH: &str = "/reports.Reporter/Report";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Axum,
    Hyper,
    Tonic,
}

/// One that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: AbortHandle,
}

/// A client that keeps its connection.
pub(crate) enum Caller {
    Http(Box<Client<HttpConnector, Empty<bytes::Bytes>>>, SocketAddr),
    Grpc(Channel),
}

impl Host {
    pub(crate) const ALL: [Self; 3] = [Self::Axum, Self::Hyper, Self::Tonic];

    pub(crate) async fn serve(self, telemetry: &Telemetry, source: Source, signals: &Signals) -> Server {
        let (listener, address) = listen().await;
        let (layer, signals) = (telemetry.layer(), signals.clone());
        let task = match self {
            Self::Axum => {
                let app = Router::new().route("/{*rest}", any(axum_handler)).with_state((source, signals));
                let arrive = ServiceBuilder::new().map_request(move |request: Request<Body>| source.arrive(request));
                let app = inside(app, telemetry, source).layer(layer).layer(arrive);
                let app = app.into_make_service_with_connect_info::<SocketAddr>();
                tokio::spawn(async move { axum::serve(listener, app).await.expect("it accepts") })
            }
            Self::Hyper => {
                let handler = service_fn(move |request| answer(source, signals.clone(), request));
                let service = match source {
                    Source::Inside => BoxCloneSyncService::new(
                        ServiceBuilder::new()
                            .map_response(|response: Response<_>| response.map(Body::new))
                            .map_request(move |request: Request<Incoming>| source.enter(request))
                            .layer(telemetry.user_tap())
                            .service(handler),
                    ),
                    _ => BoxCloneSyncService::new(handler),
                };
                let service = ServiceBuilder::new()
                    .map_request(move |request: Request<Incoming>| source.arrive(request))
                    .layer(layer)
                    .service(service);
                tokio::spawn(serve_hyper(listener, service))
            }
            Self::Tonic => {
                let routes = Routes::new(Reporter { source, signals }).into_axum_router();
                let routes = Routes::from(inside(routes, telemetry, source));
                let arrive = ServiceBuilder::new()
                    .map_request(move |request: Request<tonic::body::Body>| source.arrive(request))
                    .layer(layer);
                let server = tonic::transport::Server::builder().layer(arrive).add_routes(routes);
                let incoming = TcpListenerStream::new(listener);
                tokio::spawn(async move { server.serve_with_incoming(incoming).await.expect("it accepts") })
            }
        };
        Server { address, task: task.abort_handle() }
    }

    pub(crate) async fn caller(self, server: &Server) -> Caller {
        if self == Self::Tonic {
            let channel = Channel::from_shared(format!("http://{}", server.address)).expect("a URI").connect().await;
            return Caller::Grpc(channel.expect("it is there"));
        }
        Caller::Http(Box::new(Client::builder(TokioExecutor::new()).build_http()), server.address)
    }
}

impl Caller {
    /// One exchange, to its end, or until the handler waits. Whether it was answered.
    pub(crate) async fn call(&self, moment: Moment, signals: &Signals, headers: &[(&'static str, String)]) -> bool {
        let exchange = async {
            match self {
                Self::Http(client, address) => get(client, *address, moment, headers).await,
                Self::Grpc(channel) => call(channel.clone(), moment, headers).await,
            }
        };
        select! {
            was_answered = exchange => was_answered,
            () = signals.waits.notified() => false,
        }
    }
}

async fn get(
    client: &Client<HttpConnector, Empty<bytes::Bytes>>,
    address: SocketAddr,
    moment: Moment,
    headers: &[(&'static str, String)],
) -> bool {
    let request = Request::get(format!("http://{address}/report")).header(MOMENT, format!("{moment:?}"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
    let Ok(response) = client.request(request.body(Empty::new()).expect("a request")).await else { return false };
    response.into_body().collect().await.is_ok_and(|body| body.to_bytes() == "onetwo")
}

async fn call(channel: Channel, moment: Moment, headers: &[(&'static str, String)]) -> bool {
    let mut request = tonic::Request::new(String::new());
    let all = headers.iter().cloned().chain([(MOMENT, format!("{moment:?}"))]);
    for (name, value) in all {
        let value = MetadataValue::try_from(value).expect("a value");
        request.metadata_mut().insert(MetadataKey::from_static(name), value);
    }
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("it is connected");
    let codec = ProstCodec::<String, String>::default();
    match client.server_streaming(request, PATH.parse().expect("a path"), codec).await {
        Ok(response) => {
            let frames: Result<Vec<String>, _> = response.into_inner().collect().await;
            frames.is_ok_and(|frames| frames == ["one", "two"])
        }
        Err(_) => false,
    }
}

pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    (listener, address)
}

/// Says who is at the other end, as a service on hyper must itself.
async fn serve_hyper<S, B>(listener: TcpListener, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body<Data = bytes::Bytes, Error: Into<tower::BoxError>> + Send + 'static,
{
    loop {
        let (stream, peer) = listener.accept().await.expect("it accepts");
        let service = service.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let service = TowerToHyperService::new(service);
        tokio::spawn(async move {
            let builder = auto::Builder::new(TokioExecutor::new());
            // A caller that goes is part of the test.
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An auth layer inside ours, and the tap inside that.
fn inside(app: Router, telemetry: &Telemetry, source: Source) -> Router {
    if source != Source::Inside {
        return app;
    }
    let enter = ServiceBuilder::new().map_request(move |request: Request<Body>| source.enter(request));
    app.layer(telemetry.user_tap()).layer(enter)
}

async fn axum_handler(
    State((source, signals)): State<(Source, Signals)>,
    cx: RequestContext,
    request: Request<Body>,
) -> Response<Body> {
    report(source, signals, cx, request.headers(), request.extensions()).await
}

async fn answer(source: Source, signals: Signals, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let cx = RequestContext::from_extensions(request.extensions());
    Ok(report(source, signals, cx, request.headers(), request.extensions()).await)
}

async fn report(
    source: Source,
    signals: Signals,
    cx: RequestContext,
    headers: &HeaderMap,
    extensions: &http::Extensions,
) -> Response<Body> {
    let frames = moment(headers).run(signals, cx, source.sign_in(headers, extensions)).await;
    let mut response = Response::new(Body::from_stream(frames.map(Ok::<_, Infallible>)));
    source.leave(headers, response.extensions_mut());
    response
}

fn moment(headers: &HeaderMap) -> Moment {
    Moment::named(headers[MOMENT].to_str().expect("a name"))
}

#[derive(Clone)]
pub(crate) struct Reporter {
    pub(crate) source: Source,
    pub(crate) signals: Signals,
}

impl NamedService for Reporter {
    const NAME: &'static str = "reports.Reporter";
}

impl Service<Request<tonic::body::Body>> for Reporter {
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Self::Future {
        let Self { source, signals } = self.clone();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<String, String>::default());
            let handler = service_fn(move |request| stream(source, signals.clone(), request));
            Ok(grpc.server_streaming(handler, request).await)
        })
    }
}

async fn stream(
    source: Source,
    signals: Signals,
    request: tonic::Request<String>,
) -> Result<tonic::Response<impl tokio_stream::Stream<Item = Result<String, Status>>>, Status> {
    let headers = request.metadata().clone().into_headers();
    let cx = RequestContext::from_extensions(request.extensions());
    let frames = moment(&headers).run(signals, cx, source.sign_in(&headers, request.extensions())).await;
    let mut response = tonic::Response::new(frames.map(|frame| Ok(frame.to_owned())));
    source.leave(&headers, response.extensions_mut());
    Ok(response)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
