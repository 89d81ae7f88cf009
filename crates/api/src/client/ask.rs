//! One request after another, each on a connection of its own: commands send few.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use base64::Engine;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::{ClientError, Driver, Events, answer, dial};

/// How long an answer may take to begin; longer than the server gives itself.
const PATIENCE: Duration = Duration::from_secs(90);

/// The problem that says so where the server gave it too little.
const TIMED_OUT: &str = "urn:flowhq:problem:timed-out";

/// A way to the admin API.
#[derive(Debug)]
pub struct Client {
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// The socket in the data directory; whoever may open it is let in.
    Socket(PathBuf),
    /// Another machine, or another user's.
    Url { tls: bool, host: String, port: u16, base: String, authorization: HeaderValue },
}

/// What is sent along.
struct Sent {
    body: Vec<u8>,
    media: &'static str,
    /// What tells this request from another of the same kind.
    key: Option<String>,
}

/// An answer whose connection is kept until it has been read.
struct Answer {
    response: Response<Incoming>,
    connection: Driver,
}

impl Client {
    /// By the socket in the data directory; whoever may open it is let in.
    #[must_use]
    pub fn by_socket(path: &Path) -> Self {
        Self { way: Way::Socket(path.to_owned()) }
    }

    /// By the address of the admin listener, with the admin password.
    ///
    /// # Errors
    /// Where the address is none that can be asked, or the password cannot be sent.
    pub fn by_url(url: &str, password: &SecretString) -> Result<Self, ClientError> {
        by_url(url, password).map(|way| Self { way })
    }

    /// Asks for a document.
    ///
    /// # Errors
    /// See [`ClientError`]; so for all that follow.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let response = self.send(Method::GET, path, None, "application/json").await?;
        self.document(response).await
    }

    /// Asks for one page of a list, and where the next one is.
    pub async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(Vec<T>, Option<String>), ClientError> {
        let response = self.send(Method::GET, path, None, "application/json").await?;
        let next = answer::next_page(response.response.headers());
        Ok((self.document(response).await?, next))
    }

    /// Sends something and reads the document that comes back.
    pub async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, ClientError> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(ClientError::Unwritable)?;
        let body = body.map(|body| Sent { body, media: "application/json", key: None });
        let response = self.send(method, path, body, "application/json").await?;
        self.document(response).await
    }

    /// The same with what may take longer than the server gives one request: it goes on there, and whoever asks the same again
    /// waits for its end.
    pub async fn send_json_to_its_end<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, ClientError> {
        loop {
            match self.send_json(method.clone(), path, body).await {
                Err(ClientError::Refused { problem: Some(problem), .. }) if problem == TIMED_OUT => {}
                done => return done,
            }
        }
    }

    /// Posts a table and reads the document that comes back. The same `key` with the same table does nothing a second time.
    pub async fn post_csv<T: DeserializeOwned>(
        &self,
        path: &str,
        table: Vec<u8>,
        key: Option<&str>,
    ) -> Result<T, ClientError> {
        let sent = Sent { body: table, media: "text/csv", key: key.map(str::to_owned) };
        let response = self.send(Method::POST, path, Some(sent), "application/json").await?;
        self.document(response).await
    }

    /// Asks for a table.
    pub async fn csv(&self, path: &str) -> Result<Bytes, ClientError> {
        let response = self.send(Method::GET, path, None, "text/csv").await?;
        self.read(response, "text/csv").await
    }

    /// Posts without a body and reads the document that comes back.
    pub async fn post<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send_json(Method::POST, path, None::<&()>).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Result<(), ClientError> {
        let response = self.send(Method::DELETE, path, None, "application/json").await?;
        self.bytes(response).await.map(drop)
    }

    /// Opens a stream of server-sent events.
    pub async fn events(&self, path: &str) -> Result<Events, ClientError> {
        let answer = self.send(Method::GET, path, None, "text/event-stream").await?;
        let Answer { response, connection } = self.accepted(answer, "text/event-stream").await?;
        Ok(Events::new(response.into_body(), connection, self.name()))
    }

    /// What is at the other end, for messages.
    fn name(&self) -> String {
        match &self.way {
            Way::Socket(path) => path.display().to_string(),
            Way::Url { tls, host, port, .. } => {
                format!("{}://{host}:{port}", if *tls { "https" } else { "http" })
            }
        }
    }

    async fn document<T: DeserializeOwned>(&self, answer: Answer) -> Result<T, ClientError> {
        let bytes = self.bytes(answer).await?;
        // "()" stands for an answer without a body.
        let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(text).map_err(|error| self.unreadable(error))
    }

    async fn bytes(&self, answer: Answer) -> Result<Bytes, ClientError> {
        self.read(answer, "application/json").await
    }

    async fn read(&self, answer: Answer, media: &str) -> Result<Bytes, ClientError> {
        let Answer { response, connection: _connection } = self.accepted(answer, media).await?;
        let body = response.into_body().collect().await.map_err(|error| self.unreadable(error))?;
        Ok(body.to_bytes())
    }

    /// An answer of this media type, or none at all; anything else is a refusal, or not ours.
    async fn accepted(&self, answer: Answer, media: &str) -> Result<Answer, ClientError> {
        let status = answer.response.status();
        if !status.is_success() {
            return Err(self.refusal(answer).await);
        }
        if status == StatusCode::NO_CONTENT || answer::is(answer.response.headers(), media) {
            return Ok(answer);
        }
        Err(ClientError::NotFlowHq { at: self.name(), status: status.as_u16() })
    }

    async fn refusal(&self, answer: Answer) -> ClientError {
        let Answer { response, connection: _connection } = answer;
        let (status, ours) = (response.status(), answer::is(response.headers(), "application/problem+json"));
        // What stands before us has words of its own while we are away.
        if !ours && !status.is_server_error() {
            return ClientError::NotFlowHq { at: self.name(), status: status.as_u16() };
        }
        let body = http_body_util::Limited::new(response.into_body(), 64 * 1024).collect().await;
        answer::refusal(status.as_u16(), &body.map(http_body_util::Collected::to_bytes).unwrap_or_default())
    }

    fn unreadable(&self, error: impl std::fmt::Display) -> ClientError {
        ClientError::Answer { at: self.name(), cause: error.to_string() }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        sent: Option<Sent>,
        accept: &'static str,
    ) -> Result<Answer, ClientError> {
        let mut request = Request::builder().method(method).header(header::ACCEPT, accept);
        let io: Box<dyn dial::Stream> = match &self.way {
            Way::Socket(socket) => {
                request = request.uri(path).header(header::HOST, "localhost");
                let stream = dial::unix(socket).await;
                Box::new(stream.map_err(|error| self.unreachable(error))?)
            }
            Way::Url { tls, host, port, base, authorization } => {
                request = request.uri(format!("{base}{path}"));
                request = request.header(header::HOST, format!("{host}:{port}"));
                request = request.header(header::AUTHORIZATION, authorization);
                if *tls {
                    Box::new(dial::tls(host, *port).await.map_err(|error| self.unreachable(error))?)
                } else {
                    Box::new(dial::tcp(host, *port).await.map_err(|error| self.unreachable(error))?)
                }
            }
        };
        let mut body = Vec::new();
        if let Some(sent) = sent {
            request = request.header(header::CONTENT_TYPE, sent.media);
            if let Some(key) = sent.key {
                request = request.header("idempotency-key", key);
            }
            body = sent.body;
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request =
            request.map_err(|error| ClientError::Url { url: self.name(), why: error.to_string() })?;
        let (mut sender, running) = hyper::client::conn::http1::handshake(TokioIo::new(io))
            .await
            .map_err(|error| self.unreadable(error))?;
        // Ends by itself when the answer has been read, and with it where it is dropped before.
        let mut connection = Driver::new();
        connection.spawn(running);
        match tokio::time::timeout(PATIENCE, sender.send_request(request)).await {
            Ok(Ok(response)) => Ok(Answer { response, connection }),
            Ok(Err(error)) => Err(self.unreadable(error)),
            Err(_) => Err(self.unreadable("it did not come in time")),
        }
    }

    fn unreachable(&self, error: std::io::Error) -> ClientError {
        let by_socket = matches!(self.way, Way::Socket(_));
        ClientError::Unreachable { at: self.name(), by_socket, source: error }
    }
}

