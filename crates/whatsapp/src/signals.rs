//! The library's events, in order, as what a connection's task decides by.
//!
//! Events arrive inline on the library's own paths, so nothing here may wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::Delivery;
use tokio::sync::mpsc;
use whatsapp_rust::{
    Jid,
    types::{
        events::{
            DecryptFailMode, Event, EventHandler, EventInterest, EventKind, InboundMessage, LazyHistorySync,
            MessageBatch, Receipt, ServerAck, UnavailableType, UndecryptableMessage,
        },
        message::MessageInfo,
        presence::ReceiptType,
    },
    wacore::time::now_secs,
};
use worker::channel::{Address, ChannelEvent, CloseReason, Unreadable};

use crate::{address, reason};

/// Receipts waiting to be taken, above which further ones are dropped: ticks are for show, and a sender of receipts
/// must not fill the memory while the worker is busy.
const MOST_RECEIPTS: usize = 1024;

/// A change of the difference of two clocks that is told, in seconds. What is on its way explains less.
const CLOCK_STEP_S: i64 = 5;

/// What happened, for the connection's task.
pub(crate) enum Signal {
    /// To be told as it is.
    Tell(ChannelEvent),
    /// A code to scan was issued.
    Qr { code: String, expires_in: Duration },
    /// A code to type was issued.
    PairingCode { code: String, expires_in: Duration },
    /// The server wants a new code to type.
    NewPairingCodeWanted,
    /// The last code to scan is void; with `open`, the connection stays for a code to type.
    CodesExhausted { open: bool },
    /// The phone linked this device.
    Linked(Address),
    /// Logged in.
    Connected,
    /// The account's name became known, at which the library shows us as online.
    Named,
    /// Something went wrong that explains an end to come.
    Trouble(String),
    /// The end, and why.
    End(CloseReason),
    /// Messages that the phone gave again, and those of newsletters; they pass no hook.
    Recovered(Vec<InboundMessage>),
    /// A message that cannot be read; it passes no hook, and is acknowledged to the server whatever becomes of it here.
    Unreadable(Arc<MessageInfo>, Unreadable),
    /// A message came again that cannot be decrypted twice and is not in the inbox: where it does not get there, its
    /// sender is to send it once more.
    Missing {
        /// The sender's device.
        sender: Jid,
        /// The message's id.
        id: String,
    },
    /// A part of what the phone tells a new device of the past.
    History(LazyHistorySync),
    /// The inbox gave up on messages.
    InboxFailed(String),
}

/// Turns events into signals.
pub(crate) struct Listener {
    signals: mpsc::UnboundedSender<Signal>,
    receipts: Arc<AtomicUsize>,
    /// By how many seconds the server's clock was ahead when that was last told.
    told_ahead: AtomicI64,
}

impl Listener {
    /// `receipts` counts the receipts on their way; who takes one from the channel counts it down.
    pub(crate) fn new(signals: mpsc::UnboundedSender<Signal>, receipts: Arc<AtomicUsize>) -> Self {
        Self { signals, receipts, told_ahead: AtomicI64::new(i64::MAX) }
    }

    /// The server names its time, in whole seconds, when it takes a message.
    fn look_at_the_clock(&self, ack: &ServerAck) {
        let Some(server) = ack.timestamp else { return };
        let ahead = server.timestamp().saturating_sub(now_secs());
        if self.told_ahead.load(Ordering::Relaxed).saturating_sub(ahead).abs() > CLOCK_STEP_S {
            self.told_ahead.store(ahead, Ordering::Relaxed);
            let told = ChannelEvent::ServerClock(ahead.saturating_mul(1000));
            let _ = self.signals.send(Signal::Tell(told));
        }
    }

    fn receipt(&self, receipt: &Receipt) -> Option<Signal> {
        let event = told_receipt(receipt)?;
        let room = self.receipts.fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
            (waiting < MOST_RECEIPTS).then_some(waiting + 1)
        });
        room.is_ok().then_some(Signal::Tell(event))
    }
}

