//! The faults of one connection's writing half: what comes later, twice, in another order, damaged, or not at all.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;

use tokio::time::Instant;
use wacore_binary::{Node, NodeContent, builder::NodeBuilder};

use super::{Fault, board};
use crate::net;
use crate::world::{Device, Link, World};

/// What the faults of a connection hold back.
#[derive(Default)]
pub(crate) struct Gate {
    /// Stanzas that come later, in order, each with its time.
    later: VecDeque<(Instant, Node)>,
    /// A message that waits for the next one to go before it.
    held: Option<Node>,
    /// Stanzas written while a limit on them was on.
    written: u64,
}

/// What is to be done with a connection at once.
pub(crate) enum Verdict {
    /// Write these.
    Write(Vec<Node>),
    /// Cut it without a word.
    Cut,
}

impl Gate {
    /// A fault that ends the connection by itself: the last word to say.
    pub(crate) fn interruption(world: &World, device: &Device, link: &Link) -> Option<Node> {
        if world.faults.is_quiet() {
            return None;
        }
        let (number, id) = (device.number(), device.id());
        if board::strike(world, number, id, |f| matches!(f, Fault::HalfOpen).then_some(())).is_some() {
            link.half_open.store(true, Relaxed);
        }
        board::strike(world, number, id, |fault| match fault {
            Fault::Replaced => Some(net::conflict("replaced")),
            Fault::StreamError { code } => {
                Some(NodeBuilder::new("stream:error").attr("code", code.to_string()).build())
            }
            _ => None,
        })
    }

    /// What becomes of a stanza.
    pub(crate) fn admit(&mut self, world: &World, device: &Device, link: &Link, mut node: Node) -> Verdict {
        if link.half_open.load(Relaxed) {
            return Verdict::Write(Vec::new());
        }
        if world.faults.is_quiet() && self.held.is_none() && self.later.is_empty() {
            return Verdict::Write(vec![node]);
        }
        let (number, id) = (device.number(), device.id());
        if let Some(most) = board::look(world, number, id, drop_after) {
            if self.written >= most {
                let _ = board::strike(world, number, id, drop_after);
                return Verdict::Cut;
            }
            self.written += 1;
        }
        let mut out = Vec::with_capacity(2);
        if node.tag == "message" {
            let hit = |wanted: fn(&Fault) -> bool| {
                board::strike(world, number, id, |f| wanted(f).then_some(())).is_some()
            };
            if hit(|f| matches!(f, Fault::Undecryptable)) {
                garble(&mut node);
            }
            if hit(|f| matches!(f, Fault::Duplicate)) {
                out.push(node.clone());
            }
            if let Some(before) = self.held.take() {
                out.extend([node, before]);
            } else if hit(|f| matches!(f, Fault::Reorder)) {
                self.held = Some(node);
            } else {
                out.push(node);
            }
        } else {
            out.push(node);
        }
        let delay = board::delay(world, number, id);
        let last = self.later.back().map(|(due, _)| *due);
        let due = delay.map(|delay| Instant::now() + delay).into_iter().chain(last).max();
        match due {
            Some(due) => {
                self.later.extend(out.into_iter().map(|node| (due, node)));
                Verdict::Write(Vec::new())
            }
            None => Verdict::Write(out),
        }
    }

    /// The next stanza whose time has come.
    pub(crate) fn due(&mut self) -> Option<Node> {
        let (due, _) = self.later.front()?;
        if *due <= Instant::now() { self.later.pop_front().map(|(_, node)| node) } else { None }
    }

    /// Returns when the next stanza's time has come; never while nothing waits.
    pub(crate) async fn wait(&self) {
        match self.later.front() {
            Some((due, _)) => tokio::time::sleep_until(*due).await,
            None => std::future::pending().await,
        }
    }

    /// Everything that was held back, for a connection that is about to close in order.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Node> + '_ {
        self.later.drain(..).map(|(_, node)| node).chain(self.held.take())
    }
}

fn drop_after(fault: &Fault) -> Option<u64> {
    match fault {
        Fault::DropAfter { stanzas } => Some(*stanzas),
        _ => None,
    }
}

/// Damages every ciphertext where its MAC or signature covers it. The last bytes are spared: in a prekey message they
/// are ids, and damage there makes it unreadable as a form instead of wrong as a ciphertext.
pub(crate) fn garble(stanza: &mut Node) {
    let Some(NodeContent::Nodes(children)) = &mut stanza.content else { return };
    for enc in children.iter_mut().filter(|c| c.tag == "enc") {
        if let Some(NodeContent::Bytes(sealed)) = &mut enc.content {
            for byte in sealed.iter_mut().rev().skip(10).take(8) {
                *byte ^= 0x55;
            }
        }
    }
}
