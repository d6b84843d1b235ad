//! What of a user leaves: the same in events, transactions, spans and logs.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{Router, body::Body, extract::Query, routing::get};
use http::Request;
use http_body_util::BodyExt;
use sentry::protocol::User as Told;
use serde_json::{Value, json};
use tests::spans::Spans;
use tower::ServiceExt;
use tower_telemetry::{Builder, Pii, RequestContext, Telemetry, User, UserSource, Users};
use tower_telemetry_core::{AddressDisclosure, Disclosure};

use super::collected::{Collected, Reports};

const KEY: &str = "0123456789abcdef";

/// Of whom all is known.
fn ada() -> User {
    User::new("u-90210")
        .with_username("ada.l")
        .with_email("ada@example.com")
        .with_name("Ada Lovelace")
        .with_address("203.0.113.77".parse().expect("an address"))
        .with_role("admin")
        .with_staff(true)
        .with_tenant("acme")
        .with_attribute("note", "likes engines")
}

/// What is told of a user in one exchange that reports something in each way there is, by what each of these calls `id`.
struct Reported {
    reports: Reports,
    spans: Spans,
}

/// The exchange of a handler that knows the user, behind a facade that is so set up.
async fn exchange(set_up: impl FnOnce(Builder) -> Builder, handler: fn(&RequestContext)) -> Reported {
    exchange_in(Spans::keep_beside(sentry_tracing::SpanLayer::new()), set_up, handler).await
}

async fn exchange_in(spans: Spans, set_up: impl FnOnce(Builder) -> Builder, handler: fn(&RequestContext)) -> Reported {
    let collected = Collected::new();
    let telemetry = collected.telemetry_with(set_up);
    let app = Router::new().route(
        "/report",
        get(move |cx: RequestContext, _: Query<Vec<(String, String)>>| async move {
            handler(&cx);
            sentry::capture_message("a report", sentry::Level::Error);
        }),
    );
    let response = app.layer(telemetry.layer()).oneshot(Request::new(Body::empty()).map_path()).await;
    let _ = response.expect("a Router is infallible").into_body().collect().await;
    collected.wait_for(1, 1).await;
    Reported { reports: collected.take(), spans }
}

trait MapPath {
    fn map_path(self) -> Self;
}

impl MapPath for Request<Body> {
    fn map_path(mut self) -> Self {
        *self.uri_mut() = "/report".parse().expect("a path");
        self
    }
}

impl Reported {
    /// The user in the event, which is the one in the transaction.
    fn user(&self) -> Value {
        let json = |user: &Option<Told>| serde_json::to_value(user).expect("JSON");
        let user = json(&self.reports.events[0].user);
        assert_eq!(json(&self.reports.transactions[0].user), user, "one policy");
        user
    }

    /// The user's fields in the span.
    fn span(&self) -> Value {
        let spans = self.spans.spans();
        let span = spans.iter().find(|span| span.name == "http.server.request").expect("a span");
        of_user(&span.fields)
    }

    /// All that left the exchange in any way.
    fn text(&self) -> String {
        format!("{}\n{}", self.reports.wire, self.spans.text())
    }
}

fn of_user(fields: &tests::spans::Fields) -> Value {
    let names =
        ["user.id", "user.name", "user.email", "user.full_name", "user.roles", "user.attributes", "user.verified"];
    let told = names.iter().chain(&["client.address"]).filter_map(|name| Some((*name, fields.get(name)?)));
    Value::Object(told.map(|(name, value)| (name.to_owned(), json!(value))).collect())
}

