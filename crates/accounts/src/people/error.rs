//! Why somebody does not get in, or does not get what they ask for.

use store::StoreError;

use crate::SignInError;

/// Why somebody does not get in, or does not get what they ask for.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The session has ended, or never was.
    #[error("the session is over")]
    SessionOver,
    /// Address and password do not go together; it was answered late and written down.
    #[error("address and password do not go together")]
    Wrong,
    /// Too many are under way at once.
    #[error("too many sign-ins are being checked at once")]
    TooMany,
    /// The link was used, is over, or never was.
    #[error("the link can be used no more")]
    LinkVoid,
    /// An account with this address is there, and whoever has the link has not shown that it is theirs.
    #[error("an account with this address is there already: sign in to it first")]
    SignInFirst,
    /// An account with this address is there, and nobody has shown yet that it is theirs.
    #[error("an account with this address is there already, and nobody has shown whose it is")]
    ProveFirst,
    /// Too many links were asked for of late.
    #[error("too many links were asked for")]
    TooManyLinks,
    /// It is no address.
    #[error("this is no email address")]
    NoAddress,
    /// Another person has the address.
    #[error("another person has this address")]
    AddressTaken,
    /// The person has this address already.
    #[error("this is the person's address already")]
    SameAddress,
    /// What the provider said cannot be used.
    #[error("the provider's answer has no usable {0}")]
    Provider(&'static str),
    /// An operator has no tenant.
    #[error("an operator has no tenant")]
    IsOperator,
    /// The person does not belong to this tenant.
    #[error("the person does not belong to this tenant")]
    NotTheirs,
    /// The person belongs here already.
    #[error("the person belongs here already")]
    MemberAlready,
    /// There is no such person here.
    #[error("there is no such person here")]
    NoMember,
    /// Owners go by an operator alone.
    #[error("an owner is removed by an operator alone")]
    OwnerStays,
    /// Nobody owns the tenant yet.
    #[error("the tenant has no owner yet")]
    NoOwner,
    /// The password before is asked for, and was not given.
    #[error("the password of until now is asked for")]
    PasswordNeeded,
    /// The database does not answer, or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The accounts of operators cannot be read.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}
