//! What the request's context knows of its user: claims, the handler's word, and those who want to hear of it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use tests::spans::Spans;
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::{AddressClaim, Observe, RequestContext, User, UserClaim, UserPolicy};
use tower_telemetry_trace::{TaskSpan, Trace};
use tower_telemetry_user::{UserSource, Users};

fn context() -> RequestContext {
    RequestContext::of(&mut http::Extensions::new())
}

fn id(cx: &RequestContext) -> Option<String> {
    cx.user()?.id.as_ref().map(ToString::to_string)
}

fn address() -> AddressClaim {
    AddressClaim::Known("203.0.113.7".parse().expect("an address"))
}

fn asked(ask: impl Fn() -> Option<User> + Send + Sync + 'static) -> UserClaim {
    UserClaim::Asked(Box::new(ask))
}

fn watched(ask: impl Fn() -> Option<User> + Send + Sync + 'static) -> UserClaim {
    UserClaim::Watched(Box::new(ask))
}

type Hook = Arc<dyn Fn(&User) + Send + Sync>;

/// A hook that keeps the ids that it is told.
fn listener() -> (Arc<Mutex<Vec<Option<String>>>>, Hook) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let keep = heard.clone();
    let hook: Hook = Arc::new(move |user: &User| {
        keep.lock().expect("no panic").push(user.id.as_ref().map(ToString::to_string));
    });
    (heard, hook)
}

fn heard(heard: &Mutex<Vec<Option<String>>>) -> Vec<Option<String>> {
    std::mem::take(&mut *heard.lock().expect("no panic"))
}

#[test]
fn the_claim_of_the_lowest_rank_counts_and_the_handler_above_all() {
    let cx = context();
    assert_eq!(id(&cx), None);
    cx.claim_user(2, UserClaim::Known(User::new(2)));
    assert_eq!(id(&cx).as_deref(), Some("2"));
    cx.claim_user(1, asked(|| None));
    assert_eq!(id(&cx).as_deref(), Some("2"));
    cx.claim_user(0, asked(|| Some(User::new(0))));
    assert_eq!(id(&cx).as_deref(), Some("0"));
    cx.claim_user(0, UserClaim::Known(User::new(9)));
    assert_eq!(id(&cx).as_deref(), Some("0"), "the first of equals");
    cx.set_user(User::new(7));
    assert_eq!(id(&cx).as_deref(), Some("7"));
    cx.forget_user();
    assert_eq!(id(&cx), None);
    cx.set_user(User::new(8));
    assert_eq!(id(&cx).as_deref(), Some("8"));
}

/// Whoever asks early does not keep others from hearing what is found out after.
#[test]
fn what_comes_after_a_question_is_told_too() {
    let cx = context();
    cx.set_user(User::new("ada").with_email("ada@example.com"));
    assert_eq!(id(&cx).as_deref(), Some("ada"));
    cx.begin_user(Some(&UserPolicy::new().pseudonyms(|_| "hash".into())), Some(address()), || None);
    assert_eq!(id(&cx).as_deref(), Some("anon-hash-hash"));
    assert!(cx.user().is_some_and(|user| user.address.is_some()));
    // The outermost layer's word counts, but what others know is no less known.
    cx.begin_user(None, None, || None);
    cx.claim_user(0, UserClaim::Known(User::new(9)));
    assert_eq!(id(&cx).as_deref(), Some("anon-hash-hash"));

    let cx = context();
    cx.forget_user();
    let (all, hook) = listener();
    cx.on_user(&hook);
    assert_eq!(id(&cx), None);
    let cx = context();
    cx.on_user(&hook);
    cx.claim_user(0, UserClaim::Known(User::new(1)));
    cx.tell_user();
    assert_eq!(heard(&all), [Some("1".into())]);
}

#[test]
fn each_hook_hears_of_each_change_once() {
    let cx = context();
    let (first, hook) = listener();
    cx.on_user(&hook);
    cx.set_user(User::new(7));
    cx.set_user(User::new(7));
    cx.tell_user();
    assert_eq!(heard(&first), [Some("7".into())]);
    // One that comes later is told what the others know.
    let (second, late) = listener();
    cx.on_user(&late);
    assert_eq!((heard(&first), heard(&second)), (vec![], vec![Some("7".into())]));
    cx.forget_user();
    assert_eq!((heard(&first), heard(&second)), (vec![None], vec![None]));
    drop(hook);
    cx.set_user(User::new(8));
    assert_eq!((heard(&first), heard(&second)), (vec![], vec![Some("8".into())]));
}

