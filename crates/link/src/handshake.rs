//! How a connection opens: versions, whom each side speaks for, and the mutual proof of the token.
//!
//! 1. The dialler (control plane) offers its versions, tenant, generation and a nonce.
//! 2. The worker answers with the version it chose, its own nonce and its proof.
//! 3. The dialler gives its own proof.
//! 4. The worker admits it.
//!
//! A proof is HMAC-SHA256 under the token over everything said before and the prover's role, so that none can be
//! reflected, replayed or used to talk the version down. Whoever refuses says why, and both sides log it.

use std::time::Duration;

use domain::TenantId;
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::Framed;

use crate::{
    ControlSide, Generation, Hex, LinkError, Reason, Refusal, Token, Versions, WorkerSide,
    frame::{Codec, FRAME_MAX_BYTES, Frame, HANDSHAKE_MAX_BYTES},
};

/// How long the whole handshake may take.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(5);

/// Whom one side speaks for, and the secret that proves it.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The worker's tenant.
    pub tenant: TenantId,
    /// The worker's generation.
    pub generation: Generation,
    /// The secret of this generation.
    pub token: Token,
    /// What this side speaks.
    pub versions: Versions,
}

impl Identity {
    /// An identity that speaks what this build speaks.
    #[must_use]
    pub const fn new(tenant: TenantId, generation: Generation, token: Token) -> Self {
        Self { tenant, generation, token, versions: Versions::OURS }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    Offer { versions: Versions, tenant: TenantId, generation: Generation, nonce: Hex },
    Answer { version: u16, tenant: TenantId, generation: Generation, nonce: Hex, proof: Hex },
    Proof { proof: Hex },
    Admitted,
}

impl Step {
    const fn name(&self) -> &'static str {
        match self {
            Self::Offer { .. } => "offer",
            Self::Answer { .. } => "answer",
            Self::Proof { .. } => "proof",
            Self::Admitted => "admitted",
        }
    }
}

type Wire<S> = Framed<S, Codec<Step, Step>>;

#[derive(Clone, Copy)]
enum Role {
    Worker,
    Control,
}

/// What both sides have said, of fixed length, so that no two conversations read the same.
struct Transcript {
    offered: Versions,
    chosen: u16,
    tenant: TenantId,
    generation: Generation,
    dialler: Hex,
    worker: Hex,
}

impl Transcript {
    fn of(&self, role: Role) -> Vec<u8> {
        let role: &[u8; 8] = match role {
            Role::Worker => b"worker\0\0",
            Role::Control => b"control\0",
        };
        [
            b"flowhq link\0".as_slice(),
            role,
            &self.offered.min.to_be_bytes(),
            &self.offered.max.to_be_bytes(),
            &self.chosen.to_be_bytes(),
            self.tenant.uuid().as_bytes(),
            &self.generation.to_be_bytes(),
            &self.dialler.0,
            &self.worker.0,
        ]
        .concat()
    }
}

/// Opens a connection as the worker, on a stream that its listener accepted.
///
/// # Errors
/// Where the dialler is not this generation's control plane, speaks no common version, or goes away.
pub async fn accept<S>(stream: S, identity: &Identity) -> Result<WorkerSide<S>, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut wire = Framed::new(stream, Codec::new(HANDSHAKE_MAX_BYTES));
    let outcome = tokio::time::timeout(HANDSHAKE_TIME, as_worker(&mut wire, identity)).await;
    let version = settle(&mut wire, identity, outcome).await?;
    Ok(WorkerSide::new(wire.map_codec(|_| Codec::new(FRAME_MAX_BYTES)), version))
}

/// Opens a connection as the control plane, on a stream connected to a worker's socket.
///
/// # Errors
/// Where the other side is not this generation's worker, speaks no common version, or goes away.
pub async fn dial<S>(stream: S, identity: &Identity) -> Result<ControlSide<S>, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut wire = Framed::new(stream, Codec::new(HANDSHAKE_MAX_BYTES));
    let outcome = tokio::time::timeout(HANDSHAKE_TIME, as_control(&mut wire, identity)).await;
    let version = settle(&mut wire, identity, outcome).await?;
    Ok(ControlSide::new(wire.map_codec(|_| Codec::new(FRAME_MAX_BYTES)), version))
}

