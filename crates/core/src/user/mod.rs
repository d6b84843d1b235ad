//! Who made a request: what is known, who knows it, and what may be told of it.

mod address;
mod policy;
mod slot;
mod text;
mod who;

pub(crate) use self::slot::UserSlot;
pub use self::{
    address::AddressDisclosure,
    policy::{Disclosure, UserPolicy},
    slot::{AddressClaim, UserClaim},
    text::{UserAttribute, UserText},
    who::User,
};
