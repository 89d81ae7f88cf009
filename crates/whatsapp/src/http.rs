//! The library's HTTP requests (blobs of the app state too large for the socket), behind the same guard as the socket.

use async_trait::async_trait;
use whatsapp_rust::{
    anyhow::{Error, Result},
    http::{HttpClient, HttpRequest, HttpResponse, UreqHttpClient},
    wacore::net::StreamingHttpResponse,
};

use crate::endpoint::may_request;

/// The largest answer that is read. The library's own bound is 2 GiB; what a bot needs is a few megabytes.
const LARGEST_ANSWER: u64 = 32 * 1024 * 1024;

/// The library's client, which asks the guard first. Uploads are not offered: a bot sends text only.
pub(crate) struct GuardedHttp(UreqHttpClient);

impl GuardedHttp {
    pub(crate) fn new() -> Self {
        Self(UreqHttpClient::new().with_max_body_bytes(LARGEST_ANSWER))
    }
}

#[async_trait]
impl HttpClient for GuardedHttp {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse> {
        may_request(&request.url).map_err(Error::new)?;
        self.0.execute(request).await
    }

    fn supports_streaming(&self) -> bool {
        self.0.supports_streaming()
    }

    fn execute_streaming(&self, request: HttpRequest) -> Result<StreamingHttpResponse> {
        may_request(&request.url).map_err(Error::new)?;
        self.0.execute_streaming(request)
    }
}
