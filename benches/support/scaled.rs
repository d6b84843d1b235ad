use http::{HeaderName, HeaderValue, request::Parts};
use tower_telemetry::sampling::Rule;

use crate::{
    Member,
    app::{USER, app, app_of, request, request_with},
    client::Dsn,
    member::BARE,
    ours, recorder,
};

/// Something that a service may have little or much of.
#[derive(Debug)]
pub struct Scale {
    /// What there is more and more of.
    pub of: &'static str,
    /// How much, the least first.
    pub sizes: &'static [usize],
    members: fn(usize) -> [Member; 2],
}

impl Scale {
    /// The app with so much of it: bare, and with everything on.
    pub fn members(&self, size: usize) -> [Member; 2] {
        recorder::install();
        (self.members)(size)
    }
}

/// All that cost should not grow with.
pub const SCALES: [Scale; 5] = [
    Scale { of: "routes, one of them asked for", sizes: &[1, 100, 10_000], members: routes },
    Scale { of: "routes, all asked for in turn", sizes: &[1, 100, 10_000], members: routes_in_turn },
    Scale { of: "rules", sizes: &[1, 30, 1_000], members: rules },
    Scale { of: "headers", sizes: &[0, 10, 100], members: headers },
    Scale { of: "requests in flight", sizes: &[1, 100, 10_000], members: in_flight },
];

/// The app with everything on, as most services have it.
pub fn everything() -> [Member; 2] {
    rules(3)
}

fn routes(size: usize) -> [Member; 2] {
    asked_for(size, &[request(&path(size / 2))])
}

fn routes_in_turn(size: usize) -> [Member; 2] {
    asked_for(size, &(0..size).map(|route| request(&path(route))).collect::<Vec<_>>())
}

fn asked_for(size: usize, requests: &[Parts]) -> [Member; 2] {
    let app = app_of((0..size).map(|route| format!("/users/{route}/{{id}}")));
    [Member::new(BARE, app.clone()), monitored(app, Vec::new())].map(|member| member.requests(requests.to_vec()))
}

fn path(route: usize) -> String {
    format!("/users/{route}/42")
}

/// A third each of exact ones, such with a parameter, and such for all below a path.
fn rules(size: usize) -> [Member; 2] {
    let rule = |number: usize| match number % 3 {
        0 => Rule::rate(format!("/orders/{number}"), 0.5),
        1 => Rule::rate(format!("GET /users/{{id}}/items/{number}"), 0.5),
        _ => Rule::rate(format!("/area{number}/**"), 0.5),
    };
    [Member::new(BARE, app()), monitored(app(), (0..size).map(rule).collect())]
}

fn headers(size: usize) -> [Member; 2] {
    let name = |number| HeaderName::try_from(format!("x-header-{number}")).expect("it is a name");
    let value: HeaderValue = String::from("one of the headers' values").try_into().expect("it is a value");
    let headers = (0..size).map(|number| (name(number), value.clone()));
    let request = request_with(USER, headers);
    everything().map(|member| member.requests(vec![request.clone()]))
}

fn in_flight(size: usize) -> [Member; 2] {
    everything().map(|member| member.in_flight(size - 1))
}

fn monitored(app: axum::Router, rules: Vec<Rule>) -> Member {
    ours::layered("everything at 0.1", app, Dsn::Rate(0.1), rules)
}
