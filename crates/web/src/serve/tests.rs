//! Listeners whose places are few, and real sockets.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{net::SocketAddr, time::Duration};

use axum::routing::{get, post};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    sync::mpsc,
    time::timeout,
};

use super::*;

/// Longer than anything here takes, shorter than a client's time for its headers.
const SOON: Duration = Duration::from_secs(8);

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    /// Told when an answer that never comes is under way.
    begun: mpsc::UnboundedReceiver<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A listener with `all` places, of which one address has two.
async fn server(all: usize, proxies: Proxies) -> Server {
    let (begins, begun) = mpsc::unbounded_channel();
    let never = async move || {
        begins.send(()).unwrap();
        std::future::pending::<&str>().await
    };
    let router = Router::new()
        .route("/", get(async || "here"))
        .route("/body", post(async |body: String| body))
        .route("/never", get(never));
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tcp.local_addr().unwrap();
    let stop = CancellationToken::new();
    let sizes = Sizes { all, share: 2 };
    let serving = serve_within(sizes, Listener::Tcp(tcp), router, proxies, stop.clone());
    tokio::spawn(serving);
    Server { address, stop, begun }
}

/// Connects from this address and says this much.
async fn say(server: &Server, from: &str, text: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that gave way may have been reset.
    let _ = timeout(SOON, stream.read_to_end(&mut text)).await.expect("an end");
    String::from_utf8(text).unwrap()
}

async fn answer(server: &Server, from: &str, path: &str) -> String {
    let question = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    rest(&mut say(server, from, &question).await).await
}

#[tokio::test]
async fn connections_that_say_nothing_give_way() {
    let server = server(4, Proxies::default()).await;
    let mut held = Vec::new();
    for from in 0..40 {
        held.push(say(&server, &format!("127.0.1.{}", 1 + from % 5), "GET / HT").await);
    }
    assert!(answer(&server, "127.0.2.1", "/").await.ends_with("here"));
    assert_eq!(rest(&mut held[0]).await, "", "the oldest was closed");
}

#[tokio::test]
async fn bodies_that_never_come_whole_give_way() {
    let server = server(4, Proxies::default()).await;
    let slow = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nx";
    let mut held = Vec::new();
    for from in 0..40 {
        held.push(say(&server, &format!("127.0.1.{}", 1 + from % 5), slow).await);
    }
    assert!(answer(&server, "127.0.2.1", "/").await.ends_with("here"));
    // The control: a body that comes whole is answered.
    let whole = "POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 4\r\n\r\nhere";
    assert!(rest(&mut say(&server, "127.0.2.1", whole).await).await.ends_with("here"));
}

#[tokio::test]
async fn an_address_has_its_share_of_answers_under_way_and_no_more() {
    let mut server = server(8, Proxies::default()).await;
    let never = "GET /never HTTP/1.1\r\nhost: x\r\n\r\n";
    let held = [say(&server, "127.0.1.1", never).await, say(&server, "127.0.1.1", never).await];
    for _ in &held {
        timeout(SOON, server.begun.recv()).await.unwrap().unwrap();
    }
    let refused = rest(&mut say(&server, "127.0.1.1", "").await).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("busy"), "{refused}");
    assert!(answer(&server, "127.0.1.2", "/").await.ends_with("here"), "another address has its own");
    drop(held);
}

#[tokio::test]
async fn a_proxy_is_many_clients_and_has_no_share() {
    let server = server(8, Proxies::new(|address| address.is_loopback())).await;
    let mut idle = Vec::new();
    for _ in 0..6 {
        idle.push(say(&server, "127.0.1.1", "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await);
    }
    for stream in &mut idle {
        let mut first = [0; 12];
        timeout(SOON, stream.read_exact(&mut first)).await.unwrap().unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
    }
}

#[tokio::test]
async fn a_head_has_its_largest_size() {
    let server = server(4, Proxies::default()).await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "a".repeat(2 * http_kit::connection::HEAD_MAX_BYTES)
    );
    let answer = rest(&mut say(&server, "127.0.0.1", &long).await).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[test]
fn who_is_turned_away_reads_all_of_why() {
    let text = std::str::from_utf8(SHARE_TAKEN).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", body.len())), "{text}");
}
