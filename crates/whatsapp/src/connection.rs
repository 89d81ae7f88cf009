//! One connection: what the worker asks of it.

use std::{future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use tokio_util::task::TaskTracker;
use whatsapp_rust::{
    Client, ClientError, IqError, SendOptions, SignalMaintenanceError,
    send::SendError as LibraryError,
    wacore::{iq::devices::RemoveCompanionDeviceSpec, store::error::StoreError},
};
use worker::channel::{Address, CloseReason, Connection, Quote, SendError};

use crate::{
    address,
    backend::Sent,
    content::text_message,
    keeping::Keeping,
    session::Session,
    signals::Signal,
    text::{causes, mask},
};

/// How long one send may take. After a logout the library itself would wait for 60 s.
const SENDING: Duration = Duration::from_secs(20);

/// How long what does not matter may take: "typing…", read marks.
const COURTESY: Duration = Duration::from_secs(5);

/// What the connection's task hears from the connection and tells it.
pub(crate) struct Control {
    /// Whether the connection is to be closed.
    pub(crate) stop: watch::Receiver<bool>,
    /// Whether it ended because the device is no longer linked.
    pub(crate) unlinked: watch::Sender<bool>,
}

/// One connection.
pub(crate) struct WhatsAppConnection {
    client: Arc<Client>,
    session: Arc<Session>,
    signals: mpsc::UnboundedSender<Signal>,
    stop: watch::Sender<bool>,
    unlinked: watch::Receiver<bool>,
    sent: Sent,
    keeping: Keeping,
    /// The connection's one task, which ends by itself once `stop` says so.
    task: TaskTracker,
}

impl WhatsAppConnection {
    pub(crate) fn new(
        client: Arc<Client>,
        session: Arc<Session>,
        signals: mpsc::UnboundedSender<Signal>,
        sent: Sent,
    ) -> (Self, Control) {
        let (stop, stopped) = watch::channel(false);
        let (unlinked, seen_unlinked) = watch::channel(false);
        let control = Control { stop: stopped, unlinked };
        let task = TaskTracker::new();
        (
            Self {
                client,
                session,
                signals,
                stop,
                unlinked: seen_unlinked,
                sent,
                keeping: Keeping::default(),
                task,
            },
            control,
        )
    }

    /// Begins the connection's task.
    pub(crate) fn run(&self, driving: impl Future<Output = ()> + Send + 'static) {
        self.task.spawn(driving);
        self.task.close();
    }

    fn ready(&self) -> Result<(), SendError> {
        if self.client.is_connected() && self.client.is_logged_in() {
            Ok(())
        } else {
            Err(SendError::NotConnected)
        }
    }

    /// Has the keys kept that messages have brought, where that is not done yet.
    async fn keep(&self) -> Result<(), SendError> {
        let kept = self.keeping.keep(self.client.flush_pending_signal_state()).await;
        kept.map_err(|error| SendError::NotKept(format!("the keys could not be kept: {}", causes(&error))))
    }

    /// Does what may fail without consequence.
    async fn courtesy<E>(&self, work: impl Future<Output = Result<(), E>> + Send) {
        if self.ready().is_ok() {
            let _ = timeout(COURTESY, work).await;
        }
    }
}

#[async_trait]
impl Connection for WhatsAppConnection {
    async fn send_text(
        &self,
        id: &str,
        to: &Address,
        text: &str,
        quote: Option<&Quote>,
    ) -> Result<(), SendError> {
        let to = address::to_jid(to)
            .ok_or_else(|| SendError::Refused("the recipient has no address".to_owned()))?;
        self.ready()?;
        let message = text_message(text, quote.map(|quote| (quote, &to)));
        let options = SendOptions::default().with_message_id(id);
        let _busy = self.keeping.busy();
        let sending = Box::pin(async {
            // A customer's message has brought new keys for the answer. The library writes them 25 ms later, and sends
            // without waiting for that: a process that ended in between would have sent under keys that nobody has any
            // more, and neither side could read the other until they have agreed on new ones.
            self.keep().await?;
            crash::point("session_settled");
            let sent = self.client.send_message_with_options(to, message, options).await;
            // A phone that cannot read it asks for it again, and whoever has sent it will soon take it for done.
            self.sent.settle(id).await;
            sent.map_err(|error| explain(&error))
        });
        match timeout(SENDING, sending).await {
            Ok(sent) => sent.map(drop),
            Err(_) => Err(SendError::TimedOut),
        }
    }

    async fn prepare(&self) {
        let (_busy, others) = self.keeping.busy();
        // Among many, each waits for the others' syncs anyway: one more is no gain.
        if !others {
            // Whoever sends tries again, and says why not.
            let _ = timeout(COURTESY, self.keep()).await;
        }
    }

    async fn typing(&self, to: &Address, on: bool) {
        let Some(to) = address::to_jid(to) else { return };
        let chatstate = self.client.chatstate();
        if on {
            self.courtesy(chatstate.send_composing(&to)).await;
        } else {
            self.courtesy(chatstate.send_paused(&to)).await;
        }
    }

    async fn mark_read(&self, from: &Address, ids: &[String]) {
        let Some(from) = address::to_jid(from) else { return };
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.courtesy(self.client.mark_as_read(&from, None, &ids)).await;
    }

    async fn log_out(&self) -> Result<(), SendError> {
        self.ready()?;
        let own = self.client.pn().ok_or_else(|| SendError::Refused("no device is linked".to_owned()))?;
        let asked = timeout(SENDING, self.client.execute(RemoveCompanionDeviceSpec::new(&own))).await;
        let refused = match asked {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(explain_request(&error)),
            Err(_) => Some(SendError::TimedOut),
        };
        // The server may end the connection of a device that is gone before it answers.
        if let Some(refused) = refused {
            let mut unlinked = self.unlinked.clone();
            if !matches!(timeout(COURTESY, unlinked.wait_for(|unlinked| *unlinked)).await, Ok(Ok(_))) {
                return Err(refused);
            }
        }
        self.session.end();
        let _ = self.signals.send(Signal::End(CloseReason::LoggedOut));
        Ok(())
    }

    async fn shutdown(&self) {
        let _ = self.stop.send(true);
        // Nothing is ever sent here: the end of the task closes the channel.
        self.task.wait().await;
    }
}

/// What went wrong with a send, for whoever decides whether to try again.
fn explain(error: &LibraryError) -> SendError {
    match error {
        LibraryError::NotLoggedIn => SendError::NotConnected,
        LibraryError::Client(error) => explain_client(error),
        LibraryError::Iq(error) => explain_request(error),
        LibraryError::InvalidRequest(why) => SendError::Refused(mask(why).into_owned()),
        LibraryError::Internal(error) if error.chain().any(is_of_the_storage) => {
            SendError::NotKept(mask(&error.to_string()).into_owned())
        }
        other => SendError::Failed(mask(&other.to_string()).into_owned()),
    }
}

/// Whether it is the session's own storage that failed.
fn is_of_the_storage(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<StoreError>() || matches!(cause.downcast_ref(), Some(SignalMaintenanceError::Storage(_)))
}

fn explain_client(error: &ClientError) -> SendError {
    match error {
        ClientError::NotConnected
        | ClientError::NotLoggedIn
        | ClientError::Socket(_)
        | ClientError::EncryptSend(_) => SendError::NotConnected,
        ClientError::Iq(error) => explain_request(error),
        other => SendError::Failed(mask(&other.to_string()).into_owned()),
    }
}

fn explain_request(error: &IqError) -> SendError {
    match error {
        IqError::NotConnected
        | IqError::Socket(_)
        | IqError::EncryptSend(_)
        | IqError::Disconnected(_)
        | IqError::InternalChannelClosed => SendError::NotConnected,
        IqError::Timeout => SendError::TimedOut,
        IqError::ServerError { code, text, .. } => {
            SendError::Failed(format!("the server answered {code} {}", mask(text)).trim_end().to_owned())
        }
        other => SendError::Failed(mask(&other.to_string()).into_owned()),
    }
}
