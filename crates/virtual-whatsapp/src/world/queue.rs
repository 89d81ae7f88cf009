//! Stanzas on their way to one device: kept in order of origin until the device settles them, written once to each
//! connection, and with the mark `offline` to a connection that comes after them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use wacore_binary::Node;

/// What a client's acknowledgement or receipt names: the stanza's class and id, and who sent it (a number, or a
/// group and a number), since two senders may use one id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct StanzaKey {
    pub(crate) class: Class,
    pub(crate) id: String,
}

/// The classes of stanzas that wait for an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Message,
    Receipt,
    Notification,
    Call,
}

impl Class {
    pub(crate) fn of(tag: &str) -> Option<Self> {
        match tag {
            "message" => Some(Self::Message),
            "receipt" => Some(Self::Receipt),
            "notification" => Some(Self::Notification),
            "call" => Some(Self::Call),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) key: StanzaKey,
    /// Sender as the acknowledgement will name it.
    pub(crate) from: String,
    pub(crate) node: Node,
    /// How often it was written.
    pub(crate) tries: u32,
    /// When it was last written, in milliseconds since 1970.
    written_ms: u64,
}

/// Where the current connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Logged in, but not ready for stanzas; or away.
    Closed,
    /// The preview is to be written.
    Preview,
    /// Everything up to `until` is written with the offline mark, as far as `credit` goes.
    Backlog { until: u64, total: usize, credit: usize },
    /// Everything is written as it comes.
    Live,
}

/// What to write next.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    Preview { messages: usize, receipts: usize, notifications: usize, calls: usize },
    Stanza(Box<Node>),
    OfflineEnd { total: usize },
}

/// Stanzas that are written before the client asks for a batch, as WhatsApp does.
const PRIMER: usize = 5;

