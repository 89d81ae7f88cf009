//! The listener: it shakes hands and hands the connection over to the server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::Authority;
use crate::error::Error;
use crate::server::Server;

/// How TLS is listened on.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// The address; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Names and addresses that the certificate is for, besides `localhost` and the loopback addresses.
    pub names: Vec<String>,
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self { bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), names: Vec::new() }
    }
}

/// A server that is listened for on TLS too, and its media store on a port of its own. It ends when this is dropped.
#[derive(Debug)]
pub struct TlsListener {
    address: SocketAddr,
    media: SocketAddr,
    server: Server,
    /// What accepts connections; ends with this.
    _accepting: JoinSet<()>,
}

impl TlsListener {
    /// Listens for `server` with a certificate that `authority` signs.
    ///
    /// # Errors
    /// [`Error::Bind`]; [`Error::Tls`] where a name is none that a certificate can have.
    pub async fn start(server: Server, authority: &Authority, options: &TlsOptions) -> Result<Self, Error> {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        if !options.bind.ip().is_unspecified() && !options.bind.ip().is_loopback() {
            names.push(options.bind.ip().to_string());
        }
        names.extend(options.names.iter().cloned());
        let acceptor = TlsAcceptor::from(authority.issue(&names)?);
        let (listener, address) = bind(options.bind).await?;
        // Any free port: clients are told it.
        let (files, media) = bind(SocketAddr::new(options.bind.ip(), 0)).await?;
        let host = if options.bind.ip().is_unspecified() {
            format!("localhost:{}", media.port())
        } else {
            media.to_string()
        };
        server.set_media_host(Some(host));
        let mut accepting = JoinSet::new();
        for (listener, for_files) in [(listener, false), (files, true)] {
            accepting.spawn(accept(listener, acceptor.clone(), server.clone(), for_files));
        }
        Ok(Self { address, media, server, _accepting: accepting })
    }

    /// The address of the media store, which clients are told by `media_conn`.
    #[must_use]
    pub const fn media_address(&self) -> SocketAddr {
        self.media
    }

    /// The address that is listened on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The WebSocket address for clients: `wss://HOST:PORT/ws/chat`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("wss://{}/ws/chat", self.address)
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.server.set_media_host(None);
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |cause| Error::Bind { address, cause };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, server: Server, for_files: bool) {
    let limits = server.limits();
    let permits = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                let shaking = tokio::time::timeout(limits.handshake, acceptor.accept(stream));
                let serving = server.clone();
                server.host(|stop| async move {
                    match stop.run_until_cancelled(shaking).await {
                        None => {}
                        Some(Ok(Ok(stream))) if for_files => serving.serve_files(stream).await,
                        Some(Ok(Ok(stream))) => serving.serve_stream(stream).await,
                        Some(Ok(Err(error))) => tracing::info!(%error, "no TLS connection came about"),
                        Some(Err(_)) => tracing::info!("a client did not shake hands in time"),
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