fn by_url(url: &str, password: &SecretString) -> Result<Way, ClientError> {
    let usage = |why: &str| ClientError::Url {
        url: url.to_owned(),
        why: format!("{why}; write it like https://admin.example.org"),
    };
    let uri: http::Uri = url.parse().map_err(|_| usage("this is no URL"))?;
    let tls = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(usage("it begins with neither http:// nor https://")),
    };
    let authority = uri.authority().ok_or_else(|| usage("the host is missing"))?;
    if authority.as_str().contains('@') {
        return Err(ClientError::PasswordInUrl);
    }
    let mut authorization = HeaderValue::from_str(&format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(format!("admin:{}", password.expose_secret()))
    ))
    .map_err(|_| ClientError::UnsendablePassword)?;
    authorization.set_sensitive(true);
    Ok(Way::Url {
        tls,
        host: authority.host().trim_matches(['[', ']']).to_owned(),
        port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
        base: uri.path().trim_end_matches('/').to_owned(),
        authorization,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked_and_never_hold_a_password() {
        let password = SecretString::from("p");
        let Way::Url { tls, host, port, base, authorization } =
            by_url("https://admin.example.org/flow/", &password).unwrap()
        else {
            panic!("a URL");
        };
        assert_eq!((tls, host.as_str(), port, base.as_str()), (true, "admin.example.org", 443, "/flow"));
        assert!(authorization.is_sensitive());
        for wrong in ["admin.example.org", "ftp://x", "http://", "https://a:b@c", "x y"] {
            assert!(by_url(wrong, &password).is_err(), "{wrong}");
        }
    }
}
