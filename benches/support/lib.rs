//! What the benches compare: one axum app, monitored in different ways, and one service behind layers that do nothing.

mod app;
mod callgrind;
mod client;
mod floors;
mod forward;
mod member;
mod members;
mod metrics;
mod ours;
mod peers;
mod recorder;
mod scaled;
mod service;
mod subscriber;
mod table;
mod timing;
mod tool;

pub use self::{
    app::{Account, HEADERS, Request, exchange},
    callgrind::{count, counting, instructions},
    member::{BARE, Member},
    members::{GROUPS, served},
    metrics::members as metrics_members,
    recorder::upkeep,
    scaled::{SCALES, Scale, everything},
    service::{Bare, Visit, services},
    table::{PLAIN, Table},
    timing::{BATCH, in_turns, runtime, sample, throughput, time},
    tool::{again, available},
};
