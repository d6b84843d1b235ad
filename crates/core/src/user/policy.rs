use std::{borrow::Cow, fmt, sync::Arc};

use crate::{AddressDisclosure, User, UserAttribute, UserText};

/// What is told of a [`User`]: the same in Sentry, in spans and in logs.
///
/// | | by default | where [personal data](Self::personal) is disclosed |
/// |---|---|---|
/// | id, username | told | told |
/// | e-mail address, full name | withheld | told |
/// | IP address | cut to its network | told |
/// | attributes | those that are [named](Self::attributes): none | those that are named |
///
/// Whatever is told is bounded: texts are cut after 128 characters, and lose their control characters and what turns the order of
/// others; of attributes there are at most 16. To apply a policy twice changes nothing.
#[derive(Clone, Default)]
#[must_use]
pub struct UserPolicy {
    /// The default has none, and is cloned for each exchange.
    rules: Option<Arc<Rules>>,
}

#[derive(Clone, Default)]
struct Rules {
    personal: Disclosure,
    username: Option<Disclosure>,
    email: Option<Disclosure>,
    name: Option<Disclosure>,
    address: Option<AddressDisclosure>,
    attributes: Vec<Cow<'static, str>>,
    pseudonym: Option<Arc<Pseudonym>>,
}

type Pseudonym = dyn Fn(&str) -> String + Send + Sync;

/// Whether something is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// It is not.
    #[default]
    Withheld,
    /// It is.
    Disclosed,
}

static DEFAULT: Rules = Rules {
    personal: Disclosure::Withheld,
    username: None,
    email: None,
    name: None,
    address: None,
    attributes: Vec::new(),
    pseudonym: None,
};

/// In characters.
const MAX_TEXT: usize = 128;
const MAX_ATTRIBUTES: usize = 16;
const MAX_HASH: usize = 100;

/// What pseudonyms begin with.
const PSEUDONYM: &str = "anon-";

/// How much of a seal is shown, in characters.
const SEAL: usize = 8;

impl UserPolicy {
    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether personal data is told: whatever of it none of the other methods speaks of. Default: withheld.
    pub fn personal(self, personal: Disclosure) -> Self {
        self.with(|rules| rules.personal = personal)
    }

    /// Whether usernames are told. Default: they are, unless ids are [pseudonyms](Self::pseudonyms).
    pub fn username(self, username: Disclosure) -> Self {
        self.with(|rules| rules.username = Some(username))
    }

    /// Whether e-mail addresses are told.
    pub fn email(self, email: Disclosure) -> Self {
        self.with(|rules| rules.email = Some(email))
    }

    /// Whether full names are told.
    pub fn name(self, name: Disclosure) -> Self {
        self.with(|rules| rules.name = Some(name))
    }

    /// How much of IP addresses is told.
    pub fn address(self, address: AddressDisclosure) -> Self {
        self.with(|rules| rules.address = Some(address))
    }

    /// The attributes that are told, such as [`User::ROLE`]. Default: none.
    pub fn attributes<N: Into<Cow<'static, str>>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        self.with(|rules| rules.attributes = names)
    }

    /// Tells pseudonyms in place of ids: `of` makes one of an id, or of a username where there is no id, and should be a keyed
    /// hash. Users can then be told from each other, and counted, but not known. Username, e-mail address and full name are
    /// withheld unless they are disclosed one by one. `anon-` goes before it and a seal behind it, by which a policy knows its own
    /// pseudonyms again: an id that only looks like one is no pseudonym. Default: ids are told.
    pub fn pseudonyms(self, of: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.with(|rules| rules.pseudonym = Some(Arc::new(of)))
    }

    fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(Arc::make_mut(self.rules.get_or_insert_default()));
        self
    }

    fn rules(&self) -> &Rules {
        self.rules.as_deref().unwrap_or(&DEFAULT)
    }

    /// How much of IP addresses is told.
    pub fn told_of_addresses(&self) -> AddressDisclosure {
        self.rules().address.unwrap_or(match self.rules().personal() {
            Disclosure::Withheld => AddressDisclosure::Cut,
            Disclosure::Disclosed => AddressDisclosure::Whole,
        })
    }

    /// What is told of this user, if anything is.
    pub fn told(&self, user: &User) -> Option<User> {
        let rules = self.rules();
        let User { id, username, email, name, address, attributes, unverified } = user;
        let tell = |told: bool, text: &Option<UserText>| text.as_ref().filter(|_| told).and_then(bounded);
        let told = User {
            id: match &rules.pseudonym {
                Some(of) => id.as_ref().or(username.as_ref()).map(|text| pseudonym(text, &**of)),
                None => tell(true, id),
            },
            username: tell(rules.tells_username(), username),
            email: tell(rules.tells(rules.email), email),
            name: tell(rules.tells(rules.name), name),
            address: address.and_then(|address| self.told_of_addresses().of(address)),
            attributes: rules.attributes_of(attributes),
            unverified: *unverified,
        };
        (!told.is_nobody()).then_some(told)
    }
}

