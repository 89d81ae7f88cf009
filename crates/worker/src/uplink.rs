//! The worker's end of the link: accepts the control plane, one connection at a time, the newest one counting.

use std::{sync::Arc, time::Duration};

use domain::Confinement;
use link::{Hello, Identity, LinkError};
use tokio::{
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{bot::Bot, figures::Figures, open_link};

/// How long the control plane may take with its welcome.
const WELCOMED_WITHIN: Duration = Duration::from_secs(10);
/// After a failed `accept`, which means that descriptors or memory are short.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Connections that may be opening at once.
const AT_ONCE: usize = 4;

/// What connections need besides the bot.
pub(crate) struct Uplink {
    pub(crate) bot: Arc<Bot>,
    pub(crate) identity: Identity,
    pub(crate) build: String,
    pub(crate) confinement: Option<Confinement>,
    /// How long the bot goes on without a link; `None` for as long as it takes.
    pub(crate) orphan_after: Option<Duration>,
    pub(crate) figures: Figures,
    pub(crate) started: Instant,
    /// The number of the newest connection that has proved itself.
    pub(crate) newest: watch::Sender<u64>,
    /// The number of the newest word about the session or a problem that was sent.
    pub(crate) told: watch::Sender<u64>,
    /// The bot has come to rest: say what is left to say, and end.
    pub(crate) done: CancellationToken,
}

/// Serves the link until the bot has come to rest.
pub(crate) async fn serve(uplink: Arc<Uplink>, listener: UnixListener) {
    let mut connections = JoinSet::new();
    let (mut alone_since, mut orphan_after) = (Instant::now(), uplink.orphan_after);
    loop {
        let alone_until = orphan_after.filter(|_| connections.is_empty()).map(|time| alone_since + time);
        tokio::select! {
            () = sleep_until(alone_until.unwrap_or_else(Instant::now)), if alone_until.is_some() => {
                tracing::error!("nobody has asked for this worker for too long: it ends");
                uplink.bot.orders.stop.cancel();
                orphan_after = None;
            }
            () = uplink.done.cancelled() => break,
            accepted = listener.accept(), if connections.len() < AT_ONCE => match accepted {
                Ok((stream, _)) => {
                    let uplink = Arc::clone(&uplink);
                    connections.spawn(async move { Box::pin(connection(&uplink, stream)).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "the link takes no connection");
                    sleep(ACCEPT_AGAIN_AFTER).await;
                }
            },
            Some(ended) = connections.join_next() => {
                alone_since = Instant::now();
                if let Err(error) = ended {
                    tracing::error!(%error, "a connection of the link failed");
                }
            }
        }
    }
    while connections.join_next().await.is_some() {}
}

async fn connection(uplink: &Uplink, stream: UnixStream) {
    // Refusals are logged by the handshake itself.
    let Ok(side) = link::accept(stream, &uplink.identity).await else { return };
    crash::point("link_accepted");
    let mut number = 0;
    uplink.newest.send_modify(|newest| {
        *newest += 1;
        number = *newest;
    });
    let hello = Hello {
        journal: uplink.bot.journal.id(),
        last_sequence: *uplink.bot.journal.logged().borrow(),
        build: uplink.build.clone(),
        wants_records: uplink.bot.standing.borrow().awaits_records,
    };
    let welcomed = timeout(WELCOMED_WITHIN, side.hello(hello)).await;
    let ended = match welcomed {
        Err(_) => {
            tracing::warn!("the control plane did not welcome this worker in time");
            return;
        }
        Ok(Err(error)) => Err(error),
        Ok(Ok((welcome, sender, receiver))) => {
            crash::point("link_welcomed");
            tracing::info!("the link is open");
            open_link::OpenLink::begin(uplink, number, sender, welcome).await.run(receiver).await
        }
    };
    match ended {
        Ok(()) => tracing::info!("the link was closed"),
        Err(LinkError::Closed) => tracing::info!("the control plane has closed the link; the bot goes on"),
        Err(error) => tracing::warn!(%error, "the link has ended; the bot goes on"),
    }
}