#[test]
fn a_claim_may_ask_of_users_and_gets_no_answer() {
    let cx = context();
    let (all, hook) = listener();
    cx.on_user(&hook);
    let (inner, answers) = (cx.clone(), Arc::new(AtomicUsize::new(0)));
    let count = answers.clone();
    cx.claim_user(
        0,
        watched(move || {
            count.fetch_add(usize::from(inner.user().is_some()), Ordering::Relaxed);
            inner.tell_user();
            None
        }),
    );
    let setter = cx.clone();
    cx.claim_user(
        1,
        asked(move || {
            setter.set_user(User::new("set"));
            Some(User::new("claimed"))
        }),
    );
    let before = id(&cx);
    assert!(before.as_deref() == Some("claimed"), "{before:?}");
    assert_eq!(id(&cx).as_deref(), Some("set"), "it has said so");
    cx.tell_user();
    assert_eq!(heard(&all).last(), Some(&Some("set".into())));
    assert_eq!(answers.load(Ordering::Relaxed), 0);
}

#[test]
fn a_hook_may_say_who_it_is() {
    let cx = context();
    let inner = cx.clone();
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    let hook: Hook = Arc::new(move |_: &User| {
        let calls = count.fetch_add(1, Ordering::Relaxed);
        assert!(inner.user().is_some());
        inner.set_user(User::new(calls as u64));
    });
    cx.on_user(&hook);
    cx.set_user(User::new("ada"));
    assert!((1..100).contains(&calls.load(Ordering::Relaxed)), "it ends");
    let (all, other) = listener();
    cx.on_user(&other);
    assert!(!heard(&all).is_empty(), "and others are told");
}

/// Asks as it is dropped.
struct Asks(RequestContext, Arc<Mutex<Option<String>>>);
impl Drop for Asks {
    fn drop(&mut self) {
        *self.1.lock().expect("no panic") = id(&self.0);
    }
}

#[test]
fn a_panic_of_others_code_stays_where_it_is() {
    let cx = context();
    cx.claim_user(0, asked(|| panic!("a claim")));
    cx.claim_user(1, watched(|| panic!("another")));
    cx.claim_user(2, UserClaim::Known(User::new(7)));
    let hook: Hook = Arc::new(|_: &User| panic!("a hook"));
    cx.on_user(&hook);
    let (all, other) = listener();
    cx.on_user(&other);
    assert_eq!(id(&cx).as_deref(), Some("7"), "the next is asked");
    cx.settle_user();
    cx.set_user(User::new(8));
    assert_eq!(heard(&all), [Some("7".into()), Some("8".into())]);

    // Asked in a panic hook, a panic would end the process. Here in a drop, on the way out of a panic.
    let (cx, answer) = (context(), Arc::new(Mutex::new(None)));
    cx.claim_user(0, asked(|| panic!("a claim")));
    cx.claim_user(1, asked(|| Some(User::new(9))));
    let asks = Asks(cx, answer.clone());
    let unwound = catch_unwind(AssertUnwindSafe(move || {
        let _asks = asks;
        panic!("a handler");
    }));
    assert!(unwound.is_err());
    assert_eq!(answer.lock().expect("no panic").as_deref(), Some("9"));
}

/// It holds the context that holds it.
#[derive(Clone)]
struct Session(
    #[expect(dead_code, reason = "it is held")] RequestContext,
    #[expect(dead_code, reason = "likewise")] Arc<()>,
);

