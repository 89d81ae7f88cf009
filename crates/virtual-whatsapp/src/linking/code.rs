//! Linking by pairing code: the device shows eight characters, the phone's owner types them, and both prove to each
//! other that they know them without sending them.
//!
//! `companion_hello` (device: its ephemeral key under the code) → `primary_hello` (phone: the same) →
//! `companion_finish` (device: a bundle under the shared secret). A wrong code shows at the last step.

use std::sync::Arc;

use tokio::sync::oneshot;
use wacore::pair_code::PairCodeUtils;
use wacore_binary::{Node, builder::NodeBuilder};
use wacore_libsignal::protocol::{KeyPair, PublicKey};

use super::{Candidate, LinkError};
use crate::noise::public32;
use crate::stanza::iq::{self, Answer, BAD_REQUEST};
use crate::stanza::node::{attr, child_bytes, from_server, jid, leaf};
use crate::sync::lock;
use crate::truth::EventKind;
use crate::world::{Account, Device, Outgoing, World};

/// Salt, initialisation vector and the encrypted key of `…wrapped_companion_ephemeral_pub`.
const WRAPPED: usize = 32 + 16 + 32;
/// Salt, nonce, three sealed keys and the tag of `…wrapped_key_bundle`.
const BUNDLE: usize = 32 + 12 + 96 + 16;

type Finished = Result<oneshot::Receiver<Arc<Device>>, LinkError>;

/// A pairing-code exchange of one device that waits.
pub(super) struct CodeExchange {
    number: String,
    reference: String,
    wrapped: [u8; WRAPPED],
    entered: Option<Entered>,
}

/// The owner has typed a code; whether it is right shows in the device's answer.
struct Entered {
    account: Arc<Account>,
    ephemeral: KeyPair,
    companion: [u8; 32],
    done: oneshot::Sender<Finished>,
}

/// Answers `link_code_companion_reg` of a device that waits.
pub(super) fn answer(candidate: &Arc<Candidate>, world: &Arc<World>, iq: &Node, reg: &Node) -> Option<Node> {
    let answer = match attr(reg, "stage").as_deref() {
        Some("companion_hello") => hello(candidate, world, reg),
        Some("companion_finish") => {
            // Answered first, since what follows is said by itself; and whether the phone can read it or not, since
            // the server only passes it on.
            let _ = candidate.link.outbox.try_send(Outgoing::Node(iq::reply(iq, Ok(Vec::new()))));
            finish(candidate, world, reg);
            return None;
        }
        _ => Err(BAD_REQUEST),
    };
    Some(iq::reply(iq, answer))
}

fn hello(candidate: &Arc<Candidate>, world: &Arc<World>, reg: &Node) -> Answer {
    let number = jid(reg, "jid").ok_or(BAD_REQUEST)?.user.to_string();
    let wrapped = child_bytes(reg, "link_code_pairing_wrapped_companion_ephemeral_pub");
    let wrapped = wrapped.try_into().map_err(|_| BAD_REQUEST)?;
    let reference = format!("3@{}", world.entropy.hex::<12>());
    let told = leaf("link_code_pairing_ref", reference.as_bytes());
    *lock(&candidate.code) = Some(CodeExchange { number: number.clone(), reference, wrapped, entered: None });
    lock(&world.linking.by_number).insert(number.clone(), candidate.clone());
    world.event(EventKind::CodeRequested { number });
    let answer =
        NodeBuilder::new("link_code_companion_reg").attr("stage", "companion_hello").children([told]);
    Ok(vec![answer.build()])
}

/// The owner types `code` on the phone; returns once the device is linked.
pub(crate) async fn enter(
    world: &Arc<World>,
    account: &Arc<Account>,
    code: &str,
) -> Result<Arc<Device>, LinkError> {
    let code: String =
        code.chars().filter(|c| !matches!(c, '-' | ' ')).collect::<String>().to_ascii_uppercase();
    if code.len() != 8 || !code.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(LinkError::NotAPairingCode);
    }
    let no_code = || LinkError::NoCode(account.number().to_owned());
    let candidate = lock(&world.linking.by_number).get(account.number()).cloned().ok_or_else(no_code)?;
    let wrapped = lock(&candidate.code).as_ref().map(|exchange| exchange.wrapped).ok_or_else(no_code)?;
    let ephemeral = KeyPair::generate(&mut world.entropy.fork());
    let mine = public32(&ephemeral);
    // 131,072 rounds of PBKDF2, twice: not on a thread that serves connections.
    let worked = tokio::task::spawn_blocking(move || {
        let companion = PairCodeUtils::decrypt_primary_ephemeral_pub(&wrapped, &code);
        companion.map(|companion| (companion, PairCodeUtils::encrypt_ephemeral_pub(&mine, &code)))
    });
    let (companion, sealed) = worked.await.ok().and_then(Result::ok).ok_or(LinkError::WrongCode)?;
    let identity = account.state().peer.identity_key();
    let (done, heard) = oneshot::channel();
    let reference = {
        let mut exchange = lock(&candidate.code);
        let exchange = exchange.as_mut().ok_or_else(no_code)?;
        exchange.entered = Some(Entered { account: account.clone(), ephemeral, companion, done });
        exchange.reference.clone()
    };
    let hello = NodeBuilder::new("link_code_companion_reg").attr("stage", "primary_hello").children([
        leaf("link_code_pairing_ref", reference.into_bytes()),
        leaf("link_code_pairing_wrapped_primary_ephemeral_pub", sealed.to_vec()),
        leaf("primary_identity_pub", identity),
    ]);
    let notification = from_server("notification")
        .attr("type", "link_code_companion_reg")
        .attr("id", world.stanza_id())
        .attr("t", world.clock.now_secs().to_string())
        .children([hello.build()]);
    let told = candidate.link.outbox.try_send(Outgoing::Node(notification.build()));
    told.map_err(|_| LinkError::NotConfirmed)?;
    drop(candidate);
    let confirmed = async {
        heard.await.map_err(|_| LinkError::NotConfirmed)??.await.map_err(|_| LinkError::NotConfirmed)
    };
    tokio::time::timeout(world.options.limits.link, confirmed).await.map_err(|_| LinkError::NotConfirmed)?
}

