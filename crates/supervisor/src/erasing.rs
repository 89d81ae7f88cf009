//! Forgetting a contact, in the worker's journal and in the log. What is ordered stands in the database until the
//! journal has confirmed: each step may be done again, so that a stop at any point repeats it and loses nothing.

use std::{sync::Arc, time::Duration};

use domain::TenantId;
use link::message::{Answer, Question};
use serde_json::json;
use store::{Actor, Erasure, StoreError, TenantScope};

use crate::{
    Error, Handle,
    service::Shared,
    tenant::{Message, Say},
};

/// Rows of the log that are erased at once.
const BATCH: u32 = 500;
/// The pause after the first refusal of a worker that is about to connect; doubled from then on.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Messages in the worker's journal.
    pub journal_messages: u64,
    /// Rows of the log.
    pub log_rows: u64,
    /// Bookings, orders and tickets that were closed; open ones go once they are.
    pub records: u64,
}

/// Erases all rows of a tenant's log under these names; how many there were.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub async fn erase_rows(scope: &TenantScope, names: &[String]) -> Result<u64, StoreError> {
    let mut rows = 0;
    for name in names {
        loop {
            let erased = scope.erase_contact(name, BATCH).await?;
            rows += erased;
            if erased < u64::from(BATCH) {
                break;
            }
        }
    }
    Ok(rows)
}

/// Erases all closed records of a tenant under these names; how many there were. Open ones go once they are closed.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub async fn erase_records(scope: &TenantScope, names: &[String]) -> Result<u64, StoreError> {
    let mut records = 0;
    for name in names {
        loop {
            let erased = scope.erase_records(name, BATCH).await?;
            records += erased;
            if erased < u64::from(BATCH) {
                break;
            }
        }
    }
    Ok(records)
}

impl Handle {
    /// Carries out what was ordered by [`TenantScope::order_erasure`], and writes down that it is done.
    ///
    /// # Errors
    /// [`Error::NotRunning`], [`Error::NotLinked`] and [`Error::NoAnswer`] where the worker cannot be asked now: the next
    /// one that can is. [`Error::NotDone`] with the reason where it refuses.
    pub async fn erase(&self, tenant: TenantId, mut erasure: Erasure) -> Result<Erased, Error> {
        let scope = self.shared.store.tenant(tenant);
        crash::point("erase_ordered");
        // The first part has the names already.
        let question = Question::ReadContact { contact: erasure.contact.clone(), skip: 0 };
        let answer = self.ask(tenant, None, question).await?.map_err(Error::NotDone)?;
        let Answer::ReadContact { part } = answer else { return Err(Error::NoAnswer) };
        if let Some(part) = part.filter(|part| part.number.is_some() || part.lid.is_some()) {
            // The journal forgets the names with the contact; what is still to be erased under them must be found again.
            scope.name_erasure(erasure.id, part.number.as_deref(), part.lid.as_deref()).await?;
            erasure.number = part.number.or(erasure.number);
            erasure.lid = part.lid.or(erasure.lid);
        }
        crash::point("erase_named");
        let names = erasure.names();
        let mut log_rows = erase_rows(&scope, &names).await?;
        crash::point("erase_asked");
        let question = Question::EraseContact { contact: erasure.contact.clone() };
        let answer = self.ask(tenant, None, question).await?.map_err(Error::NotDone)?;
        let Answer::EraseContact { messages: journal_messages } = answer else {
            return Err(Error::NoAnswer);
        };
        crash::point("erase_heard");
        // What the journal had not handed over when the log was emptied.
        log_rows += erase_rows(&scope, &names).await?;
        let records = erase_records(&scope, &names).await?;
        // Whom it was must not be kept.
        let payload =
            json!({ "journal_messages": journal_messages, "log_rows": log_rows, "records": records });
        scope.finish_erasure(&erasure, &payload).await?;
        crash::point("erase_finished");
        Ok(Erased { journal_messages, log_rows, records })
    }
}

/// Carries out all that waits for a worker whose link has just been opened, then lets it connect to WhatsApp. Ends with
/// the link; the next one begins anew.
pub(crate) async fn before_connecting(shared: Arc<Shared>, scope: TenantScope) {
    let tenant = scope.id();
    let handle = Handle { shared: Arc::clone(&shared), actor: Actor::System };
    let mut pause = FIRST_PAUSE;
    loop {
        match carry_out(&handle, &scope).await {
            Ok(()) => break,
            Err(error) => {
                // It is not let near WhatsApp before: a message that comes meanwhile would make the contact anew.
                tracing::warn!(%tenant, %error, "a contact could not be forgotten yet; trying again before the bot connects");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    while let Err(Error::Busy) = shared.tell(tenant, Message::Say(Say::Connect)) {
        tokio::time::sleep(FIRST_PAUSE).await;
    }
}

async fn carry_out(handle: &Handle, scope: &TenantScope) -> Result<(), Error> {
    loop {
        let waiting = handle.shared.stored(|| async { scope.erasures().await }).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        for erasure in waiting {
            handle.erase(scope.id(), erasure).await?;
        }
    }
}
