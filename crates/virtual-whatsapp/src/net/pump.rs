//! The writing half of a connection: answers and last words first, then the device's queue as the socket takes it.
//! The queue is the buffer; what is written here is at most one stanza ahead of the socket.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use wacore_binary::{Node, builder::NodeBuilder};

use super::connection::End;
use crate::noise::NodeWriter;
use crate::phones;
use crate::stanza::node::from_server;
use crate::truth::{EventKind, count};
use crate::world::queue::Step;
use crate::world::{Device, Link, Outgoing, World};

/// Writes until told to close, the client stops reading or goes away, or the link is killed.
pub(super) async fn run<S>(
    world: &Arc<World>,
    mut writer: NodeWriter<S>,
    mut inbox: mpsc::Receiver<Outgoing>,
    device: Option<&Arc<Device>>,
    link: &Link,
) -> End
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let limit = world.options.limits.write;
    let mut early = None;
    loop {
        let next = early.take().or_else(|| inbox.try_recv().ok());
        let next = next.or_else(|| device.and_then(|d| from_queue(world, d, link)).map(Outgoing::Node));
        let work = async {
            match &next {
                Some(Outgoing::Node(node)) => writer.feed(node).await,
                Some(Outgoing::Close) | None => writer.flush().await,
            }
        };
        let written = tokio::select! {
            () = link.kill.cancelled() => return End::ByServer,
            written = tokio::time::timeout(limit, work) => written,
        };
        match (written, next) {
            (Err(_), _) => return End::SlowReader,
            (Ok(Err(_)), _) => return End::ByClient,
            (Ok(Ok(())), Some(Outgoing::Close)) => {
                let _ = tokio::time::timeout(limit, writer.close()).await;
                return End::ByServer;
            }
            (Ok(Ok(())), Some(Outgoing::Node(node))) => written_one(world, device, &node),
            (Ok(Ok(())), None) => tokio::select! {
                () = link.kill.cancelled() => return End::ByServer,
                () = link.bell.notified() => {}
                out = inbox.recv() => match out {
                    Some(out) => early = Some(out),
                    None => return End::ByServer,
                },
            },
        }
    }
}

fn from_queue(world: &Arc<World>, device: &Arc<Device>, link: &Link) -> Option<Node> {
    let step = {
        let mut state = device.state();
        // A newer connection owns the queue once it has taken over.
        if state.link.as_ref().is_none_or(|current| current.id != link.id) {
            return None;
        }
        state.queue.step()?
    };
    let (number, id) = (device.number().to_owned(), device.id());
    Some(match step {
        Step::Stanza(node) => *node,
        Step::Preview { messages, receipts, notifications, calls } => {
            let total = messages + receipts + notifications + calls;
            world.event(EventKind::Active { number, device: id, waiting: total });
            let preview = NodeBuilder::new("offline_preview")
                .attr("count", total.to_string())
                .attr("message", messages.to_string())
                .attr("receipt", receipts.to_string())
                .attr("notification", notifications.to_string())
                .attr("call", calls.to_string())
                .attr("appdata", "0");
            from_server("ib").children([preview.build()]).build()
        }
        Step::OfflineEnd { total } => {
            let end = NodeBuilder::new("offline").attr("count", total.to_string()).build();
            from_server("ib").children([end]).build()
        }
    })
}

fn written_one(world: &Arc<World>, device: Option<&Arc<Device>>, node: &Node) {
    world.counters.stanzas_out.fetch_add(1, Relaxed);
    let Some(device) = device else { return };
    if node.tag == "message" {
        count(&world.counters.messages_out);
        device.messages_out.fetch_add(1, Relaxed);
    } else if node.tag == "ib" && node.get_optional_child("offline").is_some() {
        world.event(EventKind::CaughtUp { number: device.number().to_owned(), device: device.id() });
        phones::after_catching_up(world, device);
    }
}
