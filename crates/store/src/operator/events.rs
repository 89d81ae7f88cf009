//! The audit log and setup requests across the platform.

use domain::{EventId, SetupRequestId, SetupStatus, Timestamp};

use super::Operator;
use crate::{
    Cursor, EventFilter, NewEvent, Page, PageRequest, PortalEvent, SetupListed, SetupRequest, StoreError,
    db::{Args, Tx},
    rows,
    sql::{events, setup},
};

impl Operator {
    /// Writes a line into the audit log.
    pub async fn record_event(&self, event: &NewEvent) -> Result<EventId, StoreError> {
        let mut tx = self.write().await?;
        let id = insert(&mut tx, event, self.store.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A page of the audit log, newest first.
    pub async fn list_events(
        &self,
        filter: &EventFilter,
        page: PageRequest,
    ) -> Result<Page<PortalEvent>, StoreError> {
        let (at, id) = page.bounds();
        let args = Args::default()
            .opt_id(filter.tenant_id)
            .opt_text(filter.event_type.as_deref())
            .int(at)
            .text(&id)
            .int(page.fetch())
            .opt_text(filter.actor.as_deref())
            .opt_time(filter.since)
            .opt_time(filter.until)
            .opt_label(filter.kind);
        let found = if *filter == EventFilter::default() {
            self.read().await?.rows(&events::LIST, args).await?
        } else {
            // All lines may have to be looked at for those that are asked for.
            self.store.seek(None, &events::LIST, args).await?
        };
        let items = found.iter().map(rows::event).collect::<Result<_, _>>()?;
        Ok(page.cut_within(items, PortalEvent::bytes, |event| Cursor::new(event.created_at, event.id)))
    }

    /// A page of setup requests, newest first; all of them where no status is given.
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

    /// The same with the names that go with each.
    pub async fn list_setup_requests_named(
        &self,
        status: Option<SetupStatus>,
        page: PageRequest,
    ) -> Result<Page<SetupListed>, StoreError> {
        let (at, id) = page.bounds();
        let mut tx = self.read().await?;
        let args = tx.args().opt_label(status).int(at).text(&id).int(page.fetch());
        let found = tx.rows(&setup::LIST_NAMED, args).await?;
        let items = found.iter().map(rows::setup_listed).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |one: &SetupListed| Cursor::new(one.request.created_at, one.request.id)))
    }

    /// One setup request of whatever tenant.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of that id.
    pub async fn find_setup_request(&self, id: SetupRequestId) -> Result<SetupListed, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(id);
        let row = tx.row(&setup::FIND, args).await?.ok_or(StoreError::NotFound("setup request"))?;
        rows::setup_listed(&row)
    }

    /// How many setup requests wait for an operator.
    pub async fn count_waiting_requests(&self) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        Ok(u64::try_from(tx.number(&setup::COUNT_WAITING, args).await?).unwrap_or_default())
    }
}

/// Writes a line within a transaction.
pub(crate) async fn insert(tx: &mut Tx, event: &NewEvent, now: Timestamp) -> Result<EventId, StoreError> {
    let id = EventId::generate();
    let args = tx
        .args()
        .opt_id(event.tenant_id)
        .id(id)
        .opt_id(event.user_id)
        .text(&event.actor)
        .text(event.event_type)
        .text(&event.payload.to_string())
        .time(now);
    tx.execute(&events::INSERT, args).await?;
    Ok(id)
}
