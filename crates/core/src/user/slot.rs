use std::{
    cell::Cell,
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    thread,
};

use crate::{AddressDisclosure, User, UserPolicy, recording::quietly};

/// What somebody other than the handler knows of the user.
///
/// What is asked may itself ask nothing of users: nobody answers it.
pub enum UserClaim {
    /// This one.
    Known(User),
    /// Asked for when something is to be told of the user, and again after a change.
    Asked(Box<dyn Fn() -> Option<User> + Send + Sync>),
    /// Asked for each time that something is to be told of the user, until somebody is known: it may be found out later. And a last
    /// time when the exchange [ends](crate::RequestContext::settle_user).
    Watched(Box<dyn Fn() -> Option<User> + Send + Sync>),
}

/// What is known of the caller's address.
pub enum AddressClaim {
    /// This one.
    Known(IpAddr),
    /// Asked for when something is to be told of the user, and again after a change.
    Asked(Box<dyn Fn() -> Option<IpAddr> + Send + Sync>),
}

/// What one exchange's context knows of its user.
///
/// What the outermost layer finds as the exchange begins needs no lock, and no memory of its own.
#[derive(Default)]
pub(crate) struct UserSlot {
    begun: OnceLock<Begun>,
    /// Never one that is watched: it could not be let go of.
    first: OnceLock<Ranked>,
    later: OnceLock<Box<Mutex<Later>>>,
}

/// Written at once, since each slot that is written costs two atomic operations.
struct Begun {
    /// `None` for the default.
    policy: Option<UserPolicy>,
    address: Option<AddressClaim>,
    /// Whom the first source named at once.
    first: Option<User>,
}

/// The lower the rank, the more its word counts.
struct Ranked {
    rank: usize,
    claim: UserClaim,
}

/// All that comes after, and what came of it.
#[derive(Default)]
struct Later {
    said: Said,
    claims: Vec<Arc<Ranked>>,
    hooks: Vec<Hook>,
    /// Somebody calls the hooks, and will see what is new.
    is_telling: bool,
    /// Counts the changes.
    version: u64,
    /// What is told, since the last change.
    told: Told,
}

/// What the handler said.
#[derive(Clone, Default)]
enum Said {
    #[default]
    Nothing,
    Nobody,
    User(User),
}

/// What is told, once that is worked out: of nobody, perhaps.
#[derive(Default)]
enum Told {
    #[default]
    NotYet,
    Yes(Option<Arc<User>>),
}

/// One that wants to know, and what it knows.
struct Hook {
    call: Weak<UserHook>,
    told: Option<Arc<User>>,
}

type UserHook = dyn Fn(&User) + Send + Sync;

/// A hook that always says something new is not listened to for ever.
const MAX_ROUNDS: usize = 8;

