use std::{error::Error, fmt, io, pin::Pin, time::Duration};

use futures_util::{Stream, stream};
use tokio::time;
use tonic::{Request, Response, Status};
use tower_telemetry::{RequestContext, User, UserSource, Users};

use crate::proto::{HelloReply, HelloRequest, greeter_server::Greeter};

const GREETINGS: u32 = 5;

/// Greets those who call. Some names do to it what a bad day does.
#[derive(Debug)]
pub(crate) struct Hello;

#[derive(Debug)]
struct LookupError {
    name: String,
    source: io::Error,
}

#[tonic::async_trait]
impl Greeter for Hello {
    type StreamHelloStream = Pin<Box<dyn Stream<Item = Result<HelloReply, Status>> + Send>>;

    async fn say_hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        let cx = request.extensions().get::<RequestContext>();
        let name = look_up(&request.get_ref().name).await.map_err(|error| internal(cx, error))?;
        Ok(Response::new(HelloReply { message: format!("hello {name}") }))
    }

    async fn stream_hello(&self, request: Request<HelloRequest>) -> Result<Response<Self::StreamHelloStream>, Status> {
        let cx = request.extensions().get::<RequestContext>().cloned();
        let name = request.into_inner().name;
        let greetings = stream::try_unfold(1, move |n| {
            let (cx, name) = (cx.clone(), name.clone());
            async move {
                if n > GREETINGS {
                    return Ok(None);
                }
                time::sleep(Duration::from_millis(100)).await;
                // A bad day begins well.
                let name = if n == 1 { Ok(&*name) } else { look_up(&name).await };
                let name = name.map_err(|error| internal(cx.as_ref(), error))?;
                Ok(Some((HelloReply { message: format!("hello {name}, {n} of {GREETINGS}") }, n + 1)))
            }
        });
        Ok(Response::new(Box::pin(greetings)))
    }
}

/// Who makes a call, for monitoring: whom the gateway in front says in the metadata. Without one anybody could say so.
pub(crate) fn users() -> Users {
    Users::new().sources([UserSource::by(|head| {
        let id = head.headers.get("x-user-id")?.to_str().ok()?;
        Some(User::new(id.to_owned()))
    })])
}

async fn look_up(name: &str) -> Result<&str, LookupError> {
    match name.split_once(' ') {
        None if name == "panic" => panic!("the example was asked to panic"),
        Some(("panic", words)) => panic!("the example was asked to panic: {words}"),
        Some(("error", words)) => return Err(LookupError::new(words)),
        None if name == "error" => return Err(LookupError::new("")),
        None if name == "slow" => time::sleep(Duration::from_secs(1)).await,
        _ => {}
    }
    Ok(name)
}

/// The caller learns nothing of the error, monitoring everything.
fn internal(cx: Option<&RequestContext>, error: LookupError) -> Status {
    if let Some(cx) = cx {
        cx.set_error(error);
    }
    Status::internal("something went wrong")
}

impl LookupError {
    fn new(name: &str) -> Self {
        let source = io::Error::new(io::ErrorKind::ConnectionRefused, "the directory does not answer");
        Self { name: name.to_owned(), source }
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => f.write_str("the name could not be looked up"),
            name => write!(f, "the name could not be looked up: {name}"),
        }
    }
}

impl Error for LookupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
