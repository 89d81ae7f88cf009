//! Linking the owner's phone, and taking the bot off it. Codes are credentials: never logged or cached.

pub(super) mod link_again;
pub(super) mod pairing_code;
pub(super) mod qr;
pub(super) mod unlink;

use web::{Kind, Problem};

use crate::{error::Answer, tenants::Desk};
use domain::{SetupStatus, TenantStatus};

/// Refuses a code before a request is approved: what the bot says under the owner's number is an operator's to allow. Who
/// has a live bot and asks for another goes on with what was approved, and a bot that an operator has started needs no
/// request.
async fn approved(desk: &Desk) -> Answer<()> {
    if desk.detail.tenant.status != TenantStatus::New {
        return Ok(());
    }
    let all = desk.scope.setup_requests(store::PageRequest { limit: 50, before: None }).await?.items;
    let is_approved =
        |request: &store::SetupRequest| matches!(request.status, SetupStatus::Approved | SetupStatus::Active);
    if all.iter().any(is_approved) {
        return Ok(());
    }
    let says = if all.iter().any(|request| request.status != SetupStatus::Rejected) {
        words::desk::not_approved()
    } else {
        words::desk::ask_first()
    };
    Err(Problem::new(Kind::Conflict, says).into())
}
