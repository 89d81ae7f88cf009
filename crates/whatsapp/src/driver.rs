//! The task of one connection: tells the worker what happens, decides when it is over and why, and closes it in order.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};
use whatsapp_rust::{
    Client, Jid, anyhow,
    bot::BotHandle,
    features::RetryRequestOptions,
    pair_code::PairCodeOptions,
    types::{
        events::{InboundMessage, LazyHistorySync},
        message::MessageInfo,
    },
    wacore::{protocol::retry::RetryReason, time::now_secs_u64},
    wacore_binary::builder::NodeBuilder,
};
use worker::{
    channel::{ChannelEvent, CloseReason, Inbox, Linking, Unreadable},
    waits,
};

use crate::{
    address,
    channel::Only,
    connection::Control,
    history,
    hook::{Load, hand_over},
    session::Session,
    signals::Signal,
    text::causes,
    transport::{Dialler, Progress},
};

/// How long closing may take: the library gives itself 5 s each for messages, sends and keys.
const CLOSING: Duration = Duration::from_secs(20);

/// How long the worker may take to hear of the end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// How often a connection is asked whether the server still has it logged in.
const LOOK: Duration = Duration::from_secs(60);

/// How long after the account's name became known the library is done showing us as online.
const ONLINE: Duration = Duration::from_secs(1);

/// How long after linking the server may take to end the connection (515) before we do it.
const RESTART: Duration = Duration::from_secs(20);

/// How long a message may take from its decryption into the inbox before a copy of it is missed there.
const ON_ITS_WAY: Duration = Duration::from_secs(1);

/// Everything the task owns.
pub(crate) struct Driver {
    pub(crate) client: Arc<Client>,
    pub(crate) run: BotHandle,
    pub(crate) session: Arc<Session>,
    pub(crate) inbox: Arc<dyn Inbox>,
    pub(crate) patience: Duration,
    pub(crate) linking: Linking,
    pub(crate) signals: mpsc::UnboundedReceiver<Signal>,
    pub(crate) receipts: Arc<AtomicUsize>,
    pub(crate) events: mpsc::Sender<ChannelEvent>,
    pub(crate) dialler: Dialler,
    pub(crate) only: Only,
}

/// How far the connection came.
#[derive(Default)]
struct State {
    linked: bool,
    connected: bool,
    trouble: Option<String>,
    /// When something must have happened: the restart after linking, or the pairing code's use.
    deadline: Option<Instant>,
    code_asked: bool,
    /// When to show ourselves as away.
    away_at: Option<Instant>,
    recoveries: JoinSet<()>,
    /// What the library is asked on the side; nobody waits for it, and it ends with the connection.
    errands: JoinSet<()>,
}

/// How it ends.
enum Ending {
    Closed(CloseReason),
    RoundExpired,
}

impl Driver {
    /// Runs until the connection is over and says so. `control` is held to the end.
    pub(crate) async fn drive(mut self, mut control: Control) {
        let mut state = State::default();
        let linked_before = self.client.pn().is_some();
        let mut ending = self.until_end(&mut state, &mut control.stop).await;
        let unlinked = matches!(ending, Ending::Closed(CloseReason::LoggedOut));
        control.unlinked.send_replace(unlinked);
        let Self { client, run, session, mut signals, receipts, events, only, .. } = self;
        if timeout(CLOSING, run.shutdown()).await.is_err() {
            tracing::warn!("the connection did not close within {} s", CLOSING.as_secs());
        }
        let mut last: Vec<ChannelEvent> = Vec::new();
        // The server closes right after a pairing, which may be before the library has told of it.
        if !linked_before && !state.linked && !unlinked && client.pn().is_some() {
            if let Err(error) = client.persistence_manager().flush().await {
                tracing::error!(error = causes(&error), "the linked session could not be written");
            }
            last.push(ChannelEvent::Linked(address::own(&client)));
            if matches!(ending, Ending::Closed(CloseReason::Lost(_))) {
                ending = Ending::Closed(CloseReason::Restart);
            }
        }
        state.errands.shutdown().await;
        drop(client);
        while state.recoveries.join_next().await.is_some() {}
        if unlinked {
            session.end();
        }
        while let Ok(signal) = signals.try_recv() {
            if let Signal::Tell(event) = signal {
                last.push(event);
            }
        }
        receipts.store(0, Ordering::Release);
        last.push(match ending {
            Ending::Closed(reason) => ChannelEvent::Closed(reason),
            Ending::RoundExpired => ChannelEvent::QrRoundExpired,
        });
        drop(only);
        let told = timeout(LAST_WORDS, async {
            for event in last {
                if events.send(event).await.is_err() {
                    break;
                }
            }
        });
        if told.await.is_err() {
            tracing::warn!("nobody took the last events of a connection");
        }
        drop(control);
    }

