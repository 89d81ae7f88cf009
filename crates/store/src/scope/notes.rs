//! What operators note of the tenant for themselves: nothing that serves its own people or its worker may call this.

use domain::RecordId;
use serde_json::{Map, Value, json};

use super::{TENANT, TenantScope};
use crate::{
    NotesChange, StoreError, TenantNotes,
    actor::note,
    db::Tx,
    rows::Reader,
    sql::{lifecycle, notes},
};

impl TenantScope {
    /// What is noted; of version 0 where nothing ever was.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn notes(&self) -> Result<TenantNotes, StoreError> {
        let mut tx = self.read().await?;
        read(&mut tx).await
    }

    /// Changes what is noted, with a line in the audit log that says which part and no word of it. Where nothing changes,
    /// there is no line, and the version stays.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `version` where `seen` is not the version that stands, so that nobody saves over what
    /// somebody else has saved; [`StoreError::NotFound`] where there is no such tenant.
    pub async fn save_notes(
        &self,
        seen: Option<i64>,
        change: NotesChange,
    ) -> Result<TenantNotes, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().time(now);
        tx.row(&lifecycle::LOCK, args).await?.ok_or(TENANT)?;
        let before = read(&mut tx).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            let reason = "somebody else has changed these notes meanwhile".to_owned();
            return Err(StoreError::Conflict { field: "version", reason });
        }
        let tags = change.tags.map(|tags| tags.iter().map(ToString::to_string).collect());
        let mut tags: Vec<String> = tags.unwrap_or_else(|| before.tags.clone());
        tags.sort_unstable();
        let text = change.note.unwrap_or_else(|| before.note.clone());
        let changed = changed(tags != before.tags, text != before.note);
        if changed.is_empty() {
            return Ok(before);
        }
        let args = tx.args().text(&json!(tags).to_string());
        let dropped = tx.execute(&notes::DROP_TAGS, args).await?;
        for tag in tags.iter().filter(|tag| !before.tags.contains(tag)) {
            let args = tx.args().id(RecordId::generate()).text(tag).time(now);
            tx.execute(&notes::ADD_TAG, args).await?;
        }
        let args = tx.args().id(RecordId::generate()).int(before.version + 1).text(&text).time(now);
        tx.execute(&notes::SAVE, args).await?;
        note(&mut tx, self.actor, "TENANT_NOTED", &Value::Object(changed), now).await?;
        let after = read(&mut tx).await?;
        tx.commit().await?;
        // What was never there need not be forgotten.
        if dropped > 0 || !before.note.is_empty() && text != before.note {
            self.store.forget_deleted().await?;
        }
        Ok(after)
    }
}

/// What the audit log says of a change: which part, and no word of it.
pub(crate) fn changed(tags: bool, note: bool) -> Map<String, Value> {
    let parts = [("tags", tags), ("note", note)].into_iter().filter(|(_, other)| *other);
    parts.map(|(part, _)| (part.to_owned(), Value::from("changed"))).collect()
}

async fn read(tx: &mut Tx) -> Result<TenantNotes, StoreError> {
    let args = tx.args();
    let tags = tx.rows(&notes::TAGS, args).await?;
    let tags = tags.iter().map(|row| Reader::new(row).text()).collect::<Result<_, _>>()?;
    let args = tx.args();
    let Some(row) = tx.row(&notes::GET, args).await? else {
        return Ok(TenantNotes { tags, ..TenantNotes::default() });
    };
    let row = &mut Reader::new(&row);
    Ok(TenantNotes { version: row.int()?, note: row.text()?, updated_at: row.opt_time()?, tags })
}
