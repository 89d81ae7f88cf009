//! A client of the listener with an address and cookies of its own, one connection for each request.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as it came.
    pub body: Bytes,
}

impl Answer {
    /// Whether it was let through.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The document, where it is one.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Where it asks.
    pub address: SocketAddr,
    /// From which address of this machine's.
    pub from: Ipv4Addr,
    /// Its cookies.
    pub cookies: Vec<(String, String)>,
    /// Sent with each request, beside the cookies.
    pub authorization: Option<String>,
}

/// A request's answer takes no longer, or the server counts as away.
const PATIENCE: Duration = Duration::from_secs(40);

impl Browser {
    /// One without cookies.
    #[must_use]
    pub const fn new(address: SocketAddr, from: Ipv4Addr) -> Self {
        Self { address, from, cookies: Vec::new(), authorization: None }
    }

    /// A connection from this client's address.
    ///
    /// # Errors
    /// Where it is not taken.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.from, 0).into())?;
        socket.connect(self.address).await
    }

    /// Sends a request as a script does, and keeps what cookies it is given.
    ///
    /// # Errors
    /// Where the connection breaks, or nothing comes in time.
    pub async fn ask(&mut self, method: Method, path: &str, body: Option<&Value>) -> std::io::Result<Answer> {
        self.ask_with(method, path, body, &[]).await
    }

    /// The same with more headers.
    ///
    /// # Errors
    /// As [`Browser::ask`].
    pub async fn ask_with(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> std::io::Result<Answer> {
        let late = |_| std::io::Error::from(std::io::ErrorKind::TimedOut);
        let asking = async {
            let response = self.send(method, path, body, headers).await?;
            let (parts, body) = response.into_parts();
            for set in parts.headers.get_all(header::SET_COOKIE) {
                self.keep(set.to_str().unwrap_or_default());
            }
            let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
            Ok(Answer { status: parts.status.as_u16(), body })
        };
        tokio::time::timeout(PATIENCE, asking).await.map_err(late)?
    }

    /// Opens something that goes on.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub async fn open(&mut self, path: &str) -> std::io::Result<(u16, Incoming)> {
        let response = self.send(Method::GET, path, None, &[]).await?;
        Ok((response.status().as_u16(), response.into_body()))
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> std::io::Result<http::Response<Incoming>> {
        let broken = std::io::Error::other::<hyper::Error>;
        let stream = self.connect().await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        drop(tokio::spawn(connection));
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, self.address.to_string());
        request = request.header(header::ACCEPT, "application/json, text/event-stream");
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let bytes = body.map(|body| Bytes::from(body.to_string()));
        if bytes.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(bytes.unwrap_or_default())).map_err(std::io::Error::other)?;
        sender.send_request(request).await.map_err(broken)
    }

    fn keep(&mut self, set: &str) {
        let pair = set.split(';').next().unwrap_or_default().split_once('=');
        let Some((name, value)) = pair else { return };
        self.cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Signs in; the status.
    ///
    /// # Errors
    /// As [`Browser::ask`].
    pub async fn sign_in(&mut self, user: &str, password: &str) -> std::io::Result<u16> {
        let body = serde_json::json!({ "user": user, "password": password });
        Ok(self.ask(Method::POST, "/admin/sign-in", Some(&body)).await?.status)
    }
}