fn finish(candidate: &Arc<Candidate>, world: &Arc<World>, reg: &Node) {
    let exchange = {
        let mut code = lock(&candidate.code);
        code.as_mut()
            .and_then(|c| c.entered.take().map(|entered| (c.number.clone(), c.reference.clone(), entered)))
    };
    let Some((number, reference, entered)) = exchange else {
        return tracing::warn!("a device finished a code exchange that nobody began");
    };
    let Entered { account, ephemeral, companion, done } = entered;
    let result = if child_bytes(reg, "link_code_pairing_ref") == reference.as_bytes() {
        secret(candidate, &account, &ephemeral, &companion, reg)
            .and_then(|secret| candidate.offer(world, &account, &secret))
    } else {
        Err(LinkError::BadAnswer("another pairing reference"))
    };
    if let Err(e) = &result {
        tracing::info!(error = %e, "a pairing code was refused");
        world.event(EventKind::CodeRefused { number, reason: e.to_string() });
    }
    // The owner may have stopped waiting.
    let _ = done.send(result);
}

/// The secret that phone and device share at the end; an error says that the code was wrong.
fn secret(
    candidate: &Candidate,
    account: &Account,
    ephemeral: &KeyPair,
    companion: &[u8; 32],
    reg: &Node,
) -> Result<[u8; 32], LinkError> {
    let theirs = child_bytes(reg, "companion_identity_public");
    if theirs != candidate.identity {
        return Err(LinkError::BadAnswer("the identity is not the one that the device registered with"));
    }
    let wrapped: &[u8; BUNDLE] = child_bytes(reg, "link_code_pairing_wrapped_key_bundle")
        .try_into()
        .map_err(|_| LinkError::BadAnswer("the key bundle has another length"))?;
    let agree = |key: &KeyPair, other: &[u8]| {
        let other = PublicKey::from_djb_public_key_bytes(other).map_err(|_| LinkError::WrongCode)?;
        key.private_key.calculate_agreement(&other).map_err(|_| LinkError::WrongCode)
    };
    let shared = agree(ephemeral, companion)?;
    let (salt, rest) = wrapped.split_at(32);
    let (nonce, sealed) = rest.split_at(12);
    let mut key = [0; 32];
    let info = b"link_code_pairing_key_bundle_encryption_key";
    wacore::crypto::hkdf_sha256_into(&shared, Some(salt), info, &mut key)
        .map_err(|_| LinkError::WrongCode)?;
    let nonce = nonce.try_into().map_err(|_| LinkError::WrongCode)?;
    let mut bundle = Vec::new();
    wacore_libsignal::crypto::aes_256_gcm_decrypt(&key, nonce, b"", sealed, &mut bundle)
        .map_err(|_| LinkError::WrongCode)?;
    let state = account.state();
    let (device, phone) = (bundle.get(..32), bundle.get(32..64));
    if device != Some(theirs) || phone != Some(&state.peer.identity_key()[..]) {
        return Err(LinkError::BadAnswer("the bundle names other identities"));
    }
    let identity = PublicKey::from_djb_public_key_bytes(theirs).map_err(|_| LinkError::WrongCode)?;
    let between = state.peer.identity().private_key().calculate_agreement(&identity);
    let between = between.map_err(|_| LinkError::WrongCode)?;
    drop(state);
    let material = [&shared[..], &between[..], bundle.get(64..96).unwrap_or_default()].concat();
    let mut secret = [0; 32];
    wacore::crypto::hkdf_sha256_into(&material, None, b"adv_secret", &mut secret)
        .map_err(|_| LinkError::WrongCode)?;
    Ok(secret)
}
