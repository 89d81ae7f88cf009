//! A client of the admin API, through the socket in the data directory.

use std::{path::PathBuf, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::net::UnixStream;

use crate::{LIMIT, events::Events};

/// A way to the admin API.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The socket.
    pub socket: PathBuf,
}

impl Admin {
    /// Sends a request and returns the answer as it comes.
    ///
    /// # Errors
    /// Where nobody listens or the connection breaks.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> std::io::Result<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket).await?;
        crate::exchange::send(stream, request).await
    }

    /// One request with an optional JSON body: the status and the document.
    ///
    /// # Errors
    /// As [`Admin::send`].
    pub async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(StatusCode, Value)> {
        let response = self.send(request(method, path, body)).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await.map_err(std::io::Error::other)?.to_bytes();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// The same where the control plane must be there.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let answered = tokio::time::timeout(LIMIT, self.try_call(method.clone(), path, body)).await;
        answered
            .unwrap_or_else(|_| panic!("{method} {path}: no answer"))
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same where it must succeed.
    pub async fn ok(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, document) = self.call(method.clone(), path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {document}");
        document
    }

    /// Opens a stream of events.
    pub async fn events(&self, path: &str) -> Events {
        let response = self
            .send(request(Method::GET, path, None))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(response.status().is_success(), "{path}: {}", response.status());
        Events::new(response.into_body())
    }

    /// Creates a tenant of this name and declared number; its id.
    pub async fn create_tenant(&self, name: &str, number: &str, config: Value) -> String {
        let body = json!({ "name": name, "phone_number": format!("+{number}"), "config": config });
        let tenant = self.ok(Method::POST, "/admin/tenants", Some(&body)).await;
        tenant["id"].as_str().expect("a tenant has an id").to_owned()
    }

    /// The tenant as it is now.
    pub async fn tenant(&self, id: &str) -> Value {
        self.ok(Method::GET, &format!("/admin/tenants/{id}"), None).await["tenant"].take()
    }

    /// Starts, stops or restarts a tenant's worker.
    pub async fn worker(&self, id: &str, verb: &str) -> Value {
        self.ok(Method::POST, &format!("/admin/tenants/{id}/worker/{verb}"), None).await
    }

    /// The conversation log, newest first.
    pub async fn logs(&self, id: &str) -> Vec<Value> {
        match self.ok(Method::GET, &format!("/admin/tenants/{id}/logs?limit=500"), None).await {
            Value::Array(logs) => logs,
            other => panic!("the log is a list: {other}"),
        }
    }

    /// Waits until the tenant is as wanted, looking at each change of anything.
    pub async fn wait_for(&self, id: &str, wanted: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.wait(wanted, async || {
            let tenant = self.tenant(id).await;
            if fits(&tenant) { Ok(tenant) } else { Err(tenant.to_string()) }
        })
        .await
    }

    /// Waits until the log of the tenant is as wanted.
    pub async fn wait_for_logs(&self, id: &str, wanted: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        self.wait(wanted, async || {
            let logs = self.logs(id).await;
            if fits(&logs) { Ok(logs) } else { Err(Value::Array(logs).to_string()) }
        })
        .await
    }

    /// Waits until a document is as wanted.
    pub async fn wait_for_document(&self, path: &str, wanted: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.wait(wanted, async || {
            let document = self.ok(Method::GET, path, None).await;
            if fits(&document) { Ok(document) } else { Err(document.to_string()) }
        })
        .await
    }

    /// Listens to changes, then looks, and looks again at each change: nothing falls between the two.
    async fn wait<T>(&self, wanted: &str, look: impl AsyncFn() -> Result<T, String>) -> T {
        let mut changes = self.events("/admin/stream").await;
        let mut last = String::new();
        let waiting = async {
            loop {
                match look().await {
                    Ok(found) => return found,
                    Err(seen) => last = seen,
                }
                assert!(
                    changes.next().await.is_some(),
                    "the control plane ended while waiting for: {wanted}"
                );
            }
        };
        match tokio::time::timeout(LIMIT, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("{wanted} did not come about in {LIMIT:?}; last seen: {last}"),
        }
    }

    /// Waits for the text of a QR code.
    pub async fn qr(&self, id: &str) -> String {
        let mut codes = self.events(&format!("/admin/tenants/{id}/qr/stream")).await;
        self.qr_of(&mut codes, LIMIT).await.unwrap_or_else(|| panic!("no QR code came in {LIMIT:?}"))
    }

    /// The first code of an open stream, or `None` where none comes in time.
    pub async fn qr_of(&self, codes: &mut Events, limit: Duration) -> Option<String> {
        let code = async {
            loop {
                let (_, event) = codes.next().await?;
                if let Some(code) = event["code"].as_str() {
                    return Some(code.to_owned());
                }
            }
        };
        tokio::time::timeout(limit, code).await.ok().flatten()
    }
}

fn request(method: Method, path: &str, body: Option<&Value>) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    let request = request.header(header::ACCEPT, "application/json, text/event-stream");
    crate::exchange::with_json(request, body)
}
