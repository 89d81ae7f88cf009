//! The second factor: codes of an app (RFC 6238) and recovery codes for when the app is lost.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use crate::password::generate;

/// Recovery codes of one account.
const RECOVERY_CODES: usize = 8;
/// Characters of one.
const RECOVERY_CODE_CHARS: usize = 23;

/// A new secret in Base32.
#[must_use]
pub fn new_secret() -> SecretString {
    SecretString::from(Secret::generate().to_base32())
}

/// The address that an app reads from a QR code.
#[must_use]
pub fn address(secret: &SecretString, account: &str, issuer: &str) -> Option<SecretString> {
    // A colon would end the issuer early in that address.
    let plain = |text: &str| text.replace(':', " ");
    let secret = Secret::try_from_base32(secret.expose_secret()).ok()?;
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .ok()?;
    totp.to_url().ok().map(SecretString::from)
}

/// The time step that a code belongs to, where it is right for now, the step before or the one after.
#[must_use]
pub fn step(secret: &SecretString, code: &str, now: domain::Timestamp) -> Option<u64> {
    let secret = Secret::try_from_base32(secret.expose_secret()).ok()?;
    let totp: Totp = Builder::new().with_secret(secret).build().ok()?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp.check(&digits, u64::try_from(now.as_second()).ok()?)
}

/// Whether a text is as short as a code of an app, and no recovery code.
#[must_use]
pub fn looks_like_code(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).count() < RECOVERY_CODE_CHARS
}

/// New recovery codes, and what is kept of them. Each has 98 bits, so that a plain hash is enough.
#[must_use]
pub fn recovery_codes() -> (Vec<SecretString>, Vec<String>) {
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| generate()).collect();
    let hashes = codes.iter().map(|code| recovery_hash(code.expose_secret())).collect();
    (codes, hashes)
}

/// What is kept of a recovery code. Blanks and letter case do not matter.
#[must_use]
pub fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    hex::encode(Sha256::digest(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc_and_of_now() {
        // RFC 6238, appendix B: the secret "12345678901234567890" gives 94287082 at 59 s, of which six digits count.
        let secret = SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let at = |second| domain::Timestamp::from_second(second).unwrap();
        assert_eq!(step(&secret, "287 082", at(59)), Some(1));
        assert_eq!(step(&secret, "287082", at(89)), Some(1), "the step before still counts");
        assert_eq!(step(&secret, "287082", at(120)), None);
        for wrong in ["", "28708", "abcdef", "2870820", "٢٨٧٠٨٢"] {
            assert_eq!(step(&secret, wrong, at(59)), None, "{wrong}");
        }
        let address = address(&new_secret(), "juma@example.com", "Flow: HQ").unwrap();
        assert!(address.expose_secret().starts_with("otpauth://totp/"));
    }

    #[test]
    fn recovery_codes_are_kept_as_hashes() {
        let (codes, hashes) = recovery_codes();
        assert_eq!(codes.len(), 8);
        let typed = format!(" {} ", codes[0].expose_secret().to_uppercase());
        assert_eq!(recovery_hash(&typed), hashes[0]);
        assert!(!looks_like_code(&typed) && looks_like_code("123 456"));
    }
}