#[tokio::test]
async fn what_is_told_is_what_the_policy_names() {
    let cases: Vec<(Users, Value, Value)> = vec![
        (
            Users::new(),
            json!({ "id": "u-90210", "username": "ada.l", "ip_address": "203.0.113.0" }),
            json!({ "user.id": "u-90210", "user.name": "ada.l", "client.address": "203.0.113.0" }),
        ),
        (
            Users::new().username(Disclosure::Withheld).address(AddressDisclosure::Off),
            json!({ "id": "u-90210" }),
            json!({ "user.id": "u-90210" }),
        ),
        (
            Users::new().address(AddressDisclosure::Whole),
            json!({ "id": "u-90210", "username": "ada.l", "ip_address": "203.0.113.77" }),
            json!({ "user.id": "u-90210", "user.name": "ada.l", "client.address": "203.0.113.77" }),
        ),
        (
            Users::new().email(Disclosure::Disclosed).address(AddressDisclosure::Off),
            json!({ "id": "u-90210", "username": "ada.l", "email": "ada@example.com" }),
            json!({ "user.id": "u-90210", "user.name": "ada.l", "user.email": "ada@example.com" }),
        ),
        (
            Users::new().name(Disclosure::Disclosed).address(AddressDisclosure::Off),
            json!({ "id": "u-90210", "username": "ada.l", "name": "Ada Lovelace" }),
            json!({ "user.id": "u-90210", "user.name": "ada.l", "user.full_name": "Ada Lovelace" }),
        ),
        (
            Users::new().attributes([User::ROLE, User::IS_STAFF, User::TENANT]).address(AddressDisclosure::Off),
            json!({ "id": "u-90210", "username": "ada.l", "role": "admin", "is_staff": true, "tenant": "acme" }),
            json!({
                "user.id": "u-90210", "user.name": "ada.l", "user.roles": "admin",
                "user.attributes": "is_staff=true tenant=acme"
            }),
        ),
        (
            Users::new().personal(Disclosure::Disclosed),
            json!({
                "id": "u-90210", "username": "ada.l", "email": "ada@example.com", "name": "Ada Lovelace",
                "ip_address": "203.0.113.77"
            }),
            json!({
                "user.id": "u-90210", "user.name": "ada.l", "user.email": "ada@example.com",
                "user.full_name": "Ada Lovelace", "client.address": "203.0.113.77"
            }),
        ),
        (
            Users::new().personal(Disclosure::Disclosed).email(Disclosure::Withheld).name(Disclosure::Withheld),
            json!({ "id": "u-90210", "username": "ada.l", "ip_address": "203.0.113.77" }),
            json!({ "user.id": "u-90210", "user.name": "ada.l", "client.address": "203.0.113.77" }),
        ),
    ];
    for (users, user, span) in cases {
        let name = users.to_string();
        let told = exchange(|builder| builder.users(users.clone()), |cx| cx.set_user(ada())).await;
        assert_eq!((told.user(), told.span()), (user, span.clone()), "{name}");
        // Without a span, the access log's line says it.
        let spans = Spans::keep_if(|metadata| !metadata.is_span());
        let told = exchange_in(spans, |builder| builder.users(users), |cx| cx.set_user(ada())).await;
        let lines = told.spans.events("tower_telemetry::access");
        assert_eq!(lines.iter().map(|line| of_user(&line.fields)).collect::<Vec<_>>(), [span], "{name}");
    }
}

#[tokio::test]
async fn the_facade_tells_all_where_personal_data_may_leave() {
    let told = exchange(|builder| builder.pii(Pii::Sent), |cx| cx.set_user(ada())).await;
    let all = json!({
        "id": "u-90210", "username": "ada.l", "email": "ada@example.com", "name": "Ada Lovelace",
        "ip_address": "203.0.113.77"
    });
    assert_eq!(told.user(), all);
    let one_by_one = Users::new().email(Disclosure::Withheld).address(AddressDisclosure::Cut);
    let told = exchange(|builder| builder.users(one_by_one).pii(Pii::Sent), |cx| cx.set_user(ada())).await;
    let some = json!({
        "id": "u-90210", "username": "ada.l", "name": "Ada Lovelace", "ip_address": "203.0.113.0"
    });
    assert_eq!(told.user(), some);
}

#[tokio::test]
async fn an_e_mail_address_is_none_in_the_place_of_an_id_either() {
    let handler = |cx: &RequestContext| cx.set_user(User::new("ada@example.com").with_username("grace@example.com"));
    let told = exchange(|builder| builder, handler).await;
    assert_eq!((told.user(), told.span()), (Value::Null, json!({})));
    assert!(!told.text().contains("@example.com"), "{}", told.text());
    let told = exchange(|builder| builder.pii(Pii::Sent), handler).await;
    assert_eq!(told.user(), json!({ "id": "ada@example.com", "username": "grace@example.com" }));
    let told = exchange(|builder| builder.users(Users::new().pseudonyms(KEY).expect("a key")), handler).await;
    assert!(told.user()["id"].as_str().is_some_and(|id| id.starts_with("anon-")), "{}", told.user());
    assert!(!told.text().contains("example.com"), "{}", told.text());
}

