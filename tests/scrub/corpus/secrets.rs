//! Texts that hold secrets, as templates: one file for each family.

mod code;
mod config;
mod connections;
mod forms;
mod headers;
mod json;
mod messages;
mod people;
mod shapes;

use super::{Case, Draw, Form, fill, providers};

/// How often each template is filled in.
const DRAWS: usize = 3;

/// In how many places each provider's keys stand.
const PLACES: usize = 6;

const FAMILIES: &[(&str, &[Form])] = &[
    ("json", json::FORMS),
    ("form", forms::FORMS),
    ("header", headers::FORMS),
    ("config", config::FORMS),
    ("printed", code::FORMS),
    ("connection", connections::FORMS),
    ("message", messages::FORMS),
    ("personal", people::FORMS),
];

pub(crate) fn all(draw: &mut Draw) -> Vec<Case> {
    let mut cases = vec![];
    for (family, forms) in FAMILIES {
        for Form(kind, entry, template) in *forms {
            for _ in 0..DRAWS {
                cases.push(fill(draw, &format!("{family}/{kind}"), *entry, template));
            }
        }
    }
    for (provider, _) in providers::KEYS {
        for _ in 0..PLACES {
            place(&mut cases, draw, "provider", provider, &format!("‹key:{provider}›"));
        }
    }
    for shape in shapes::SHAPES {
        for _ in 0..shapes::PLACES.len() {
            place(&mut cases, draw, "shape", shape, &format!("‹{shape}›"));
        }
    }
    cases
}

fn place(cases: &mut Vec<Case>, draw: &mut Draw, family: &str, kind: &str, mark: &str) {
    let Form(_, entry, template) = draw.pick(shapes::PLACES);
    cases.push(fill(draw, &format!("{family}/{kind}"), *entry, &template.replace('@', mark)));
}
