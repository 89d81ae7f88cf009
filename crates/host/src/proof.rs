//! How control plane and host prove to each other, before anything else is said, that both hold the host's key.
//!
//! 1. The control plane offers its versions, the host that it means and a nonce.
//! 2. The host answers with the version it chose, its name, incarnation and a nonce, and its proof.
//! 3. The control plane gives its own proof.
//! 4. The host admits it.
//!
//! A proof is HMAC-SHA256 under the host's key over everything said before, the prover's role, and bytes that only the two ends of
//! this one TLS connection know: none can be reflected, replayed, used to talk the version down, or passed on by somebody in
//! between. Whoever refuses says why.

use std::{io, time::Duration};

use link::{Hex, Versions};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

use crate::{
    HostError, HostKey, Seen,
    tls::Channel,
    wire::{hear, say, tidied},
};

/// How long the whole of it may take.
pub(crate) const PROOF_TIME: Duration = Duration::from_secs(5);
/// What this build speaks: its own version and the one before, once there is one.
pub(crate) const VERSIONS: Versions = Versions::up_to(1);
/// The longest reason of a refusal that is passed on, in characters.
const REASON_MAX_CHARS: usize = 200;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Step {
    Offer { versions: Versions, host: String, nonce: Hex },
    Answer { version: u16, host: String, incarnation: u64, run: u64, nonce: Hex, proof: Hex },
    Proof { proof: Hex },
    Admitted,
    Refused { why: String },
}

#[derive(Clone, Copy)]
enum Role {
    Host,
    Control,
}

/// What both sides have said. All of it is of fixed length but the name, which comes last, so that no two read the same.
struct Transcript<'a> {
    channel: Channel,
    offered: Versions,
    chosen: u16,
    seen: Seen,
    control: Hex,
    host: Hex,
    name: &'a str,
}

impl Transcript<'_> {
    fn of(&self, role: Role) -> Vec<u8> {
        let role: &[u8; 8] = match role {
            Role::Host => b"host\0\0\0\0",
            Role::Control => b"control\0",
        };
        [
            b"flowhq host\0".as_slice(),
            role,
            &self.channel,
            &self.offered.min.to_be_bytes(),
            &self.offered.max.to_be_bytes(),
            &self.chosen.to_be_bytes(),
            &self.seen.incarnation.to_be_bytes(),
            &self.seen.run.to_be_bytes(),
            &self.control.0,
            &self.host.0,
            self.name.as_bytes(),
        ]
        .concat()
    }
}

/// Whom the host's side speaks for.
pub(crate) struct AsHost<'a> {
    pub(crate) name: &'a str,
    pub(crate) seen: Seen,
    pub(crate) key: &'a HostKey,
    pub(crate) versions: Versions,
}

/// Whom the control plane means.
pub(crate) struct AsControl<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: &'a HostKey,
    pub(crate) versions: Versions,
}

/// Proves a host on a TLS connection that it has accepted; the version that is spoken.
///
/// # Errors
/// Where the other side is no control plane of this host.
pub(crate) async fn accept<S>(stream: &mut S, channel: Channel, own: &AsHost<'_>) -> Result<u16, HostError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let outcome = timeout(PROOF_TIME, as_host(stream, channel, own)).await;
    settle(stream, outcome.unwrap_or(Err(HostError::Late))).await
}

/// Proves a control plane on a TLS connection that it has opened; the version that is spoken, and who the host is.
///
/// # Errors
/// Where the other side is not this host.
pub(crate) async fn dial<S>(
    stream: &mut S,
    channel: Channel,
    own: &AsControl<'_>,
) -> Result<(u16, Seen), HostError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let outcome = timeout(PROOF_TIME, as_control(stream, channel, own)).await;
    settle(stream, outcome.unwrap_or(Err(HostError::Late))).await
}

async fn as_host<S>(stream: &mut S, channel: Channel, own: &AsHost<'_>) -> Result<u16, HostError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Step::Offer { versions: offered, host: meant, nonce: control } = next(stream).await? else {
        return Err(HostError::Malformed("an offer was expected".to_owned()));
    };
    let chosen = own.versions.common(offered).ok_or_else(|| {
        HostError::Version(format!("{offered} was offered, this host speaks {}", own.versions))
    })?;
    if meant != own.name {
        return Err(HostError::Name(own.name.to_owned()));
    }
    let host = Hex(rand::random());
    let said = Transcript { channel, offered, chosen, seen: own.seen, control, host, name: own.name };
    let Seen { incarnation, run } = own.seen;
    let proof = Hex(own.key.prove(&said.of(Role::Host)));
    let name = own.name.to_owned();
    say(stream, &Step::Answer { version: chosen, host: name, incarnation, run, nonce: host, proof }).await?;
    match next(stream).await? {
        Step::Proof { proof } if own.key.proves(&said.of(Role::Control), &proof.0) => {}
        Step::Proof { .. } => return Err(HostError::Proof),
        _ => return Err(HostError::Malformed("a proof was expected".to_owned())),
    }
    say(stream, &Step::Admitted).await?;
    Ok(chosen)
}

