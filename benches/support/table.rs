use crate::Member;

/// What a bench measured: each member beside the bare router and its peer.
#[derive(Debug)]
pub struct Table<'a> {
    unit: &'static str,
    rows: Vec<(&'a Member, f64)>,
}

impl<'a> Table<'a> {
    /// A table of values in `unit`.
    pub fn new(unit: &'static str) -> Self {
        Self { unit, rows: Vec::new() }
    }

    /// Adds what a member took.
    pub fn add(&mut self, member: &'a Member, value: f64) {
        self.rows.push((member, value));
    }

    /// Prints it, with a dash where the bare router or the peer was left out.
    pub fn print(&self) {
        println!("{:32} {:>12} {:>12} {:>14}", "", self.unit, "over bare", "peer adds");
        for &(member, value) in &self.rows {
            let over = shown(self.over_bare(member), 1, "");
            let peer = shown(self.peer_adds(member), 2, " x");
            println!("{:32} {value:>12.1} {over:>12} {peer:>14}", member.name());
        }
    }

    fn over_bare(&self, member: &Member) -> Option<f64> {
        let (bare, least) = self.rows.iter().find(|(bare, _)| bare.is_asked_like(member))?;
        let (_, value) = self.rows.iter().find(|(row, _)| row.name() == member.name())?;
        bare.name().starts_with("bare").then_some(value - least)
    }

    /// What the peer adds to the bare router, as a multiple of what the member adds.
    fn peer_adds(&self, member: &Member) -> Option<f64> {
        let (peer, _) = self.rows.iter().find(|(row, _)| Some(row.name()) == member.peer_name())?;
        Some(self.over_bare(peer)? / self.over_bare(member)?)
    }
}

fn shown(value: Option<f64>, digits: usize, unit: &str) -> String {
    value.map_or("-".into(), |value| format!("{value:.digits$}{unit}"))
}
