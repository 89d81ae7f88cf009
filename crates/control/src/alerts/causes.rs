//! What is wrong now.

use domain::{TenantStatus, limits::PAGE_MAX_ROWS};
use serde_json::json;
use store::{AlertCause, PageRequest, StoreError, TenantFilter};

use super::AlertOptions;
use crate::{App, system::overview::disk};

pub(super) async fn now(app: &App, options: &AlertOptions) -> Result<Vec<AlertCause>, StoreError> {
    let mut causes = Vec::new();
    let filter = TenantFilter { status: Some(TenantStatus::Error), ..TenantFilter::default() };
    let mut request = PageRequest { limit: PAGE_MAX_ROWS, before: None };
    loop {
        let page = app.store.operator().list_tenants(&filter, request).await?;
        for detail in page.items {
            let id = detail.tenant.id;
            let why = detail.worker.last_error.unwrap_or_else(|| "no reason is known".to_owned());
            let title = format!("{}: the bot is in ERROR", detail.tenant.name);
            let payload = json!({
                "type": "alert.raised",
                "cause": format!("tenant:{id}"),
                "title": title,
                "detail": why,
                "tenant": { "id": id, "name": detail.tenant.name },
                "url": format!("{}/admin/tenants/{id}", options.admin_url),
                "at": app.now(),
            });
            causes.push(AlertCause { id: format!("tenant:{id}"), title, payload });
        }
        match page.next {
            Some(next) => request.before = Some(next),
            None => break,
        }
    }
    if let Some((free, _)) = disk(&app.data_dir)
        && free < options.disk_low_bytes
    {
        let title = "The disk runs low".to_owned();
        let payload = json!({
            "type": "alert.raised",
            "cause": "disk",
            "title": title,
            "detail": format!("{} MB are free beneath DATA_DIR; make room, or bots stop acknowledging messages", free / 1_000_000),
            "url": format!("{}/admin/system", options.admin_url),
            "at": app.now(),
        });
        causes.push(AlertCause { id: "disk".to_owned(), title, payload });
    }
    for guessed in app.accounts.guessed() {
        let whose = guessed.account.map_or_else(
            || "names that nobody has".to_owned(),
            |account| match account {
                store::Actor::User(id) => format!("the account {id}"),
                other => format!("the account {other}"),
            },
        );
        let title = format!("Somebody guesses at {whose}");
        let id = format!(
            "guesses:{}:{}",
            guessed.account.map_or_else(|| "nobody".to_owned(), |account| account.to_string()),
            guessed.what
        );
        let payload = json!({
            "type": "alert.raised",
            "cause": id,
            "title": title,
            "detail": format!(
                "{} tries since {} ({}); the audit log has where from",
                guessed.tries, guessed.since, guessed.what
            ),
            "url": format!("{}/admin/events?type=SIGN_IN_FAILED", options.admin_url),
            "at": app.now(),
        });
        causes.push(AlertCause { id, title, payload });
    }
    Ok(causes)
}
