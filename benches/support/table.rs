use std::env;

use crate::{Member, service::BARE_SERVICE};

/// The argument that asks for tables which programs read.
pub const PLAIN: &str = "--plain";

/// What a bench measured: each row beside the bare one and its peer.
#[derive(Debug)]
pub struct Table {
    unit: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    bare: &'static str,
    peer: Option<String>,
    value: f64,
}

impl Table {
    /// A table of values in `unit`.
    pub fn new(unit: &'static str) -> Self {
        Self { unit, rows: Vec::new() }
    }

    /// A table of what each member took.
    pub fn of(unit: &'static str, members: &[Member], values: Vec<f64>) -> Self {
        let rows = members.iter().zip(values).map(|(member, value)| {
            let (name, peer) = (member.name().into(), member.peer_name().map(Into::into));
            Row { name, bare: member.bare_name(), peer, value }
        });
        Self { unit, rows: rows.collect() }
    }

    /// Adds what a service took.
    pub fn add_service(&mut self, name: &str, value: f64) {
        self.rows.push(Row { name: name.into(), bare: BARE_SERVICE, peer: None, value });
    }

    /// What each member took over the bare one.
    pub fn overheads(&self) -> impl Iterator<Item = (&str, f64)> {
        self.rows.iter().filter_map(|row| Some((&*row.name, self.over_bare(row)?)))
    }

    /// Prints it, with a dash where the bare row or the peer was left out.
    pub fn print(&self) {
        if env::args().any(|argument| argument == PLAIN) {
            for (name, over) in self.overheads() {
                println!("{}\t{name}\t{over}", self.unit);
            }
            return;
        }
        println!("{:34} {:>12} {:>12} {:>14}", "", self.unit, "over bare", "peer adds");
        for row in &self.rows {
            let over = shown(self.over_bare(row), 1, "");
            let peer = shown(self.peer_adds(row), 2, " x");
            println!("{:34} {:>12.1} {over:>12} {peer:>14}", row.name, row.value);
        }
    }

    fn over_bare(&self, row: &Row) -> Option<f64> {
        Some(row.value - self.row(row.bare)?.value)
    }

    /// What the peer adds to the bare row, as a multiple of what the row adds.
    fn peer_adds(&self, row: &Row) -> Option<f64> {
        let peer = self.row(row.peer.as_ref()?)?;
        Some(self.over_bare(peer)? / self.over_bare(row)?)
    }

    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

fn shown(value: Option<f64>, digits: usize, unit: &str) -> String {
    value.map_or("-".into(), |value| format!("{value:.digits$}{unit}"))
}
