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
        Self(client().with_max_body_bytes(LARGEST_ANSWER))
    }
}

#[cfg(not(feature = "virtual"))]
fn client() -> UreqHttpClient {
    UreqHttpClient::new()
}

/// A virtual WhatsApp's media store has a certificate of its own making, which is as little checked as its server's: the
/// guard lets no request go anywhere but to this machine.
#[cfg(feature = "virtual")]
fn client() -> UreqHttpClient {
    let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
    // Buffers as small as the library's own, so that a build for tests takes as much memory.
    let sized = ureq::Agent::config_builder().input_buffer_size(16 * 1024).output_buffer_size(16 * 1024);
    UreqHttpClient::with_agent(sized.max_idle_connections_per_host(2).tls_config(tls).build().into())
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
