//! What a phone signs about its linked devices: the device identity of each, and the list of valid key indexes.

use buffa::Message as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use wacore_libsignal::protocol::PublicKey;
use waproto::whatsapp as wa;

use super::LinkError;
use crate::signal::{Peer, SignalFault};

const ACCOUNT_SIGNATURE: [u8; 2] = [6, 0];
const DEVICE_SIGNATURE: [u8; 2] = [6, 1];
const KEY_INDEX_SIGNATURE: [u8; 2] = [6, 2];

/// A device identity that waits for the device's own signature.
pub(super) struct Signed {
    details: Vec<u8>,
    account_key: [u8; 32],
    /// For `pair-success`: the signed identity under an HMAC of the secret that only phone and device know.
    pub(super) container: Vec<u8>,
}

/// Signs the identity of a device and seals it with the secret from the code.
pub(super) fn sign(
    phone: &mut Peer,
    device_identity: &[u8; 32],
    (raw_id, key_index, now): (u32, u32, u64),
    secret: &[u8],
) -> Result<Signed, LinkError> {
    let details = wa::ADVDeviceIdentity {
        raw_id: Some(raw_id),
        timestamp: Some(now),
        key_index: Some(key_index),
        ..Default::default()
    }
    .encode_to_vec();
    let account_key = phone.identity_key();
    let signature = phone.sign(&[&ACCOUNT_SIGNATURE[..], &details, device_identity].concat())?;
    let signed = wa::ADVSignedDeviceIdentity {
        details: Some(details.clone()),
        account_signature_key: Some(account_key.to_vec()),
        account_signature: Some(signature.to_vec()),
        ..Default::default()
    }
    .encode_to_vec();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).map_err(|_| LinkError::BadKey("secret"))?;
    mac.update(&signed);
    let container = wa::ADVSignedDeviceIdentityHMAC {
        details: Some(signed),
        hmac: Some(mac.finalize().into_bytes().to_vec()),
        ..Default::default()
    };
    Ok(Signed { details, account_key, container: container.encode_to_vec() })
}

impl Signed {
    /// Checks the identity that came back with the device's signature.
    pub(super) fn check_answer(&self, answer: &[u8], device_identity: &[u8; 32]) -> Result<(), LinkError> {
        let answer = wa::ADVSignedDeviceIdentity::decode_from_slice(answer)
            .map_err(|_| LinkError::BadAnswer("device-identity is no protobuf"))?;
        let signature = answer.device_signature.ok_or(LinkError::BadAnswer("no device signature"))?;
        let message = [&DEVICE_SIGNATURE[..], &self.details, device_identity, &self.account_key].concat();
        let key = PublicKey::from_djb_public_key_bytes(device_identity).map_err(SignalFault::from)?;
        if key.verify_signature(&message, &signature) {
            Ok(())
        } else {
            Err(LinkError::BadAnswer("the device signature does not fit"))
        }
    }
}

/// The signed list of key indexes for `key-index-list` in device lists: which linked devices are valid.
pub(crate) fn key_index_list(
    phone: &mut Peer,
    (raw_id, current, now): (u32, u32, u64),
    valid: Vec<u32>,
) -> Result<Vec<u8>, SignalFault> {
    let details = wa::ADVKeyIndexList {
        raw_id: Some(raw_id),
        timestamp: Some(now),
        current_index: Some(current),
        valid_indexes: valid,
        ..Default::default()
    }
    .encode_to_vec();
    let signature = phone.sign(&[&KEY_INDEX_SIGNATURE[..], &details].concat())?;
    let signed = wa::ADVSignedKeyIndexList {
        details: Some(details),
        account_signature: Some(signature.to_vec()),
        account_signature_key: Some(phone.identity_key().to_vec()),
    };
    Ok(signed.encode_to_vec())
}
