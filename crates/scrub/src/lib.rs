//! Takes secrets and personal data out of text, headers, queries and bodies, before they are logged, stored or sent.
//!
//! It reads a text once, in whichever format it turns out to be, and replaces what is sensitive **by name** (`password=…`), **by
//! shape** (a card's number, a provider's key) and **by format** (the part of a form or a cookie that holds it). What is left is
//! the text as it was, byte for byte.
//!
//! Within `tower-telemetry`, every signal goes through it already. Use it alone for what leaves a service on other ways: a log
//! file, an audit trail, a message to a queue. It knows nothing of Tower, HTTP types or Sentry.
//!
//! ```
//! # use tower_telemetry_scrub::{BuildError, Scrub, Shape, Strategy};
//! # fn main() -> Result<(), BuildError> {
//! let scrubber = Scrub::standard().name("tax file").shape(Shape::Ip, Strategy::Keep).build()?;
//!
//! assert_eq!(scrubber.text("login as ada@example.com from 203.0.113.7"), "login as [email] from 203.0.113.7");
//! assert_eq!(scrubber.text(r#"{"user": "ada", "password": "correct horse"}"#), r#"{"user": "ada", "password": "[Filtered]"}"#);
//! assert_eq!(scrubber.query("page=2&taxFile=12-34"), "page=2&taxFile=[Filtered]");
//! assert_eq!(scrubber.url("postgres://app:hunter2@db/orders"), "postgres://[credentials]@db/orders");
//! # Ok(()) }
//! ```
//!
//! # What is found
//!
//! | by | what | becomes |
//! |---|---|---|
//! | name | values of passwords, secrets, tokens, keys, sessions, cookies, authorization, one-time codes, card and account numbers, in any spelling (`userPassword`, `USER_PASSWORD`, `user[password]`) | `[Filtered]` |
//! | name, [strict](Scrub::strict) | names of persons, postal and e-mail addresses, telephone numbers, dates of birth, coordinates | `[Filtered]` |
//! | name, your own | [`Scrub::name`] | `[Filtered]` |
//! | [`Shape::Token`] | bearer tokens, JWTs, the keys of more than 200 providers, random runs of 64 characters and more, links that reset a password | `[token]` |
//! | [`Shape::PrivateKey`] | PEM, PGP and `PuTTY` private keys, cut off ones too | `[private key]` |
//! | [`Shape::Credentials`] | `user:password@` in URLs, `Basic …`, `-u user:password` | `[credentials]` |
//! | [`Shape::Card`] | payment cards: issuer, length, grouping, Luhn | `[card]` |
//! | [`Shape::Iban`] | bank accounts: length, check digits | `[iban]` |
//! | [`Shape::Ssn`] | US social security numbers that can have been given out | `[ssn]` |
//! | [`Shape::Email`] | e-mail addresses | `[email]` |
//! | [`Shape::Ip`] | IPv4 and IPv6 addresses, but not loopback, unspecified ones and masks | `[ip]` |
//! | [`Pattern`] | your own regular expressions | `[Filtered]` |
//!
//! Names are looked for in JSON, forms and queries, headers and cookies, multipart bodies, XML and HTML, YAML, SQL, logfmt,
//! configurations, command lines, source code and sentences. A format is told by the text itself; content types are often wrong.
//!
//! # Rules
//!
//! A preset says where to begin: [`Scrub::standard`], [`Scrub::strict`] or [`Scrub::secrets_only`]. A
//! [`Strategy`] says what becomes of what a rule finds. They apply in this order:
//!
//! 1. A name that is [allowed](Scrub::allow) says nothing; then your own names count, the last first; then the standard's.
//! 2. A value whose name is sensitive goes whole, whatever it holds. Any other is looked through for shapes and patterns.
//! 3. Where two findings overlap, they become one: what begins first, and of those the longest, says by what it is replaced.
//! 4. A text that something was replaced in is read again, unless it is JSON, until nothing more is found (three times at most):
//!    a replacement can bring a name to light. What stands there already (`[Filtered]`, `[email]`, `***`) stays: to scrub twice changes nothing.
//!
//! # Limits
//!
//! - Eight layers of encoding are read: JSON in a string, percent-encoding, entities. What is a ninth time wrapped in a JSON
//!   string goes whole.
//! - Not found, on purpose: what neither name nor shape tells from harmless text. A password in a sentence that does not call it
//!   one; names of persons; random ids of less than 64 characters without a name or a provider's prefix (trace ids and digests
//!   look the same); base64 of text, but for JWTs; what is compressed or encrypted.
//! - Values that say nothing stay: `null`, `true`, `***`, `$PASSWORD`, `<your token>`.
//!
//! # Cost
//!
//! Each look back has a bound, so time grows with the text's length. JSON costs about as much as it
//! takes to parse it; text without anything to look at is passed over in blocks. The rules are compiled once, and clones of a
//! [`Scrubber`] share them. Your own patterns are a pass each.
//!
//! All answers are [`Cow`](std::borrow::Cow)s: *borrowed* means that nothing was replaced, and, as a rule, that nothing was
//! allocated.
//!
//! Nothing here fails, or logs what it reads. Only [`Scrub::build`] can refuse, with a [`BuildError`].

mod body;
mod chars;
mod config;
mod edits;
mod error;
mod name;
mod rules;
mod scan;
mod scrubber;
mod shape;
mod strategy;
mod word_set;
mod words8;

pub use body::{Body, Described};
pub use config::{Pii, Scrub};
pub use error::BuildError;
pub use scrubber::Scrubber;
pub use strategy::{HashKey, Pattern, Shape, Strategy};
