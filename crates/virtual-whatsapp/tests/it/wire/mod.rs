//! A client of one's own at the level of stanzas: small, exact, and free to misbehave.

mod device;

pub(crate) use device::{Light, ack, activate, gibberish, registration, request};

use std::time::Duration;

use bytes::{Buf, BytesMut};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_websockets::{MaybeTlsStream, Message, WebSocketStream};
use virtual_whatsapp::Server;
use wacore_binary::consts::WA_CONN_HEADER;
use wacore_binary::{Node, OwnedNodeRef};
use wacore_libsignal::protocol::KeyPair;
use wacore_noise::{NoiseCipher, XxHandshakeState};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Real time that one stanza may take.
pub(crate) const SOON: Duration = Duration::from_secs(60);

pub(crate) async fn open(server: &Server) -> Socket {
    let uri = server.url().parse().unwrap();
    tokio_websockets::ClientBuilder::from_uri(uri).connect().await.unwrap().0
}

pub(crate) fn framed(payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32).to_be_bytes()[1..], payload].concat()
}

/// An encrypted connection.
pub(crate) struct Wire {
    pub(crate) socket: Socket,
    buffer: BytesMut,
    send: NoiseCipher,
    receive: NoiseCipher,
    sent: u32,
    received: u32,
}

impl Wire {
    /// Shakes hands by XX.
    pub(crate) async fn connect(server: &Server, noise: KeyPair, payload: Vec<u8>) -> Self {
        let mut socket = open(server).await;
        let mut state = XxHandshakeState::new(noise, payload, &WA_CONN_HEADER).unwrap();
        let hello = [&WA_CONN_HEADER[..], &framed(&state.build_client_hello().unwrap())].concat();
        socket.send(Message::binary(hello)).await.unwrap();
        let mut buffer = BytesMut::new();
        let answer = frame(&mut socket, &mut buffer).await.unwrap();
        let finish = state.read_server_hello_and_build_client_finish(&answer).unwrap();
        socket.send(Message::binary(framed(&finish))).await.unwrap();
        let done = state.finish().unwrap();
        Self { socket, buffer, send: done.write_cipher, receive: done.read_cipher, sent: 0, received: 0 }
    }

    pub(crate) async fn send(&mut self, node: &Node) {
        let plain = wacore_binary::marshal::marshal(node).unwrap();
        self.send_plain(plain).await;
    }

    /// Encrypts and sends bytes that need be no stanza.
    pub(crate) async fn send_plain(&mut self, mut plain: Vec<u8>) {
        self.send.encrypt_in_place_with_counter(self.sent, &mut plain).unwrap();
        self.sent += 1;
        // The server may have closed already; what matters is read afterwards.
        let _ = self.socket.send(Message::binary(framed(&plain))).await;
    }

    /// The next stanza; `None` when the server has closed.
    pub(crate) async fn next(&mut self) -> Option<Node> {
        let mut frame = tokio::time::timeout(SOON, frame(&mut self.socket, &mut self.buffer))
            .await
            .expect("a stanza within the limit")?;
        self.receive.decrypt_in_place_with_counter(self.received, &mut frame).unwrap();
        self.received += 1;
        let plain = wacore_binary::util::unpack_bytes(frame).unwrap();
        Some(OwnedNodeRef::new(plain).unwrap().to_owned_node())
    }

    /// The next stanza that fits; others are passed over.
    pub(crate) async fn until(&mut self, what: &str, fits: impl Fn(&Node) -> bool) -> Node {
        loop {
            let node = self.next().await.unwrap_or_else(|| panic!("closed before {what}"));
            if fits(&node) {
                return node;
            }
        }
    }

    /// The server closes without saying anything more that matters.
    pub(crate) async fn closed(&mut self) {
        while self.next().await.is_some() {}
    }
}

async fn frame(socket: &mut Socket, buffer: &mut BytesMut) -> Option<BytesMut> {
    loop {
        if let Some(head) = buffer.first_chunk::<3>() {
            let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
            if buffer.len() >= 3 + length {
                buffer.advance(3);
                return Some(buffer.split_to(length));
            }
        }
        match socket.next().await {
            Some(Ok(message)) if message.is_binary() => buffer.extend_from_slice(&message.into_payload()),
            Some(Ok(message)) if message.is_close() => return None,
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

pub(crate) fn attr(node: &Node, key: &str) -> String {
    node.attrs.get(key).map(ToString::to_string).unwrap_or_default()
}
