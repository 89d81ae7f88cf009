//! Why somebody is not signed in. Words for people stand in `words`; these are for the log, and hold no secret.

use crate::http::HttpError;

/// The longest piece of what a provider says that is kept.
pub(crate) const SAID_MAX: usize = 200;

/// Why a sign-in by a provider came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The person said no at the provider.
    #[error("the person said no at the provider")]
    Cancelled,
    /// The provider says no, with its code (RFC 6749, 4.1.2.1).
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// More than ten minutes went by.
    #[error("the sign-in was begun too long ago")]
    Late,
    /// This sign-in was finished already.
    #[error("this sign-in was finished already")]
    Replayed,
    /// It was begun with another provider, or another issuer of it.
    #[error("this sign-in was begun with another provider")]
    OtherProvider,
    /// The browser came back with what no provider sends.
    #[error("the browser came back with {0}")]
    Query(&'static str),
    /// The state is not the one of this browser's sign-in: somebody else's link, or an older tab.
    #[error("the state is not this browser's")]
    State,
    /// The answer does not come from the provider that was asked (RFC 9207).
    #[error("the answer names another issuer, or none where the provider promises one")]
    MixUp,
    /// The provider does not answer, or not within the time.
    #[error("the provider does not answer: {0}")]
    Away(#[source] HttpError),
    /// The provider does not answer, as somebody else found out a moment ago.
    #[error("the provider did not answer a moment ago")]
    AwayStill,
    /// What the provider publishes about itself cannot be used.
    #[error("what the provider says about itself cannot be used: {0}")]
    Discovery(String),
    /// The code was not taken, or what came for it cannot be read.
    #[error("the code could not be exchanged: {0}")]
    Exchange(String),
    /// No ID token came.
    #[error("no ID token came")]
    NoToken,
    /// The ID token is not to be trusted.
    #[error("the ID token is refused: {0}")]
    Token(String),
    /// What the provider says about the person cannot be used.
    #[error("what the provider says about the person is refused: {0}")]
    Person(String),
    /// The provider says no email address.
    #[error("the provider says no email address")]
    NoEmail,
    /// The provider does not call the address verified.
    #[error("the provider does not call the email address verified")]
    Unverified,
    /// The address is none that we take.
    #[error("the email address is none that can be used: {0}")]
    Email(&'static str),
}

/// What a page says about it: few kinds, each with something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The person changed their mind: choose again.
    Cancelled,
    /// Begin again: too late, an older tab, a link of somebody else's.
    Again,
    /// The provider is away: try again in a while, or another way.
    Away,
    /// The provider's address of this person is missing, not verified, or unusable: another account or another way.
    Email,
    /// The provider and we do not understand each other: the operator has to look.
    Operator,
}

impl OidcError {
    /// What a page says about it.
    #[must_use]
    pub const fn trouble(&self) -> Trouble {
        match self {
            Self::Cancelled => Trouble::Cancelled,
            Self::Late
            | Self::Replayed
            | Self::OtherProvider
            | Self::Query(_)
            | Self::State
            | Self::MixUp
            | Self::Exchange(_) => Trouble::Again,
            Self::Away(_) | Self::AwayStill => Trouble::Away,
            Self::NoEmail | Self::Unverified | Self::Email(_) => Trouble::Email,
            Self::Refused(_) | Self::Discovery(_) | Self::NoToken | Self::Token(_) | Self::Person(_) => {
                Trouble::Operator
            }
        }
    }
}

/// So much of a text as a log takes, without control characters.
pub(crate) fn said(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(SAID_MAX).collect()
}
