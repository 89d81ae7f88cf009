//! Why a claim was not taken.

/// Why a claim was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It cannot be read as one.
    #[error("the claim cannot be read; it is a signed document in base64url")]
    Unreadable,
    /// None of the keys has signed it.
    #[error("the claim is signed by a key that is not known here; set PORTAL_PUBLIC_KEY to the portal's")]
    Signature,
    /// It speaks another version.
    #[error("the claim is of another version; bring both programs up to date")]
    Version,
    /// It is for another method, path or body.
    #[error("the claim is for another request")]
    OtherRequest,
    /// It is over, or would live for too long.
    #[error("the claim is over, or lives for longer than 30 seconds")]
    Expired,
    /// It was signed in the future, further than clocks are apart.
    #[error("the claim was signed in the future; set the clocks of both machines")]
    Early,
    /// It was signed before this program began, which cannot know whether it was used.
    #[error("the claim was signed before this program began")]
    BeforeStart,
    /// It was used before.
    #[error("the claim was used before")]
    Replayed,
    /// More claims are under way than are remembered.
    #[error("more claims are under way than are remembered; try again in a moment")]
    Full,
}