impl EventHandler for Listener {
    fn handle_event(&self, event: Arc<Event>) {
        let signal = match &*event {
            Event::Receipt(receipt) => self.receipt(receipt),
            Event::ServerAck(ack) => {
                self.look_at_the_clock(ack);
                server_ack(ack)
            }
            Event::UndecryptableMessage(message) => unreadable(message),
            Event::Messages(batch) => recovered(batch),
            // Its payload is shared, not copied.
            Event::HistorySync(history) => Some(Signal::History((**history).clone())),
            Event::Connected(_) => Some(Signal::Connected),
            Event::SelfPushNameUpdated(_) => Some(Signal::Named),
            Event::PairingQrCode(qr) => Some(Signal::Qr { code: qr.code.clone(), expires_in: qr.timeout }),
            Event::PairingCode(code) => {
                Some(Signal::PairingCode { code: code.code.clone(), expires_in: code.timeout })
            }
            Event::PairingCodeRefresh(_) => Some(Signal::NewPairingCodeWanted),
            Event::PairingQrCodesExhausted(exhausted) => {
                Some(Signal::CodesExhausted { open: !exhausted.disconnected })
            }
            Event::PairSuccess(paired) => Some(Signal::Linked(address::from_jids([&paired.id, &paired.lid]))),
            other => reason::of(other),
        };
        if let Some(signal) = signal {
            let _ = self.signals.send(signal);
        }
    }

    fn interest(&self) -> EventInterest {
        use EventKind as Kind;
        let messages = [Kind::Receipt, Kind::ServerAck, Kind::Messages, Kind::UndecryptableMessage];
        let linking = [
            Kind::PairingQrCode,
            Kind::PairingCode,
            Kind::PairingCodeRefresh,
            Kind::PairingCodeError,
            Kind::PairingQrCodesExhausted,
            Kind::QrScannedWithoutMultidevice,
            Kind::PairPasskeyRequest,
            Kind::PairPasskeyError,
            Kind::PairSuccess,
            Kind::PairError,
        ];
        let connection = [
            Kind::Connected,
            Kind::SelfPushNameUpdated,
            Kind::Disconnected,
            Kind::LoggedOut,
            Kind::StreamReplaced,
            Kind::StreamError,
            Kind::ConnectFailure,
            Kind::ClientOutdated,
            Kind::TemporaryBan,
        ];
        EventInterest::of(&messages)
            .union(EventInterest::of(&linking))
            .union(EventInterest::of(&connection))
            .union(EventInterest::of(&[Kind::HistorySync]))
    }
}

/// Receipts of others for messages of ours; those of the account's own devices say nothing about the customer.
fn told_receipt(receipt: &Receipt) -> Option<ChannelEvent> {
    let how = match receipt.r#type {
        ReceiptType::Delivered | ReceiptType::Inactive => Delivery::Delivered,
        ReceiptType::Read => Delivery::Read,
        ReceiptType::Played => Delivery::Played,
        _ => return None,
    };
    (!receipt.source.is_from_me).then(|| ChannelEvent::Receipt { ids: receipt.message_ids.clone(), how })
}

/// The server's word on a message of ours. An error that is no number counts as 0.
fn server_ack(ack: &ServerAck) -> Option<Signal> {
    if ack.class.as_deref() != Some("message") {
        return None;
    }
    let error = ack.error.as_deref().map(|code| code.parse().unwrap_or(0));
    Some(Signal::Tell(ChannelEvent::ServerAck { id: ack.id.clone(), error }))
}

/// Messages that did not pass the hook: what the phone gave again, and what newsletters say, which comes without a
/// ciphertext. The inbox has a reason for silence for the latter, as for groups.
fn recovered(batch: &MessageBatch) -> Option<Signal> {
    if batch.hook_committed {
        return None;
    }
    let messages: Vec<_> = batch.iter().cloned().collect();
    (!messages.is_empty()).then_some(Signal::Recovered(messages))
}

/// A message that cannot be read; what its sender marked as of no matter (reactions, votes) is passed over.
fn unreadable(message: &UndecryptableMessage) -> Option<Signal> {
    if matches!(message.decrypt_fail_mode, DecryptFailMode::Hide) {
        return None;
    }
    let reason = match (message.is_unavailable, message.unavailable_type) {
        (false, _) => Unreadable::Undecryptable,
        (true, UnavailableType::ViewOnce) => Unreadable::ViewOnce,
        (true, _) => Unreadable::Withheld,
    };
    Some(Signal::Unreadable(Arc::clone(&message.info), reason))
}
