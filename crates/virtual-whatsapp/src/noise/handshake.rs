//! The responder's side of Noise XX, IK and XXfallback (a client that knows an older static key of ours), after
//! the prologue `WA` 06 03 and, before it, the optional edge routing `ED` 00 01 length(3) bytes.

use buffa::Message as _;
use bytes::{Buf as _, BytesMut};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use rand::rngs::StdRng;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_websockets::{Message, WebSocketStream};
use wacore_binary::consts::{NOISE_PATTERN_IK, NOISE_PATTERN_XX, NOISE_PATTERN_XXFALLBACK, WA_CONN_HEADER};
use wacore_libsignal::protocol::KeyPair;
use wacore_noise::NoiseHandshake;
use waproto::whatsapp as wa;

use super::frame::{Frames, framed};
use super::identity::public32;
use super::{Identity, NodeReader, NodeWriter, NoiseFault};

/// Longest edge routing information that is read.
const MAX_EDGE: usize = 1024;

/// Which handshake the client used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// The client did not know the server's static key.
    Xx,
    /// The client knew it from an earlier connection.
    Ik,
    /// The client tried IK with a key that is not the server's.
    XxFallback,
}

/// A finished handshake.
pub(crate) struct Accepted<S> {
    pub(crate) payload: wa::ClientPayload,
    pub(crate) pattern: Pattern,
    /// The client's static Noise key, proven by the handshake.
    pub(crate) noise_key: [u8; 32],
    pub(crate) edge: Option<Vec<u8>>,
    pub(crate) reader: NodeReader<S>,
    pub(crate) writer: NodeWriter<S>,
}

/// Answers one handshake. The caller limits its time.
pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
    ws: WebSocketStream<S>,
    identity: &Identity,
    mut rng: StdRng,
    (frame_limit, depth_limit): (usize, usize),
) -> Result<Accepted<S>, NoiseFault> {
    let (sink, stream) = ws.split();
    let mut wire =
        Wire { sink, stream, frames: Frames::new(frame_limit), start: Some(BytesMut::new()), edge: None };
    let hello =
        wire.receive().await?.client_hello.into_option().ok_or(NoiseFault::Handshake("no client hello"))?;
    let their_ephemeral = key(hello.ephemeral, "client ephemeral")?;
    let ours = KeyPair::generate(&mut rng);

    let early = match (hello.r#static, hello.payload) {
        (Some(st), Some(payload)) => Some((st, payload)),
        _ => None,
    };
    let tried = early.as_ref().and_then(|(st, pl)| begin_ik(identity, &their_ephemeral, st, pl).ok());
    let (noise, pattern, noise_key, payload) = if let Some((mut noise, noise_key, payload)) = tried {
        noise.authenticate(&public32(&ours));
        noise.mix_shared_secret(ours.private_key.serialize(), &their_ephemeral)?;
        noise.mix_shared_secret(ours.private_key.serialize(), &noise_key)?;
        let chain = noise.encrypt(identity.chain())?;
        wire.send_hello(&ours, None, chain).await?;
        (noise, Pattern::Ik, noise_key, payload)
    } else {
        let (name, pattern) = match early {
            Some(_) => (NOISE_PATTERN_XXFALLBACK, Pattern::XxFallback),
            None => (NOISE_PATTERN_XX, Pattern::Xx),
        };
        let mut noise = NoiseHandshake::new(name, &WA_CONN_HEADER)?;
        noise.authenticate(&their_ephemeral);
        noise.authenticate(&public32(&ours));
        noise.mix_shared_secret(ours.private_key.serialize(), &their_ephemeral)?;
        let static_key = noise.encrypt(&identity.static_public())?;
        noise.mix_shared_secret(identity.static_private(), &their_ephemeral)?;
        let chain = noise.encrypt(identity.chain())?;
        wire.send_hello(&ours, Some(static_key), chain).await?;
        let finish = wire
            .receive()
            .await?
            .client_finish
            .into_option()
            .ok_or(NoiseFault::Handshake("no client finish"))?;
        let sealed = finish.r#static.ok_or(NoiseFault::Handshake("no static key in client finish"))?;
        let noise_key = key(Some(noise.decrypt(&sealed)?), "client static")?;
        noise.mix_shared_secret(ours.private_key.serialize(), &noise_key)?;
        let sealed = finish.payload.ok_or(NoiseFault::Handshake("no payload in client finish"))?;
        let payload = noise.decrypt(&sealed)?;
        (noise, pattern, noise_key, payload)
    };
    let payload = wa::ClientPayload::decode_from_slice(&payload)
        .map_err(|_| NoiseFault::Handshake("the client payload is no protobuf"))?;
    let (receive, send) = noise.finish()?;
    let Wire { sink, stream, frames, edge, .. } = wire;
    let reader = NodeReader::new(stream, frames, receive, frame_limit, depth_limit);
    Ok(Accepted { payload, pattern, noise_key, edge, reader, writer: NodeWriter::new(sink, send) })
}

