use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
};

use crate::{AddressDisclosure, User, UserPolicy, recording::quietly};

/// What somebody other than the handler knows of the user.
pub enum UserClaim {
    /// This one.
    Known(User),
    /// Asked for, once, when something is to be told of the user.
    Asked(Box<dyn Fn() -> Option<User> + Send + Sync>),
    /// Asked for each time that something is to be told of the user, until somebody is known: it may be found out later.
    Watched(Box<dyn Fn() -> Option<User> + Send + Sync>),
}

/// What is known of the caller's address.
pub enum AddressClaim {
    /// This one.
    Known(IpAddr),
    /// Asked for, once, when something is to be told of the user.
    Asked(Box<dyn Fn() -> Option<IpAddr> + Send + Sync>),
}

/// What one exchange's context knows of its user.
///
/// What the outermost layer finds as the exchange begins needs no lock, and no memory of its own.
#[derive(Default)]
pub(crate) struct UserSlot {
    policy: OnceLock<UserPolicy>,
    address: OnceLock<AddressClaim>,
    first: OnceLock<Ranked<UserClaim>>,
    later: OnceLock<Mutex<Later>>,
}

/// The lower the rank, the more its word counts.
struct Ranked<T> {
    rank: usize,
    claim: T,
}

/// All that comes after, and what came of it.
#[derive(Default)]
struct Later {
    said: Said,
    claims: Vec<Ranked<Arc<UserClaim>>>,
    hooks: Vec<Weak<UserHook>>,
    /// Counts the changes.
    version: u64,
    /// What is told, since the last change.
    told: Told,
    /// What the hooks were told.
    hooks_told: Option<Arc<User>>,
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

type UserHook = dyn Fn(&User) + Send + Sync;

impl UserSlot {
    pub(crate) fn set_policy(&self, policy: &UserPolicy) {
        let _ = self.policy.set(policy.clone());
    }

    pub(crate) fn claim_address(&self, claim: AddressClaim) {
        let _ = self.address.set(claim);
    }

    pub(crate) fn claim(&self, rank: usize, claim: UserClaim) {
        if let Err(Ranked { rank, claim }) = self.first.set(Ranked { rank, claim }) {
            self.change(|later| later.claims.push(Ranked { rank, claim: Arc::new(claim) }));
        }
    }

    pub(crate) fn set(&self, user: Option<User>) {
        self.change(|later| later.said = user.map_or(Said::Nobody, Said::User));
        self.call_hooks();
    }

    pub(crate) fn add_hook(&self, hook: &Arc<UserHook>) {
        self.later().hooks.push(Arc::downgrade(hook));
        self.call_hooks();
    }

    /// What is told of the user. `None` if there is none, or nothing that may be told.
    pub(crate) fn told(&self) -> Option<Arc<User>> {
        if self.is_empty() {
            return None;
        }
        let (version, said, claims) = {
            let later = self.later();
            if let Told::Yes(told) = &later.told {
                return told.clone();
            }
            let claims: Vec<_> = later.claims.iter().map(|Ranked { rank, claim }| (*rank, claim.clone())).collect();
            (later.version, later.said.clone(), claims)
        };
        // Others' code runs in here: no lock is held meanwhile.
        let mut is_final = true;
        let told = quietly(|| self.ask(said, &claims, &mut is_final)).flatten().map(Arc::new);
        let mut later = self.later();
        if is_final && later.version == version {
            later.told = Told::Yes(told.clone());
        }
        told
    }

    /// Tells those who want to know at once, if there is something new.
    pub(crate) fn call_hooks(&self) {
        let is_heard = self.later.get().is_some_and(|later| !lock(later).hooks.is_empty());
        if !is_heard {
            return;
        }
        let Some(told) = self.told() else { return };
        let hooks = {
            let mut later = self.later();
            if later.hooks_told.as_ref() == Some(&told) {
                return;
            }
            later.hooks_told = Some(told.clone());
            later.hooks.clone()
        };
        for hook in hooks.iter().filter_map(Weak::upgrade) {
            quietly(|| hook(&told));
        }
    }

    fn is_empty(&self) -> bool {
        self.later.get().is_none() && self.first.get().is_none() && self.address.get().is_none()
    }

    fn ask(&self, said: Said, claims: &[(usize, Arc<UserClaim>)], is_final: &mut bool) -> Option<User> {
        let policy = self.policy.get().cloned().unwrap_or_default();
        let mut user = match said {
            Said::Nothing => self.best(claims, is_final).unwrap_or_default(),
            Said::Nobody => User::default(),
            Said::User(user) => user,
        };
        if user.address.is_none() && policy.told_of_addresses() != AddressDisclosure::Off {
            user.address = self.address.get().and_then(|claim| match claim {
                AddressClaim::Known(address) => Some(*address),
                AddressClaim::Asked(ask) => ask(),
            });
        }
        policy.told(&user)
    }

    fn best(&self, claims: &[(usize, Arc<UserClaim>)], is_final: &mut bool) -> Option<User> {
        let first = self.first.get().map(|Ranked { rank, claim }| (*rank, claim));
        let mut all: Vec<_> = first.into_iter().chain(claims.iter().map(|(rank, claim)| (*rank, &**claim))).collect();
        all.sort_by_key(|(rank, _)| *rank);
        all.into_iter().find_map(|(_, claim)| match claim {
            UserClaim::Known(user) => Some(user.clone()),
            UserClaim::Asked(ask) => ask(),
            UserClaim::Watched(ask) => {
                let user = ask();
                *is_final &= user.is_some();
                user
            }
        })
    }

    fn change(&self, change: impl FnOnce(&mut Later)) {
        let mut later = self.later();
        change(&mut later);
        later.version += 1;
        later.told = Told::NotYet;
    }

    fn later(&self) -> MutexGuard<'_, Later> {
        lock(self.later.get_or_init(Mutex::default))
    }
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
