//! The control API and the page: JSON over HTTP on a port of its own, for whoever is no Rust test. It only calls the
//! handles that tests use; nothing can be done here that they cannot do.
//!
//! It shares with the web sides of Flow HQ what is in `http-kit`, and nothing else, so that this crate can be used
//! without any of them.

mod accounts;
mod chats;
mod devices;
mod events;
mod extract;
mod faults;
mod gestures;
mod groups;
mod guard;
mod linking;
mod messages;
mod openapi;
mod page;
mod picture;
mod problem;
mod router;
mod serve;
mod server;
mod wait;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http_kit::Hosts;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::server::Server;

/// How the control API listens.
#[derive(Debug, Clone)]
pub struct ControlOptions {
    /// The address; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Host names, besides those of this machine itself, under which browsers and scripts may reach it. Any other is
    /// refused, so that no foreign page reaches the server through a name that points here.
    pub hosts: Vec<String>,
    /// The address of the TLS listener, where there is one, as clients name it.
    pub tls_url: Option<String>,
    /// The certificate of the TLS listener's authority as PEM.
    pub authority: Option<String>,
}

impl Default for ControlOptions {
    fn default() -> Self {
        let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { bind, hosts: Vec::new(), tls_url: None, authority: None }
    }
}

/// What every request sees.
#[derive(Clone)]
struct App {
    server: Server,
    about: Arc<About>,
    /// Long waits and streams end when this does.
    stop: CancellationToken,
}

struct About {
    tls_url: Option<String>,
    authority: Option<String>,
}

/// A control API that listens. It ends with [`Control::shutdown`] or when it is dropped.
#[derive(Debug)]
pub struct Control {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinSet<()>,
}

impl Control {
    /// Starts the control API of `server`.
    ///
    /// # Errors
    /// [`Error::Bind`].
    pub async fn start(server: Server, options: ControlOptions) -> Result<Self, Error> {
        let bind = options.bind;
        let failed = |cause| Error::Bind { address: bind, cause };
        let listener = TcpListener::bind(bind).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let stop = CancellationToken::new();
        let about = Arc::new(About { tls_url: options.tls_url, authority: options.authority });
        let app = App { server, about, stop: stop.clone() };
        let routes = router::router(app, Hosts::new([], options.hosts.iter().map(String::as_str)));
        let mut serving = JoinSet::new();
        serving.spawn(serve::serve(listener, routes, stop.clone()));
        Ok(Self { address, stop, serving })
    }

    /// The address that is listened on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser finds the page: `http://HOST:PORT/`. The API is under `/v1` there.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Ends streams and waits, lets other requests finish, and returns when all have ended.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.serving.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "the control API ended in disorder");
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
