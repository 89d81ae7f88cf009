//! Both in one process: the same router that answers over HTTP, without a network in between.

use async_trait::async_trait;
use axum::{Router, body::Body};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use tower::ServiceExt;
use web::serve::Peer;

use super::{Away, Transport};

/// What no request of the portal begins with anything else than; whatever came by another path would be none of its.
const PREFIX: &str = "/portal/";

/// The control plane's router.
pub struct InProcess(Router);

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcess")
    }
}

impl InProcess {
    /// Takes the router as it is served to everybody else.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self(router)
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, Away> {
        if !request.uri().path().starts_with(PREFIX) {
            return Err(Away("a path that is none of the portal API".to_owned()));
        }
        let mut request = request.map(Body::from);
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        request.extensions_mut().insert(Peer::Portal);
        Ok(self.0.clone().oneshot(request).await.unwrap_or_else(|never| match never {}))
    }
}
