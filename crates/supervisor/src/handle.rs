//! What may be asked of the supervisor.

use std::{collections::HashSet, sync::Arc, time::Duration};

use domain::{Digits, Limits, TenantId};
use link::message::{Answer, ContactMessage, ContactPart, Question};
use replies::Packs;
use store::Actor;
use tokio::sync::{broadcast, oneshot};

use crate::{
    Change, Error, Glance, Live, PairingCode,
    service::Shared,
    tenant::{Command, Message, Say},
};

/// How long a person's message may take to be taken by WhatsApp.
const SEND_TIME: Duration = Duration::from_secs(30);

/// How long WhatsApp may take to give a code to type.
const PAIRING_CODE_TIME: Duration = Duration::from_secs(20);

/// Parts of one contact that are asked for at most: a worker that lies could go on for ever.
const CONTACT_PARTS_MAX: usize = 500;
/// What is kept of a contact at once, in bytes of its messages; a worker that goes on is not asked for more.
const CONTACT_MAX_BYTES: usize = 16 * 1024 * 1024;

/// The way to the supervisor. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) actor: Actor,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("supervisor::Handle")
    }
}

impl Handle {
    /// The same, with orders written down as given by `actor`; otherwise they are the system's own.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Wants a worker and waits until it is ready. A count of failures is forgotten.
    ///
    /// # Errors
    /// [`Error::AlreadyRunning`]; [`Error::Start`] where the first try failed (others follow where they can help).
    pub async fn start(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Start { by: self.actor, reply }).await
    }

    /// Wants no worker and waits until it has ended: asked to stop, then SIGTERM, then SIGKILL.
    ///
    /// # Errors
    /// [`Error::NotRunning`] where none runs and none is to be started.
    pub async fn stop(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Stop { by: self.actor, reply }).await
    }

    /// Ends the worker in good order and waits until a new generation is ready.
    ///
    /// # Errors
    /// [`Error::NotRunning`] where none runs and none is to be started.
    pub async fn restart(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Restart { by: self.actor, force: false, reply }).await
    }

    /// Ends what is there without asking it, clears the error, and waits until a new generation is ready.
    ///
    /// # Errors
    /// [`Error::Start`] where it did not start.
    pub async fn force_restart(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Restart { by: self.actor, force: true, reply }).await
    }

    /// Has the worker unlink its device, then wants no worker; where none runs, one is started for it. Waits until it has
    /// ended. The number is forgotten only where WhatsApp has confirmed it.
    ///
    /// # Errors
    /// [`Error::UnlinkUnconfirmed`] where the phone may still list the device, [`Error::NothingLinked`] where there is
    /// none, [`Error::Start`] where no worker could be started for it.
    pub async fn unlink(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Unlink { by: self.actor, reply }).await
    }

    /// Ends the worker and removes the tenant's directory, logs and sockets. Call it before deleting the tenant.
    ///
    /// # Errors
    /// [`Error::Files`] where something could not be removed.
    pub async fn purge(&self, tenant: TenantId) -> Result<(), Error> {
        self.ask_task(tenant, |reply| Command::Purge { reply }).await
    }

    /// Tells a worker that somebody looks for a code; to be repeated while somebody goes on looking.
    ///
    /// # Errors
    /// [`Error::NotRunning`] where no worker runs, [`Error::NotLinked`] where it cannot be told now.
    pub fn qr_wanted(&self, tenant: TenantId) -> Result<(), Error> {
        self.tell(tenant, Message::Say(Say::QrWanted { for_ms: 30_000 }))
    }

    /// Has the worker link by a code that is typed on the phone with this number, in place of QR codes, and waits for
    /// that code. While it is good, the same is answered again.
    ///
    /// # Errors
    /// [`Error::NotRunning`] where no worker runs, [`Error::NotLinked`] where it could not be asked in time,
    /// [`Error::NoPairingCode`] with the reason where there is none.
    pub async fn pairing_code(&self, tenant: TenantId, number: Digits) -> Result<PairingCode, Error> {
        let until = tokio::time::Instant::now() + PAIRING_CODE_TIME;
        let question = Question::PairingCode { number: number.clone() };
        let answer = self.ask_when_linked(tenant, question, until).await?;
        let none = |why: &str| Error::NoPairingCode(why.to_owned());
        match tokio::time::timeout_at(until, answer).await {
            // It has been told of before, and was taken in unless the tenant was stopped meanwhile.
            Ok(Ok(Ok(Answer::PairingCode { code, .. }))) => {
                let shown = self.live(tenant).and_then(|live| live.pairing_code);
                shown
                    .filter(|shown| shown.code == code && shown.number == number)
                    .ok_or_else(|| none("the worker was stopped meanwhile; start it and try again"))
            }
            Ok(Ok(Err(why))) => Err(Error::NoPairingCode(why)),
            Ok(Ok(Ok(_)) | Err(_)) => Err(none("the worker went away meanwhile; try again")),
            Err(_) => Err(none("WhatsApp gave none in time; try again")),
        }
    }

    /// Asks as soon as the link is open, which it is a moment after the worker's start.
    async fn ask_when_linked(
        &self,
        tenant: TenantId,
        question: Question,
        until: tokio::time::Instant,
    ) -> Result<oneshot::Receiver<Result<Answer, String>>, Error> {
        let mut changes = self.changes();
        loop {
            let (reply, answer) = oneshot::channel();
            match self.tell(tenant, Message::Ask { request: None, question: question.clone(), reply }) {
                Err(Error::NotLinked) => {}
                told => return told.map(|()| answer),
            }
            if tokio::time::timeout_at(until, changes.recv()).await.is_err() {
                return Err(Error::NotLinked);
            }
        }
    }

    /// Tells a worker its settings anew after they have changed. Where none runs, the next one will be told.
    ///
    /// # Errors
    /// [`Error::Busy`] where the worker is told too much at once.
    pub fn configure(&self, tenant: TenantId) -> Result<(), Error> {
        match self.tell(tenant, Message::Reload) {
            Err(Error::NotRunning | Error::NotLinked) => Ok(()),
            told => told,
        }
    }

    /// Sends a text typed by a person, to a contact who has written before (which is the caller's to check), and
    /// waits for its WhatsApp id. The same `request` twice is one message.
    ///
    /// # Errors
    /// [`Error::NotSent`] with the reason, [`Error::NoAnswer`] where it is not known whether it was sent.
    pub async fn send_text(
        &self,
        tenant: TenantId,
        request: String,
        contact: String,
        text: String,
    ) -> Result<String, Error> {
        match self.ask(tenant, Some(request), Question::SendText { contact, text }).await? {
            Ok(Answer::SendText { wa_message_id }) => Ok(wa_message_id),
            Ok(_) => Err(Error::NoAnswer),
            Err(why) => Err(Error::NotSent(why)),
        }
    }

    /// What the worker's journal holds of a contact, all parts of it; `None` where it has never heard of it.
    ///
    /// # Errors
    /// [`Error::NotRunning`] and [`Error::NotLinked`] where the worker cannot be asked, [`Error::NotDone`] where it
    /// refuses, [`Error::NoAnswer`].
    pub async fn read_contact(&self, tenant: TenantId, contact: &str) -> Result<Option<ContactPart>, Error> {
        let mut whole: Option<ContactPart> = None;
        let mut bytes = 0;
        for _ in 0..CONTACT_PARTS_MAX {
            let skip = whole.as_ref().map_or(0, |whole| whole.messages.len());
            let skip = u64::try_from(skip).unwrap_or(u64::MAX);
            let question = Question::ReadContact { contact: contact.to_owned(), skip };
            let answer = self.ask(tenant, None, question).await?.map_err(Error::NotDone)?;
            let Answer::ReadContact { part } = answer else { return Err(Error::NoAnswer) };
            let Some(mut part) = part else { return Ok(whole) };
            let more = part.more && !part.messages.is_empty();
            bytes += part.messages.iter().map(bytes_of).sum::<usize>();
            if let Some(mut before) = whole.take() {
                before.messages.append(&mut part.messages);
                part = before;
            }
            part.more = more;
            whole = Some(part);
            if !more || bytes >= CONTACT_MAX_BYTES {
                break;
            }
        }
        Ok(whole)
    }

    /// Tells whoever looks at a tenant that something of it has changed in the store.
    pub fn noted(&self, tenant: TenantId) {
        self.shared.changed(tenant, crate::ChangeKind::Status);
    }

    /// Asks a worker something, and waits for its answer: given, or refused in words.
    pub(crate) async fn ask(
        &self,
        tenant: TenantId,
        request: Option<String>,
        question: Question,
    ) -> Result<Result<Answer, String>, Error> {
        let (reply, answer) = oneshot::channel();
        self.tell(tenant, Message::Ask { request, question, reply })?;
        match tokio::time::timeout(SEND_TIME, answer).await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(_)) | Err(_) => Err(Error::NoAnswer),
        }
    }

    /// The packs that this installation has.
    #[must_use]
    pub fn packs(&self) -> Arc<Packs> {
        self.shared.packs()
    }

    /// Takes other packs in place of those there are: workers whose tenants have one that is new, changed or gone are told.
    pub fn exchange_packs(&self, packs: Packs) {
        self.shared.exchange_packs(packs);
    }

    /// How fast bots may act whose tenants have set nothing else.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.shared.options.limits
    }

    /// How a tenant's worker is doing; `None` where none runs and none is being started.
    #[must_use]
    pub fn live(&self, tenant: TenantId) -> Option<Live> {
        self.shared.live(tenant)
    }

    /// Looks through all workers of which one runs or is being started, and takes what `pick` makes of those that matter. It
    /// stands in the way of starts and ends: `pick` only looks.
    pub fn glance<T>(&self, pick: impl FnMut(TenantId, Glance<'_>) -> Option<T>) -> Vec<T> {
        self.shared.glance(pick)
    }

    /// Process ids of the workers that run on this machine under this supervisor.
    #[must_use]
    pub fn workers_here(&self) -> HashSet<u32> {
        self.shared.workers_here()
    }

    /// News of what changes. A reader that falls behind by 1,024 is told so and should look at everything again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.shared.changes.subscribe()
    }

    /// Ends the supervisor, and the workers too unless they are to be left running for the next one to adopt. What
    /// is wanted of them stays as it is.
    pub async fn shutdown(&self, leave_workers_running: bool) {
        self.shared.shutdown(leave_workers_running).await;
    }

    async fn ask_task(
        &self,
        tenant: TenantId,
        command: impl FnOnce(oneshot::Sender<Result<(), Error>>) -> Command,
    ) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        Shared::send(&self.shared, tenant, command(reply))?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }

    fn tell(&self, tenant: TenantId, message: Message) -> Result<(), Error> {
        self.shared.tell(tenant, message)
    }
}

fn bytes_of(message: &ContactMessage) -> usize {
    // What a message weighs without its texts.
    const EMPTY: usize = 100;
    let text = message.text.as_ref().map_or(0, String::len);
    EMPTY + text + message.wa_message_id.len() + message.state.as_ref().map_or(0, String::len)
}
