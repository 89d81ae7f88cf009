//! A plain HTTP client for the control API.

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::bot::LIMIT;

pub(crate) struct Api {
    address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Api {
    pub(crate) fn at(address: SocketAddr) -> Self {
        // A connection of its own for each request: one that ends with a refusal must not be given to the next.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { address, client }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Response<Incoming> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.client.request(request.body(Full::new(body.into())).unwrap());
        tokio::time::timeout(LIMIT, answer).await.expect("an answer in time").unwrap()
    }

    /// Status and document of the answer; `Null` where it has no body.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let json = [("content-type", "application/json")];
        let headers = if body.is_some() { &json[..] } else { &[] };
        let bytes = body.map(|body| body.to_string()).unwrap_or_default();
        document(self.send(method, path, headers, bytes).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The status of an answer, where one comes.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        let uri = format!("http://{}{path}", self.address);
        let request = Request::get(uri).body(Full::default()).unwrap();
        self.client.request(request).await.ok().map(|answer| answer.status().as_u16())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(Method::POST, path, Some(body)).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    pub(crate) async fn delete(&self, path: &str) {
        let (status, answer) = self.ask(Method::DELETE, path, None).await;
        assert_eq!(status, 204, "{path}: {answer}");
    }
}

pub(crate) async fn document(answer: Response<Incoming>) -> (u16, Value) {
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    (status, body)
}

/// The data of the next server-sent event of a stream.
pub(crate) async fn next_event(stream: &mut Incoming, kept: &mut String) -> Value {
    let read = async {
        loop {
            if let Some((event, rest)) = kept.split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())) {
                *kept = rest;
                if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return serde_json::from_str(data).unwrap();
                }
                continue;
            }
            let frame = stream.frame().await.expect("the stream goes on").unwrap();
            if let Some(data) = frame.data_ref() {
                kept.push_str(std::str::from_utf8(data).unwrap());
            }
        }
    };
    tokio::time::timeout(LIMIT, read).await.expect("an event in time")
}
