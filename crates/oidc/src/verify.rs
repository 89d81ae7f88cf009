//! Whether an ID token is to be trusted (OpenID Connect Core, 3.1.3.7): what the library verifies, and what it leaves out.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Timestamp;
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, ClientId, IdToken,
    IdTokenClaims, IdTokenVerifier, Nonce, SignatureVerificationError,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm as Algorithm,
    },
};
use serde::{Deserialize, Serialize};

use crate::{error::said, provider::Metadata};

/// By how much the provider's clock may differ from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// What is taken: signatures whose key only the provider has. None that a shared secret makes (whoever knows our secret,
/// or makes us take a public key for one, could sign), and never none.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// Claims that the library does not read by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Extra {
    /// Not valid before, in seconds since 1970 (RFC 7519, 4.1.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<f64>,
}

impl AdditionalClaims for Extra {}

/// An ID token that nobody has looked at yet.
pub(crate) type Token = IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;

/// What a token has to fit.
pub(crate) struct Expected<'a> {
    pub(crate) client: &'a ClientId,
    pub(crate) nonce: &'a Nonce,
    pub(crate) access: &'a AccessToken,
    /// When the sign-in began, in seconds since 1970: no token for it is older.
    pub(crate) began: i64,
    pub(crate) now: Timestamp,
}

/// Why a token is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// No key that was published fits; a newer one may.
    #[error("{0}")]
    Key(String),
    #[error("{0}")]
    Other(String),
}

fn time(seconds: i64) -> Result<DateTime<Utc>, Refusal> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| Refusal::Other("its times are none".to_owned()))
}

/// The claims of a token that fits.
pub(crate) fn verify<'t>(
    token: &'t Token,
    metadata: &Metadata,
    expected: &Expected<'_>,
) -> Result<&'t IdTokenClaims<Extra, CoreGenderClaim>, Refusal> {
    let now = time(expected.now.as_second())?;
    let began = time(expected.began)?;
    // A public client's verifier, so that our secret is no key whatever the algorithms are.
    let verifier = IdTokenVerifier::<CoreJsonWebKey>::new_public_client(
        expected.client.clone(),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || now - SKEW)
    .set_issue_time_verifier_fn(move |issued| {
        if issued > now + SKEW {
            Err("it is issued in the future".to_owned())
        } else if issued < began - SKEW {
            Err("it was issued before this sign-in began".to_owned())
        } else {
            Ok(())
        }
    });
    let claims = token.claims(&verifier, expected.nonce).map_err(refusal)?;
    more(claims, expected, now)?;
    // The library compares no hash by itself. Where the provider sends none there is nothing to compare: the access token
    // came on the same protected answer.
    if let Some(hash) = claims.access_token_hash() {
        let by = token.signing_alg().and_then(|alg| token.signing_key(&verifier).map(|key| (alg, key)));
        let (alg, key) = by.map_err(|error| Refusal::Other(error.to_string()))?;
        let computed = AccessTokenHash::from_token(expected.access, alg, key);
        if computed.map_err(|error| Refusal::Other(error.to_string()))? != *hash {
            return Err(Refusal::Other("it belongs to another access token".to_owned()));
        }
    }
    Ok(claims)
}

/// What the library leaves to its user.
fn more(
    claims: &IdTokenClaims<Extra, CoreGenderClaim>,
    expected: &Expected<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    // Whom the token was issued to. The library takes no second audience, so `azp` is never needed; where it is there it
    // names us.
    if claims.authorized_party().is_some_and(|party| party != expected.client) {
        return Err(Refusal::Other("it was issued to another client (azp)".to_owned()));
    }
    if let Some(seconds) = claims.additional_claims().nbf {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
        let latest = (now + SKEW).timestamp() as f64;
        // JSON has no number that is none, so this compares.
        if seconds > latest {
            return Err(Refusal::Other("it is not valid yet".to_owned()));
        }
    }
    Ok(())
}

fn refusal(error: ClaimsVerificationError) -> Refusal {
    match error {
        ClaimsVerificationError::SignatureVerification(
            error @ (SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::CryptoError(_)
            | SignatureVerificationError::AmbiguousKeyId(_)),
        ) => Refusal::Key(said(&error.to_string())),
        ClaimsVerificationError::SignatureVerification(error) => Refusal::Other(said(&error.to_string())),
        // The nonce and the audience stand in no message: the kind is enough.
        ClaimsVerificationError::InvalidNonce(_) => {
            Refusal::Other("its nonce is not this sign-in's".to_owned())
        }
        error => Refusal::Other(said(&error.to_string())),
    }
}
