//! Texts that hold no secret, though they look as if: one file for each family.

mod code;
mod filler;
mod logs;
mod more;
mod numbers;
mod payloads;
mod prose;
mod urls;

use super::{Case, Draw, Form, fill};

pub(crate) use filler::filler;

/// How often each template is filled in.
const DRAWS: usize = 2;

const FAMILIES: &[(&str, &[Form])] = &[
    ("code", code::FORMS),
    ("logs", logs::FORMS),
    ("more", more::FORMS),
    ("numbers", numbers::FORMS),
    ("payloads", payloads::FORMS),
    ("prose", prose::FORMS),
    ("urls", urls::FORMS),
];

pub(crate) fn all(draw: &mut Draw) -> Vec<Case> {
    let mut cases = vec![];
    for (family, forms) in FAMILIES {
        for Form(kind, entry, template) in *forms {
            for _ in 0..if template.contains('«') { DRAWS } else { 1 } {
                let case = fill(draw, &format!("{family}/{kind}"), *entry, template);
                assert!(case.secrets.is_empty(), "{template} has a secret");
                cases.push(case);
            }
        }
    }
    cases
}