thread_local! {
    /// Whether a claim is being asked here.
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

impl UserSlot {
    // Inline, and written where it is made: to move it costs more than all else here.
    #[inline]
    pub(crate) fn begin(
        &self,
        policy: Option<&UserPolicy>,
        address: Option<AddressClaim>,
        first: impl FnOnce() -> Option<User>,
    ) -> bool {
        let mut is_named = false;
        self.begun.get_or_init(|| {
            let first = first();
            is_named = first.is_some();
            Begun { policy: policy.cloned(), address, first }
        });
        self.forget_told();
        is_named
    }

    #[inline]
    pub(crate) fn claim(&self, rank: usize, claim: UserClaim) {
        let mut claim = Some(claim);
        if !matches!(claim, Some(UserClaim::Watched(_))) {
            self.first.get_or_init(|| Ranked { rank, claim: claim.take().expect("it is asked for once") });
        }
        match claim {
            None => self.forget_told(),
            Some(claim) => self.claim_later(rank, claim),
        }
    }

    pub(crate) fn set(&self, user: Option<User>) {
        self.change(|later| later.said = user.map_or(Said::Nobody, Said::User));
        self.call_hooks();
    }

    pub(crate) fn add_hook(&self, hook: &Arc<UserHook>) {
        let mut later = self.later();
        // Tasks come and go while a long exchange lasts.
        if later.hooks.len() == later.hooks.capacity() {
            later.hooks.retain(|hook| hook.call.strong_count() > 0);
        }
        later.hooks.push(Hook { call: Arc::downgrade(hook), told: None });
        drop(later);
        self.call_hooks();
    }

    /// Lets go of what is watched: it may hold this very slot, which would then never be dropped.
    pub(crate) fn settle(&self) {
        let is_watched = |claim: &mut Arc<Ranked>| matches!(claim.claim, UserClaim::Watched(_));
        let Some(later) = self.later.get() else { return };
        let watched: Vec<_> = lock(later).claims.extract_if(.., is_watched).collect();
        for ranked in watched {
            if let Some(user) = asking(|| ranked.claim.ask()).flatten() {
                self.claim(ranked.rank, UserClaim::Known(user));
            }
        }
    }

    /// What is told of the user. `None` if there is none, or nothing that may be told.
    pub(crate) fn told(&self) -> Option<Arc<User>> {
        if self.is_empty() || ASKING.get() {
            return None;
        }
        self.told_at().1
    }

    /// Tells those who want to know at once, if there is something new.
    #[inline]
    pub(crate) fn call_hooks(&self) {
        if let Some(later) = self.later.get() {
            self.call_hooks_of(later);
        }
    }

    fn call_hooks_of(&self, later: &Mutex<Later>) {
        if lock(later).hooks.is_empty() || ASKING.get() {
            return;
        }
        for round in 0..MAX_ROUNDS {
            let (version, told) = self.told_at();
            let mut later = lock(later);
            if later.is_telling && round == 0 {
                return;
            }
            let is_new = |hook: &&mut Hook| hook.told != told;
            let calls: Vec<_> =
                later.hooks.iter_mut().filter(is_new).filter_map(|hook| hook.tell(told.as_ref())).collect();
            later.is_telling = !calls.is_empty() || later.version != version;
            if !later.is_telling {
                return;
            }
            drop(later);
            let told = told.unwrap_or_default();
            for call in calls {
                quietly(|| call(&told));
            }
        }
        lock(later).is_telling = false;
    }

    fn is_empty(&self) -> bool {
        self.later.get().is_none()
            && self.first.get().is_none()
            && self.begun.get().is_none_or(|begun| begun.address.is_none() && begun.first.is_none())
    }

    /// What is told, and since which change.
    fn told_at(&self) -> (u64, Option<Arc<User>>) {
        let (version, said, claims) = {
            let later = self.later();
            if let Told::Yes(told) = &later.told {
                return (later.version, told.clone());
            }
            (later.version, later.said.clone(), later.claims.clone())
        };
        // Others' code runs in here: no lock is held meanwhile.
        let (told, is_final) = asking(|| self.ask(said, &claims)).unwrap_or((None, true));
        let told = told.map(Arc::new);
        let mut later = self.later();
        if is_final && later.version == version {
            later.told = Told::Yes(told.clone());
        }
        (version, told)
    }

    /// What is told, and whether that is final.
    fn ask(&self, said: Said, claims: &[Arc<Ranked>]) -> (Option<User>, bool) {
        let (begun, default) = (self.begun.get(), UserPolicy::default());
        let policy = begun.and_then(|begun| begun.policy.as_ref()).unwrap_or(&default);
        let (mut user, is_final) = match said {
            Said::Nothing => self.best(claims),
            Said::Nobody => (User::default(), true),
            Said::User(user) => (user, true),
        };
        if user.address.is_none() && policy.told_of_addresses() != AddressDisclosure::Off {
            user.address = begun.and_then(|begun| begun.address.as_ref()?.ask());
        }
        (policy.told(&user), is_final)
    }

    fn best(&self, claims: &[Arc<Ranked>]) -> (User, bool) {
        if let Some(first) = self.begun.get().and_then(|begun| begun.first.as_ref()) {
            return (first.clone(), true);
        }
        let mut all: Vec<_> = self.first.get().into_iter().chain(claims.iter().map(|claim| &**claim)).collect();
        all.sort_by_key(|claim| claim.rank);
        let mut is_final = true;
        let user = all.into_iter().find_map(|Ranked { claim, .. }| {
            // One that panics knows nobody, and the next is asked.
            let user = quietly(|| claim.ask()).flatten();
            is_final &= user.is_some() || !matches!(claim, UserClaim::Watched(_));
            user
        });
        (user.unwrap_or_default(), is_final)
    }

    #[cold]
    fn claim_later(&self, rank: usize, claim: UserClaim) {
        self.change(|later| later.claims.push(Arc::new(Ranked { rank, claim })));
    }

    fn change(&self, change: impl FnOnce(&mut Later)) {
        let mut later = self.later();
        change(&mut later);
        later.change();
    }

    /// What somebody asked for before is out of date.
    fn forget_told(&self) {
        if let Some(later) = self.later.get() {
            lock(later).change();
        }
    }

    fn later(&self) -> MutexGuard<'_, Later> {
        lock(self.later.get_or_init(Box::default))
    }
}

impl Later {
    fn change(&mut self) {
        self.version += 1;
        self.told = Told::NotYet;
    }
}

impl Hook {
    fn tell(&mut self, told: Option<&Arc<User>>) -> Option<Arc<UserHook>> {
        self.told = told.cloned();
        self.call.upgrade()
    }
}

impl UserClaim {
    fn ask(&self) -> Option<User> {
        match self {
            Self::Known(user) => Some(user.clone()),
            Self::Asked(ask) | Self::Watched(ask) => ask(),
        }
    }
}

impl AddressClaim {
    fn ask(&self) -> Option<IpAddr> {
        match self {
            Self::Known(address) => Some(*address),
            Self::Asked(ask) => ask(),
        }
    }
}

/// Runs others' code. What it asks of users, and what is reported of its panic, goes without an answer: it would be asked in turn.
fn asking<R: Send>(ask: impl FnOnce() -> R + Send) -> Option<R> {
    // Perhaps in a panic hook, where a panic would end the process.
    if thread::panicking() {
        return thread::scope(|scope| thread::Builder::new().spawn_scoped(scope, || asking(ask)).ok()?.join().ok()?);
    }
    ASKING.set(true);
    let answer = quietly(ask);
    ASKING.set(false);
    answer
}

fn lock(later: &Mutex<Later>) -> MutexGuard<'_, Later> {
    later.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for UserClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(user) => f.debug_tuple("Known").field(user).finish(),
            Self::Asked(_) => f.write_str("Asked"),
            Self::Watched(_) => f.write_str("Watched"),
        }
    }
}

impl fmt::Debug for AddressClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "Known",
            Self::Asked(_) => "Asked",
        })
    }
}
