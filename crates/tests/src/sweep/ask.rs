//! Requests as everybody who can send one.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::net::TcpSocket;

use crate::LIMIT;

/// The portal's key in every sweep.
pub(super) const PORTAL_KEY: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    /// The operator, for a document.
    Operator,
    /// The operator with a browser.
    Browser,
    Nobody,
    WrongPassword,
    /// A session that is none, by an owner's own name.
    Person,
    /// The portal's key alone.
    Portal,
    /// The token of a tenant's worker.
    Worker,
}

/// Everybody who must see nothing.
pub(super) const STRANGERS: [Actor; 5] =
    [Actor::Nobody, Actor::WrongPassword, Actor::Person, Actor::Portal, Actor::Worker];

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Status, headers and body, as one text to be searched.
    pub(super) text: String,
    /// The body, where it is a stream without end.
    pub(super) stream: Option<Incoming>,
}

/// A way to the listener.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    /// Host and port.
    address: String,
    /// The token of the first tenant's worker.
    pub(super) token: String,
    asked: Arc<AtomicU32>,
}

impl Asker {
    pub(super) fn new(url: &str) -> Self {
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { address, token: String::new(), asked: Arc::default() }
    }

    /// Asks once.
    pub(super) async fn ask(
        &self,
        actor: Actor,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let accept =
            if actor == Actor::Browser { "text/html" } else { "application/json, text/event-stream" };
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, &self.address).header(header::ACCEPT, accept);
        request = match actor {
            // `admin:a password of tests` and `admin:wrong` in base64.
            Actor::Operator | Actor::Browser => {
                request.header(header::AUTHORIZATION, format!("Basic {RIGHT}"))
            }
            Actor::WrongPassword => request.header(header::AUTHORIZATION, "Basic YWRtaW46d3Jvbmc="),
            Actor::Person => request.header(header::COOKIE, "flowhq_session=owner; flowhq_admin=owner"),
            Actor::Portal => request.header("x-portal-key", PORTAL_KEY),
            Actor::Worker => request.header(header::AUTHORIZATION, format!("Bearer {}", self.token)),
            Actor::Nobody => request,
        };
        let request = crate::exchange::with_json(request, body);
        let answer = tokio::time::timeout(2 * LIMIT, self.send(request));
        answer.await.unwrap_or_else(|_| panic!("{actor:?} {method} {path}: no answer in time"))
    }

    /// Asks the portal API as the owner with this address, as old clients do: by the portal's key and the address.
    pub(super) async fn ask_as_owner(&self, email: &str, method: &Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::HOST, &self.address);
        let request = request.header(header::ACCEPT, "application/json, text/event-stream");
        let request = request.header("x-portal-key", PORTAL_KEY).header("x-user-email", email);
        let request = crate::exchange::with_json(request, None);
        let answer = tokio::time::timeout(2 * LIMIT, self.send(request));
        answer.await.unwrap_or_else(|_| panic!("{email} {method} {path}: no answer in time"))
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let socket = TcpSocket::new_v4().expect("a socket");
        // From another address each time: who sends a wrong password waits longer from one to the next.
        let [_, a, b, c] = self.asked.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        socket.bind((Ipv4Addr::new(127, a + 1, b, c.max(1)), 0).into()).expect("an address of this machine");
        let address = self.address.replace("localhost", "127.0.0.1").parse().expect("an address");
        let stream = socket.connect(address).await.expect("flowhq serve listens");
        let response = crate::exchange::send(stream, request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let head = format!("{} {:?}\n", parts.status, parts.headers);
        let streams = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        if streams {
            return Answer { status: parts.status, text: head, stream: Some(body) };
        }
        let bytes = body.collect().await.expect("the whole answer").to_bytes();
        Answer { status: parts.status, text: head + &String::from_utf8_lossy(&bytes), stream: None }
    }
}

const RIGHT: &str = "YWRtaW46YSBwYXNzd29yZCBvZiB0ZXN0cw==";

/// Reads a stream to its end, which comes with the control plane's.
pub(super) async fn whole(mut body: Incoming) -> String {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        bytes.extend(frame.into_data().unwrap_or_default());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
