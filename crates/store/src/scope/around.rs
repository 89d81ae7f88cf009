//! A chat around one of its messages, and who has written what was sent by hand.

use domain::{LogId, Timestamp, limits::PAGE_MAX_ROWS};

use super::TenantScope;
use crate::{
    Cursor, MessageLog, Page, PageRequest, PortalEvent, StoreError, rows,
    sql::{events, logs},
};

/// A part of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Its messages, the newest first, and where older ones go on.
    pub page: Page<MessageLog>,
    /// Whether newer ones follow.
    pub newer: bool,
}

impl TenantScope {
    /// What was said with one contact around a place, a [`MessageLog::seq`]: so many rows up to it and so many behind it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn chat_around(
        &self,
        contact: &str,
        place: u64,
        up_to: u32,
        behind: u32,
    ) -> Result<Around, StoreError> {
        let before = Some(Cursor::at_place(place.saturating_add(1), LogId::generate()));
        let mut page = self.chat(contact, PageRequest { limit: up_to, before }).await?;
        let mut tx = self.read().await?;
        let args = tx.args().count(place).int(i64::from(behind) + 1).text(contact);
        let found = tx.rows(&logs::CHAT_AFTER, args).await?;
        let found = found.iter().map(rows::log).collect::<Result<Vec<_>, _>>()?;
        let rows = found.len();
        let most = usize::try_from(behind).unwrap_or(usize::MAX);
        let mut later: Vec<_> =
            found.into_iter().take(most).map_while(|(log, fits)| fits.then_some(log)).collect();
        let newer = later.len() < rows;
        later.reverse();
        later.append(&mut page.items);
        page.items = later;
        Ok(Around { page, newer })
    }

    /// Texts that people have sent by hand in a time, each with its sender and WhatsApp's id in its payload; the newest page of
    /// them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn sent_by_hand(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<PortalEvent>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(from).time(until).int(PAGE_MAX_ROWS.into());
        tx.rows(&events::SENT, args).await?.iter().map(rows::event).collect()
    }
}
