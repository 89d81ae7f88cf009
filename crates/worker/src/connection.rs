//! One connection from its opening to its end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{Delivery, Digits, SessionState, delivery};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    bot::{Bot, Live},
    channel::{Address, ChannelEvent, CloseReason, Connection, Linking, OpenError},
    intake::JournalInbox,
    journal::Fate,
    standing,
    view::Code,
};

/// Events that wait to be heard.
const EVENTS: usize = 32;
/// Closing in good order writes what the session must keep.
const CLOSED_WITHIN: Duration = Duration::from_secs(8);
/// The server confirms a logout within this, or not at all.
const UNLINKED_WITHIN: Duration = Duration::from_secs(20);

static CONNECTIONS: AtomicU64 = AtomicU64::new(1);

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// We closed it.
    Closed,
    /// We unlinked the device.
    Unlinked,
    /// A pairing is done.
    Restart,
    /// The round of codes is over.
    RoundOver,
    /// We closed it, since a pairing code for a number is wanted that it does not ask for.
    OtherCodeWanted,
    /// We closed it, since the disk is short of room.
    NoRoom,
    /// It broke; how long messages had flowed, where they did, and whether there was no word of WhatsApp at all.
    Lost { reason: String, connected_for: Option<Duration>, unreachable: bool },
    /// Limited for a time.
    Banned { for_time: Option<Duration>, reason: String },
    /// The phone removed the device.
    LoggedOut,
    /// Another client took the session.
    Replaced,
    /// WhatsApp refused.
    Refused(String),
}

impl Linking {
    /// The number whose phone a code is typed on.
    pub(crate) const fn number(&self) -> Option<&Digits> {
        match self {
            Self::Qr => None,
            Self::PairingCode(number) => Some(number),
        }
    }

    /// Whether a code for the phone with `number` is wanted, and this way gives none.
    pub(crate) fn is_other(&self, number: Option<&Digits>) -> bool {
        number.is_some() && number != self.number()
    }
}

/// Opens a connection and follows it to its end, which `close` and a logout bring about. `is_linked` says whether
/// there is a device to log in with, and to unlink; where there is none, `linking` says how to link one.
pub(crate) async fn follow(
    bot: &Arc<Bot>,
    is_linked: bool,
    linking: &Linking,
    close: &CancellationToken,
) -> Result<Ended, OpenError> {
    let (sender, events) = mpsc::channel(EVENTS);
    let inbox = Arc::new(JournalInbox(Arc::clone(bot)));
    let connection = bot.channel.open(inbox, linking.clone(), sender).await?;
    let mut following =
        Following { bot, connection, events, linking, since: None, heard: false, linked: false, is_linked };
    let ended = following.until_its_end(close).await;
    bot.live.send_replace(None);
    Ok(ended)
}

struct Following<'a> {
    bot: &'a Bot,
    connection: Arc<dyn Connection>,
    events: mpsc::Receiver<ChannelEvent>,
    linking: &'a Linking,
    /// Since when messages flow.
    since: Option<Instant>,
    /// Whether there was a word of WhatsApp.
    heard: bool,
    /// Whether a phone has linked the device on this connection.
    linked: bool,
    /// Whether it was linked before.
    is_linked: bool,
}