#[derive(Debug)]
pub(crate) struct Queue {
    waiting: BTreeMap<u64, Waiting>,
    by_key: HashMap<StanzaKey, Vec<u64>>,
    next: u64,
    /// The last stanza that this connection was given.
    cursor: u64,
    stage: Stage,
    /// Written long ago on this connection and not settled: to be written again.
    again: VecDeque<u64>,
    limit: usize,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self {
            waiting: BTreeMap::new(),
            by_key: HashMap::new(),
            next: 1,
            cursor: 0,
            stage: Stage::Closed,
            again: VecDeque::new(),
            limit,
        }
    }

    /// Adds a stanza; returns true where the oldest had to be dropped for it.
    pub(crate) fn push(&mut self, key: StanzaKey, from: String, node: Node) -> bool {
        let full = self.waiting.len() >= self.limit;
        if full && let Some(oldest) = self.waiting.keys().next().copied() {
            self.remove(oldest);
        }
        let seq = self.next;
        self.next += 1;
        self.by_key.entry(key.clone()).or_default().push(seq);
        self.waiting.insert(seq, Waiting { key, from, node, tries: 0, written_ms: 0 });
        full
    }

    /// The connection is ready for stanzas: everything unsettled is to be written to it.
    pub(crate) fn open(&mut self) -> usize {
        self.cursor = 0;
        self.again.clear();
        self.stage = Stage::Preview;
        self.waiting.len()
    }

    pub(crate) fn close(&mut self) {
        self.stage = Stage::Closed;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.stage != Stage::Closed
    }

    /// The backlog is written: stanzas go out as they come.
    pub(crate) fn is_live(&self) -> bool {
        self.stage == Stage::Live
    }

    /// The client asked for `count` more of its backlog.
    pub(crate) fn grant(&mut self, count: usize) {
        if let Stage::Backlog { credit, .. } = &mut self.stage {
            *credit = credit.saturating_add(count);
        }
    }

    /// The next thing to write on this connection, if there is one now.
    pub(crate) fn step(&mut self, now_ms: u64) -> Option<Step> {
        match self.stage {
            Stage::Closed => None,
            Stage::Preview => {
                let total = self.waiting.len();
                self.stage = Stage::Backlog { until: self.next - 1, total, credit: PRIMER };
                let count = |class| self.waiting.values().filter(|w| w.key.class == class).count();
                Some(Step::Preview {
                    messages: count(Class::Message),
                    receipts: count(Class::Receipt),
                    notifications: count(Class::Notification),
                    calls: count(Class::Call),
                })
            }
            Stage::Backlog { until, total, credit } => {
                let Some(seq) = self.after_cursor().filter(|seq| *seq <= until) else {
                    self.stage = Stage::Live;
                    return Some(Step::OfflineEnd { total });
                };
                // A client that settles all it got but never asks for a batch gets the next one too.
                let settled = self.waiting.keys().next().is_none_or(|first| *first > self.cursor);
                if credit == 0 && !settled {
                    return None;
                }
                self.stage = Stage::Backlog { until, total, credit: credit.saturating_sub(1) };
                self.cursor = seq;
                self.take(seq, true, now_ms)
            }
            Stage::Live => {
                let old =
                    std::iter::from_fn(|| self.again.pop_front()).find(|seq| self.waiting.contains_key(seq));
                if let Some(seq) = old {
                    return self.take(seq, true, now_ms);
                }
                let seq = self.after_cursor()?;
                self.cursor = seq;
                self.take(seq, false, now_ms)
            }
        }
    }

    fn after_cursor(&self) -> Option<u64> {
        self.waiting.range(self.cursor + 1..).next().map(|(seq, _)| *seq)
    }

    /// Marks what was written `after_ms` ago or earlier, and is still not settled, to be written again.
    pub(crate) fn redeliver(&mut self, now_ms: u64, after_ms: u64) {
        if self.stage == Stage::Live && self.again.is_empty() {
            let old = |w: &Waiting| w.tries > 0 && w.written_ms.saturating_add(after_ms) <= now_ms;
            self.again = self.waiting.iter().filter(|(_, w)| old(w)).map(|(seq, _)| *seq).collect();
        }
    }

    fn take(&mut self, seq: u64, offline: bool, now_ms: u64) -> Option<Step> {
        let waiting = self.waiting.get_mut(&seq)?;
        waiting.tries += 1;
        waiting.written_ms = now_ms;
        let mut node = waiting.node.clone();
        if offline {
            node.attrs.insert("offline", "0");
        }
        Some(Step::Stanza(Box::new(node)))
    }

    /// The client settled one stanza. `from` decides where several senders used one id. Of several copies it is the one
    /// written first: who cannot decrypt a message asks for it again and then settles the copy that he could not read,
    /// by when the new one may be on its way already.
    pub(crate) fn settle(&mut self, key: &StanzaKey, from: &str) -> bool {
        let written = self.written(key);
        let of_sender = |seq: &&u64| self.waiting.get(seq).is_some_and(|w| w.from == from);
        // One written stanza of that id needs no sender to be known by.
        let only = written.first().filter(|_| written.len() == 1);
        let Some(settled) = written.iter().find(of_sender).or(only).copied() else { return false };
        self.remove(settled);
        true
    }

    /// The client has this very sender's message: all copies of it are settled. A message that was settled before is
    /// confirmed again, or marked as read: that must not settle another sender's of the same id.
    pub(crate) fn settle_of(&mut self, key: &StanzaKey, from: &str) -> bool {
        let mut exact = self.written(key);
        exact.retain(|seq| self.waiting.get(seq).is_some_and(|w| w.from == from));
        exact.iter().for_each(|seq| self.remove(*seq));
        !exact.is_empty()
    }

    /// The stanzas of this id that have been written.
    fn written(&self, key: &StanzaKey) -> Vec<u64> {
        let seqs = self.by_key.get(key).map_or(&[][..], |seqs| seqs);
        seqs.iter().filter(|seq| self.waiting.get(seq).is_some_and(|w| w.tries > 0)).copied().collect()
    }

    fn remove(&mut self, seq: u64) {
        let Some(gone) = self.waiting.remove(&seq) else { return };
        if let Some(seqs) = self.by_key.get_mut(&gone.key) {
            seqs.retain(|s| *s != seq);
            if seqs.is_empty() {
                self.by_key.remove(&gone.key);
            }
        }
    }

    /// Forgets what waits, as the server does when the device is unlinked.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.by_key.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Written at least once and not settled yet.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.waiting.values().filter(|w| w.tries > 0).count()
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wacore_binary::builder::NodeBuilder;

    fn key(id: &str) -> StanzaKey {
        StanzaKey { class: Class::Message, id: id.into() }
    }

    fn push(queue: &mut Queue, id: &str, from: &str) -> bool {
        queue.push(key(id), from.into(), NodeBuilder::new("message").attr("id", id).build())
    }

    /// Everything that can be written now, as short words.
    fn written(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.step(1_000))
            .map(|step| match step {
                Step::Preview { messages, .. } => format!("preview {messages}"),
                Step::OfflineEnd { total } => format!("end {total}"),
                Step::Stanza(n) => {
                    let id = n.attrs.get("id").map(ToString::to_string).unwrap_or_default();
                    if n.attrs.contains_key("offline") { format!("{id} offline") } else { id }
                }
            })
            .collect()
    }

    #[test]
    fn what_waited_comes_framed_and_what_comes_later_comes_plain() {
        let mut queue = Queue::new(100);
        push(&mut queue, "A", "1");
        assert_eq!(written(&mut queue), Vec::<String>::new());
        queue.open();
        assert_eq!(written(&mut queue), ["preview 1", "A offline", "end 1"]);
        push(&mut queue, "B", "1");
        assert_eq!(written(&mut queue), ["B"]);
        assert!(queue.settle(&key("A"), "1"));
        queue.close();
        queue.open();
        assert_eq!(written(&mut queue), ["preview 1", "B offline", "end 1"]);
    }

    #[test]
    fn a_backlog_waits_for_batches_or_for_being_settled() {
        let mut queue = Queue::new(100);
        for n in 0..12 {
            push(&mut queue, &n.to_string(), "1");
        }
        queue.open();
        assert_eq!(written(&mut queue).len(), 1 + PRIMER);
        queue.grant(3);
        assert_eq!(written(&mut queue).len(), 3);
        for n in 0..8 {
            assert!(queue.settle(&key(&n.to_string()), "1"));
        }
        assert_eq!(written(&mut queue), ["8 offline"]);
        queue.grant(100);
        assert_eq!(written(&mut queue), ["9 offline", "10 offline", "11 offline", "end 12"]);
    }

    #[test]
    fn one_id_of_two_senders_is_settled_by_its_sender() {
        let mut queue = Queue::new(100);
        push(&mut queue, "A", "1");
        push(&mut queue, "A", "2");
        queue.open();
        written(&mut queue);
        assert!(!queue.settle(&key("A"), "3"));
        assert!(queue.settle(&key("A"), "2"));
        assert_eq!(queue.waiting().next().map(|w| w.from.clone()), Some("1".into()));
        assert!(!queue.settle_of(&key("A"), "2"), "what is marked as read was settled before");
        assert!(queue.settle(&key("A"), "whatever"), "only one is left");
    }

    #[test]
    fn an_acknowledgement_settles_one_copy_and_a_receipt_all() {
        let mut queue = Queue::new(100);
        queue.open();
        for _ in 0..3 {
            push(&mut queue, "A", "1");
        }
        written(&mut queue);
        assert!(queue.settle(&key("A"), "1"));
        assert_eq!(queue.len(), 2);
        assert!(queue.settle_of(&key("A"), "1"));
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn what_is_not_settled_comes_again_on_the_same_connection_after_a_while() {
        let mut queue = Queue::new(100);
        queue.open();
        push(&mut queue, "A", "1");
        push(&mut queue, "B", "1");
        assert_eq!(written(&mut queue), ["preview 2", "A offline", "B offline", "end 2"]);
        assert!(queue.settle(&key("A"), "1"));
        queue.redeliver(1_500, 600);
        assert!(written(&mut queue).is_empty());
        queue.redeliver(1_600, 600);
        assert_eq!(written(&mut queue), ["B offline"]);
    }

    #[test]
    fn a_full_queue_drops_its_oldest() {
        let mut queue = Queue::new(2);
        assert!(!push(&mut queue, "A", "1"));
        assert!(!push(&mut queue, "B", "1"));
        assert!(push(&mut queue, "C", "1"));
        assert_eq!(queue.len(), 2);
        assert!(!queue.settle(&key("A"), "1"));
    }
}
