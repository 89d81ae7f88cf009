//! The audit log and setup requests across the platform.

use domain::{EventId, SetupStatus};

use super::Operator;
use crate::{
    Cursor, EventFilter, NewEvent, Page, PageRequest, PortalEvent, SetupRequest, StoreError, rows,
    sql::{events, setup},
};

impl Operator {
    /// Writes a line into the audit log.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn record_event(&self, event: &NewEvent) -> Result<EventId, StoreError> {
        let id = EventId::generate();
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .opt_id(event.tenant_id)
            .id(id)
            .opt_id(event.user_id)
            .text(&event.actor)
            .text(event.event_type)
            .text(&event.payload.to_string())
            .time(self.store.now());
        tx.execute(&events::INSERT, args).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A page of the audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn list_events(
        &self,
        filter: &EventFilter,
        page: PageRequest,
    ) -> Result<Page<PortalEvent>, StoreError> {
        let (at, id) = page.bounds();
        let mut tx = self.read().await?;
        let args = tx
            .args()
            .opt_id(filter.tenant_id)
            .opt_text(filter.event_type.as_deref())
            .int(at)
            .text(&id)
            .int(page.fetch());
        let items = tx.rows(&events::LIST, args).await?.iter().map(rows::event).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |event: &PortalEvent| Cursor::new(event.created_at, event.id)))
    }

    /// A page of setup requests, newest first; all of them where no status is given.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn list_setup_requests(
        &self,
        status: Option<SetupStatus>,
        page: PageRequest,
    ) -> Result<Page<SetupRequest>, StoreError> {
        let (at, id) = page.bounds();
        let mut tx = self.read().await?;
        let args = tx.args().opt_label(status).int(at).text(&id).int(page.fetch());
        let items = tx.rows(&setup::LIST, args).await?.iter().map(rows::setup).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |request: &SetupRequest| Cursor::new(request.created_at, request.id)))
    }
}
