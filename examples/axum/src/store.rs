use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

/// Longer lists of orders, or of sessions, push the oldest out: this is an example, not a database.
const MAX_KEPT: usize = 1000;

/// The service's data, in memory.
#[derive(Default)]
pub(crate) struct Store {
    users: Vec<User>,
    orders: Mutex<Vec<Order>>,
    sessions: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    users: HashMap<String, u64>,
    oldest_first: std::collections::VecDeque<String>,
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
        Self { users: vec![user(1, "ada"), user(2, "grace"), user(3, "linus")], ..Self::default() }
    }

    pub(crate) fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(crate) fn user_by_name(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }

    pub(crate) fn add_order(&self, item: String, quantity: u32) -> Order {
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
            && let Some(oldest) = sessions.oldest_first.pop_front()
        {
            sessions.users.remove(&oldest);
        }
        sessions.oldest_first.push_back(token.clone());
        sessions.users.insert(token, user.id);
    }

    pub(crate) fn session(&self, token: &str) -> Option<&User> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        self.user(*sessions.users.get(token)?)
    }
}
