//! One phone's Signal state: its identity, its sessions with the devices it talks to, its sender keys.

use futures_util::FutureExt as _;
use rand::Rng as _;
use rand::rngs::StdRng;
use wacore_libsignal::protocol::{
    CiphertextMessage, CiphertextMessageType, GenericSignedPreKey as _, IdentityKeyPair, KeyPair,
    PreKeyRecord, PreKeySignalMessage, ProtocolAddress, SenderKeyDistributionMessage, SenderKeyName,
    SenderKeyRecord, SessionRecord, SignalMessage, SignedPreKeyRecord, Timestamp, UsePQRatchet,
    create_sender_key_distribution_message, group_decrypt, group_encrypt, message_decrypt, message_encrypt,
    process_prekey_bundle, process_sender_key_distribution_message,
};

use super::stores::{Identities, PreKeys, SenderKeys, Sessions, SignedPreKey};
use super::{Bundle, SignalFault, SignedKey};
use crate::noise::public32;

/// Who a session is with: an account's number and a device of it. Numbers and LIDs of one account are one here,
/// as they are on phones that have learned both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Address(ProtocolAddress);

impl Address {
    pub(crate) fn new(number: &str, device: u16) -> Self {
        Self(ProtocolAddress::new(number, u32::from(device).into()))
    }
}

/// How a ciphertext is marked: `enc{type}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EncKind {
    PreKey,
    Message,
    SenderKey,
}

impl EncKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::PreKey => "pkmsg",
            Self::Message => "msg",
            Self::SenderKey => "skmsg",
        }
    }

    pub(crate) fn parse(kind: &str) -> Result<Self, SignalFault> {
        match kind {
            "pkmsg" => Ok(Self::PreKey),
            "msg" => Ok(Self::Message),
            "skmsg" => Ok(Self::SenderKey),
            other => Err(SignalFault::Kind(other.to_owned())),
        }
    }
}

/// No `Debug`: it holds private keys.
pub(crate) struct Peer {
    identities: Identities,
    sessions: Sessions,
    prekeys: PreKeys,
    signed: SignedPreKey,
    senders: SenderKeys,
    next_prekey: u32,
    rng: StdRng,
}

/// Everything of a [`Peer`] that outlives the process, each in libsignal's own form.
pub(crate) struct PeerParts {
    pub(crate) identity: Vec<u8>,
    pub(crate) registration: u32,
    pub(crate) signed: Vec<u8>,
    pub(crate) prekeys: Vec<Vec<u8>>,
    pub(crate) sessions: Vec<(String, Vec<u8>)>,
    pub(crate) senders: Vec<(String, String, Vec<u8>)>,
    pub(crate) next_prekey: u32,
}

impl Peer {
    pub(crate) fn generate(mut rng: StdRng) -> Result<Self, SignalFault> {
        let own = IdentityKeyPair::generate(&mut rng);
        let pair = KeyPair::generate(&mut rng);
        let signature = own.private_key().calculate_signature(&pair.public_key.serialize(), &mut rng)?;
        let signed = SignedPreKeyRecord::new(1u32.into(), Timestamp::from_epoch_millis(0), &pair, &signature);
        // Registration ids have 14 bits and are never 0.
        let registration = rng.next_u32() % 0x3FFE + 1;
        Ok(Self {
            identities: Identities { own, registration, known: Default::default() },
            sessions: Sessions::default(),
            prekeys: PreKeys::default(),
            signed: SignedPreKey(signed),
            senders: SenderKeys::default(),
            next_prekey: 1,
            rng,
        })
    }

    pub(crate) fn identity(&self) -> &IdentityKeyPair {
        &self.identities.own
    }

    pub(crate) fn identity_key(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(self.identities.own.public_key().public_key_bytes());
        out
    }

