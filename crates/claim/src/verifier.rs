//! The side that is asked.

use std::sync::{Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::{Asked, Claim, HEADER_MAX_BYTES, KeyError, LONGEST_MS, Refusal, SKEW_MS, VERSION, seen::Seen};

/// Claims remembered at once: 3,000 a second for as long as one lives.
const REMEMBERED: usize = 120_000;

/// Takes claims, each once.
#[derive(Debug)]
pub struct Verifier {
    keys: Vec<UnparsedPublicKey<Vec<u8>>>,
    began_ms: i64,
    seen: Mutex<Seen>,
}

impl Verifier {
    /// Takes what one of these keys has signed: one, or two while one takes the place of the other. `now_ms` is when the
    /// program began: what was signed before may have been used before.
    ///
    /// # Errors
    /// [`KeyError::NoPublicKey`] where one has not 32 bytes.
    pub fn new(keys: impl IntoIterator<Item = Vec<u8>>, now_ms: i64) -> Result<Self, KeyError> {
        let keys = keys.into_iter().map(|key| match key.len() {
            32 => Ok(UnparsedPublicKey::new(&ED25519, key)),
            length => Err(KeyError::NoPublicKey(length)),
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self { keys, began_ms: now_ms, seen: Mutex::new(Seen::new(REMEMBERED)) })
    }

    /// What a header claims of a request, where it is true now and was not used before.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn verify(&self, header: &str, asked: Asked<'_>, now_ms: i64) -> Result<Claim, Refusal> {
        if header.len() > HEADER_MAX_BYTES {
            return Err(Refusal::Unreadable);
        }
        let (document, signature) = header.split_once('.').ok_or(Refusal::Unreadable)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refusal::Unreadable)?;
        // Nothing is read before it is known who has written it.
        if !self.keys.iter().any(|key| key.verify(document.as_bytes(), &signature).is_ok()) {
            return Err(Refusal::Signature);
        }
        let document = URL_SAFE_NO_PAD.decode(document).map_err(|_| Refusal::Unreadable)?;
        let claim: Claim = serde_json::from_slice(&document).map_err(|_| Refusal::Unreadable)?;
        let nonce = hex::decode(&claim.nonce).map_err(|_| Refusal::Unreadable)?;
        let nonce = nonce.try_into().map_err(|_| Refusal::Unreadable)?;
        self.judge(&claim, asked, now_ms)?;
        let until = claim.expires_ms.saturating_add(SKEW_MS);
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take(nonce, until, now_ms)?;
        Ok(claim)
    }

    fn judge(&self, claim: &Claim, asked: Asked<'_>, now_ms: i64) -> Result<(), Refusal> {
        if claim.v != VERSION {
            return Err(Refusal::Version);
        }
        let same = claim.method == asked.method && claim.path == asked.path && claim.body == asked.body_hash;
        if !same {
            return Err(Refusal::OtherRequest);
        }
        let lives = claim.expires_ms.checked_sub(claim.issued_ms).unwrap_or(i64::MAX);
        let over = now_ms > claim.expires_ms.saturating_add(SKEW_MS);
        if !(0..=LONGEST_MS).contains(&lives) || over {
            return Err(Refusal::Expired);
        }
        if claim.issued_ms > now_ms.saturating_add(SKEW_MS) {
            return Err(Refusal::Early);
        }
        if claim.issued_ms < self.began_ms {
            return Err(Refusal::BeforeStart);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Signer, body_hash};

    const NOW: i64 = 1_800_000_000_000;

    fn signer() -> Signer {
        Signer::generate().unwrap().0
    }

    fn verifier(signers: &[&Signer]) -> Verifier {
        Verifier::new(signers.iter().map(|signer| signer.public_key()), NOW).unwrap()
    }

    fn asked(hash: &str) -> Asked<'_> {
        Asked { method: "POST", path: "/portal/me?x=1", body_hash: hash }
    }

    fn claim() -> Claim {
        let hash = body_hash(b"{}");
        let nonce = std::sync::atomic::AtomicU64::new(0);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&nonce.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes());
        Claim {
            session: Some("ab".repeat(32)),
            user: Some("u".to_owned()),
            ..Claim::new(asked(&hash), bytes, NOW)
        }
    }

    /// What becomes of a claim that is changed before it is signed.
    fn verdict(change: impl FnOnce(&mut Claim), now: i64) -> Result<(), Refusal> {
        let (signer, mut claim) = (signer(), claim());
        change(&mut claim);
        verifier(&[&signer]).verify(&signer.sign(&claim), asked(&body_hash(b"{}")), now).map(drop)
    }

    #[test]
    fn a_claim_is_taken_once_and_read_back_as_it_was() {
        let signer = signer();
        let verifier = verifier(&[&signer]);
        let (claim, hash) = (claim(), body_hash(b"{}"));
        let header = signer.sign(&claim);
        assert_eq!(verifier.verify(&header, asked(&hash), NOW), Ok(claim));
        assert_eq!(verifier.verify(&header, asked(&hash), NOW + 1), Err(Refusal::Replayed));
        assert_eq!(
            verifier.verify(&header, asked(&hash), NOW + LONGEST_MS + SKEW_MS),
            Err(Refusal::Replayed),
            "until the last moment at which it could be used"
        );
        assert_eq!(
            verifier.verify(&header, asked(&hash), NOW + LONGEST_MS + SKEW_MS + 1),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn a_claim_is_for_one_request() {
        let signer = signer();
        let verifier = verifier(&[&signer]);
        let (header, hash, other) = (signer.sign(&claim()), body_hash(b"{}"), body_hash(b"{ }"));
        let same = asked(&hash);
        for asked in [
            Asked { method: "PUT", ..same },
            Asked { method: "post", ..same },
            Asked { path: "/portal/me", ..same },
            Asked { path: "/portal/me?x=2", ..same },
            Asked { path: "/portal/me/?x=1", ..same },
            Asked { body_hash: &other, ..same },
            Asked { body_hash: "", ..same },
        ] {
            assert_eq!(verifier.verify(&header, asked, NOW), Err(Refusal::OtherRequest), "{asked:?}");
        }
        assert!(verifier.verify(&header, same, NOW).is_ok(), "what was refused has used nothing up");
    }

    #[test]
    fn a_claim_has_its_time() {
        assert_eq!(verdict(|_| {}, NOW + LONGEST_MS + SKEW_MS), Ok(()), "the other clock is slow");
        assert_eq!(verdict(|_| {}, NOW + LONGEST_MS + SKEW_MS + 1), Err(Refusal::Expired));
        assert_eq!(verdict(|claim| claim.expires_ms += 1, NOW), Err(Refusal::Expired), "longer than any");
        assert_eq!(verdict(|claim| claim.expires_ms = i64::MAX, NOW), Err(Refusal::Expired));
        assert_eq!(verdict(|claim| claim.issued_ms = i64::MIN, NOW), Err(Refusal::Expired));
        assert_eq!(verdict(|claim| claim.expires_ms = claim.issued_ms - 1, NOW), Err(Refusal::Expired));
        let later = |claim: &mut Claim| {
            claim.issued_ms += SKEW_MS + 1;
            claim.expires_ms += SKEW_MS + 1;
        };
        assert_eq!(verdict(later, NOW), Err(Refusal::Early));
        assert_eq!(verdict(later, NOW + 1), Ok(()), "the other clock is fast");
        let before = |claim: &mut Claim| {
            claim.issued_ms -= 1;
            claim.expires_ms -= 1;
        };
        assert_eq!(verdict(before, NOW), Err(Refusal::BeforeStart));
        assert_eq!(verdict(|claim| claim.v = 2, NOW), Err(Refusal::Version));
    }

    #[test]
    fn two_keys_hold_while_one_takes_the_place_of_the_other_and_no_third() {
        let (old, new, foreign) = (signer(), signer(), signer());
        let hash = body_hash(b"{}");
        let other = Claim { nonce: hex::encode([9; 16]), ..claim() };
        let verifier = verifier(&[&old, &new]);
        assert!(verifier.verify(&old.sign(&claim()), asked(&hash), NOW).is_ok());
        assert_eq!(
            verifier.verify(&new.sign(&claim()), asked(&hash), NOW),
            Err(Refusal::Replayed),
            "the same nonce under the other key"
        );
        assert!(verifier.verify(&new.sign(&other), asked(&hash), NOW).is_ok());
        assert_eq!(verifier.verify(&foreign.sign(&claim()), asked(&hash), NOW), Err(Refusal::Signature));
        let none = self::verifier(&[]);
        assert_eq!(none.verify(&old.sign(&claim()), asked(&hash), NOW), Err(Refusal::Signature));
    }

    #[test]
    fn what_is_no_claim_is_refused_without_being_read() {
        let signer = signer();
        let verifier = verifier(&[&signer]);
        let (hash, header) = (body_hash(b"{}"), signer.sign(&claim()));
        let (document, signature) = header.split_once('.').unwrap();
        let mut flipped = document.as_bytes().to_vec();
        flipped[10] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        let sign = |text: &str| {
            let document = URL_SAFE_NO_PAD.encode(text);
            let pair = Signer::generate().unwrap().1;
            let pair = ring::signature::Ed25519KeyPair::from_pkcs8(&pair).unwrap();
            (format!("{document}.{}", URL_SAFE_NO_PAD.encode(pair.sign(document.as_bytes()))), pair)
        };
        for (header, refusal) in [
            (String::new(), Refusal::Unreadable),
            (document.to_owned(), Refusal::Unreadable),
            (format!("{document}."), Refusal::Signature),
            (format!("{document}.?"), Refusal::Unreadable),
            (format!(".{signature}"), Refusal::Signature),
            (format!("{flipped}.{signature}"), Refusal::Signature),
            (format!("{header}.{signature}"), Refusal::Unreadable),
            ("a".repeat(HEADER_MAX_BYTES + 1), Refusal::Unreadable),
            (sign("{\"alg\":\"none\"}").0, Refusal::Signature),
        ] {
            assert_eq!(verifier.verify(&header, asked(&hash), NOW), Err(refusal), "{header}");
        }
        // Signed by a key that is known, and yet no claim.
        for text in ["", "{}", "null", "{\"v\":1,\"admin\":true}"] {
            let (header, pair) = sign(text);
            let key = ring::signature::KeyPair::public_key(&pair).as_ref().to_vec();
            let verifier = Verifier::new([key], NOW).unwrap();
            assert_eq!(verifier.verify(&header, asked(&hash), NOW), Err(Refusal::Unreadable), "{text}");
        }
        assert_eq!(Verifier::new([vec![1; 31]], NOW).unwrap_err(), KeyError::NoPublicKey(31));
        assert!(Signer::from_pkcs8(b"no key").is_err());
    }

    #[test]
    fn a_short_nonce_is_none() {
        assert_eq!(verdict(|claim| claim.nonce = "ab".to_owned(), NOW), Err(Refusal::Unreadable));
        assert_eq!(verdict(|claim| claim.nonce = "x".repeat(32), NOW), Err(Refusal::Unreadable));
    }
}
