//! What is known by how it looks. Each function is asked at one place of a text and answers with an end or a range; none looks
//! further than its shape can be long, so that a scan stays linear.

pub(crate) mod card;
pub(crate) mod email;
pub(crate) mod form;
pub(crate) mod iban;
pub(crate) mod ip;
pub(crate) mod private_key;
mod providers;
pub(crate) mod ssn;
pub(crate) mod token;
