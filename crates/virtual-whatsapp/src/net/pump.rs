//! The writing half of a connection: answers and last words first, then the device's queue as the socket takes it.
//! The queue is the buffer; what is written here is at most one stanza ahead of the socket.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use wacore_binary::{Node, builder::NodeBuilder};

use super::connection::End;
use crate::clock::millis;
use crate::faults::{Gate, Verdict};
use crate::noise::{NodeWriter, NoiseFault};
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
    let mut gate = Gate::default();
    // Admitted by the gate and yet to be written.
    let mut ready: VecDeque<Outgoing> = VecDeque::new();
    let mut early = None;
    // The client has been told that this is the end.
    let mut said_last = false;
    // Kept over the loop: other traffic must not put it off.
    let mut look_at = next_look(world);
    loop {
        if let Some(last) = device.and_then(|device| Gate::interruption(world, device, link)) {
            ready.extend([Outgoing::Node(last), Outgoing::Close]);
        }
        let next = ready.pop_front().or_else(|| gate.due().map(Outgoing::Node));
        let Some(next) = next else {
            let fresh = early.take().or_else(|| inbox.try_recv().ok());
            let fresh = fresh.or_else(|| device.and_then(|d| from_queue(world, d, link)).map(Outgoing::Node));
            match (fresh, device) {
                (Some(Outgoing::Node(node)), Some(device)) => match gate.admit(world, device, link, node) {
                    Verdict::Write(nodes) => ready.extend(nodes.into_iter().map(Outgoing::Node)),
                    Verdict::Cut => {
                        // What was written before the cut does arrive.
                        let _ = timed(limit, link, writer.flush()).await;
                        return End::ByServer;
                    }
                },
                (Some(Outgoing::Node(node)), None) => ready.push_back(Outgoing::Node(node)),
                (Some(Outgoing::Close), _) => {
                    ready.extend(gate.drain().map(Outgoing::Node));
                    ready.push_back(Outgoing::Close);
                }
                (None, _) => {
                    if let Some(end) = timed(limit, link, writer.flush()).await {
                        return end;
                    }
                    tokio::select! {
                        () = link.kill.cancelled() => return End::ByServer,
                        () = link.bell.notified() => {}
                        () = gate.wait() => {}
                        () = world.clock.wait_until(look_at) => {
                            let (now, after) = (world.clock.now_ms(), millis(world.options.limits.redeliver));
                            if let Some(device) = device {
                                device.state().queue.redeliver(now, after);
                            }
                            look_at = next_look(world);
                        }
                        out = inbox.recv() => match out {
                            Some(out) => early = Some(out),
                            None => return End::ByServer,
                        },
                    }
                }
            }
            continue;
        };
        let Outgoing::Node(node) = next else {
            // Told as far as the client listens.
            let _ = tokio::time::timeout(limit, writer.flush()).await;
            if said_last {
                link.closing.store(true, Relaxed);
                // WhatsApp leaves it to the client to close: one that handles stanzas one after the other would miss
                // the last word if it saw the end first.
                tokio::select! {
                    () = link.kill.cancelled() => {}
                    () = link.gone.cancelled() => {}
                    () = tokio::time::sleep(world.options.limits.farewell) => {}
                }
            }
            let _ = tokio::time::timeout(limit, writer.close()).await;
            return End::ByServer;
        };
        said_last |= node.tag == "stream:error";
        if let Some(end) = timed(limit, link, writer.feed(&node)).await {
            return end;
        }
        written_one(world, device, &node);
    }
}

/// Half the time after which unsettled stanzas come again: how often they are looked for.
fn next_look(world: &World) -> u64 {
    world.clock.now_ms().saturating_add(millis(world.options.limits.redeliver) / 2 + 1)
}

/// Does one piece of writing, unless the client does not read, goes away, or the link is killed.
async fn timed(
    limit: std::time::Duration,
    link: &Link,
    work: impl Future<Output = Result<(), NoiseFault>>,
) -> Option<End> {
    tokio::select! {
        () = link.kill.cancelled() => Some(End::ByServer),
        done = tokio::time::timeout(limit, work) => match done {
            Err(_) => Some(End::SlowReader),
            Ok(Err(_)) => Some(End::ByClient),
            Ok(Ok(())) => None,
        },
    }
}

fn from_queue(world: &Arc<World>, device: &Arc<Device>, link: &Link) -> Option<Node> {
    let step = {
        let mut state = device.state();
        // A newer connection owns the queue once it has taken over.
        if state.link.as_ref().is_none_or(|current| current.id != link.id) {
            return None;
        }
        state.queue.step(world.clock.now_ms())?
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
    count(&world.counters.stanzas_out);
    let Some(device) = device else { return };
    if node.tag == "message" {
        count(&world.counters.messages_out);
        device.messages_out.fetch_add(1, Relaxed);
    } else if node.tag == "ib" && node.get_optional_child("offline").is_some() {
        world.event(EventKind::CaughtUp { number: device.number().to_owned(), device: device.id() });
        phones::after_catching_up(world, device);
    }
}