#[tokio::test]
async fn nothing_is_held_once_the_exchange_is_over() {
    let source = UserSource::extension_by(|_: &Session| None);
    let observer = (Users::new().sources([source]), Trace::new());
    let kept = Arc::new(());
    let alive = Arc::downgrade(&kept);
    let spans = Spans::keep();
    let context: Arc<Mutex<Option<RequestContext>>> = Arc::default();
    let keep = context.clone();
    let service = observer.into_layer().layer(service_fn(move |request: Request<()>| {
        let cx = RequestContext::from_extensions(request.extensions());
        cx.set_user(User::new(7));
        *keep.lock().expect("no panic") = Some(cx);
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(Empty::<&'static [u8]>::new())))
    }));
    let mut request = Request::new(());
    let cx = RequestContext::of(request.extensions_mut());
    request.extensions_mut().insert(Session(cx, kept));
    let Ok(response) = service.oneshot(request).await;
    let Ok(_) = response.into_body().collect().await;
    let is_closed = |name| spans.spans().iter().find(|span| span.name == name).map(|span| span.closed);
    assert_eq!(is_closed("http.server.request"), Some(true), "though the context is still there");
    assert_eq!(alive.strong_count(), 0, "the session knew the context, and the other way round");
    let cx = context.lock().expect("no panic").take().expect("the handler left it");
    assert_eq!(id(&cx).as_deref(), Some("7"), "it is still known");
    cx.set_user(User::new(8));

    // A task may go on, and tells who it is for.
    TaskSpan::new(&cx).run(async {}).await;
    assert_eq!(is_closed("task"), Some(true));
    let tasks = spans.spans();
    let task = tasks.iter().find(|span| span.name == "task").expect("it was opened");
    assert_eq!(task.fields.get("user.id"), Some("8"));
}

#[test]
fn hooks_that_are_gone_leave_nothing() {
    let cx = context();
    let marker = Arc::new(());
    let mut gone: Vec<Weak<()>> = Vec::new();
    for _ in 0..10_000 {
        let held = marker.clone();
        gone.push(Arc::downgrade(&marker));
        let hook: Hook = Arc::new(move |_: &User| _ = &held);
        cx.on_user(&hook);
    }
    assert_eq!(Arc::strong_count(&marker), 1);
    let (all, hook) = listener();
    cx.on_user(&hook);
    cx.set_user(User::new(7));
    assert_eq!(heard(&all), [Some("7".into())]);
}

/// A span forgets nothing, so what was said of another user is blanked.
#[test]
fn a_span_never_mixes_two_users() {
    let spans = Spans::keep();
    let cx = context();
    let task = TaskSpan::new(&cx);
    cx.begin_user(Some(&UserPolicy::new().attributes([User::ROLE, User::TENANT])), Some(address()), || None);
    let ada = User::new(7).with_username("ada").with_role("admin").with_tenant("acme");
    cx.set_user(ada.as_unverified());
    let fields = || spans.spans()[0].fields.clone();
    for (name, value) in [
        ("user.id", "7"),
        ("user.name", "ada"),
        ("user.roles", "admin"),
        ("user.attributes", "tenant=acme"),
        ("user.verified", "false"),
        ("client.address", "203.0.113.0"),
    ] {
        assert_eq!(fields().get(name), Some(value), "{name}");
    }
    cx.set_user(User::new(8));
    for (name, value) in [("user.id", "8"), ("user.name", ""), ("user.roles", ""), ("user.attributes", "")] {
        assert_eq!(fields().get(name), Some(value), "{name}");
    }
    assert_eq!(fields().get("user.verified"), Some("true"));
    assert_eq!(fields().times("client.address"), 1, "it has not changed");
    cx.forget_user();
    assert_eq!(fields().get("user.id"), Some(""));
    drop(task);
}

#[test]
fn threads_that_say_who_it_is_leave_hooks_with_the_last_word() {
    for _ in 0..200 {
        let cx = context();
        let last: Arc<Mutex<Option<String>>> = Arc::default();
        let keep = last.clone();
        let hook: Hook = Arc::new(move |user: &User| {
            *keep.lock().expect("no panic") = user.id.as_ref().map(ToString::to_string);
        });
        cx.on_user(&hook);
        std::thread::scope(|scope| {
            for thread in 0..2_u64 {
                let cx = &cx;
                scope.spawn(move || (0..20).for_each(|i| cx.set_user(User::new(thread * 100 + i))));
            }
        });
        assert_eq!(*last.lock().expect("no panic"), id(&cx));
    }
}