    async fn until_end(&mut self, state: &mut State, stop: &mut watch::Receiver<bool>) -> Ending {
        let mut look = waits::until(LOOK);
        loop {
            let (deadline, away_at) = (state.deadline, state.away_at);
            // In this order, so that what the library said before its end is heard before the end.
            tokio::select! {
                biased;
                () = stopped(stop) => return Ending::Closed(CloseReason::Shutdown),
                Some(signal) = self.signals.recv() => {
                    if let Some(ending) = self.hear(signal, state, stop).await {
                        return ending;
                    }
                }
                () = &mut self.run => return Ending::Closed(self.unexplained(state)),
                () = at(deadline) => return overdue(state),
                () = at(away_at) => {
                    state.away_at = None;
                    self.show_away(state);
                }
                () = sleep_until(look) => {
                    look = waits::until(LOOK);
                    if state.connected && !self.client.is_logged_in() {
                        let why = "the server asked to be left alone for a while (429 or 503)";
                        return Ending::Closed(CloseReason::Lost(why.to_owned()));
                    }
                    while state.recoveries.try_join_next().is_some() {}
                    while state.errands.try_join_next().is_some() {}
                }
            }
        }
    }

    /// Takes one signal; returns the end if it is that.
    async fn hear(
        &mut self,
        signal: Signal,
        state: &mut State,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<Ending> {
        let by_code = matches!(self.linking, Linking::PairingCode(_));
        let event = match signal {
            Signal::Tell(event) => {
                if matches!(event, ChannelEvent::Receipt { .. }) {
                    self.receipts.fetch_sub(1, Ordering::AcqRel);
                }
                event
            }
            Signal::Qr { .. } if by_code => {
                // The server has begun to link; now it takes the request for a code to type.
                if !std::mem::replace(&mut state.code_asked, true) {
                    self.ask_for_code(state);
                }
                return None;
            }
            Signal::Qr { code, expires_in } => ChannelEvent::Qr { code, expires_in },
            Signal::PairingCode { code, expires_in } => {
                state.deadline = Some(Instant::now() + expires_in);
                ChannelEvent::PairingCode { code, expires_in }
            }
            Signal::NewPairingCodeWanted => {
                self.ask_for_code(state);
                return None;
            }
            Signal::CodesExhausted { open } => return (!open || !by_code).then_some(Ending::RoundExpired),
            Signal::Linked(account) => {
                state.linked = true;
                state.deadline = Some(Instant::now() + RESTART);
                // Before anybody hears of it: a crash now must not leave the phone with a device that we forgot.
                if let Err(error) = self.client.persistence_manager().flush().await {
                    let why = format!("the linked session could not be written: {}", causes(&error));
                    return Some(Ending::Closed(CloseReason::Lost(why)));
                }
                ChannelEvent::Linked(account)
            }
            Signal::Connected => {
                state.connected = true;
                state.away_at = Some(Instant::now());
                ChannelEvent::Connected(address::own(&self.client))
            }
            Signal::Named => {
                state.away_at = Some(Instant::now() + ONLINE);
                return None;
            }
            Signal::Trouble(why) => {
                state.trouble = Some(why);
                return None;
            }
            Signal::End(reason) => return Some(Ending::Closed(reason)),
            Signal::InboxFailed(why) => {
                return Some(Ending::Closed(CloseReason::Lost(format!("messages could not be kept: {why}"))));
            }
            Signal::Missing { sender, id } => {
                self.ask_again(sender, id, state);
                return None;
            }
            Signal::Recovered(messages) => {
                self.recover(messages, state);
                return None;
            }
            Signal::Unreadable(info, reason) => {
                self.note_unreadable(info, reason, state);
                return None;
            }
            Signal::History(history) => {
                self.learn_chats(history, state);
                return None;
            }
        };
        self.tell(event, stop).await
    }

    /// Tells the worker, however long it takes, unless the connection is to close.
    async fn tell(&self, event: ChannelEvent, stop: &mut watch::Receiver<bool>) -> Option<Ending> {
        tokio::select! {
            biased;
            sent = self.events.send(event) => sent.is_err().then_some(Ending::Closed(CloseReason::Shutdown)),
            () = stopped(stop) => Some(Ending::Closed(CloseReason::Shutdown)),
        }
    }

    fn ask_for_code(&self, state: &mut State) {
        let Linking::PairingCode(number) = &self.linking else { return };
        let options =
            PairCodeOptions { phone_number: number.as_str().to_owned(), ..PairCodeOptions::default() };
        let client = Arc::clone(&self.client);
        // Both outcomes arrive as events.
        state.errands.spawn(async move {
            client.cancel_pair_code().await;
            let _ = client.pair_with_code(options).await;
        });
    }

    /// Asks a sender's device for a message once more, with fresh keys to encrypt it by, unless the inbox has it after
    /// all: a copy that came before may just be on its way there. Where the request does not leave, the message stays
    /// unacknowledged and comes again with the next connection.
    fn ask_again(&self, sender: Jid, id: String, state: &mut State) {
        let (client, inbox) = (Arc::clone(&self.client), Arc::clone(&self.inbox));
        state.errands.spawn(async move {
            sleep(ON_ITS_WAY).await;
            let asked = async {
                let known = address::resolve(&client, &[&sender]).await?;
                if inbox.has(&known, &id).await? {
                    return anyhow::Ok(None);
                }
                let stanza = NodeBuilder::new("message")
                    .attr("id", id.as_str())
                    .attr("from", sender)
                    .attr("t", now_secs_u64())
                    .attr("type", "text")
                    .build();
                let options = RetryRequestOptions::new()
                    .with_reason(RetryReason::InvalidMsgKey)
                    .with_force_include_keys(true);
                Ok(Some(client.request_message_retry(&stanza.as_node_ref(), options).await?))
            };
            match asked.await {
                Ok(None) => {}
                Ok(Some(outcome)) => {
                    tracing::warn!(
                        id,
                        ?outcome,
                        "a message of which only the keys were kept was asked for again"
                    );
                }
                Err(error) => tracing::warn!(id, %error, "a message could not be asked for again"),
            }
        });
    }

    /// A linked device that is online keeps the owner's phone from ringing; the library says online at each login.
    fn show_away(&self, state: &mut State) {
        let client = Arc::clone(&self.client);
        state.errands.spawn(async move {
            let _ = client.presence().set_unavailable().await;
        });
    }

    /// Messages that passed no hook: handed over once, since nobody will bring them again.
    fn recover(&self, messages: Vec<InboundMessage>, state: &mut State) {
        let (inbox, client, patience) = (Arc::clone(&self.inbox), Arc::clone(&self.client), self.patience);
        state.recoveries.spawn(async move {
            if let Err(error) = hand_over(&*inbox, &client, Load::Messages(&messages), patience).await {
                tracing::error!(%error, messages = messages.len(), "messages that the phone gave again are lost");
            }
        });
    }

    /// What stands for a message that cannot be read: handed over once, in time for nobody, since the library has the
    /// message acknowledged by itself. A crash in between forgets it; it is never noted twice.
    fn note_unreadable(&self, info: Arc<MessageInfo>, reason: Unreadable, state: &mut State) {
        let (inbox, client, patience) = (Arc::clone(&self.inbox), Arc::clone(&self.client), self.patience);
        state.recoveries.spawn(async move {
            tracing::warn!(id = info.id, ?reason, "a message could not be read");
            let load = Load::Unreadable(&info, reason);
            if let Err(error) = hand_over(&*inbox, &client, load, patience).await {
                tracing::error!(id = info.id, %error, "a message that could not be read was not noted");
            }
        });
    }

    /// Chats of before the linking: told once, since the library has the phone told that they came. A crash in between
    /// forgets them.
    fn learn_chats(&self, history: LazyHistorySync, state: &mut State) {
        let (inbox, client) = (Arc::clone(&self.inbox), Arc::clone(&self.client));
        state.recoveries.spawn(async move {
            if let Err(error) = history::tell(&*inbox, &client, history).await {
                tracing::error!(error = causes(&*error), "chats that the phone told of are not known");
            }
        });
    }

    /// The reason where the library gave none.
    fn unexplained(&self, state: &mut State) -> CloseReason {
        if state.linked {
            return CloseReason::Restart;
        }
        if let Some(why) = state.trouble.take() {
            return CloseReason::Lost(why);
        }
        CloseReason::Lost(match self.dialler.progress() {
            Progress::Dialling => "WhatsApp did not answer within 20 s".to_owned(),
            Progress::Unreachable(why) => format!("WhatsApp could not be reached: {why}"),
            Progress::Reached if state.connected => "the connection ended without a reason".to_owned(),
            Progress::Reached => {
                "the handshake with the server failed: its certificate is not WhatsApp's, or it spoke \
                                  something else"
                    .to_owned()
            }
        })
    }
}

/// What it means that nothing happened in time.
fn overdue(state: &State) -> Ending {
    if state.linked { Ending::Closed(CloseReason::Restart) } else { Ending::RoundExpired }
}

/// Resolves once the connection is to close; also where its owner has dropped it.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
