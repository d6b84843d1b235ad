//! What the benches compare: one axum app, monitored in different ways, and one service behind layers that do nothing.

mod app;
mod client;
mod forward;
mod member;
mod members;
mod metrics;
mod ours;
mod peers;
mod recorder;
mod service;
mod table;
mod timing;

pub use self::{
    app::{Request, exchange},
    member::Member,
    members::members,
    metrics::members as metrics_members,
    recorder::upkeep,
    service::{Bare, Visit, services},
    table::Table,
    timing::{BATCH, sample, time},
};