fn begin_ik(
    identity: &Identity,
    their_ephemeral: &[u8; 32],
    sealed_static: &[u8],
    sealed_payload: &[u8],
) -> Result<(NoiseHandshake, [u8; 32], Vec<u8>), NoiseFault> {
    let mut noise = NoiseHandshake::new(NOISE_PATTERN_IK, &WA_CONN_HEADER)?;
    noise.authenticate(&identity.static_public());
    noise.authenticate(their_ephemeral);
    noise.mix_shared_secret(identity.static_private(), their_ephemeral)?;
    let noise_key = key(Some(noise.decrypt(sealed_static)?), "client static")?;
    noise.mix_shared_secret(identity.static_private(), &noise_key)?;
    let payload = noise.decrypt(sealed_payload)?;
    Ok((noise, noise_key, payload))
}

fn key(bytes: Option<Vec<u8>>, what: &'static str) -> Result<[u8; 32], NoiseFault> {
    bytes.and_then(|b| b.try_into().ok()).ok_or(NoiseFault::Handshake(what))
}

/// The stream while it is not encrypted yet.
struct Wire<S> {
    sink: SplitSink<WebSocketStream<S>, Message>,
    stream: SplitStream<WebSocketStream<S>>,
    frames: Frames,
    /// What came before the prologue was whole; `None` once it has been read.
    start: Option<BytesMut>,
    edge: Option<Vec<u8>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    async fn receive(&mut self) -> Result<wa::HandshakeMessage, NoiseFault> {
        loop {
            if self.start.is_none()
                && let Some(frame) = self.frames.next()?
            {
                return wa::HandshakeMessage::decode_from_slice(&frame)
                    .map_err(|_| NoiseFault::Handshake("the message is no protobuf"));
            }
            let message = self.stream.next().await.ok_or(NoiseFault::Closed)??;
            if message.is_close() {
                return Err(NoiseFault::Closed);
            }
            if !message.is_binary() {
                continue;
            }
            let bytes = message.into_payload();
            match &mut self.start {
                None => self.frames.feed(&bytes),
                Some(start) => {
                    start.extend_from_slice(&bytes);
                    if let Some(edge) = take_prologue(start)? {
                        let rest = std::mem::take(start);
                        self.start = None;
                        self.edge = edge;
                        self.frames.feed(&rest);
                    }
                }
            }
        }
    }

    async fn send_hello(
        &mut self,
        ephemeral: &KeyPair,
        r#static: Option<Vec<u8>>,
        payload: Vec<u8>,
    ) -> Result<(), NoiseFault> {
        let hello = wa::handshake_message::ServerHello {
            ephemeral: Some(public32(ephemeral).to_vec()),
            r#static,
            payload: Some(payload),
            ..Default::default()
        };
        let message =
            wa::HandshakeMessage { server_hello: buffa::MessageField::some(hello), ..Default::default() };
        self.sink.send(Message::binary(framed(&message.encode_to_vec())?)).await?;
        Ok(())
    }
}

/// Cuts the prologue off `start`: `None` while more bytes are needed, else the edge routing if there was one.
fn take_prologue(start: &mut BytesMut) -> Result<Option<Option<Vec<u8>>>, NoiseFault> {
    let mut edge = None;
    let mut at = 0;
    if start.starts_with(b"ED") {
        let Some(head) = start.first_chunk::<7>() else { return Ok(None) };
        let length = usize::from(head[4]) << 16 | usize::from(head[5]) << 8 | usize::from(head[6]);
        if length > MAX_EDGE {
            return Err(NoiseFault::Prologue);
        }
        at = 7 + length;
        let Some(bytes) = start.get(7..at) else { return Ok(None) };
        edge = Some(bytes.to_vec());
    }
    let Some(header) = start.get(at..at + WA_CONN_HEADER.len()) else {
        let so_far = &start[at..];
        let fits = WA_CONN_HEADER.starts_with(so_far) || (at == 0 && b"ED".starts_with(so_far));
        return if fits { Ok(None) } else { Err(NoiseFault::Prologue) };
    };
    if header != WA_CONN_HEADER {
        return Err(NoiseFault::Prologue);
    }
    start.advance(at + WA_CONN_HEADER.len());
    Ok(Some(edge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prologue_is_read_however_it_is_cut_and_garbage_is_refused() {
        let plain = [&WA_CONN_HEADER[..], b"rest"].concat();
        let routed = [&b"ED\x00\x01\x00\x00\x02xy"[..], &plain].concat();
        for (wire, edge) in [(&plain, None), (&routed, Some(b"xy".to_vec()))] {
            let mut start = BytesMut::new();
            let mut found = None;
            for byte in &wire[..wire.len() - 4] {
                assert_eq!(found, None);
                start.extend_from_slice(&[*byte]);
                found = take_prologue(&mut start).unwrap();
            }
            assert_eq!(found, Some(edge));
        }
        for garbage in [&b"GET / HTTP"[..], b"WB", b"ED\x00\x01\xff\xff\xff", b"\x00"] {
            assert!(take_prologue(&mut BytesMut::from(garbage)).is_err());
        }
    }
}
