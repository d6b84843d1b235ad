use std::{
    borrow::Cow,
    error::Error,
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use http::Extensions;

use crate::{
    AddressClaim, Capture, CapturedBody, Decision, Endpoint, RequestId, ResponseError, TraceContext, User, UserClaim,
    UserPolicy,
    capturing::{Bodies, Capturing},
    naming::Names,
    tags::Tags,
    user::UserSlot,
};

/// What is known of one request: the handle that layers, observers and the handler share.
///
/// It travels in the request's extensions. Whichever layer comes first makes it; an outer layer then sees what an inner one
/// or the handler wrote later. Each slot is written once, and the first writer wins. A clone costs an atomic increment.
///
/// A handler gets it from `request.extensions()`. With axum (feature `axum`) it is an extractor that never fails: behind an
/// excluded endpoint, which has none, it makes one that nobody reads, where an `Extension` would be missing.
#[derive(Clone)]
pub struct RequestContext {
    slots: Arc<Slots>,
}

struct Slots {
    arrival: Instant,
    route: Name,
    rpc: Name,
    trace: OnceLock<TraceContext>,
    request_id: OnceLock<RequestId>,
    decision: OnceLock<Decision>,
    error: OnceLock<ResponseError>,
    user: UserSlot,
    tags: Tags,
    request_bytes: AtomicU64,
    counts_messages: AtomicBool,
    request_messages: AtomicU64,
    claimed: AtomicBool,
    reporter: AtomicBool,
    bodies: Bodies,
}

/// A name of the endpoint: the outermost layer's, without an atomic operation, else the first that is given later.
struct Name {
    at_once: Option<Endpoint>,
    /// Boxed, since few have one.
    later: OnceLock<Box<Endpoint>>,
}

/// Nobody counts the request's bytes.
const UNCOUNTED: u64 = u64::MAX;

impl RequestContext {
    /// The context in `extensions`, which is made if none is there: the request has arrived now.
    pub fn of(extensions: &mut Extensions) -> Self {
        if let Some(cx) = extensions.get::<Self>() {
            return cx.clone();
        }
        let cx = Self::new(Names::default);
        extensions.insert(cx.clone());
        cx
    }

    /// The context in `extensions`, or a new one that nobody reads: for handlers, which need not ask whether there is one.
    ///
    /// ```
    /// # use tower_telemetry_core::{RequestContext, User};
    /// # fn handler(request: http::Request<()>) {
    /// RequestContext::from_extensions(request.extensions()).set_user(User::new(7).with_username("ada"));
    /// # }
    /// ```
    pub fn from_extensions(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(|| Self::new(Names::default))
    }

    /// As [`of`](Self::of), but one that is made stays out of the extensions. The second value says whether it was. Where nobody
    /// has named the endpoint, `name` does.
    pub(crate) fn unshared_of(extensions: &Extensions, name: impl FnOnce() -> Names) -> (Self, bool) {
        let Some(cx) = extensions.get::<Self>() else { return (Self::new(name), true) };
        if cx.route().is_none() {
            let Names { route, rpc } = name();
            route.into_iter().chain(rpc).for_each(|endpoint| cx.set_endpoint(endpoint));
        }
        (cx.clone(), false)
    }

    fn new(name: impl FnOnce() -> Names) -> Self {
        let arrival = Instant::now();
        let Names { route, rpc } = name();
        let slots = Slots {
            arrival,
            route: Name::new(route),
            rpc: Name::new(rpc),
            trace: OnceLock::new(),
            request_id: OnceLock::new(),
            decision: OnceLock::new(),
            error: OnceLock::new(),
            user: UserSlot::default(),
            tags: Tags::default(),
            request_bytes: AtomicU64::new(UNCOUNTED),
            counts_messages: AtomicBool::new(false),
            request_messages: AtomicU64::new(0),
            claimed: AtomicBool::new(false),
            reporter: AtomicBool::new(false),
            bodies: Bodies::default(),
        };
        Self { slots: Arc::new(slots) }
    }

    /// When the first of our layers was called.
    pub fn arrival(&self) -> Instant {
        self.slots.arrival
    }

    /// The endpoint, as far as it is known by now. [`Outcome::endpoint`](crate::Outcome::endpoint) is the final word.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.rpc().or_else(|| self.route())
    }

    /// Names the endpoint, unless it has a name already.
    pub fn set_endpoint(&self, endpoint: Endpoint) {
        let slot = if endpoint.is_grpc() { &self.slots.rpc } else { &self.slots.route };
        slot.set(endpoint);
    }

    /// The route, beside which a gRPC name may stand.
    pub(crate) fn route(&self) -> Option<&Endpoint> {
        self.slots.route.get()
    }

    /// The gRPC method that the caller says it calls.
    pub(crate) fn rpc(&self) -> Option<&Endpoint> {
        self.slots.rpc.get()
    }

    /// The trace that this request is part of.
    pub fn trace(&self) -> Option<&TraceContext> {
        self.slots.trace.get()
    }

    /// The trace that this request is part of; `read` makes it where nobody has yet.
    pub fn trace_or_init(&self, read: impl FnOnce() -> TraceContext) -> &TraceContext {
        self.slots.trace.get_or_init(read)
    }

    /// The request id.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.slots.request_id.get()
    }

    /// Sets the request id, unless there is one. Returns whether this call did.
    pub fn set_request_id(&self, id: RequestId) -> bool {
        self.slots.request_id.set(id).is_ok()
    }

    /// The sampling decision.
    pub fn decision(&self) -> Option<&Decision> {
        self.slots.decision.get()
    }

    /// The sampling decision; `decide` makes it where nobody has yet.
    pub fn decision_or_init(&self, decide: impl FnOnce() -> Decision) -> &Decision {
        self.slots.decision.get_or_init(decide)
    }

    /// The error that the handler left, by [`set_error`](Self::set_error), as a [`ResponseError`], or, with tonic, as a
    /// `Status` that is the server's failure.
    pub fn error(&self) -> Option<&ResponseError> {
        self.slots.error.get()
    }

    /// Leaves the error behind a response, unless there is one.
    pub fn set_error<E: Into<Box<dyn Error + Send + Sync>> + 'static>(&self, error: E) {
        self.share_error(ResponseError::new(error));
    }

    pub(crate) fn share_error(&self, error: ResponseError) {
        let _ = self.slots.error.set(error);
    }

    /// Says who made the request, whoever knew it so far. It holds for all that is reported from now on, and for the exchange as
    /// a whole. The last word counts.
    ///
    /// What of it is told is the [policy](UserPolicy)'s to say.
    pub fn set_user(&self, user: User) {
        self.slots.user.set(Some(user));
    }

    /// Says that nobody made the request whom the service knows: whoever it was has logged out.
    pub fn forget_user(&self) {
        self.slots.user.set(None);
    }

    /// What may be told of who made the request, as far as it is known by now: what the handler [said](Self::set_user), else what
    /// the first of the claims knows that knows something. Worked out once, and again after a change.
    pub fn user(&self) -> Option<Arc<User>> {
        self.slots.user.told()
    }

    /// Says what may be told of users, what is known of the caller's address, and, where it is known at once, who made the
    /// request. Only the outermost layer is asked. Returns whether `first` named somebody, who then counts before all
    /// [claims](Self::claim_user). Without a policy it is the default.
    #[inline]
    pub fn begin_user(
        &self,
        policy: Option<&UserPolicy>,
        address: Option<AddressClaim>,
        first: impl FnOnce() -> Option<User>,
    ) -> bool {
        self.slots.user.begin(policy, address, first)
    }

    /// Claims to know who made the request. The claim with the lowest rank counts that knows something; of equal ones, the first.
    #[inline]
    pub fn claim_user(&self, rank: usize, claim: UserClaim) {
        self.slots.user.claim(rank, claim);
    }

    /// Has `hook` told of the user: now, if somebody is known, when the handler says who it is, and at each
    /// [`tell_user`](Self::tell_user), if there is something new: of [nobody](User::is_nobody) once somebody is forgotten. It holds
    /// for as long as the caller keeps it.
    pub fn on_user(&self, hook: &Arc<dyn Fn(&User) + Send + Sync>) {
        self.slots.user.add_hook(hook);
    }

    /// Tells the [hooks](Self::on_user) what is known by now, unless they know it.
    #[inline]
    pub fn tell_user(&self) {
        self.slots.user.call_hooks();
    }

    /// Lets go of the claims that are [watched](UserClaim::Watched), once they have been asked for the last time. For the end
    /// of the exchange: what knows a user may know this context too, and the two would keep each other for ever.
    pub fn settle_user(&self) {
        self.slots.user.settle();
    }

    /// Says something of the exchange that its reports are to be found by: `tier`, `gold`. A later value takes an earlier
    /// one's place.
    ///
    /// A name is 1 to 200 letters, digits, `_`, `.`, `:` and `-` of ASCII, and one that is not is ignored; a value is cut after 200
    /// characters; of tags there are at most 32. Values are scrubbed.
    pub fn set_tag(&self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) {
        self.slots.tags.set(name.into(), value.into());
    }

    /// The [tags](Self::set_tag) so far.
    pub fn tags(&self) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        self.slots.tags.all()
    }

    /// Claims the exchange for a whole set of signals. `false` if it is claimed: the same set stands further out, and would
    /// count everything twice.
    pub fn claim(&self) -> bool {
        !self.slots.claimed.swap(true, Ordering::Relaxed)
    }

    /// Claims the exchange for a reporter of errors. `false` if it is claimed: another one stands further out, and would report
    /// everything twice.
    pub fn claim_reporter(&self) -> bool {
        !self.slots.reporter.swap(true, Ordering::Relaxed)
    }

    /// Whether a reporter of errors has [claimed](Self::claim_reporter) the exchange.
    pub fn has_reporter(&self) -> bool {
        self.slots.reporter.load(Ordering::Relaxed)
    }

    /// Bytes of the request's body that the service has read so far. `None` where they are not counted: the body is
    /// of a type that cannot be wrapped without changing it (see [`ObserveService`](crate::ObserveService)).
    pub fn request_bytes(&self) -> Option<u64> {
        match self.slots.request_bytes.load(Ordering::Relaxed) {
            UNCOUNTED => None,
            bytes => Some(bytes),
        }
    }

    /// Asks for the gRPC messages of both bodies to be counted; see
    /// [`Outcome::request_messages`](crate::Outcome::request_messages). For [`Observe::begin`](crate::Observe::begin): later
    /// is too late. It costs a look at each data frame.
    pub fn count_messages(&self) {
        self.slots.counts_messages.store(true, Ordering::Relaxed);
    }

    pub(crate) fn counts_messages(&self) -> bool {
        self.slots.counts_messages.load(Ordering::Relaxed)
    }

    /// Messages of the request that the service has read so far, where they are counted.
    pub(crate) fn request_messages(&self) -> Option<u64> {
        let counted = self.counts_messages() && self.request_bytes().is_some();
        Some(self.slots.request_messages.load(Ordering::Relaxed)).filter(|&count| counted && count != UNCOUNTED)
    }

    #[cfg_attr(
        not(any(feature = "axum", feature = "hyper", feature = "tonic")),
        expect(dead_code, reason = "no body type is known")
    )]
    pub(crate) fn set_request_messages(&self, count: Option<u64>) {
        self.slots.request_messages.store(count.unwrap_or(UNCOUNTED), Ordering::Relaxed);
    }

    /// Asks for the request's body, as the service reads it. For [`Observe::begin`](crate::Observe::begin): later is too late.
    ///
    /// Of those who ask in one layer, the one who asks for most counts for all; of layers, the outermost that asks. It costs
    /// nothing where the body is empty, else one allocation, and a copy of what passes.
    pub fn capture_request(&self, capture: Capture) {
        self.bodies().ask_for_request(capture);
    }

    /// Asks for the response's body, as the host takes it; otherwise as [`capture_request`](Self::capture_request), and one
    /// more allocation.
    pub fn capture_response(&self, capture: Capture) {
        self.bodies().ask_for_response(capture);
    }

    /// What was captured of the request's body by now: at any time, also while the handler reads it. Copies nothing.
    ///
    /// `None` if nobody asked, or if the body is empty. It is as it came: secrets and all.
    pub fn captured_request(&self) -> Option<CapturedBody> {
        self.bodies().request().map(Capturing::captured)
    }

    /// What was captured of the response's body by now. `None` if nobody asked, or if there is no body.
    pub fn captured_response(&self) -> Option<CapturedBody> {
        self.bodies().response().map(Capturing::captured)
    }

    pub(crate) fn bodies(&self) -> &Bodies {
        &self.slots.bodies
    }

    /// Whether the caller is the one to count the request's bytes: nested layers must not count them twice.
    #[cfg_attr(
        not(any(feature = "axum", feature = "hyper", feature = "tonic")),
        expect(dead_code, reason = "no body type is known")
    )]
    pub(crate) fn claim_request_bytes(&self) -> bool {
        let bytes = &self.slots.request_bytes;
        bytes.compare_exchange(UNCOUNTED, 0, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    #[cfg_attr(
        not(any(feature = "axum", feature = "hyper", feature = "tonic")),
        expect(dead_code, reason = "no body type is known")
    )]
    pub(crate) fn add_request_bytes(&self, bytes: usize) {
        self.slots.request_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Name {
    fn new(at_once: Option<Endpoint>) -> Self {
        Self { at_once, later: OnceLock::new() }
    }

    fn get(&self) -> Option<&Endpoint> {
        self.at_once.as_ref().or_else(|| self.later.get().map(|name| &**name))
    }

    fn set(&self, name: Endpoint) {
        if self.at_once.is_none() {
            self.later.get_or_init(|| Box::new(name));
        }
    }
}

#[cfg(feature = "axum")]
impl<S: Sync> axum::extract::FromRequestParts<S> for RequestContext {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&mut parts.extensions))
    }
}

impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext")
            .field("endpoint", &self.endpoint())
            .field("trace", &self.trace())
            .field("request_id", &self.request_id())
            .field("decision", &self.decision())
            .finish_non_exhaustive()
    }
}