#[tokio::test]
async fn pseudonyms_tell_users_apart_and_nothing_else() {
    let with = |key: &'static str| {
        move |builder: Builder| {
            let users = Users::new().attributes([User::ROLE]).address(AddressDisclosure::Off);
            builder.pii(Pii::Sent).users(users.pseudonyms(key).expect("a key"))
        }
    };
    let told = exchange(with(KEY), |cx| cx.set_user(ada())).await;
    let id = told.user()["id"].clone();
    assert_eq!(told.user(), json!({ "id": id, "role": "admin" }));
    assert_eq!(told.span(), json!({ "user.id": id, "user.roles": "admin" }));
    for raw in ["90210", "ada.l", "ada@example", "Lovelace", "acme", "203.0.113", KEY] {
        assert!(!told.text().contains(raw), "{raw}: {}", told.text());
    }
    let text = id.as_str().expect("a text");
    assert!(text.len() < 60 && text.starts_with("anon-"), "{text}");

    let again = exchange(with(KEY), |cx| cx.set_user(User::new("u-90210"))).await.user();
    assert_eq!(again, json!({ "id": id }), "equal for equal ids");
    let other = exchange(with(KEY), |cx| cx.set_user(User::new("u-90211"))).await.user();
    let keyed = exchange(with("fedcba9876543210"), |cx| cx.set_user(User::new("u-90210"))).await.user();
    assert!(other["id"] != id && keyed["id"] != id && keyed["id"] != other["id"]);
    // Where there is no id the username is what a user is counted by.
    let named = exchange(with(KEY), |cx| cx.set_user(User::named("u-90210"))).await.user();
    assert_eq!(named, json!({ "id": id }));
    // What only looks like a pseudonym is an id, perhaps one that a caller chose.
    for id in ["anon-ada", "anon-9f86d081884c7d659a2feaa0c55ad015-00000000"] {
        static ID: Mutex<&str> = Mutex::new("");
        *ID.lock().unwrap_or_else(PoisonError::into_inner) = id;
        let handler = |cx: &RequestContext| cx.set_user(User::new(*ID.lock().unwrap_or_else(PoisonError::into_inner)));
        let told = exchange(with(KEY), handler).await;
        assert!(told.user()["id"] != id && !told.text().contains(id), "{}", told.text());
    }
}

/// One that the service sets by the SDK's own means obeys the same policy.
#[tokio::test]
async fn the_sdks_own_user_is_told_by_the_same_policy() {
    let handler = |_: &RequestContext| {
        let other = json!({ "role": "admin", "note": "likes engines", "name": "Ada Lovelace", "n": 7 });
        let user = Told {
            id: Some("u-90210".into()),
            username: Some("ada.l".into()),
            email: Some("ada@example.com".into()),
            ip_address: "203.0.113.77".parse().ok(),
            other: serde_json::from_value(other).expect("a map"),
        };
        sentry::configure_scope(|scope| scope.set_user(Some(user)));
    };
    // `sentry-tracing` would give each span a scope of its own, and forget that as the span is left.
    let told = exchange_in(Spans::keep(), |builder| builder, handler).await;
    assert_eq!(told.user(), json!({ "id": "u-90210", "username": "ada.l", "ip_address": "203.0.113.0" }));
    let users = || Users::new().attributes([User::ROLE, "n"]);
    let told =
        exchange_in(Spans::keep(), |builder| builder.users(users().username(Disclosure::Withheld)), handler).await;
    assert_eq!(told.user(), json!({ "id": "u-90210", "ip_address": "203.0.113.0", "role": "admin", "n": 7 }));
    let told =
        exchange_in(Spans::keep(), |builder| builder.users(users().pseudonyms(KEY).expect("a key")), handler).await;
    assert!(told.user()["id"].as_str().is_some_and(|id| id.starts_with("anon-")), "{}", told.user());
    for raw in ["90210", "ada.l", "example.com", "Lovelace", "113.77"] {
        assert!(!told.reports.wire.contains(raw), "{raw}: {}", told.reports.wire);
    }
}

