//! Tenants and their workers across the platform.

use domain::{DesiredState, Digits, Phone, RecordId, SessionState, TenantId, TenantStatus, WorkerStatus};

use serde_json::json;

use super::Operator;
use crate::{
    Cursor, NewTenant, Page, PageRequest, StatusCounts, StoreError, TenantDetail, TenantFilter,
    WorkerProcess,
    actor::note,
    db::Access,
    rows,
    rows::Reader,
    scope::hours_json,
    sql::{tenants, workers},
};

impl Operator {
    /// Creates a tenant with its configuration, session and worker rows in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer; nothing is created then.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantDetail, StoreError> {
        let tenant = TenantId::generate();
        let now = self.store.now();
        let mut tx = self.store.begin(Access { tenant: Some(tenant), write: true }).await?;
        let args = tx
            .args()
            .text(&new.name)
            .opt_text(new.phone.as_ref().map(Phone::as_str))
            .label(TenantStatus::New)
            .text(&new.timezone)
            .text(&new.currency)
            .time(now);
        tx.execute(&tenants::INSERT_TENANT, args).await?;
        let args = tx
            .args()
            .id(RecordId::generate())
            .label(new.template_type)
            .text(&new.business_name)
            .label(new.language)
            .opt_text(hours_json(new.hours.as_ref())?.as_deref())
            .time(now);
        tx.execute(&tenants::INSERT_CONFIG, args).await?;
        let args = tx.args().id(RecordId::generate()).label(SessionState::Disconnected).time(now);
        tx.execute(&tenants::INSERT_SESSION, args).await?;
        let args = tx
            .args()
            .id(RecordId::generate())
            .text(&process_name(tenant))
            .label(WorkerStatus::Stopped)
            .label(DesiredState::Stopped)
            .time(now);
        tx.execute(&tenants::INSERT_WORKER, args).await?;
        let args = tx.args();
        let row = tx.row(&tenants::GET, args).await?.ok_or(StoreError::NotFound("tenant"))?;
        let detail = rows::detail(&row)?;
        let payload = json!({ "template_type": new.template_type, "language": new.language });
        note(&mut tx, self.actor, "TENANT_CREATED", &payload, now).await?;
        tx.commit().await?;
        Ok(detail)
    }

    /// A page of tenants, newest first, each with its one-to-one rows.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn list_tenants(
        &self,
        filter: &TenantFilter,
        page: PageRequest,
    ) -> Result<Page<TenantDetail>, StoreError> {
        let (at, id) = page.bounds();
        let pattern = filter.search.as_deref().map(pattern);
        let mut tx = self.read().await?;
        let args = tx
            .args()
            .opt_label(filter.status)
            .opt_text(pattern.as_deref())
            .int(at)
            .text(&id)
            .int(page.fetch());
        let items =
            tx.rows(&tenants::LIST, args).await?.iter().map(rows::detail).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |detail: &TenantDetail| Cursor::new(detail.tenant.created_at, detail.tenant.id)))
    }

    /// How many tenants stand in each status.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn count_by_status(&self) -> Result<StatusCounts, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let counts = tx.rows(&tenants::COUNT_BY_STATUS, args).await?;
        counts
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.label()?, row.count()?))
            })
            .collect()
    }

    /// All worker rows, for reconciling.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn workers(&self) -> Result<Vec<WorkerProcess>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&workers::LIST, args).await?.iter().map(|row| rows::worker(&mut Reader::new(row))).collect()
    }

    /// Which tenant has linked this number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn tenant_by_linked_number(&self, number: &Digits) -> Result<Option<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(number.as_str());
        tx.row(&tenants::BY_LINKED_NUMBER, args).await?.map(|row| Reader::new(&row).id()).transpose()
    }

    /// Which tenant has linked the account with this LID.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn tenant_by_linked_lid(&self, lid: &str) -> Result<Option<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(lid);
        tx.row(&tenants::BY_LINKED_LID, args).await?.map(|row| Reader::new(&row).id()).transpose()
    }
}

/// From the id alone, never from what a person typed.
fn process_name(tenant: TenantId) -> String {
    format!("flowhq-worker-{tenant}")
}

/// A search text as a pattern for `LIKE … ESCAPE '!'`, in lower case as far as both engines lower it.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.trim().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}
