//! Hands inbound messages to the worker before WhatsApp hears that they arrived.
//!
//! Never sends anything from here: the library holds the sender's keys while the hook runs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout_at},
};
use whatsapp_rust::{
    Client, InboundDurabilityHook,
    anyhow::{self, anyhow},
    types::{events::InboundMessage, message::MessageInfo},
};
use worker::channel::{Inbound, Inbox, Unreadable};

use crate::{
    inbound::{convert, is_between_devices, unreadable},
    signals::Signal,
};

/// The pause before the first further try; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The hook of one connection.
pub(crate) struct Hook {
    inbox: Arc<dyn Inbox>,
    signals: mpsc::UnboundedSender<Signal>,
    patience: Duration,
    /// Set after a failure: nothing more is taken then, since what came later must not overtake what failed.
    given_up: AtomicBool,
}

impl Hook {
    /// For `patience` see [`crate::Options::inbox_patience`].
    pub(crate) fn new(
        inbox: Arc<dyn Inbox>,
        signals: mpsc::UnboundedSender<Signal>,
        patience: Duration,
    ) -> Self {
        Self { inbox, signals, patience, given_up: AtomicBool::new(false) }
    }
}

#[async_trait]
impl InboundDurabilityHook for Hook {
    /// Returns `Ok` only once the inbox has the whole batch. Where it cannot, the connection is given up: the
    /// library would otherwise go on without the message until the next connection brings it again.
    async fn on_messages(&self, client: Arc<Client>, batch: &[InboundMessage]) -> anyhow::Result<()> {
        if self.given_up.load(Ordering::Acquire) {
            return Err(anyhow!("the connection takes no more messages"));
        }
        let taken = hand_over(&*self.inbox, &client, Load::Messages(batch), self.patience).await;
        taken.inspect_err(|error| {
            self.given_up.store(true, Ordering::Release);
            let _ = self.signals.send(Signal::InboxFailed(error.to_string()));
        })
    }
}

/// What is handed over.
#[derive(Clone, Copy)]
pub(crate) enum Load<'a> {
    /// Messages of the library's.
    Messages(&'a [InboundMessage]),
    /// What stands for a message that cannot be read.
    Unreadable(&'a MessageInfo, Unreadable),
}

/// Tries to hand a batch to the inbox until it takes it or patience ends.
///
/// # Errors
/// The last reason.
pub(crate) async fn hand_over(
    inbox: &dyn Inbox,
    client: &Client,
    load: Load<'_>,
    patience: Duration,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let tried = timeout_at(deadline, accept(inbox, client, load)).await;
        let error = match tried {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error,
            Err(_) => anyhow!("the inbox took longer than {} s", patience.as_secs()),
        };
        if Instant::now() + pause >= deadline {
            return Err(error);
        }
        tracing::warn!(%error, "the inbox did not take messages; trying again");
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn accept(inbox: &dyn Inbox, client: &Client, load: Load<'_>) -> anyhow::Result<()> {
    let mut converted: Vec<Inbound> = Vec::new();
    match load {
        Load::Messages(batch) => {
            for message in batch.iter().filter(|message| !is_between_devices(message)) {
                converted.push(convert(client, message).await?);
            }
        }
        Load::Unreadable(info, reason) => converted.extend(unreadable(client, info, reason).await?),
    }
    if converted.is_empty() {
        return Ok(());
    }
    Ok(inbox.accept(converted).await?)
}
