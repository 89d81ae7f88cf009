//! The server loop for one listener: bounded connections with a share for each address, a time limit for headers, and an
//! end in good order.

mod body;
mod places;

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::body::Incoming;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream, unix::UCred},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::{
    body::{Arriving, Leaving},
    places::{Place, Places, Sizes},
};
use crate::{
    forwarded::{Proxies, network},
    guarded::Guarded,
};

/// Connections of one listener at once, and those of one address: a quarter.
const SIZES: Sizes = Sizes { all: 1024, share: 256 };
/// How long requests may take to finish after the end was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// Pause after a failure to accept, which is mostly a lack of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Said to an address on whose whole share answers are under way already.
const SHARE_TAKEN: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
    content-type: text/plain\r\ncontent-length: 63\r\n\r\n\
    Too many connections of your address are busy; close some first";

/// Said to a process that may not ask here.
const REFUSED: &[u8] =
    b"HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: 45\r\n\r\n\
    This process may not ask the control plane.\r\n";

/// Who is at the other end of a connection, as an extension of each of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Over TCP.
    Tcp(SocketAddr),
    /// Over a Unix socket: somebody whom its file mode let in.
    Local {
        /// Their user id, where the system tells.
        uid: Option<u32>,
    },
    /// The owners' portal in this process, which proves by its headers who is acting.
    Portal,
}

/// Where a connection over TCP came in, as an extension of each of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalAddress(pub SocketAddr);

/// Where connections come from.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A Unix socket, and who is let in beside what its file mode says.
    Unix(UnixListener, Admit),
}

/// Decides by a caller's credentials (SO_PEERCRED, unix(7)) whether it is let in.
#[derive(Clone)]
pub struct Admit(Arc<dyn Fn(Option<UCred>) -> bool + Send + Sync>);

impl Admit {
    /// Whoever this lets in. `None` where the system does not tell who calls.
    pub fn new(admits: impl Fn(Option<UCred>) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(admits))
    }
}

impl std::fmt::Debug for Admit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Admit")
    }
}

/// Serves until `stop` is cancelled, then lets requests under way finish for at most ten seconds. Connections of `proxies`
/// are many clients' and have no share: what each client has under way is counted by its request.
pub async fn serve(listener: Listener, router: Router, proxies: Proxies, stop: CancellationToken) {
    serve_within(SIZES, listener, router, proxies, stop).await;
}

async fn serve_within(
    sizes: Sizes,
    listener: Listener,
    router: Router,
    proxies: Proxies,
    stop: CancellationToken,
) {
    let places = Places::new(sizes);
    let connections = TaskTracker::new();
    loop {
        let next = async {
            let accepted = listener.accept().await?;
            let from = accepted.address().filter(|address| !proxies.is_ours(*address)).map(network);
            let place = places.taken(from).await;
            Ok::<_, io::Error>((accepted, place))
        };
        let next = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match next {
            Ok((Accepted::Tcp { stream, peer, local }, Some(place))) => {
                // Answers are small and waited for.
                let _ = stream.set_nodelay(true);
                let who = Who { peer, local };
                connections.spawn(connection(stream, who, router.clone(), place, stop.clone()));
            }
            Ok((Accepted::Unix { stream, peer }, Some(place))) => {
                let who = Who { peer, local: None };
                connections.spawn(connection(stream, who, router.clone(), place, stop.clone()));
            }
            Ok((Accepted::Refused(stream), _)) => {
                let _ = stream.try_write(REFUSED);
            }
            Ok((accepted, None)) => accepted.turn_away(),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                places.shed_one();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests were cut off after the time to finish");
    }
}

enum Accepted {
    Tcp {
        stream: TcpStream,
        peer: Peer,
        local: Option<LocalAddress>,
    },
    Unix {
        stream: UnixStream,
        peer: Peer,
    },
    /// Somebody who may not ask here.
    Refused(UnixStream),
}

impl Accepted {
    fn address(&self) -> Option<std::net::IpAddr> {
        match self {
            Self::Tcp { peer: Peer::Tcp(address), .. } => Some(address.ip()),
            _ => None,
        }
    }

    /// Says why, where the system takes it at once, and closes.
    fn turn_away(self) {
        if let Self::Tcp { stream, .. } = self {
            let _ = stream.try_write(SHARE_TAKEN);
        }
    }
}

impl Listener {
    async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                let local = stream.local_addr().ok().map(LocalAddress);
                Ok(Accepted::Tcp { stream, peer: Peer::Tcp(address), local })
            }
            Self::Unix(listener, admit) => {
                let (stream, _) = listener.accept().await?;
                let caller = stream.peer_cred().ok();
                if !(admit.0)(caller) {
                    return Ok(Accepted::Refused(stream));
                }
                Ok(Accepted::Unix { stream, peer: Peer::Local { uid: caller.map(|peer| peer.uid()) } })
            }
        }
    }
}

/// What each request of a connection is told of it.
#[derive(Debug, Clone, Copy)]
struct Who {
    peer: Peer,
    local: Option<LocalAddress>,
}

async fn connection<IO>(io: IO, who: Who, router: Router, place: Place, stop: CancellationToken)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let place = Arc::new(place);
    let serving = answer_requests(io, who, router, Arc::clone(&place), stop);
    tokio::select! {
        () = serving => {}
        () = place.gave_way() => {}
    }
}

async fn answer_requests<IO>(io: IO, who: Who, router: Router, place: Arc<Place>, stop: CancellationToken)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Arriving::new(body, Arc::clone(&place))));
        request.extensions_mut().insert(who.peer);
        if let Some(local) = who.local {
            request.extensions_mut().insert(local);
        }
        let (router, place) = (router.clone(), Arc::clone(&place));
        Box::pin(async move {
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(response.map(|body| Guarded::new(body, Leaving(place))))
        })
    };
    http_kit::connection::serve(io, answer, stop).await;
}

#[cfg(test)]
mod tests;
