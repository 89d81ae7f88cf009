//! `flowhq demo` as a process, with its phones.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::process::Stdio;

use http::{Method, Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::Child,
};

use crate::{Admin, Flavour, LIMIT, Place};

/// The longest that the phones' API lets one request wait, in seconds.
const WAIT_S: u64 = 60;

/// A running demo. Dropping it kills it, and leaves its worker to the place.
#[derive(Debug)]
pub struct Demo {
    _child: Child,
    /// Its admin API.
    pub admin: Admin,
    /// Its phones.
    pub phones: Phones,
}

impl Demo {
    /// Starts one in `place` and returns once it has shown its conversation and stays up.
    pub async fn start(place: &Place) -> Self {
        let errors = std::fs::File::create(place.beside("demo.log")).expect("the place can be written");
        let mut command = place.command(Flavour::Virtual);
        command.args(["demo", "--keep-in"]).arg(place.data()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().expect("flowhq can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        let mut said = String::new();
        let up = async {
            let mut phones = None;
            while let Some(line) = lines.next_line().await.expect("its output is text") {
                if let Some((_, url)) = line.split_once("Phones to try it") {
                    phones = Some(url.trim().trim_start_matches("http://").trim_end_matches('/').to_owned());
                }
                if line.starts_with("Everything stays up") {
                    return phones;
                }
                said.push_str(&line);
                said.push('\n');
            }
            None
        };
        let up = tokio::time::timeout(LIMIT * 2, up).await.expect("the demo is up in time");
        let address = up.unwrap_or_else(|| panic!("the demo ended: {said}"));
        // Whoever does not read lets the writer wait in the end.
        drop(tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} }));
        let admin = Admin { socket: place.data().join("admin.sock") };
        Self { _child: child, admin, phones: Phones { address } }
    }
}

/// The control API of a virtual WhatsApp.
#[derive(Debug, Clone)]
pub struct Phones {
    address: String,
}

impl Phones {
    /// One request with an optional document, which must succeed.
    pub async fn ok(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let call = async {
            let stream = TcpStream::connect(&self.address).await?;
            let request = Request::builder().method(method.clone()).uri(format!("/v1/{path}"));
            let request = request.header(header::HOST, self.address.as_str());
            let response = crate::exchange::send(stream, crate::exchange::with_json(request, body)).await?;
            let status = response.status();
            let bytes = response.into_body().collect().await.map_err(std::io::Error::other)?.to_bytes();
            std::io::Result::Ok((status, bytes))
        };
        let (status, bytes) = call.await.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert!(status.is_success(), "{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    /// Moves the clock of phones, WhatsApp and bots forward.
    pub async fn move_clock(&self, seconds: i64) {
        self.ok(Method::POST, "server/clock", Some(&json!({ "seconds": seconds }))).await;
    }

    /// Somebody with a phone, who writes to `to`.
    pub async fn person(&self, number: &str, name: &str, to: &str) -> Person {
        self.ok(Method::POST, "accounts", Some(&json!({ "number": number, "name": name }))).await;
        Person { phones: self.clone(), number: number.to_owned(), to: to.to_owned(), seen: 0 }
    }
}

/// Somebody with a phone, in the chat with a business.
#[derive(Debug)]
pub struct Person {
    phones: Phones,
    number: String,
    to: String,
    /// The place of the newest message that was looked at.
    seen: u64,
}

impl Person {
    /// Writes.
    pub async fn write(&self, text: &str) {
        let message = json!({ "chat": self.to, "body": { "kind": "text", "text": text } });
        self.phones.ok(Method::POST, &format!("accounts/{}/messages", self.number), Some(&message)).await;
    }

    /// The next message that comes, once it does.
    pub async fn hears(&mut self) -> String {
        let found = self.messages(WAIT_S).await;
        let first = found.first().unwrap_or_else(|| panic!("nothing came to {} in {WAIT_S} s", self.number));
        self.seen = first["order"].as_u64().expect("a message has its place");
        first["body"]["text"].as_str().unwrap_or_default().to_owned()
    }

    /// Writes and reads the answer, which must have all of `wanted` in it.
    pub async fn says(&mut self, text: &str, wanted: &[&str]) -> String {
        self.write(text).await;
        let answer = self.hears().await;
        for word in wanted {
            assert!(answer.contains(word), "{text:?} was answered without {word:?}: {answer}");
        }
        answer
    }

    /// What has come and was not looked at.
    pub async fn unread(&self) -> Vec<String> {
        let found = self.messages(0).await;
        found.iter().map(|entry| entry["body"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn messages(&self, wait: u64) -> Vec<Value> {
        let (number, to, seen) = (&self.number, &self.to, self.seen);
        let path = format!("accounts/{number}/messages?with={to}&direction=in&after={seen}&wait={wait}");
        match self.phones.ok(Method::GET, &path, None).await {
            Value::Array(found) => found,
            other => panic!("messages are a list: {other}"),
        }
    }
}
