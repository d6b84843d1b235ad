use std::time::Duration;

use super::{
    budget::HighVolume,
    endpoints::{Count, Endpoint, Endpoints},
    estimate::Estimate,
};

/// How long a flood is looked at, in seconds.
const SHORT: f64 = 1.0;

/// The bounds of how long all else is looked at, in seconds.
const LONG: (f64, f64) = (2.0, 900.0);

/// From so many events on, their rate is known well enough to be acted on.
const TELLING: f64 = 20.0;

/// How far an endpoint may go beyond its share before it is stopped. Less would stop what only varies by chance.
const SLACK: f64 = 1.25;

/// For how many seconds traces that were not used are saved.
const SAVED: f64 = 1.0;

/// For how many seconds a new endpoint has as much as one may have that is known: until it is known, and a little more.
const NEW: f64 = 0.4;

/// So many are saved in any case. Chance brings some together even where they are rare.
const AT_LEAST: f64 = 5.0;

/// Works out what each endpoint may have.
#[derive(Default)]
pub(crate) struct Shares {
    at: Duration,
    demands: Vec<Demand>,
    /// To sort in.
    wanted: Vec<f64>,
}

/// What is asked for of one endpoint, in events a second.
#[derive(Clone, Copy, Default)]
struct Demand {
    exchanges: Estimate,
    short: Estimate,
    long: Estimate,
    /// Traces that are wanted now.
    wanted: f64,
    /// Those that its volume leaves of them.
    fitting: f64,
    /// The most that its volume lets it have.
    most: f64,
    /// Part of a trace that is saved.
    fraction: f64,
    /// What became, lately, of what would have been traced at this share.
    share: f64,
    taken: Estimate,
    refused: Estimate,
}

/// What is granted at least of what would be traced; less is a guess that would make one trace stand for too many.
const LEAST_GRANTED: f64 = 0.1;

/// By which factor a share changes when what became of exchanges before tells nothing any more.
const CHANGE: f64 = 1.5;

/// What the budget leaves for each.
#[derive(Clone, Copy)]
enum Level {
    /// All that is wanted, and so much more.
    Above(f64),
    /// The same for all that want more than this.
    At(f64),
}

impl Shares {
    pub(crate) fn work_out(
        &mut self,
        at: Duration,
        pace: Option<f64>,
        volume: Option<HighVolume>,
        endpoints: &Endpoints,
    ) {
        let seconds = at.saturating_sub(self.at).as_secs_f64().max(1e-3);
        self.at = at;
        // So many seconds that there are telling numbers of what the budget is about.
        let memory = pace.map_or(LONG.0, |pace| (TELLING / pace.max(1e-9)).clamp(LONG.0, LONG.1));
        self.wanted.clear();
        for endpoint in endpoints.all() {
            if self.demands.len() <= endpoint.index {
                self.demands.resize(endpoint.index + 1, Demand::default());
            }
            let demand = &mut self.demands[endpoint.index];
            demand.note(&endpoint.drain(), seconds, memory);
            demand.fit(volume);
            self.wanted.push(demand.fitting);
        }
        let level = Level::of(&mut self.wanted, pace.unwrap_or(f64::INFINITY));
        for endpoint in endpoints.all() {
            // One that has come since has what is granted to all new ones.
            if let Some(demand) = self.demands.get_mut(endpoint.index) {
                demand.grant(endpoint, level, seconds);
            }
        }
        let above = volume.map_or(f64::INFINITY, |volume| volume.above);
        endpoints.grant_new(whole((level.most(0.0).min(above) * NEW).max(1.0)));
    }
}

impl Demand {
    fn note(&mut self, count: &Count, seconds: f64, memory: f64) {
        self.exchanges.note(count.exchanges, seconds, SHORT);
        self.short.note(count.wanted, seconds, SHORT);
        self.long.note(count.wanted, seconds, memory);
        self.taken.note(count.taken, seconds, memory);
        self.refused.note(count.refused, seconds, memory);
        self.wanted = latest(&self.short, count.wanted, seconds).max(self.long.rate());
    }

    fn fit(&mut self, volume: Option<HighVolume>) {
        let exchanges = self.exchanges.rate();
        self.most = match volume {
            Some(volume) if exchanges > volume.above => volume.target,
            Some(volume) => volume.above,
            None => f64::INFINITY,
        };
        self.fitting = self.wanted.min(self.most);
    }

    fn grant(&mut self, endpoint: &Endpoint, level: Level, seconds: f64) {
        let allowed = match level {
            Level::Above(_) => self.fitting,
            Level::At(level) => self.fitting.min(level),
        };
        let share = if allowed < self.wanted { allowed / self.wanted } else { 1.0 };
        let entitled = level.most(self.fitting).min(self.most);
        let saved = whole_part(endpoint.left()) + self.fraction + entitled * SLACK * seconds;
        let saved = saved.min((entitled * SAVED).max(AT_LEAST));
        let left = whole(saved);
        self.fraction = if saved.is_finite() { saved.fract() } else { 0.0 };
        if share > self.share * CHANGE || share < self.share / CHANGE {
            (self.share, self.taken, self.refused) = (share, Estimate::default(), Estimate::default());
        }
        let (taken, refused) = (self.taken.rate(), self.refused.rate());
        let granted = if refused > 0.0 { taken / (taken + refused) } else { 1.0 };
        // With no luck lately there will be some again.
        let granted = granted.max(LEAST_GRANTED);
        endpoint.grant(share, granted, left, allowed >= self.fitting);
    }
}

/// What came lately, if that is enough to tell.
fn latest(short: &Estimate, events: f64, seconds: f64) -> f64 {
    let now = if events >= TELLING { events / seconds } else { 0.0 };
    let lately = short.rate();
    if lately * SHORT >= TELLING || now > 0.0 { lately.max(now) } else { 0.0 }
}

impl Level {
    /// Those who want least have it; what is left is divided evenly.
    fn of(wanted: &mut [f64], pace: f64) -> Self {
        wanted.sort_unstable_by(f64::total_cmp);
        let mut left = pace;
        #[expect(clippy::cast_precision_loss, reason = "there are about a thousand")]
        for (i, &each) in wanted.iter().enumerate() {
            let rest = (wanted.len() - i) as f64;
            if each * rest > left {
                return Self::At(left / rest);
            }
            left -= each;
        }
        Self::Above(left)
    }

    /// The most that one may have which wants so much.
    fn most(self, wanted: f64) -> f64 {
        match self {
            Self::Above(more) => wanted + more,
            Self::At(level) => level,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is beyond is the most there is")]
fn whole(traces: f64) -> i64 {
    traces as i64
}

#[expect(clippy::cast_precision_loss, reason = "a trace more or less among 2^53")]
fn whole_part(traces: i64) -> f64 {
    traces as f64
}
