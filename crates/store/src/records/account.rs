//! How an operator signs in. Kept apart from people, so that no list of people can carry a hash along.

use domain::{Timestamp, UserId};
use secrecy::SecretString;

use super::Member;

/// One row of `operator_accounts`, with the person.
#[derive(Debug, Clone)]
pub struct OperatorAccount {
    /// The person and the membership.
    pub member: Member,
    /// The argon2id hash of the password.
    pub password_hash: SecretString,
    /// Grows with every change of password or second factor, which ends the sessions from before.
    pub password_version: i64,
    /// The secret of the second factor in Base32, where there is one.
    pub totp_secret: Option<SecretString>,
    /// The last time step whose code was taken: no code counts twice.
    pub totp_used_step: Option<u64>,
    /// Hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What an operator's list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorListed {
    /// The person and the membership.
    pub member: Member,
    /// Whether the person can sign in with a password.
    pub has_password: bool,
    /// Whether there is a second factor.
    pub has_totp: bool,
}

/// A change to how an operator signs in.
#[derive(Debug, Clone)]
pub enum AccountChange {
    /// Another password, by its argon2id hash.
    Password(SecretString),
    /// A second factor: its secret in Base32 and the hashes of its recovery codes.
    Totp {
        /// The secret in Base32.
        secret: SecretString,
        /// Hashes of the recovery codes.
        recovery: Vec<String>,
    },
    /// No second factor any more.
    NoTotp,
}

/// What proves the second factor.
#[derive(Debug, Clone)]
pub enum SecondFactor {
    /// A code of this time step; it must be later than the last one.
    Step(u64),
    /// A recovery code, by its hash; it is used up.
    Recovery(String),
}

/// The second factor of the admin password.
#[derive(Debug, Clone, Default)]
pub struct AdminFactor {
    /// Its secret in Base32, where there is one.
    pub totp_secret: Option<SecretString>,
    /// The last time step whose code was taken.
    pub totp_used_step: Option<u64>,
    /// Hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
    /// Grows with every change, which ends the sessions from before.
    pub version: i64,
}

/// What became of a try of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTry {
    /// It was counted and may be made; so many there were by now.
    Counted(u64),
    /// There were too many: the next one may be made from then on.
    NotBefore(Timestamp),
}

/// A browser that is signed in, as the session layer keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// A hash of what the cookie holds.
    pub id: String,
    /// What the session holds, as JSON.
    pub data: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Whose request an idempotency key belongs to, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// It is new, and now under way.
    New,
    /// The same request is under way, or its end was never seen.
    UnderWay,
    /// The key was used for another request.
    OtherRequest,
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The header `Location`.
        location: Option<String>,
        /// The body.
        body: String,
    },
}

/// The person's id is shown, and nothing that opens anything.
impl OperatorAccount {
    /// Who it is.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.member.user.id
    }
}
