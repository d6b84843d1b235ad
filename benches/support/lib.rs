//! What the benches compare: one axum app, monitored in different ways.

mod app;
mod client;
mod forward;
mod member;
mod members;
mod ours;
mod peers;
mod recorder;
mod table;

pub use self::{
    app::{Request, exchange},
    member::Member,
    members::members,
    recorder::upkeep,
    table::Table,
};