    pub(crate) fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], SignalFault> {
        Ok(self.identities.own.private_key().calculate_signature(message, &mut self.rng)?)
    }

    pub(crate) fn has_session(&self, with: &Address) -> bool {
        self.sessions.0.contains_key(with.0.as_str())
    }

    /// The next identity key of this address is taken as it comes. Its sessions stay.
    pub(crate) fn trust_anew(&mut self, whom: &Address) {
        self.identities.known.remove(whom.0.as_str());
    }

    /// This phone's keys for somebody who wants to write to it, with a one-time key made for the purpose.
    pub(crate) fn bundle(&mut self) -> Result<Bundle, SignalFault> {
        let id = self.next_prekey;
        self.next_prekey = if id >= 0xFF_FFFF { 1 } else { id + 1 };
        let pair = KeyPair::generate(&mut self.rng);
        self.prekeys.0.insert(id, PreKeyRecord::new(id.into(), &pair));
        Ok(Bundle {
            registration: self.identities.registration,
            identity: self.identity_key(),
            signed: self.signed_key()?,
            one_time: Some((id, public32(&pair))),
        })
    }

    fn signed_key(&self) -> Result<SignedKey, SignalFault> {
        let record = &self.signed.0;
        let mut key = [0; 32];
        key.copy_from_slice(record.public_key()?.public_key_bytes());
        let signature =
            record.signature()?.try_into().map_err(|_| SignalFault::Plaintext("signature".into()))?;
        Ok(SignedKey { id: u32::from(record.id()?), key, signature })
    }

    pub(crate) fn start_session(&mut self, with: &Address, bundle: &Bundle) -> Result<(), SignalFault> {
        let bundle = bundle.to_signal()?;
        let done = process_prekey_bundle(
            &with.0,
            &mut self.sessions,
            &mut self.identities,
            &bundle,
            &mut self.rng,
            UsePQRatchet::No,
        );
        done.now_or_never().ok_or(SignalFault::Suspended)??;
        Ok(())
    }

    pub(crate) fn encrypt(&mut self, to: &Address, padded: &[u8]) -> Result<(EncKind, Vec<u8>), SignalFault> {
        let done = message_encrypt(padded, &to.0, &mut self.sessions, &mut self.identities);
        let sealed = done.now_or_never().ok_or(SignalFault::Suspended)??;
        let kind = match sealed.message_type() {
            CiphertextMessageType::PreKey => EncKind::PreKey,
            _ => EncKind::Message,
        };
        Ok((kind, sealed.serialize().to_vec()))
    }

    pub(crate) fn decrypt(
        &mut self,
        from: &Address,
        kind: EncKind,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SignalFault> {
        let message = match kind {
            EncKind::PreKey => CiphertextMessage::PreKeySignalMessage(PreKeySignalMessage::try_from(sealed)?),
            EncKind::Message => CiphertextMessage::SignalMessage(SignalMessage::try_from(sealed)?),
            EncKind::SenderKey => return Err(SignalFault::Kind("skmsg outside a group".to_owned())),
        };
        let done = message_decrypt(
            &message,
            &from.0,
            &mut self.sessions,
            &mut self.identities,
            &mut self.prekeys,
            &self.signed,
            &mut self.rng,
            UsePQRatchet::No,
        );
        Ok(done.now_or_never().ok_or(SignalFault::Suspended)??.plaintext)
    }

    /// This phone's sender key of a group: the distribution message, made once, and its ciphertext.
    pub(crate) fn group_encrypt(
        &mut self,
        group: &str,
        padded: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), SignalFault> {
        let name = SenderKeyName::new(group.into(), "self".into());
        let made = create_sender_key_distribution_message(&name, &mut self.senders, &mut self.rng);
        let distribution = made.now_or_never().ok_or(SignalFault::Suspended)??;
        let done = group_encrypt(&mut self.senders, &name, padded, &mut self.rng);
        let sealed = done.now_or_never().ok_or(SignalFault::Suspended)??;
        Ok((distribution.serialized().to_vec(), sealed.serialized().to_vec()))
    }

    /// Takes somebody's sender key of a group.
    pub(crate) fn take_sender_key(
        &mut self,
        group: &str,
        from: &Address,
        key: &[u8],
    ) -> Result<(), SignalFault> {
        let name = SenderKeyName::new(group.into(), from.0.as_str().into());
        let message = SenderKeyDistributionMessage::try_from(key)?;
        let done = process_sender_key_distribution_message(&name, &message, &mut self.senders);
        Ok(done.now_or_never().ok_or(SignalFault::Suspended)??)
    }

    pub(crate) fn group_decrypt(
        &mut self,
        group: &str,
        from: &Address,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SignalFault> {
        let name = SenderKeyName::new(group.into(), from.0.as_str().into());
        let done = group_decrypt(sealed, &mut self.senders, &name);
        Ok(done.now_or_never().ok_or(SignalFault::Suspended)??)
    }

    pub(crate) fn to_parts(&self) -> Result<PeerParts, SignalFault> {
        let mut prekeys = Vec::with_capacity(self.prekeys.0.len());
        for record in self.prekeys.0.values() {
            prekeys.push(record.serialize()?);
        }
        let mut sessions = Vec::with_capacity(self.sessions.0.len());
        for (address, record) in &self.sessions.0 {
            sessions.push((address.clone(), record.serialize()?));
        }
        let mut senders = Vec::with_capacity(self.senders.0.len());
        for ((group, from), record) in &self.senders.0 {
            senders.push((group.clone(), from.clone(), record.serialize()?));
        }
        Ok(PeerParts {
            identity: self.identities.own.serialize().into_vec(),
            registration: self.identities.registration,
            signed: self.signed.0.serialize()?,
            prekeys,
            sessions,
            senders,
            next_prekey: self.next_prekey,
        })
    }

    pub(crate) fn from_parts(parts: &PeerParts, rng: StdRng) -> Result<Self, SignalFault> {
        let mut prekeys = PreKeys::default();
        for bytes in &parts.prekeys {
            let record = PreKeyRecord::deserialize(bytes)?;
            prekeys.0.insert(record.id()?.into(), record);
        }
        let mut sessions = Sessions::default();
        for (address, bytes) in &parts.sessions {
            sessions.0.insert(address.clone(), SessionRecord::deserialize(bytes)?);
        }
        let mut senders = SenderKeys::default();
        for (group, from, bytes) in &parts.senders {
            senders.0.insert((group.clone(), from.clone()), SenderKeyRecord::deserialize(bytes)?);
        }
        Ok(Self {
            identities: Identities {
                own: IdentityKeyPair::try_from(parts.identity.as_slice())?,
                registration: parts.registration,
                known: Default::default(),
            },
            sessions,
            prekeys,
            signed: SignedPreKey(SignedPreKeyRecord::deserialize(&parts.signed)?),
            senders,
            next_prekey: parts.next_prekey,
            rng,
        })
    }
}
