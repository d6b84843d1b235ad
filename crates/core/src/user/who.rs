use std::{borrow::Cow, fmt, net::IpAddr};

use crate::{UserAttribute, UserText};

/// Who made a request, as the service knows it. What of it is told, and to whom, is the [`UserPolicy`](crate::UserPolicy)'s to say.
///
/// ```
/// use tower_telemetry_core::User;
///
/// let user = User::new(7).with_username("ada").with_role("admin").with_tenant("analytical");
/// # let _ = user;
/// ```
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct User {
    /// What the service knows it by. Told by default.
    pub id: Option<UserText>,
    /// What it logs in as. Told by default.
    pub username: Option<UserText>,
    /// Its e-mail address. Withheld by default.
    pub email: Option<UserText>,
    /// Its full name. Withheld by default.
    pub name: Option<UserText>,
    /// The address that its requests come from. Cut by default.
    pub address: Option<IpAddr>,
    /// What else there is to say. Told by default are those that the policy names: none.
    pub attributes: Vec<(Cow<'static, str>, UserAttribute)>,
    /// Whether this is the caller's own word, that nobody has verified. It is told with all the rest.
    pub unverified: bool,
}

/// More are nobody's, and each is compared with all.
const MAX_ATTRIBUTES: usize = 64;

impl User {
    /// The attribute that [`with_role`](Self::with_role) sets.
    pub const ROLE: &'static str = "role";
    /// The attribute that [`with_staff`](Self::with_staff) sets.
    pub const IS_STAFF: &'static str = "is_staff";
    /// The attribute that [`with_tenant`](Self::with_tenant) sets.
    pub const TENANT: &'static str = "tenant";

    /// A user with an id. Numbers, `&'static str` and `Arc<str>` are not copied.
    pub fn new(id: impl Into<UserText>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }

    /// A user of whom only the username is known.
    pub fn named(username: impl Into<UserText>) -> Self {
        Self { username: Some(username.into()), ..Self::default() }
    }

    /// What it logs in as.
    #[must_use]
    pub fn with_username(self, username: impl Into<UserText>) -> Self {
        Self { username: Some(username.into()), ..self }
    }

    /// Its e-mail address.
    #[must_use]
    pub fn with_email(self, email: impl Into<UserText>) -> Self {
        Self { email: Some(email.into()), ..self }
    }

    /// Its full name.
    #[must_use]
    pub fn with_name(self, name: impl Into<UserText>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The address that its requests come from. Where this is not said, it is the connection's, or what a trusted proxy says.
    #[must_use]
    pub fn with_address(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    /// The attribute `role`.
    #[must_use]
    pub fn with_role(self, role: impl Into<UserText>) -> Self {
        self.with_attribute(Self::ROLE, role.into())
    }

    /// The attribute `is_staff`.
    #[must_use]
    pub fn with_staff(self, is_staff: bool) -> Self {
        self.with_attribute(Self::IS_STAFF, is_staff)
    }

    /// The attribute `tenant`.
    #[must_use]
    pub fn with_tenant(self, tenant: impl Into<UserText>) -> Self {
        self.with_attribute(Self::TENANT, tenant.into())
    }

    /// An attribute of one's own. A later one of the same name takes an earlier one's place; there are at most 64.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<UserAttribute>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.attributes.retain(|(other, _)| *other != name);
        if self.attributes.len() < MAX_ATTRIBUTES {
            self.attributes.push((name, value));
        }
        self
    }

    /// Says that nobody has verified this.
    #[must_use]
    pub fn as_unverified(self) -> Self {
        Self { unverified: true, ..self }
    }

    /// What an attribute holds.
    pub fn attribute(&self, name: &str) -> Option<&UserAttribute> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Whether there is nothing to say of it.
    pub fn is_nobody(&self) -> bool {
        let Self { id, username, email, name, address, attributes, unverified: _ } = self;
        id.is_none()
            && username.is_none()
            && email.is_none()
            && name.is_none()
            && address.is_none()
            && attributes.is_empty()
    }
}

// A user ends up in many a debug log: only what may be told by default is shown.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, unverified, .. } = self;
        f.debug_struct("User")
            .field("id", id)
            .field("username", username)
            .field("unverified", unverified)
            .finish_non_exhaustive()
    }
}