async fn as_worker<S>(wire: &mut Wire<S>, own: &Identity) -> Result<u16, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (versions, tenant, generation, nonce) = match next(wire).await? {
        Step::Offer { versions, tenant, generation, nonce } => (versions, tenant, generation, nonce),
        other => return Err(out_of_turn("offer", &other)),
    };
    let chosen = own.versions.common(versions).ok_or_else(|| {
        LinkError::refuse(Reason::Version, format!("offered {versions}, this worker speaks {}", own.versions))
    })?;
    check_identity(own, tenant, generation)?;

    let worker = Hex(rand::random());
    let said = Transcript { offered: versions, chosen, tenant, generation, dialler: nonce, worker };
    let proof = Hex(own.token.prove(&said.of(Role::Worker)));
    say(wire, Step::Answer { version: chosen, tenant, generation, nonce: worker, proof }).await?;

    match next(wire).await? {
        Step::Proof { proof } if own.token.proves(&said.of(Role::Control), &proof.0) => {}
        Step::Proof { .. } => {
            return Err(LinkError::refuse(Reason::Proof, "the dialler does not know the token"));
        }
        other => return Err(out_of_turn("proof", &other)),
    }
    say(wire, Step::Admitted).await?;
    Ok(chosen)
}

async fn as_control<S>(wire: &mut Wire<S>, own: &Identity) -> Result<u16, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let dialler = Hex(rand::random());
    let offered = own.versions;
    let offer =
        Step::Offer { versions: offered, tenant: own.tenant, generation: own.generation, nonce: dialler };
    say(wire, offer).await?;

    let (chosen, said) = match next(wire).await? {
        Step::Answer { version, tenant, generation, nonce, proof } => {
            if version < offered.min || version > offered.max {
                let detail = format!("chose version {version}, this control plane speaks {offered}");
                return Err(LinkError::refuse(Reason::Version, detail));
            }
            check_identity(own, tenant, generation)?;
            let said = Transcript { offered, chosen: version, tenant, generation, dialler, worker: nonce };
            if !own.token.proves(&said.of(Role::Worker), &proof.0) {
                return Err(LinkError::refuse(Reason::Proof, "the worker does not know the token"));
            }
            (version, said)
        }
        other => return Err(out_of_turn("answer", &other)),
    };

    say(wire, Step::Proof { proof: Hex(own.token.prove(&said.of(Role::Control))) }).await?;
    match next(wire).await? {
        Step::Admitted => Ok(chosen),
        other => Err(out_of_turn("admitted", &other)),
    }
}

fn check_identity(own: &Identity, tenant: TenantId, generation: Generation) -> Result<(), LinkError> {
    if tenant != own.tenant {
        return Err(LinkError::refuse(
            Reason::Tenant,
            format!("speaks for {tenant}, expected {}", own.tenant),
        ));
    }
    if generation != own.generation {
        let detail = format!("speaks for generation {generation}, expected {}", own.generation);
        return Err(LinkError::refuse(Reason::Generation, detail));
    }
    Ok(())
}

fn out_of_turn(expected: &'static str, got: &Step) -> LinkError {
    LinkError::refuse(Reason::State, format!("expected {expected}, got {}", got.name()))
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>, step: Step) -> Result<(), LinkError> {
    wire.send(Frame::Message(step)).await
}

async fn next<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>) -> Result<Step, LinkError> {
    match wire.next().await {
        None => Err(LinkError::Closed),
        Some(Err(error)) => Err(error),
        Some(Ok(Frame::Refused(refusal))) => Err(LinkError::RefusedByPeer(refusal)),
        Some(Ok(Frame::Message(step))) => Ok(step),
    }
}

/// Tells the other side of a refusal, and logs it where either side refused.
async fn settle<S>(
    wire: &mut Wire<S>,
    own: &Identity,
    outcome: Result<Result<u16, LinkError>, tokio::time::error::Elapsed>,
) -> Result<u16, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let late =
        || LinkError::refuse(Reason::Timeout, format!("no handshake within {} s", HANDSHAKE_TIME.as_secs()));
    let result = outcome.unwrap_or_else(|_| Err(late()));
    if let Err(error) = &result {
        match error {
            // Somebody only looked whether anybody is there, or is gone: no news.
            LinkError::Closed | LinkError::Io(_) => {
                tracing::debug!(tenant = %own.tenant, generation = own.generation, %error, "link not opened");
            }
            _ => tracing::warn!(tenant = %own.tenant, generation = own.generation, %error, "link not opened"),
        }
        if let Some(refusal) = error.refusal() {
            tell(wire, refusal.clone()).await;
        }
    }
    result
}

async fn tell<S: AsyncRead + AsyncWrite + Unpin>(wire: &mut Wire<S>, refusal: Refusal) {
    // Best effort: a peer that is gone, or that does not read, learns nothing.
    let told = tokio::time::timeout(Duration::from_secs(1), wire.send(Frame::Refused(refusal))).await;
    if !matches!(told, Ok(Ok(()))) {
        tracing::debug!("the refusal could not be delivered");
    }
}