#[tokio::test]
async fn what_is_told_is_bounded() {
    let huge = |cx: &RequestContext| {
        let mut user = User::new("x".repeat(1 << 20)).with_username(format!("a\nda\u{202e}{}", "y".repeat(1 << 20)));
        for i in 0..10_000 {
            user = user.with_attribute(format!("a{i}"), "z".repeat(1_000));
        }
        user.attributes.extend((0..10_000).map(|i| (format!("b{i}").into(), "z".repeat(1_000).into())));
        cx.set_user(user);
        for i in 0..10_000 {
            cx.set_tag(format!("tag{i}"), "v".repeat(10_000));
        }
        cx.set_tag("n".repeat(1_000), "v");
        cx.set_tag("not a name", "v");
        cx.set_tag("line", "one\ntwo");
    };
    let names: Vec<_> = (0..10_000).flat_map(|i| [format!("a{i}"), format!("b{i}")]).collect();
    let told = exchange(|builder| builder.users(Users::new().attributes(names)), huge).await;
    let user = told.user();
    assert_eq!(user["id"], "x".repeat(128));
    assert_eq!(user["username"], format!("ada{}", "y".repeat(125)));
    let others = user.as_object().expect("an object").len() - 2;
    assert_eq!(others, 16, "{user}");
    let event = &told.reports.events[0];
    let tags: Vec<_> = event.tags.iter().filter(|(name, _)| name.starts_with("tag")).collect();
    assert_eq!(tags.len(), 32);
    assert!(tags.iter().all(|(_, value)| value.len() == 200), "{tags:?}");
    assert!(told.reports.wire.len() < 100_000, "{}", told.reports.wire.len());
}

#[tokio::test]
async fn tags_go_with_it() {
    let told = exchange(
        |builder| builder,
        |cx| {
            cx.set_tag("tier", "bronze");
            cx.set_tag("tier", "gold");
            cx.set_tag("contact", "ada@example.com");
            cx.set_tag("line", "one\ntwo");
        },
    )
    .await;
    for tags in [&told.reports.events[0].tags, &told.reports.transactions[0].tags] {
        let of = |name: &str| tags.get(name).map(String::as_str);
        assert_eq!((of("request_path"), of("request_method")), (Some("/report"), Some("GET")));
        assert_eq!((of("tier"), of("contact"), of("line")), (Some("gold"), Some("[email]"), Some("onetwo")));
    }
}

#[test]
fn a_policy_that_is_applied_twice_changes_nothing() {
    use proptest::prelude::*;
    let text = "[a-z\\PC\\n\u{202e} ]{0,200}";
    proptest!(|(id in text, username in text, email in text, keyed in any::<bool>())| {
        let users = Users::new().email(Disclosure::Disclosed).username(Disclosure::Disclosed);
        let users = if keyed { users.pseudonyms(KEY).expect("a key") } else { users };
        let user = User::new(id).with_username(username).with_email(email);
        let once = users.policy().told(&user);
        let twice = once.as_ref().and_then(|user| users.policy().told(user));
        let texts = |user: &Option<User>| {
            let texts = user.as_ref().map(|user| [user.id.clone(), user.username.clone(), user.email.clone()]);
            texts.map(|texts| texts.map(|text| text.map(|text| text.to_string())))
        };
        prop_assert_eq!(texts(&once), texts(&twice));
    });
}

/// A claim that panics while a panic is being reported: a second panic in the hook would end the process.
#[tokio::test]
async fn a_panic_in_the_midst_of_reporting_one_ends_nothing() {
    #[derive(Clone)]
    struct Session(Arc<Mutex<bool>>);
    let collected = Collected::new();
    let read = |session: &Session| {
        assert!(*session.0.lock().unwrap_or_else(PoisonError::into_inner), "a session is broken");
        None
    };
    let by_session = UserSource::extension_by(read);
    let by_header = UserSource::by(|_| Some(User::new(7)));
    let telemetry = collected.telemetry(Users::new().sources([by_session, by_header]));
    let app = Router::new().route(
        "/report",
        get(|session: axum::Extension<Session>| async move {
            *session.0.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
            unwind();
        }),
    );
    let mut request = Request::new(Body::empty()).map_path();
    request.extensions_mut().insert(Session(Arc::new(Mutex::new(true))));
    let answered = tokio::spawn(app.layer(telemetry.layer()).oneshot(request)).await;
    assert!(answered.is_err_and(|error| error.is_panic()));
    collected.wait_for(1, 1).await;
    let reports = collected.take();
    let id = reports.events[0].user.as_ref().and_then(|user| user.id.as_deref());
    assert_eq!(id, Some("7"), "the next source is asked");
    assert_eq!(reports.transactions[0].user.as_ref().and_then(|user| user.id.as_deref()), Some("7"));
}

fn unwind() {
    panic!("a handler");
}

/// What it says of itself.
pub(crate) fn shown(telemetry: &Telemetry) -> String {
    let health: Value = serde_json::from_str(&telemetry.health()).expect("JSON");
    let users = &health["monitoring"]["users"];
    assert_eq!(users["state"], "on");
    users["why"].as_str().expect("a text").to_owned()
}
