//! The server's long-term Noise identity: a root key that clients may pin, an intermediate and the static key,
//! each certificate signed by its issuer as WhatsApp's are (root serial 0, intermediate 1, leaf 2).

use buffa::Message as _;
use rand::rngs::StdRng;
use wacore_libsignal::protocol::{CurveError, KeyPair, PrivateKey};
use waproto::whatsapp as wa;

use wa::cert_chain::NoiseCertificate;
use wa::cert_chain::noise_certificate::Details;

/// Validity of both certificates, in seconds since 1970: long enough for any test's clock.
const NOT_BEFORE: u64 = 1_000_000_000;
const NOT_AFTER: u64 = 4_100_000_000;

/// Keys and certificate chain. No `Debug`: it holds private keys.
pub(crate) struct Identity {
    root: KeyPair,
    intermediate: KeyPair,
    server: KeyPair,
    chain: Vec<u8>,
}

impl Identity {
    pub(crate) fn generate(rng: &mut StdRng) -> Result<Self, CurveError> {
        Self::new(KeyPair::generate(rng), KeyPair::generate(rng), KeyPair::generate(rng), rng)
    }

    /// The identity that [`Identity::private_keys`] described.
    pub(crate) fn restore(keys: &[[u8; 32]; 3], rng: &mut StdRng) -> Result<Self, CurveError> {
        let [root, intermediate, server] = keys;
        Self::new(key_pair(root)?, key_pair(intermediate)?, key_pair(server)?, rng)
    }

    fn new(
        root: KeyPair,
        intermediate: KeyPair,
        server: KeyPair,
        rng: &mut StdRng,
    ) -> Result<Self, CurveError> {
        let chain = wa::CertChain {
            leaf: buffa::MessageField::some(certificate(2, 1, &server, &intermediate, rng)?),
            intermediate: buffa::MessageField::some(certificate(1, 0, &intermediate, &root, rng)?),
        };
        Ok(Self { chain: chain.encode_to_vec(), root, intermediate, server })
    }

    /// Root, intermediate and static private keys.
    pub(crate) fn private_keys(&self) -> [[u8; 32]; 3] {
        [&self.root, &self.intermediate, &self.server].map(|k| *k.private_key.serialize())
    }

    pub(crate) fn root_key(&self) -> [u8; 32] {
        public32(&self.root)
    }

    pub(super) fn static_private(&self) -> &[u8; 32] {
        self.server.private_key.serialize()
    }

    pub(super) fn static_public(&self) -> [u8; 32] {
        public32(&self.server)
    }

    pub(super) fn chain(&self) -> &[u8] {
        &self.chain
    }
}

/// The 32 bytes of a public key, without the type byte.
pub(crate) fn public32(keys: &KeyPair) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(keys.public_key.public_key_bytes());
    out
}

fn key_pair(private: &[u8; 32]) -> Result<KeyPair, CurveError> {
    let private = PrivateKey::deserialize(private)?;
    Ok(KeyPair::new(private.public_key()?, private))
}

fn certificate(
    serial: u32,
    issuer: u32,
    subject: &KeyPair,
    signer: &KeyPair,
    rng: &mut StdRng,
) -> Result<NoiseCertificate, CurveError> {
    let details = Details {
        serial: Some(serial),
        issuer_serial: Some(issuer),
        key: Some(public32(subject).to_vec()),
        not_before: Some(NOT_BEFORE),
        not_after: Some(NOT_AFTER),
    }
    .encode_to_vec();
    let signature = signer.private_key.calculate_signature(&details, rng)?;
    Ok(NoiseCertificate { details: Some(details), signature: Some(signature.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn restoring_the_private_keys_gives_the_same_public_ones() {
        let mut rng = StdRng::seed_from_u64(1);
        let first = Identity::generate(&mut rng).unwrap();
        let second = Identity::restore(&first.private_keys(), &mut rng).unwrap();
        assert_eq!((first.root_key(), first.static_public()), (second.root_key(), second.static_public()));
    }
}
