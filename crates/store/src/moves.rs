//! One tenant's rows on their way to another installation. Its SQL is made from the list of tables, whose names are constants,
//! and of the names of columns, which are looked at first; values are bound.
//!
//! Not carried is what lets somebody in: browsers that are signed in, links, push subscriptions, kept answers. People come with
//! their name and address, without passwords; who has the same address there is the same person.

use std::collections::HashMap;

use domain::{DesiredState, TenantId, Timestamp, UserId};
use serde_json::{Map, Value, json};

use crate::{
    NewEvent, Operator, StoreError,
    copy::{Cell, Row, batch_of, insert_in, key_of, key_within},
    db::{TABLES, Table, Tx},
    error::is_unique_violation,
    operator::insert_event,
    rows::Reader,
    sql::{members, moves, settings},
};

/// The tables whose rows are carried, in the order of their references, with the people between.
const CARRIED: &[&str] = &[
    "tenants",
    "tenant_configs",
    "whatsapp_sessions",
    "worker_processes",
    "message_logs",
    "journals",
    "heartbeat_strips",
    "standings",
    "contact_erasures",
    "business_profiles",
    "records",
    PEOPLE,
    "memberships",
    "setup_requests",
    "customers",
    "notification_choices",
    "tenant_notes",
    "tenant_tags",
    "portal_event_logs",
];
/// Those that stay.
#[cfg(test)]
const LEFT: &[&str] =
    &["places", "portal_sessions", "portal_links", "push_subscriptions", "idempotency_keys"];
/// The people who belong to the tenant.
const PEOPLE: &str = "users";
/// Rows that are read at once.
const BATCH: usize = 500;
/// How the name of a move key begins among the settings.
const MOVE_KEY: &str = "move.key.";
/// How what is kept of a move key that was used begins; the tenant that came with it follows.
const USED: &str = "used by ";

/// One row on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct CarriedRow {
    /// Of which table.
    pub table: String,
    /// Its values by their columns: texts and whole numbers.
    pub values: Map<String, Value>,
}

impl Operator {
    /// Reads all rows that a tenant takes along, as one transaction sees them, and hands each to `take`. It has to be fenced.
    ///
    /// # Errors
    /// What `take` answers; [`StoreError::NotFound`] where there is no such tenant.
    pub async fn rows_to_move(
        &self,
        tenant: TenantId,
        mut take: impl FnMut(CarriedRow) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        let mut tx = self.store.db().begin_snapshot().await?;
        let mut found = false;
        for table in carried() {
            let (whose, mut after) = (whose(table), None);
            loop {
                let batch = batch_of(&mut tx, table, &whose, tenant, after.as_deref(), BATCH).await?;
                let Some(last) = batch.last() else { break };
                after = Some(key_of(&key_within(table), last));
                for row in batch {
                    found = true;
                    take(CarriedRow { table: table.name.to_owned(), values: values(row) })?;
                }
            }
        }
        if found { Ok(()) } else { Err(StoreError::NotFound("tenant")) }
    }

    /// Keeps a move key, which one tenant may come with: its id, and what is sealed of it.
    pub async fn keep_move_key(&self, id: &str, sealed: &str) -> Result<(), StoreError> {
        self.set_setting(&setting_of(id), sealed).await
    }

    /// What was kept of a move key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was used, or was never given here.
    pub async fn move_key(&self, id: &str) -> Result<String, StoreError> {
        let reason = match self.setting(&setting_of(id)).await? {
            Some(kept) if !kept.starts_with(USED) => return Ok(kept),
            Some(_) => "a tenant has come with this move key already",
            None => "this installation has made no such move key",
        };
        Err(StoreError::Conflict { field: "key", reason: reason.to_owned() })
    }

    /// The tenant that has come with a move key and is here.
    pub async fn arrived_with(&self, id: &str) -> Result<Option<TenantId>, StoreError> {
        let kept = self.setting(&setting_of(id)).await?;
        let tenant = kept.as_deref().and_then(|kept| kept.strip_prefix(USED)?.parse().ok());
        match tenant {
            Some(tenant) if self.is_tenant(tenant).await? => Ok(Some(tenant)),
            _ => Ok(None),
        }
    }

