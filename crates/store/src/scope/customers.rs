//! The tenant's customers: who has written, and what is noted of them.

use domain::{RecordId, Timestamp};
use serde_json::json;
use sqlx::any::AnyRow;

use super::TenantScope;
use crate::{
    Cursor, Customer, CustomerChange, CustomerFilter, Page, PageRequest, StoreError, actor::note, db::Args,
    page::pattern, rows::Reader, sql::customers,
};

impl TenantScope {
    /// A page of the customers that a filter lets through, whoever was last in touch first.
    ///
    /// # Errors
    /// As [`TenantScope::search_logs`] where it searches.
    pub async fn customers(
        &self,
        filter: &CustomerFilter,
        page: PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let args = Args::within(Some(self.tenant))
            .int(page.place())
            .int(page.fetch())
            .opt_label(filter.state)
            .opt_text(text.map(pattern).as_deref())
            .flag(filter.in_texts);
        // All contacts are looked at, so that it may take long whether it searches or not.
        let found = self.store.seek(Some(self.tenant), &customers::PAGE, args).await?;
        let items = found.iter().map(customer).collect::<Result<_, _>>()?;
        Ok(page.cut(items, |one: &Customer| Cursor::at_place(one.seq, one.last_id)))
    }

    /// One customer, where this contact has a line in the log.
    pub async fn customer(&self, contact: &str) -> Result<Option<Customer>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(contact);
        tx.row(&customers::GET, args).await?.map(|row| customer(&row)).transpose()
    }

    /// Notes something of a customer, with a line in the audit log that says which parts and nothing of what they hold.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where this contact has no line in the log.
    pub async fn note_customer(
        &self,
        contact: &str,
        change: &CustomerChange,
    ) -> Result<Customer, StoreError> {
        let now = self.store.now();
        let missing = || StoreError::NotFound("customer");
        let mut tx = self.write().await?;
        let args = tx.args().text(contact);
        let before = customer(&tx.row(&customers::GET, args).await?.ok_or_else(missing)?)?;
        let name = change.name.clone().unwrap_or_else(|| before.noted_name.clone());
        let state = change.state.unwrap_or(before.state_set);
        let said = change.note.clone().unwrap_or_else(|| before.note.clone());
        let changed = [
            ("name", name != before.noted_name),
            ("state", state != before.state_set),
            ("note", said != before.note),
        ];
        let changed: Vec<&str> =
            changed.iter().filter(|(_, other)| *other).map(|(field, _)| *field).collect();
        if changed.is_empty() {
            return Ok(before);
        }
        let args = tx
            .args()
            .id(RecordId::generate())
            .text(contact)
            .opt_text(name.as_deref())
            .opt_label(state)
            .opt_text(said.as_deref())
            .time(now);
        tx.execute(&customers::PUT, args).await?;
        note(&mut tx, self.actor, "CUSTOMER_NOTED", &json!({ "changed": changed }), now).await?;
        let args = tx.args().text(contact);
        let after = customer(&tx.row(&customers::GET, args).await?.ok_or_else(missing)?)?;
        tx.commit().await?;
        if name.is_none() || said.is_none() {
            self.store.forget_deleted().await?;
        }
        Ok(after)
    }

    /// Deletes up to `rows` of what was last noted before `before` of customers of whom nothing else is left, and tells how
    /// many. Call it again until it says 0.
    pub async fn prune_customers(&self, before: Timestamp, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(before).int(i64::from(rows));
        let deleted = tx.execute(&customers::PRUNE, args).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}

fn customer(row: &AnyRow) -> Result<Customer, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Customer {
        contact: row.text()?,
        seq: row.count()?,
        last_id: row.id()?,
        direction: row.label()?,
        last: row.text()?,
        at: row.time()?,
        opted_out: row.int()? == 1,
        noted_name: row.opt_text()?,
        state_set: row.opt_label()?,
        note: row.opt_text()?,
        open_records: row.count()?,
        records: row.count()?,
        last_record: row.opt_json()?,
        state: row.label()?,
    })
}
