//! The pages of the user crate's guide, as services on loopback.

use std::net::SocketAddr;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use axum_login::{
    AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId,
    tower_sessions::{MemoryStore, SessionManagerLayer},
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tower_telemetry::{RequestContext, Telemetry, User, UserSource, Users};
use tower_telemetry_core::AddressDisclosure;
use tower_telemetry_user::{ProxyHeaders, Token};

use super::{collected::Collected, hosts::listen};

#[derive(Clone, Debug)]
struct Account {
    id: i64,
    login: String,
    admin: bool,
    password_hash: Vec<u8>,
}

impl AuthUser for Account {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.password_hash
    }
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self::new(account.id).with_username(account.login.clone()).with_staff(account.admin)
    }
}

/// Ada and Grace, whose passwords are their names.
#[derive(Clone)]
struct Accounts;

impl Accounts {
    fn all() -> [Account; 2] {
        [(7, "ada", true), (8, "grace", false)].map(|(id, login, admin)| Account {
            id,
            login: login.into(),
            admin,
            password_hash: login.into(),
        })
    }
}

impl AuthnBackend for Accounts {
    type User = Account;
    type Credentials = (String, String);
    type Error = std::io::Error;

    async fn authenticate(&self, (login, password): (String, String)) -> Result<Option<Account>, std::io::Error> {
        Ok(Self::all().into_iter().find(|account| account.login == login && account.login == password))
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Account>, std::io::Error> {
        Ok(Self::all().into_iter().find(|account| account.id == *id))
    }
}

type Session = AuthSession<Accounts>;

async fn log_in(mut session: Session, cx: RequestContext, body: String) -> Result<(), StatusCode> {
    let failed = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let (login, password) = body.split_once(' ').ok_or(StatusCode::BAD_REQUEST)?;
    let account = session.authenticate((login.into(), password.into())).await.map_err(failed)?;
    let account = account.ok_or(StatusCode::UNAUTHORIZED)?;
    session.login(&account).await.map_err(failed)?;
    cx.set_user(User::from(&account));
    Ok(())
}

async fn log_out(mut session: Session, cx: RequestContext) -> Result<(), StatusCode> {
    session.logout().await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    cx.forget_user();
    Ok(())
}

fn pages() -> Router {
    let logins = Router::new().route("/login", post(log_in)).route("/logout", post(log_out));
    logins.route("/orders", get(async || "orders"))
}

/// A service, and its callers.
struct Service {
    collected: Collected,
    address: SocketAddr,
    client: Client<HttpConnector, Full<bytes::Bytes>>,
    _telemetry: Telemetry,
}

impl Service {
    async fn start(users: Users, app: impl FnOnce(&Telemetry) -> Router) -> Self {
        let collected = Collected::new();
        let telemetry = collected.telemetry(users);
        let app = app(&telemetry).into_make_service_with_connect_info::<SocketAddr>();
        let (listener, address) = listen().await;
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { collected, address, client, _telemetry: telemetry }
    }

    /// What becomes of a request, and what is told of its user.
    async fn send(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> (Response<()>, Value) {
        let request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Full::from(body)).expect("a request");
        let (head, body) = self.client.request(request).await.expect("an answer").into_parts();
        body.collect().await.expect("a body");
        self.collected.wait_for(1, 0).await;
        let told = serde_json::to_value(&self.collected.take().transactions[0].user).expect("JSON");
        (Response::from_parts(head, ()), told)
    }