    /// Forgets all move keys that were made and not used: after a backup was put back, nobody knows which of them were.
    pub async fn void_move_keys(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args();
        tx.execute(&moves::VOID, args).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets those that were made before then and not used.
    pub async fn void_old_move_keys(&self, before: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(before);
        tx.execute(&moves::VOID_OLD, args).await?;
        Ok(tx.commit().await?)
    }

    /// Whether there is a tenant of this id.
    pub async fn is_tenant(&self, tenant: TenantId) -> Result<bool, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&tenant.to_string());
        Ok(tx.number(&moves::IS, args).await? > 0)
    }

    /// Writes all rows of a tenant that comes with a move key, uses the move key up, and says what is wanted of its worker: all at
    /// once, or nothing of it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the move key was used, or there is something here that the tenant contradicts: its id, its
    /// number, its account; [`StoreError::Invalid`] where a row is another tenant's, or of no known table.
    pub async fn move_in(
        &self,
        move_key: &str,
        tenant: TenantId,
        rows: impl Iterator<Item = Result<CarriedRow, StoreError>> + Send,
    ) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let key = setting_of(move_key);
        let args = tx.args().text(&key);
        let kept = tx.row(&settings::GET, args).await?.map(|row| Reader::new(&row).text()).transpose()?;
        let used = || StoreError::Conflict {
            field: "key",
            reason: "a tenant has come with this move key already".to_owned(),
        };
        let kept = kept.filter(|kept| !kept.starts_with(USED)).ok_or_else(used)?;
        let args = tx.args().text(&key).text(&format!("{USED}{tenant}")).time(now).text(&kept);
        if tx.execute(&moves::KEY_USED, args).await? == 0 {
            return Err(used());
        }
        let (mut people, mut wanted) = (HashMap::new(), false);
        for row in rows {
            let mut row = row?;
            let table = carried().find(|table| table.name == row.table);
            let table = table.ok_or_else(|| strange("table", "a table that this version does not know"))?;
            if table.name == PEOPLE {
                person(&mut tx, table, row.values, &mut people).await?;
                continue;
            }
            if row.values.get(column_of(table)).and_then(Value::as_str) != Some(&tenant.to_string()) {
                return Err(strange("tenant_id", "a row of another tenant"));
            }
            if table.name == "tenants" {
                wanted = row.values.get("moved_run").and_then(Value::as_i64) == Some(1);
            }
            if let Some(Value::String(user)) = row.values.get_mut("user_id")
                && let Some(here) = people.get(user)
            {
                user.clone_from(here);
            }
            insert(&mut tx, table, row.values).await?;
        }
        let args = tx.args().text(&tenant.to_string()).time(now);
        if tx.execute(&moves::ARRIVED, args).await? == 0 {
            return Err(strange("tenants", "no tenant"));
        }
        let desired = if wanted { DesiredState::Run } else { DesiredState::Stopped };
        let args = tx.args().text(&tenant.to_string()).label(desired).time(now);
        tx.execute(&moves::WANTED, args).await?;
        let event = NewEvent {
            tenant_id: Some(tenant),
            user_id: self.actor().user(),
            actor: self.actor().to_string(),
            event_type: "TENANT_MOVED_IN",
            payload: json!({ "move_key": move_key }),
        };
        insert_event(&mut tx, &event, now).await?;
        Ok(tx.commit().await?)
    }
}

/// The name of the setting in which a move key is kept, for which it is sealed.
#[must_use]
pub fn setting_of(id: &str) -> String {
    format!("{MOVE_KEY}{id}")
}

/// Which rows of a table are the tenant `$1`'s.
pub(crate) fn whose(table: &Table) -> String {
    if table.name == PEOPLE {
        "id IN (SELECT user_id FROM memberships WHERE tenant_id = $1)".to_owned()
    } else {
        format!("{} = $1", column_of(table))
    }
}

pub(crate) fn carried() -> impl Iterator<Item = &'static Table> {
    CARRIED.iter().filter_map(|name| TABLES.iter().find(|table| table.name == *name))
}

/// The column that says whose a row is.
fn column_of(table: &Table) -> &'static str {
    if table.name == "tenants" { "id" } else { "tenant_id" }
}

/// What is null is left out: it is null there too, and nothing would say of which type.
fn values(row: Row) -> Map<String, Value> {
    let value = |cell| match cell {
        Cell::Text(text) => text.map(Value::String),
        Cell::Int(number) => number.map(Value::from),
    };
    row.into_iter().filter_map(|(name, cell)| Some((name, value(cell)?))).collect()
}

/// Somebody who belongs to the tenant: whoever has the same address here, or else one more, under another id where somebody else
/// has that one here. `people` learns who it is here.
async fn person(
    tx: &mut Tx,
    table: &Table,
    mut values: Map<String, Value>,
    people: &mut HashMap<String, String>,
) -> Result<(), StoreError> {
    let text = |name: &str| values.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(id), Some(email)) = (text("id"), text("email")) else {
        return Err(strange("users", "a person without an address"));
    };
    let args = tx.args().text(&email.trim().to_lowercase());
    if let Some(row) = tx.row(&members::USER_BY_EMAIL, args).await? {
        people.insert(id, Reader::new(&row).text()?);
        return Ok(());
    }
    let args = tx.args().text(&id);
    if tx.row(&members::USER_NAME, args).await?.is_some() {
        let fresh = UserId::generate().to_string();
        values.insert("id".to_owned(), fresh.clone().into());
        people.insert(id, fresh);
    }
    insert(tx, table, values).await
}

async fn insert(tx: &mut Tx, table: &Table, values: Map<String, Value>) -> Result<(), StoreError> {
    let mut row = Row::new();
    for (name, value) in values {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(strange("column", "a column of no name that is known"));
        }
        let cell = match value {
            Value::String(text) => Cell::Text(Some(text)),
            Value::Number(number) => {
                let number = number.as_i64();
                Cell::Int(Some(number.ok_or_else(|| strange(table.name, "a number that is not whole"))?))
            }
            _ => return Err(strange(table.name, "a value of no kind that is known")),
        };
        row.push((name, cell));
    }
    insert_in(tx, table, &row, "").await.map_err(|error| {
        if !is_unique_violation(&error) {
            return error.into();
        }
        let (field, reason) = match table.name {
            "tenants" => ("phone_number", "a tenant of this id or with this declared number is here already"),
            "whatsapp_sessions" => ("linked_number", "another tenant here has linked this WhatsApp account"),
            _ => ("tenant", "something of this tenant is here already"),
        };
        StoreError::Conflict { field, reason: reason.to_owned() }
    })
}

fn strange(field: &'static str, what: &str) -> StoreError {
    StoreError::Invalid { field, reason: format!("what came has {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Rows;

    #[test]
    fn each_table_of_tenants_is_carried_or_left_on_purpose() {
        let of_tenants =
            TABLES.iter().filter(|table| matches!(table.rows, Rows::OfTenant(_))).map(|table| table.name);
        for name in of_tenants {
            assert!(
                CARRIED.contains(&name) != LEFT.contains(&name),
                "{name}: carried, or left? say one of the two"
            );
        }
        assert_eq!(carried().count(), CARRIED.len(), "all are known");
    }
}
