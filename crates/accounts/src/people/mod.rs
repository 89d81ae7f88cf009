//! How owners and staff sign in, and what a session of theirs is. Operators have a way of their own: a person may be both, and
//! neither way leads into the other.
//!
//! Whatever asks the database fails with [`PeopleError::Store`] where that does not answer. Sections on errors name only what
//! can go wrong beside that.

mod address;
mod error;
mod links;
mod me;
mod members;
mod sessions;
mod sign_in;
mod token;

use jiff::SignedDuration;

pub use address::Address;
pub use error::PeopleError;
pub use links::{Asked, Made, Posted, Seen, name_of};
pub use me::Gone;
pub use sessions::{Found, session_id};
pub use sign_in::Begun;
pub use token::Token;

use crate::Accounts;

/// How long an invitation can be accepted, and an owner's link used.
pub const INVITED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a link that was asked for by email can be used.
pub const EMAILED: SignedDuration = SignedDuration::from_mins(30);
/// How long a change of address can be confirmed.
pub const CHANGING: SignedDuration = SignedDuration::from_hours(24);
/// How long a link to a look can be used.
pub const LOOK_LINK: SignedDuration = SignedDuration::from_secs(60);
/// How long a look lasts.
pub const LOOK: SignedDuration = SignedDuration::from_mins(30);
/// After so long without a request a session ends.
pub const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// After so long a session ends in any case.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Everything about the people of tenants. Cheap to clone.
#[derive(Debug, Clone)]
pub struct People(pub(crate) Accounts);

impl Accounts {
    /// The people of tenants.
    #[must_use]
    pub fn people(&self) -> People {
        People(self.clone())
    }
}

impl People {
    fn store(&self) -> store::People {
        self.0.0.store.people()
    }
}
