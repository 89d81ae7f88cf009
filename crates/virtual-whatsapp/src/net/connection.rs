//! One connection: WebSocket, handshake, then stanzas both ways until either side ends it.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use wacore_binary::Node;

use super::{login, pump};
use crate::linking::Candidate;
use crate::noise::{self, Accepted, NodeReader, NoiseFault};
use crate::stanza::{self, Session};
use crate::truth::{EventKind, count};
use crate::world::{Link, Outgoing, World};

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum End {
    #[error("the client closed")]
    ByClient,
    #[error("the server closed")]
    ByServer,
    #[error("the client does not read")]
    SlowReader,
    #[error("{0}")]
    BadInput(#[from] NoiseFault),
}

/// Serves one connection from its first byte to its last. `stop` ends it at once.
pub(crate) async fn serve<S>(world: Arc<World>, stream: S, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shaken = tokio::select! {
        () = stop.cancelled() => return,
        shaken = tokio::time::timeout(world.options.limits.handshake, handshake(&world, stream)) => shaken,
    };
    let reason = match shaken {
        Ok(Ok(accepted)) => return Box::pin(converse(&world, accepted, stop)).await,
        Ok(Err(fault)) => fault.to_string(),
        Err(_) => format!("no handshake within {:?}", world.options.limits.handshake),
    };
    count(&world.counters.failed_handshakes);
    tracing::info!(reason, "handshake failed");
    world.event(EventKind::HandshakeFailed { reason });
}

async fn handshake<S>(world: &World, stream: S) -> Result<Accepted<S>, NoiseFault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let limits = &world.options.limits;
    // A WebSocket message may carry several frames; a client's own batching stays far below twice the limit.
    let payload = limits.frame_bytes.saturating_mul(2);
    let ws_limits = tokio_websockets::Limits::default().max_payload_len(Some(payload));
    let (_, ws) = tokio_websockets::ServerBuilder::new().limits(ws_limits).accept(stream).await?;
    noise::accept(ws, &world.noise, world.entropy.fork(), (limits.frame_bytes, limits.stanza_depth)).await
}

async fn converse<S>(world: &Arc<World>, accepted: Accepted<S>, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Accepted { payload, pattern, noise_key, edge, mut reader, mut writer } = accepted;
    let pairing = payload.device_pairing_data.as_option();
    world.event(EventKind::Handshake { pattern, login: pairing.is_none(), edge });
    let (outbox, inbox) = mpsc::channel(world.options.limits.outbox.max(1));
    let link = Link {
        id: world.unique(),
        outbox,
        kill: stop.child_token(),
        gone: CancellationToken::new(),
        bell: Arc::new(Notify::new()),
        half_open: Arc::default(),
        closing: Arc::default(),
    };
    let end = if let Some(data) = pairing {
        let Some(candidate) = Candidate::register(world, data, noise_key, &link) else {
            return writer.close().await;
        };
        let pump = pin!(pump::run(world, writer, inbox, None, &link));
        let expiry = candidate.clone();
        let end = tokio::select! {
            end = pair(world, &candidate, reader, &link, pump) => end,
            () = expiry.expired(world) => {
                world.event(EventKind::PairingExpired);
                End::ByServer
            }
        };
        world.linking.remove(&candidate);
        end
    } else {
        let (account, device) = match login::admit(world, &payload, noise_key, &link, pattern) {
            Ok(admitted) => admitted,
            Err(failure) => {
                let last = async {
                    writer.feed(&failure).await?;
                    writer.flush().await
                };
                // Told as far as the client listens.
                let _ = tokio::time::timeout(world.options.limits.write, last).await;
                // A client that handles stanzas one after the other would miss this one if it saw the end first.
                let its_end = async { while let Ok(Some(_)) = reader.next().await {} };
                tokio::select! {
                    () = stop.cancelled() => {}
                    _ = tokio::time::timeout(world.options.limits.farewell, its_end) => {}
                }
                return writer.close().await;
            }
        };
        let session = Session { world, account: &account, device: &device, link: &link };
        let pump = pin!(pump::run(world, writer, inbox, Some(&device), &link));
        let end = talk(reader, &link, pump, world, |node, out| stanza::handle(&session, node, out)).await;
        login::leave(world, &device, &link, &end);
        end
    };
    match &end {
        End::SlowReader => count(&world.counters.slow_readers),
        End::BadInput(_) => count(&world.counters.bad_input),
        End::ByClient | End::ByServer => {}
    }
    tracing::debug!(reason = %end, "connection ended");
}

async fn pair<S, P>(
    world: &Arc<World>,
    candidate: &Arc<Candidate>,
    reader: NodeReader<S>,
    link: &Link,
    pump: std::pin::Pin<&mut P>,
) -> End
where
    S: AsyncRead + AsyncWrite + Unpin,
    P: Future<Output = End>,
{
    talk(reader, link, pump, world, |node, out| candidate.handle(world, node, out)).await
}

/// Reads and answers until either side ends. Answers wait for room in the outbox, so that a client which asks
/// faster than it reads is slowed down and not buffered.
async fn talk<S, P>(
    mut reader: NodeReader<S>,
    link: &Link,
    mut pump: std::pin::Pin<&mut P>,
    world: &World,
    mut handle: impl FnMut(&Node, &mut Vec<Outgoing>),
) -> End
where
    S: AsyncRead + AsyncWrite + Unpin,
    P: Future<Output = End>,
{
    let read = async {
        let mut answers = Vec::new();
        loop {
            let node = match reader.next().await {
                Ok(Some(node)) => node,
                Ok(None) => return End::ByClient,
                Err(NoiseFault::WebSocket(tokio_websockets::Error::Io(_))) => return End::ByClient,
                Err(fault) => return End::BadInput(fault),
            };
            count(&world.counters.stanzas_in);
            tracing::trace!(
                stanza = %node.tag,
                xmlns = stanza::node::attr_or_empty(&node, "xmlns"),
                kind = stanza::node::attr_or_empty(&node, "type"),
                first = node.children().and_then(|all| all.first()).map(|child| child.tag.to_string()),
                "received"
            );
            if link.half_open.load(Relaxed) || link.closing.load(Relaxed) {
                continue;
            }
            handle(&node, &mut answers);
            for answer in answers.drain(..) {
                if link.outbox.send(answer).await.is_err() {
                    return End::ByServer;
                }
            }
        }
    };
    let end = tokio::select! {
        end = pump.as_mut() => return end,
        end = read => end,
    };
    link.gone.cancel();
    link.end(None);
    let last = pump.await;
    if matches!(last, End::SlowReader) { last } else { end }
}
