use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{
    confirmations::Confirmations,
    database::{Database, PoolTimedOut},
};

/// Longer lists of orders, or of sessions, push the oldest out: this is an example, not a database.
const MAX_KEPT: usize = 1000;

const SESSIONS_LAST: Duration = Duration::from_secs(24 * 60 * 60);

/// The service's data, in memory.
pub(crate) struct Store {
    pub(crate) database: Database,
    pub(crate) confirmations: Confirmations,
    users: Vec<User>,
    orders: Mutex<Vec<Order>>,
    sessions: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    users: HashMap<String, u64>,
    oldest_first: VecDeque<(Instant, String)>,
}

#[derive(Clone, Serialize)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) username: &'static str,
}

#[derive(Clone, Serialize)]
pub(crate) struct Order {
    pub(crate) id: usize,
    pub(crate) item: String,
    pub(crate) quantity: u32,
}

impl Store {
    pub(crate) fn with_examples() -> Self {
        let user = |id, username| User { id, username };
        Self {
            database: Database::new(),
            confirmations: Confirmations::start(),
            users: vec![user(1, "ada"), user(2, "grace"), user(3, "linus")],
            orders: Mutex::default(),
            sessions: Mutex::default(),
        }
    }

    pub(crate) async fn find_user(&self, id: u64) -> Result<Option<&User>, PoolTimedOut> {
        self.database.query("SELECT", "users", async { self.user(id) }).await
    }

    pub(crate) fn user_by_name(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }

    pub(crate) async fn add_order(&self, item: String, quantity: u32) -> Result<Order, PoolTimedOut> {
        self.database.query("INSERT", "orders", async { self.insert(item, quantity) }).await
    }

    fn insert(&self, item: String, quantity: u32) -> Order {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let order = Order { id: orders.last().map_or(1, |last| last.id + 1), item, quantity };
        if orders.len() == MAX_KEPT {
            orders.remove(0);
        }
        orders.push(order.clone());
        order
    }

    pub(crate) fn open_session(&self, token: String, user: &User) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.oldest_first.len() == MAX_KEPT
            && let Some((_, oldest)) = sessions.oldest_first.pop_front()
        {
            sessions.users.remove(&oldest);
        }
        sessions.oldest_first.push_back((Instant::now(), token.clone()));
        sessions.users.insert(token, user.id);
    }

    pub(crate) fn session(&self, token: &str) -> Option<&User> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        self.user(*sessions.users.get(token)?)
    }

    pub(crate) fn expire_sessions(&self) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |(opened, _): &(Instant, String)| opened.elapsed() > SESSIONS_LAST;
        while sessions.oldest_first.front().is_some_and(is_old)
            && let Some((_, old)) = sessions.oldest_first.pop_front()
        {
            sessions.users.remove(&old);
        }
    }

    fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }
}
