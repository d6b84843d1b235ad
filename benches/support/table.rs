use crate::{Member, service::BARE_SERVICE};

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

    /// Adds what a member took.
    pub fn add(&mut self, member: &Member, value: f64) {
        let (name, peer) = (member.name().into(), member.peer_name().map(Into::into));
        self.rows.push(Row { name, bare: member.bare_name(), peer, value });
    }

    /// Adds what a service took.
    pub fn add_service(&mut self, name: &str, value: f64) {
        self.rows.push(Row { name: name.into(), bare: BARE_SERVICE, peer: None, value });
    }

    /// Prints it, with a dash where the bare row or the peer was left out.
    pub fn print(&self) {
        println!("{:32} {:>12} {:>12} {:>14}", "", self.unit, "over bare", "peer adds");
        for row in &self.rows {
            let over = shown(self.over_bare(row), 1, "");
            let peer = shown(self.peer_adds(row), 2, " x");
            println!("{:32} {:>12.1} {over:>12} {peer:>14}", row.name, row.value);
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