impl Following<'_> {
    async fn until_its_end(&mut self, close: &CancellationToken) -> Ended {
        let log_out = self.bot.orders.log_out.clone();
        let (mut typed_on, mut standing) = (self.bot.typed_on.subscribe(), self.bot.standing.subscribe());
        loop {
            let chats_due = self.bot.standing.borrow().linked.as_ref().and_then(|linked| linked.chats_due);
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => if let Some(ended) = self.hear(event).await { return ended },
                    None => return self.ended(CloseReason::Lost("it ended without a word".to_owned())),
                },
                () = sleep_until(chats_due.unwrap_or_else(Instant::now)), if chats_due.is_some() => {
                    tracing::warn!("the phone has not told of its earlier chats in time");
                    self.bot.chats_are_told();
                }
                () = close.cancelled() => {
                    self.shut().await;
                    return Ended::Closed;
                }
                // Before anything more is read. Unlinking needs no room, and ends the connection anyway.
                () = standing::room(&mut standing, false), if !log_out.is_cancelled() => {
                    self.shut().await;
                    return Ended::NoRoom;
                }
                () = log_out.cancelled(), if self.since.is_some() => return self.log_out().await,
                () = log_out.cancelled(), if !self.linked && !self.is_linked => {
                    self.shut().await;
                    return Ended::Closed;
                }
                () = other_wanted(&mut typed_on, self.linking),
                    if !self.linked && !self.is_linked =>
                {
                    self.shut().await;
                    return Ended::OtherCodeWanted;
                }
            }
        }
    }

    /// Takes an event in; how the connection ended, where this was its end.
    async fn hear(&mut self, event: ChannelEvent) -> Option<Ended> {
        self.heard |= !matches!(event, ChannelEvent::Closed(_));
        match event {
            ChannelEvent::Qr { code, expires_in } => self.code(None, code, expires_in),
            ChannelEvent::PairingCode { code, expires_in } => {
                self.code(self.linking.number().cloned(), code, expires_in);
            }
            ChannelEvent::QrRoundExpired => return Some(Ended::RoundOver),
            ChannelEvent::Linked(account) => {
                tracing::info!(account = ?account.number, "a phone has linked this device");
                self.linked = true;
                self.bot.board.code_used();
                self.bot.linked_as(account).await;
                self.bot.was_linked();
            }
            ChannelEvent::Connected(account) => self.connected(account).await,
            ChannelEvent::ServerClock(ahead_ms) => {
                // Where a demo has moved its clock, WhatsApp's is as far ahead.
                let behind = ahead_ms.saturating_sub(self.bot.clock.ahead_ms());
                self.bot.clock_behind_ms.send_replace(Some(behind));
            }
            ChannelEvent::ServerAck { id, error } => self.acknowledged(id, error).await,
            ChannelEvent::Receipt { ids, how } => self.arrived(ids, how).await,
            ChannelEvent::Closed(reason) => return Some(self.ended(reason)),
        }
        None
    }

    fn code(&self, typed_on: Option<Digits>, text: String, expires_in: Duration) {
        self.bot.board.code(Code { typed_on, text, until: Instant::now() + expires_in });
    }

    async fn connected(&mut self, mut account: Address) {
        // Not every login tells both names.
        let known = self.bot.standing.borrow().account.clone();
        if account.number.is_none() || account.number == known.number {
            account.number = account.number.or(known.number);
            account.lid = account.lid.or(known.lid);
        }
        self.bot.linked_as(account).await;
        self.since = Some(Instant::now());
        if let Some(report) = self.bot.connected_report() {
            self.bot.board.session(SessionState::Connected, report);
        }
        tracing::info!("connected to WhatsApp");
        let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        self.bot.live.send_replace(Some(Live { number, connection: Arc::clone(&self.connection) }));
    }

    async fn acknowledged(&self, id: String, error: Option<u16>) {
        if self.bot.acks.deliver(&id, error) {
            return;
        }
        // Late, or of a message that another run of this worker sent.
        let fate = match error {
            None => Fate::Acked,
            Some(code) => Fate::Failed(delivery::refused(code)),
        };
        if let Err(error) = self.bot.journal.settle(id, fate).await {
            self.bot.trouble(&error);
        }
    }

    /// The customer's phone has these, so the server had them, whatever became of its acknowledgement.
    async fn arrived(&self, ids: Vec<String>, how: Delivery) {
        for id in &ids {
            self.bot.acks.deliver(id, None);
        }
        if let Err(error) = self.bot.journal.arrived(ids, how).await {
            self.bot.trouble(&error);
        }
    }

    fn ended(&self, reason: CloseReason) -> Ended {
        let lost = |reason| Ended::Lost {
            reason,
            connected_for: self.since.map(|since| since.elapsed()),
            unreachable: !self.heard,
        };
        match reason {
            CloseReason::Restart => Ended::Restart,
            CloseReason::Lost(_) if self.linked && self.since.is_none() => Ended::Restart,
            CloseReason::Lost(reason) => lost(reason),
            CloseReason::Shutdown => lost("it was closed".to_owned()),
            CloseReason::LoggedOut => Ended::LoggedOut,
            CloseReason::Replaced => Ended::Replaced,
            CloseReason::Refused(reason) => Ended::Refused(reason),
            CloseReason::TemporarilyBanned { for_time, reason } => Ended::Banned { for_time, reason },
        }
    }

    async fn log_out(&mut self) -> Ended {
        let connection = Arc::clone(&self.connection);
        let unlinked = async { timeout(UNLINKED_WITHIN, connection.log_out()).await };
        let result = self.while_hearing(unlinked).await;
        self.shut().await;
        match result {
            Ok(Ok(())) => Ended::Unlinked,
            Ok(Err(error)) => self.ended(CloseReason::Lost(format!("the logout failed: {error}"))),
            Err(_) => self.ended(CloseReason::Lost("the logout was not confirmed".to_owned())),
        }
    }

    async fn shut(&mut self) {
        self.bot.live.send_replace(None);
        let connection = Arc::clone(&self.connection);
        let shut = async { timeout(CLOSED_WITHIN, connection.shutdown()).await };
        if self.while_hearing(shut).await.is_err() {
            tracing::warn!("the connection did not close in time");
        }
        // What was said before the end still counts.
        while let Ok(event) = self.events.try_recv() {
            self.hear_last(event).await;
        }
    }

    /// Goes on hearing acknowledgements while something is done, since a full queue of events could block it.
    async fn while_hearing<T>(&mut self, doing: impl Future<Output = T>) -> T {
        let mut doing = std::pin::pin!(doing);
        loop {
            tokio::select! {
                done = &mut doing => return done,
                Some(event) = self.events.recv() => self.hear_last(event).await,
            }
        }
    }

    async fn hear_last(&self, event: ChannelEvent) {
        match event {
            ChannelEvent::ServerAck { id, error } => self.acknowledged(id, error).await,
            ChannelEvent::Receipt { ids, how } => self.arrived(ids, how).await,
            ChannelEvent::Qr { .. }
            | ChannelEvent::PairingCode { .. }
            | ChannelEvent::QrRoundExpired
            | ChannelEvent::Linked(_)
            | ChannelEvent::Connected(_)
            | ChannelEvent::ServerClock(_)
            | ChannelEvent::Closed(_) => {}
        }
    }
}

/// Waits until a pairing code is wanted that `linking` does not give.
async fn other_wanted(typed_on: &mut watch::Receiver<Option<Digits>>, linking: &Linking) {
    // An error means that the bot is gone, and this connection with it.
    let _ = typed_on.wait_for(|number| linking.is_other(number.as_ref())).await;
}
