//! The faults of one connection's writing half: what comes later, twice, in another order, damaged, or not at all.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

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
    /// When a narrow line will have taken what was given to it.
    busy_until: Option<Instant>,
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
        let who = (device.number(), device.id());
        let tag = node.tag.to_string();
        if let Some(most) = board::look(world, who, &tag, drop_after) {
            if self.written >= most {
                let _ = board::strike_stanza(world, who, Some(&tag), drop_after);
                return Verdict::Cut;
            }
            self.written += 1;
        }
        let hit = |wanted: fn(&Fault) -> bool| {
            board::strike_stanza(world, who, Some(&tag), |f| wanted(f).then_some(())).is_some()
        };
        if hit(|f| matches!(f, Fault::Lose)) {
            return Verdict::Write(Vec::new());
        }
        let skew = |fault: &Fault, _: &mut _| match fault {
            Fault::ClockSkew { ms } => Some(*ms),
            _ => None,
        };
        if node.attrs.contains_key("t")
            && let Some(ms) = board::silently(world, who, &tag, skew)
        {
            skewed(&mut node, ms);
        }
        if hit(|f| matches!(f, Fault::Undecryptable)) {
            garble(&mut node);
        }
        let mut out = Vec::with_capacity(2);
        if hit(|f| matches!(f, Fault::Duplicate)) {
            out.push(node.clone());
        }
        if self.held.as_ref().is_some_and(|held| held.tag == node.tag) {
            out.extend(std::iter::once(node).chain(self.held.take()));
        } else if hit(|f| matches!(f, Fault::Reorder)) {
            self.held = Some(node);
        } else {
            out.push(node);
        }
        let delay = board::delay(world, who, &tag);
        let last = self.later.back().map(|(due, _)| *due);
        let rate = board::silently(world, who, &tag, |fault, _: &mut _| match fault {
            Fault::Bandwidth { bytes_per_second } => Some((*bytes_per_second).max(1)),
            _ => None,
        });
        let takes = rate.map(|rate| {
            let bytes: usize =
                out.iter().map(|node| wacore_binary::marshal::marshal(node).map_or(0, |b| b.len())).sum();
            Duration::from_secs_f64(bytes as f64 / rate as f64)
        });
        // The line is busy with what went before.
        let line = takes.map(|takes| {
            let free = self.busy_until.filter(|until| *until > Instant::now()).unwrap_or_else(Instant::now);
            free + takes
        });
        self.busy_until = line.or(self.busy_until);
        let due = delay.map(|delay| Instant::now() + delay).into_iter().chain(last).chain(line).max();
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

/// The stanza with another time, which has its own form: seconds.
fn skewed(node: &mut Node, ms: i64) {
    let t = node.attrs.get("t").and_then(|t| t.to_string().parse::<i64>().ok());
    if let Some(t) = t {
        node.attrs.insert("t", t.saturating_add(ms / 1000).max(0).to_string());
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