async fn as_control<S>(
    stream: &mut S,
    channel: Channel,
    own: &AsControl<'_>,
) -> Result<(u16, Seen), HostError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (control, offered) = (Hex(rand::random()), own.versions);
    say(stream, &Step::Offer { versions: offered, host: own.name.to_owned(), nonce: control }).await?;
    let Step::Answer { version: chosen, host: name, incarnation, run, nonce: host, proof } =
        next(stream).await?
    else {
        return Err(HostError::Malformed("an answer was expected".to_owned()));
    };
    if chosen < offered.min || chosen > offered.max {
        return Err(HostError::Version(format!("it chose {chosen}, this control plane speaks {offered}")));
    }
    if name != own.name {
        let shown = if domain::is_host_name(&name) { name } else { "without a name".to_owned() };
        return Err(HostError::Name(shown));
    }
    let seen = Seen { incarnation, run };
    let said = Transcript { channel, offered, chosen, seen, control, host, name: own.name };
    if !own.key.proves(&said.of(Role::Host), &proof.0) {
        return Err(HostError::Proof);
    }
    say(stream, &Step::Proof { proof: Hex(own.key.prove(&said.of(Role::Control))) }).await?;
    match next(stream).await? {
        Step::Admitted => Ok((chosen, seen)),
        _ => Err(HostError::Malformed("a word of admittance was expected".to_owned())),
    }
}

async fn next<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Step, HostError> {
    match hear(stream).await {
        Ok(Step::Refused { why }) => Err(HostError::Refused(tidied(&why, REASON_MAX_CHARS))),
        Ok(step) => Ok(step),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(HostError::Malformed(error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells the other side of a refusal, as far as it listens.
async fn settle<T, S: AsyncWrite + Unpin>(
    stream: &mut S,
    outcome: Result<T, HostError>,
) -> Result<T, HostError> {
    match &outcome {
        Ok(_) | Err(HostError::Io(_) | HostError::Refused(_)) => {}
        Err(refused) => {
            let refusal = Step::Refused { why: tidied(&refused.to_string(), REASON_MAX_CHARS) };
            let _deaf = timeout(Duration::from_secs(1), say(stream, &refusal)).await;
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

    use super::*;

    const SEEN: Seen = Seen { incarnation: 7, run: 9 };

    struct Side {
        key: HostKey,
        name: &'static str,
        channel: Channel,
        versions: Versions,
    }

    fn side() -> Side {
        Side { key: HostKey::derive(&[1; 32], "a"), name: "a", channel: [5; 32], versions: VERSIONS }
    }

    async fn meet(host: Side, control: Side) -> (Result<u16, HostError>, Result<(u16, Seen), HostError>) {
        let (mut near, mut far) = tokio::io::duplex(4096);
        let as_host = AsHost { name: host.name, seen: SEEN, key: &host.key, versions: host.versions };
        let as_control = AsControl { name: control.name, key: &control.key, versions: control.versions };
        tokio::join!(accept(&mut near, host.channel, &as_host), dial(&mut far, control.channel, &as_control))
    }

    #[tokio::test]
    async fn who_holds_the_key_on_the_same_channel_is_admitted() {
        let (host, control) = meet(side(), side()).await;
        assert_eq!((host.unwrap(), control.unwrap()), (1, (1, SEEN)));
    }

    #[tokio::test]
    async fn another_key_another_name_and_somebody_in_between_are_refused() {
        let key = HostKey::derive(&[2; 32], "a");
        let (host, control) = meet(side(), Side { key, ..side() }).await;
        assert!(matches!(control, Err(HostError::Proof)), "{control:?}");
        assert!(matches!(host, Err(HostError::Refused(_))), "{host:?}");
        let (host, control) = meet(side(), Side { channel: [6; 32], ..side() }).await;
        assert!(matches!(control, Err(HostError::Proof)), "passed on by somebody: {control:?}");
        assert!(host.is_err());
        let (host, control) = meet(side(), Side { name: "b", ..side() }).await;
        assert!(matches!(host, Err(HostError::Name(_))), "{host:?}");
        assert!(control.unwrap_err().to_string().contains("another host"));
    }

    #[tokio::test]
    async fn versions_without_one_in_common_are_told() {
        let versions = Versions { min: 8, max: 9 };
        let (host, control) = meet(side(), Side { versions, ..side() }).await;
        assert!(matches!(host, Err(HostError::Version(_))), "{host:?}");
        let told = control.unwrap_err().to_string();
        assert!(told.contains("8 to 9 was offered, this host speaks 1"), "{told}");
        let next = Versions::up_to(2);
        let (host, control) = meet(side(), Side { versions: next, ..side() }).await;
        assert_eq!((host.unwrap(), control.unwrap().0), (1, 1), "the version before is spoken");
    }

    #[tokio::test]
    async fn a_proof_that_is_said_back_is_none() {
        let (mut near, mut far) = tokio::io::duplex(4096);
        let (key, channel) = (side().key, side().channel);
        let own = AsHost { name: "a", seen: SEEN, key: &key, versions: VERSIONS };
        let mirror = async {
            let offer = Step::Offer { versions: VERSIONS, host: "a".to_owned(), nonce: Hex([0; 32]) };
            say(&mut far, &offer).await.unwrap();
            let Step::Answer { proof, .. } = hear(&mut far).await.unwrap() else { panic!("no answer") };
            say(&mut far, &Step::Proof { proof }).await.unwrap();
            hear::<Step>(&mut far).await.unwrap()
        };
        let (host, told) = tokio::join!(accept(&mut near, channel, &own), mirror);
        assert!(matches!(host, Err(HostError::Proof)));
        assert!(matches!(told, Step::Refused { .. }));
    }
}
