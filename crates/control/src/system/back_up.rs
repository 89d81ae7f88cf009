//! `POST /admin/system/backups`: makes a backup of the database and of all journals.

use serde_json::json;
use web::{Kind, Problem};

use crate::{audit, call::Call, error::Answer};

/// Make a backup
///
/// Of the database and of every tenant's journal, while all goes on, into one sealed file in BACKUP_DIR, which is read back
/// before it counts. WhatsApp's keys are never in it. A file that lacks a tenant's journal says so in `left_out`.
#[utoipa::path(
    post, path = "/admin/system/backups", tag = "system",
    responses((status = 200, body = api::BackedUp), (status = 303))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    let made = call.app.backups.make().await;
    let made = made.map_err(|why| Problem::new(Kind::Conflict, words::system::no_backup_made(&why)))?;
    let payload = json!({ "bytes": made.bytes, "journals": made.journals, "left_out": made.left_out.len() });
    audit::platform(&call.app, call.operator.actor, "BACKUP_MADE", payload).await;
    Ok(call.leads_to("/admin/system", made))
}
