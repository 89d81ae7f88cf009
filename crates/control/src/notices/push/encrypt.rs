//! A message that only one browser can read: RFC 8291 over RFC 8188's `aes128gcm`, one record.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::{SecureRandom, SystemRandom},
};

use super::PushError;

/// An uncompressed point of P-256.
const POINT: usize = 65;
/// The browser's secret.
const AUTH: usize = 16;
/// RFC 8188's record size: that of the header; a push message is one record.
const RECORD: u32 = 4096;
/// What fits one record of that size beside its tag and its delimiter.
const PLAIN_MAX: usize = 4096 - 16 - 1;

/// Whether these are a browser's keys in base64url: a point and a secret of 16 bytes.
pub(crate) fn are_keys(public: &str, auth: &str) -> bool {
    let length =
        |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_or(0, |bytes| bytes.len());
    let point = URL_SAFE_NO_PAD.decode(public.trim_end_matches('='));
    length(auth) == AUTH && point.is_ok_and(|point| point.len() == POINT && point.first() == Some(&4))
}

/// The body of the request to the push service.
pub(super) fn encrypt(public: &str, auth: &str, plain: &[u8]) -> Result<Vec<u8>, PushError> {
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| PushError::Keys);
    let (theirs, auth) = (read(public)?, read(auth)?);
    let random = SystemRandom::new();
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(|_| PushError::System)?;
    let ours = own.compute_public_key().map_err(|_| PushError::System)?;
    let mut salt = [0; 16];
    random.fill(&mut salt).map_err(|_| PushError::System)?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, theirs.as_slice());
    let keys = agree_ephemeral(own, &peer, |secret| derive(secret, &auth, &theirs, ours.as_ref(), &salt));
    let keys = keys.map_err(|_| PushError::Keys)??;
    seal(&keys, &salt, ours.as_ref(), plain)
}

/// What a record is sealed with.
struct Keys {
    key: [u8; 16],
    nonce: [u8; 12],
}

/// A length of HKDF's output.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn hkdf(salt: &[u8], secret: &[u8], info: &[&[u8]], out: &mut [u8]) -> Result<(), PushError> {
    let extracted = Salt::new(HKDF_SHA256, salt).extract(secret);
    let expanded = extracted.expand(info, Bytes(out.len())).and_then(|okm| okm.fill(out));
    expanded.map_err(|_| PushError::System)
}

/// RFC 8291, 3.4.
fn derive(
    secret: &[u8],
    auth: &[u8],
    theirs: &[u8],
    ours: &[u8],
    salt: &[u8; 16],
) -> Result<Keys, PushError> {
    let mut shared = [0; 32];
    hkdf(auth, secret, &[b"WebPush: info\0", theirs, ours], &mut shared)?;
    let mut keys = Keys { key: [0; 16], nonce: [0; 12] };
    hkdf(salt, &shared, &[b"Content-Encoding: aes128gcm\0"], &mut keys.key)?;
    hkdf(salt, &shared, &[b"Content-Encoding: nonce\0"], &mut keys.nonce)?;
    Ok(keys)
}

/// RFC 8188, 2: salt, record size, the sender's point, and the one record.
fn seal(keys: &Keys, salt: &[u8; 16], ours: &[u8], plain: &[u8]) -> Result<Vec<u8>, PushError> {
    if plain.len() > PLAIN_MAX {
        return Err(PushError::TooLong);
    }
    let key = UnboundKey::new(&AES_128_GCM, &keys.key).map_err(|_| PushError::System)?;
    // A delimiter of 2 says that no record follows.
    let mut record = plain.to_vec();
    record.push(2);
    let nonce = Nonce::assume_unique_for_key(keys.nonce);
    LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, Aad::empty(), &mut record)
        .map_err(|_| PushError::System)?;
    let mut body = salt.to_vec();
    body.extend(RECORD.to_be_bytes());
    body.push(u8::try_from(ours.len()).map_err(|_| PushError::System)?);
    body.extend(ours);
    body.extend(record);
    Ok(body)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// A browser that reads what was sent to it.
    pub(crate) struct Reader {
        own: EphemeralPrivateKey,
        point: Vec<u8>,
        auth: [u8; AUTH],
    }

    impl Reader {
        pub(crate) fn new() -> Self {
            let random = SystemRandom::new();
            let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).unwrap();
            let point = own.compute_public_key().unwrap().as_ref().to_vec();
            let mut auth = [0; AUTH];
            random.fill(&mut auth).unwrap();
            Self { own, point, auth }
        }

        pub(crate) fn keys(&self) -> (String, String) {
            (URL_SAFE_NO_PAD.encode(&self.point), URL_SAFE_NO_PAD.encode(self.auth))
        }

        pub(crate) fn read(self, body: &[u8]) -> Vec<u8> {
            let (salt, rest) = body.split_at(16);
            let (size, rest) = rest.split_at(4);
            assert_eq!(size, 4096_u32.to_be_bytes());
            let (length, rest) = rest.split_first().unwrap();
            let (theirs, record) = rest.split_at(usize::from(*length));
            let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
            let salt = salt.try_into().unwrap();
            let keys = agree_ephemeral(self.own, &peer, |secret| {
                derive(secret, &self.auth, &self.point, theirs, &salt).unwrap()
            });
            let keys = keys.unwrap();
            let mut record = record.to_vec();
            let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &keys.key).unwrap());
            let nonce = Nonce::assume_unique_for_key(keys.nonce);
            let plain = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
            let (last, plain) = plain.split_last().unwrap();
            assert_eq!(*last, 2, "the last record");
            plain.to_vec()
        }
    }

    /// The example of RFC 8291, appendix A, from the shared secret on.
    #[test]
    fn the_example_of_the_rfc_comes_out_as_it_stands_there() {
        let ours =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let theirs =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let secret = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let keys = derive(&secret, &auth, &theirs, &ours, &salt).unwrap();
        assert_eq!(keys.key.as_slice(), bytes("oIhVW04MRdy2XN9CiKLxTg"));
        assert_eq!(keys.nonce.as_slice(), bytes("4h_95klXJ5E_qnoN"));
        let plain = b"When I grow up, I want to be a watermelon";
        let body = seal(&keys, &salt, &ours, plain).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc\
                        InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNW\
                        QexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn only_the_browser_reads_it_and_each_message_is_sealed_anew() {
        let reader = Reader::new();
        let (public, auth) = reader.keys();
        assert!(are_keys(&public, &auth));
        let (one, other) = (encrypt(&public, &auth, b"hi").unwrap(), encrypt(&public, &auth, b"hi").unwrap());
        assert_ne!(one, other);
        assert_eq!(reader.read(&one), b"hi");
        assert!(matches!(encrypt(&public, &auth, &[0; 4096]), Err(PushError::TooLong)));
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let (public, auth) = Reader::new().keys();
        for (public, auth) in
            [("", ""), (public.as_str(), "short"), (auth.as_str(), auth.as_str()), ("!", "!")]
        {
            assert!(!are_keys(public, auth), "{public} {auth}");
        }
        // A point that is on no curve.
        let nowhere = URL_SAFE_NO_PAD.encode([&[4_u8][..], &[1; 64]].concat());
        assert!(matches!(encrypt(&nowhere, &auth, b"x"), Err(PushError::Keys)));
    }
}