impl Rules {
    /// With pseudonyms, nothing else tells who it is.
    fn personal(&self) -> Disclosure {
        if self.pseudonym.is_some() { Disclosure::Withheld } else { self.personal }
    }

    fn tells(&self, this: Option<Disclosure>) -> bool {
        this.unwrap_or_else(|| self.personal()) == Disclosure::Disclosed
    }

    fn tells_username(&self) -> bool {
        self.username.map_or(self.pseudonym.is_none(), |told| told == Disclosure::Disclosed)
    }

    fn attributes_of(&self, all: &[(Cow<'static, str>, UserAttribute)]) -> Vec<(Cow<'static, str>, UserAttribute)> {
        let told = all.iter().filter(|(name, _)| self.attributes.contains(name)).take(MAX_ATTRIBUTES);
        let told = told.filter_map(|(name, value)| match value {
            UserAttribute::Text(text) => Some((name.clone(), UserAttribute::Text(bounded(text)?))),
            _ => Some((name.clone(), value.clone())),
        });
        told.collect()
    }
}

/// What is told twice is one already.
fn pseudonym(text: &UserText, of: &Pseudonym) -> UserText {
    let text = text.as_str();
    let sealed = |hash: &str| format!("{PSEUDONYM}{hash}-{}", of(hash).chars().take(SEAL).collect::<String>());
    let body = text.strip_prefix(PSEUDONYM).and_then(|rest| rest.rsplit_once('-'));
    if body.is_some_and(|(hash, _)| sealed(hash) == text) {
        return text.into_owned().into();
    }
    sealed(&of(&text).chars().filter(|c| !is_hidden(*c)).take(MAX_HASH).collect::<String>()).into()
}

/// The text as it may be shown, unless nothing is left of it.
fn bounded(text: &UserText) -> Option<UserText> {
    let Some(raw) = text.text() else { return Some(text.clone()) };
    let is_sane = raw.len() <= MAX_TEXT && !raw.is_empty() && !raw.contains(is_hidden) && raw.trim() == raw;
    if is_sane {
        return Some(text.clone());
    }
    let sane: String = raw.trim().chars().filter(|c| !is_hidden(*c)).take(MAX_TEXT).collect();
    let sane = sane.trim();
    (!sane.is_empty()).then(|| sane.to_owned().into())
}

/// What ends a line, or has the rest of it read in another order: a text that holds it is shown as what it is not.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line for people: `id, username, IP address cut, role`.
impl fmt::Display for UserPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules();
        f.write_str(if rules.pseudonym.is_some() { "pseudonyms" } else { "id" })?;
        let told = [
            (rules.tells_username(), "username"),
            (rules.tells(rules.email), "e-mail address"),
            (rules.tells(rules.name), "name"),
        ];
        for (_, what) in told.into_iter().filter(|(told, _)| *told) {
            write!(f, ", {what}")?;
        }
        match self.told_of_addresses() {
            AddressDisclosure::Off => {}
            AddressDisclosure::Cut => f.write_str(", IP address cut")?,
            AddressDisclosure::Whole => f.write_str(", IP address")?,
        }
        rules.attributes.iter().try_for_each(|name| write!(f, ", {name}"))
    }
}

impl fmt::Debug for UserPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserPolicy({self})")
    }
}