    async fn told(&self, headers: &[(&str, &str)]) -> Value {
        self.send(("GET", "/orders"), headers, "").await.1
    }
}

#[tokio::test]
async fn axum_login() {
    type Stack = fn(&Telemetry) -> Router;

    let inside: Stack = |telemetry| {
        let sessions = SessionManagerLayer::new(MemoryStore::default());
        pages()
            .layer(telemetry.user_tap())
            .layer(AuthManagerLayerBuilder::new(Accounts, sessions).build())
            .layer(telemetry.layer())
    };
    let outside: Stack = |telemetry| {
        let sessions = SessionManagerLayer::new(MemoryStore::default());
        pages().layer(telemetry.layer()).layer(AuthManagerLayerBuilder::new(Accounts, sessions).build())
    };
    for stack in [inside, outside] {
        let logged_in = UserSource::extension_by(|session: &Session| session.user.as_ref().map(User::from));
        let users = Users::new().sources([logged_in]).attributes([User::IS_STAFF]).address(AddressDisclosure::Off);
        let service = Service::start(users, stack).await;
        let ada = json!({ "id": "7", "username": "ada", "is_staff": true });
        let grace = json!({ "id": "8", "username": "grace", "is_staff": false });

        assert_eq!(service.told(&[]).await, Value::Null);
        let (response, told) = service.send(("POST", "/login"), &[], "ada wrong").await;
        assert_eq!((response.status(), told), (StatusCode::UNAUTHORIZED, Value::Null));
        let (response, told) = service.send(("POST", "/login"), &[], "ada ada").await;
        assert_eq!((response.status(), told), (StatusCode::OK, ada.clone()));
        let cookie = |response: &Response<()>| {
            let cookie = response.headers()["set-cookie"].to_str().expect("a text");
            cookie.split(';').next().expect("its value").to_owned()
        };
        let hers = cookie(&response);
        let (response, _) = service.send(("POST", "/login"), &[], "grace grace").await;
        let other = cookie(&response);
        // On one connection.
        for _ in 0..3 {
            assert_eq!(service.told(&[("cookie", &hers)]).await, ada);
            assert_eq!(service.told(&[]).await, Value::Null);
            assert_eq!(service.told(&[("cookie", &other)]).await, grace);
            assert_eq!(service.told(&[("cookie", "id=forged")]).await, Value::Null);
        }
        let (_, told) = service.send(("POST", "/logout"), &[("cookie", &hers)], "").await;
        assert_eq!(told, Value::Null);
        assert_eq!(service.told(&[("cookie", &hers)]).await, Value::Null);
        assert_eq!(service.told(&[("cookie", &other)]).await, grace);
    }
}

#[tokio::test]
async fn oauth2_proxy() {
    let users = |proxy| {
        let headers = ProxyHeaders::new().attribute(User::ROLE, "x-forwarded-groups").expect("a name");
        let users = Users::new().sources([UserSource::proxy_headers_of(headers)]).attributes([User::ROLE]);
        users.trusted_proxies([proxy]).expect("an address")
    };
    let sent = [
        ("x-forwarded-user", "7"),
        ("x-forwarded-preferred-username", "ada"),
        ("x-forwarded-email", "ada@example.com"),
        ("x-forwarded-groups", "admins"),
        ("x-forwarded-for", "203.0.113.7"),
    ];
    let stack = |telemetry: &Telemetry| pages_alone().layer(telemetry.layer());
    let behind_it = Service::start(users("127.0.0.1"), stack).await;
    let ada = json!({ "id": "7", "username": "ada", "role": "admins", "ip_address": "203.0.113.0" });
    assert_eq!(behind_it.told(&sent).await, ada);
    let auth_request = [("x-auth-request-user", "7"), ("x-auth-request-preferred-username", "ada")];
    let told = json!({ "id": "7", "username": "ada", "ip_address": "127.0.0.0" });
    assert_eq!(behind_it.told(&auth_request).await, told);
    // A caller's own beside the proxy's.
    let nobody = json!({ "ip_address": "127.0.0.0" });
    assert_eq!(behind_it.told(&[("x-forwarded-user", "8"), ("x-forwarded-user", "7")]).await, nobody);
    assert_eq!(behind_it.told(&[]).await, nobody);
    // The proxy is somebody else: who comes from here has made it all up.
    let past_it = Service::start(users("10.0.0.1"), stack).await;
    assert_eq!(past_it.told(&sent).await, nobody);
    assert_eq!(past_it.told(&auth_request).await, nobody);
}

#[tokio::test]
async fn bearer_token() {
    #[derive(Clone)]
    struct Verified {
        subject: String,
    }
    impl From<&Verified> for User {
        fn from(verified: &Verified) -> Self {
            Self::new(verified.subject.clone())
        }
    }
    let token = Token::bearer().map(|claims| {
        let user = User::new(claims.text("sub")?);
        Some(match claims.text("tenant") {
            Some(tenant) => user.with_tenant(tenant),
            None => user,
        })
    });
    let users = Users::new()
        .sources([UserSource::extension::<Verified>(), UserSource::token(token)])
        .attributes([User::TENANT])
        .address(AddressDisclosure::Off);
    // It verifies by a header, which is simpler than cryptography.
    let verify = tower::ServiceBuilder::new().map_request(|mut request: Request<axum::body::Body>| {
        if request.headers().contains_key("x-good") {
            request.extensions_mut().insert(Verified { subject: "7".into() });
        }
        request
    });
    let stack =
        |telemetry: &Telemetry| pages_alone().layer(telemetry.user_tap()).layer(verify).layer(telemetry.layer());
    let service = Service::start(users, stack).await;
    // {"sub":"7","tenant":"acme"}
    let token = ("authorization", "Bearer e30.eyJzdWIiOiI3IiwidGVuYW50IjoiYWNtZSJ9.c2ln");
    let claimed = json!({ "id": "7", "tenant": "acme", "verified": false });
    assert_eq!(service.told(&[token]).await, claimed);
    assert_eq!(service.told(&[token, ("x-good", "yes")]).await, json!({ "id": "7" }), "verified counts more");
    assert_eq!(service.told(&[]).await, Value::Null);
    assert_eq!(service.told(&[("authorization", "Bearer e30.!.c2ln")]).await, Value::Null);
}

fn pages_alone() -> Router {
    Router::new().route("/orders", get(async || "orders"))
}
