//! One request after another, each on a connection of its own: commands send few.

use std::{path::PathBuf, time::Duration};

use base64::Engine;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::{answer, dial};
use crate::{
    args::{Connect, Place},
    error::CliError,
};

/// How long an answer may take to begin; longer than the server gives itself.
const PATIENCE: Duration = Duration::from_secs(90);

/// A way to the admin API.
pub(crate) struct Client {
    way: Way,
}

enum Way {
    /// The socket in the data directory; whoever may open it is let in.
    Socket(PathBuf),
    /// Another machine, or another user's.
    Url { tls: bool, host: String, port: u16, base: String, authorization: HeaderValue },
}

impl Client {
    /// Takes the way that the command line names.
    pub(crate) fn new(place: &Place, connect: &Connect) -> Result<Self, CliError> {
        match (&connect.url, &connect.password_file) {
            (Some(url), Some(file)) => {
                let password = std::fs::read_to_string(file).map_err(CliError::file(file))?;
                let password = SecretString::from(password.trim_end_matches(['\r', '\n']));
                Ok(Self { way: by_url(url, &password)? })
            }
            _ => Ok(Self { way: Way::Socket(place.settings()?.paths.admin_socket()) }),
        }
    }

    /// Asks for a document.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        let response = self.send(Method::GET, path, None, "application/json").await?;
        self.document(response).await
    }

    /// Asks for one page of a list, and where the next one is.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(Vec<T>, Option<String>), CliError> {
        let response = self.send(Method::GET, path, None, "application/json").await?;
        let next = answer::next_page(response.headers());
        Ok((self.document(response).await?, next))
    }

    /// Sends something and reads the document that comes back.
    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, CliError> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|error| CliError::Failed(error.to_string()))?;
        let response = self.send(method, path, body, "application/json").await?;
        self.document(response).await
    }

    /// Posts without a body and reads the document that comes back.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.send_json(Method::POST, path, None::<&()>).await
    }

    /// Deletes.
    pub(crate) async fn delete(&self, path: &str) -> Result<(), CliError> {
        let response = self.send(Method::DELETE, path, None, "application/json").await?;
        self.bytes(response).await.map(drop)
    }

    /// Opens a stream of server-sent events.
    pub(crate) async fn events(&self, path: &str) -> Result<super::Events, CliError> {
        let response = self.send(Method::GET, path, None, "text/event-stream").await?;
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        Ok(super::Events::new(response.into_body(), self.name()))
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

    async fn document<T: DeserializeOwned>(&self, response: Response<Incoming>) -> Result<T, CliError> {
        let bytes = self.bytes(response).await?;
        // "()" stands for an answer without a body.
        let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(text).map_err(|error| self.unreadable(error))
    }

    async fn bytes(&self, response: Response<Incoming>) -> Result<Bytes, CliError> {
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        let body = response.into_body().collect().await.map_err(|error| self.unreadable(error))?;
        Ok(body.to_bytes())
    }

    async fn refusal(&self, response: Response<Incoming>) -> CliError {
        let status = response.status().as_u16();
        let body = http_body_util::Limited::new(response.into_body(), 64 * 1024).collect().await;
        answer::refusal(status, &body.map(http_body_util::Collected::to_bytes).unwrap_or_default())
    }

    fn unreadable(&self, error: impl std::fmt::Display) -> CliError {
        CliError::Answer { at: self.name(), cause: error.to_string() }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        accept: &'static str,
    ) -> Result<Response<Incoming>, CliError> {
        let mut request = Request::builder().method(method).header(header::ACCEPT, accept);
        let io: Box<dyn dial::Stream> = match &self.way {
            Way::Socket(socket) => {
                request = request.uri(path).header(header::HOST, "localhost");
                let stream = dial::unix(socket).await;
                Box::new(stream.map_err(|error| self.unreachable(&error))?)
            }
            Way::Url { tls, host, port, base, authorization } => {
                request = request.uri(format!("{base}{path}"));
                request = request.header(header::HOST, format!("{host}:{port}"));
                request = request.header(header::AUTHORIZATION, authorization);
                if *tls {
                    Box::new(dial::tls(host, *port).await.map_err(|error| self.unreachable(&error))?)
                } else {
                    Box::new(dial::tcp(host, *port).await.map_err(|error| self.unreachable(&error))?)
                }
            }
        };
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())));
        let request = request.map_err(|error| CliError::Usage(format!("--url: {error}")))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(io))
            .await
            .map_err(|error| self.unreadable(error))?;
        // Ends by itself when the answer has been read or is dropped.
        drop(tokio::spawn(connection));
        match tokio::time::timeout(PATIENCE, sender.send_request(request)).await {
            Ok(answer) => answer.map_err(|error| self.unreadable(error)),
            Err(_) => Err(self.unreadable("it did not come in time")),
        }
    }

    fn unreachable(&self, error: &std::io::Error) -> CliError {
        let hint = match (&self.way, error.kind()) {
            (Way::Socket(_), std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused) => {
                "; start `flowhq serve`, or name its data directory with --data-dir"
            }
            (Way::Socket(_), std::io::ErrorKind::PermissionDenied) => {
                "; use the same user as flowhq serve, or --url with --password-file"
            }
            _ => "",
        };
        CliError::Unreachable { at: self.name(), cause: error.to_string(), hint }
    }
}

fn by_url(url: &str, password: &SecretString) -> Result<Way, CliError> {
    let usage =
        |why: &str| CliError::Usage(format!("--url {url}: {why}; write it like https://admin.example.org"));
    let uri: http::Uri = url.parse().map_err(|_| usage("this is no URL"))?;
    let tls = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(usage("it begins with neither http:// nor https://")),
    };
    let authority = uri.authority().ok_or_else(|| usage("the host is missing"))?;
    if authority.as_str().contains('@') {
        return Err(CliError::Usage("--url must not hold a password; use --password-file".to_owned()));
    }
    let mut authorization = HeaderValue::from_str(&format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(format!("admin:{}", password.expose_secret()))
    ))
    .map_err(|_| CliError::Usage("the password cannot be sent".to_owned()))?;
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
