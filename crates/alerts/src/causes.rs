//! What is wrong now.

use domain::{HandOffRow, HostState, TenantId, TenantStatus, Trouble, limits::PAGE_MAX_ROWS};
use serde_json::json;
use store::{AlertCause, HostRecord, PageRequest, StoreError, TenantDetail, TenantFilter};
use words::alerts as say;

use crate::{AlertOptions, Watch};

/// Why a chat is with a person that the owner has begun.
const OWNER_WROTE: &str = "owner_wrote";

pub(super) async fn now(watch: &Watch, options: &AlertOptions) -> Result<Vec<AlertCause>, StoreError> {
    let mut causes = Vec::new();
    let filter = TenantFilter { status: Some(TenantStatus::Error), ..TenantFilter::default() };
    let mut request = PageRequest { limit: PAGE_MAX_ROWS, before: None };
    loop {
        let page = watch.store.operator().list_tenants(&filter, request).await?;
        let of = |detail: &TenantDetail| bot_cause(watch, options, "tenant", detail);
        causes.extend(page.items.iter().map(of));
        match page.next {
            Some(next) => request.before = Some(next),
            None => break,
        }
    }
    causes.extend(limited_causes(watch, options, &limited(watch)).await?);
    causes.extend(hand_off_causes(watch, options, waiting(watch)).await?);
    if let Some((free, _)) = disk(&watch.data_dir)
        && free < options.disk_low_bytes
    {
        let title = say::disk_low().to_owned();
        let payload = json!({
            "type": "alert.raised",
            "cause": "disk",
            "title": title,
            "detail": say::disk_low_detail(free / 1_000_000),
            "url": format!("{}/admin/system", options.admin_url),
            "at": watch.now(),
        });
        causes.push(AlertCause { id: "disk".to_owned(), title, payload });
    }
    causes.extend(hosts(watch, options).await?);
    causes.extend(crate::backups::cause(watch, options));
    for guessed in watch.accounts.guessed() {
        let whose = guessed.account.map_or_else(
            || say::nobodys_names().to_owned(),
            |account| match account {
                store::Actor::User(id) => say::the_account(id),
                other => say::the_account(other),
            },
        );
        let title = say::guesses(whose);
        let id = format!(
            "guesses:{}:{}",
            guessed.account.map_or_else(|| "nobody".to_owned(), |account| account.to_string()),
            guessed.what
        );
        let payload = json!({
            "type": "alert.raised",
            "cause": id,
            "title": title,
            "detail": say::guesses_detail(guessed.tries, guessed.since, guessed.what),
            "url": format!("{}/admin/events?type=SIGN_IN_FAILED", options.admin_url),
            "at": watch.now(),
        });
        causes.push(AlertCause { id, title, payload });
    }
    Ok(causes)
}

/// What is wrong with hosts, each once: what its tenants wait for is the same.
async fn hosts(watch: &Watch, options: &AlertOptions) -> Result<Vec<AlertCause>, StoreError> {
    let Some(places) = watch.supervisor.places() else { return Ok(Vec::new()) };
    let hosts = watch.store.operator().hosts().await?;
    let cause = |id: String, host: &HostRecord, title: String, detail: String| {
        let payload = json!({
            "type": "alert.raised",
            "cause": id,
            "title": title,
            "detail": detail,
            "host": host.name,
            "url": format!("{}/admin/hosts", options.admin_url),
            "at": watch.now(),
        });
        AlertCause { id, title, payload }
    };
    let mut causes = Vec::new();
    for host in hosts.iter().filter(|host| host.state() != HostState::Lost) {
        let name = &host.name;
        if host.state() == HostState::Away {
            let detail = say::host_away_detail(places.tenants_on(name));
            causes.push(cause(format!("host:{name}"), host, say::host_away(name), detail));
        }
        // While it is away, what it has said last stands: that nobody hears of it is no room.
        let free = places.about(name).and_then(|about| about.disk_free);
        if let Some(free) = free.filter(|free| *free < options.disk_low_bytes) {
            let detail = say::host_disk_low_detail(free / 1_000_000);
            causes.push(cause(format!("host-disk:{name}"), host, say::host_disk_low(name), detail));
        }
    }
    Ok(causes)
}

/// A bot with which something is wrong, in the words of its page. `kind` tells one cause of a tenant from another.
#[must_use]
pub fn bot_cause(watch: &Watch, options: &AlertOptions, kind: &str, detail: &TenantDetail) -> AlertCause {
    let (id, name) = (detail.tenant.id, &detail.tenant.name);
    let told = detail.particulars(watch.stale_after, watch.now());
    let title = format!("{name}: {}", words::condition::word(told.condition));
    let cause = format!("{kind}:{id}");
    let payload = json!({
        "type": "alert.raised",
        "cause": cause,
        "title": title,
        "condition": told.condition,
        "detail": words::condition::sentence(&told),
        "tenant": { "id": id, "name": name },
        "url": format!("{}/admin/tenants/{id}", options.admin_url),
        "at": watch.now(),
    });
    AlertCause { id: cause, title, payload }
}

/// Bots whose number WhatsApp has limited, in an order that stays.
fn limited(watch: &Watch) -> Vec<TenantId> {
    let mut limited = watch.supervisor.glance(|id, worker| worker.limited.map(|_| id));
    limited.sort();
    limited
}

/// Each of these as a cause. One that is in ERROR is told of by that already.
///
/// # Errors
/// Where the database does not answer.
pub async fn limited_causes(
    watch: &Watch,
    options: &AlertOptions,
    limited: &[TenantId],
) -> Result<Vec<AlertCause>, StoreError> {
    let mut causes = Vec::new();
    for id in limited {
        match watch.store.tenant(*id).get().await {
            // What is not written down yet is told of at the next look.
            Ok(detail) if detail.session.trouble != Some(Trouble::Limited) => {}
            Ok(detail) if detail.tenant.status == TenantStatus::Error => {}
            Ok(detail) => causes.push(bot_cause(watch, options, "limited", &detail)),
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(causes)
}

/// Tenants of whom a customer waits for a person, each with who waits longest. A chat in which the owner types is with its
/// person already.
fn waiting(watch: &Watch) -> Vec<(TenantId, HandOffRow)> {
    let longest = |rows: &[HandOffRow]| rows.iter().find(|row| row.reason != OWNER_WROTE).cloned();
    let mut waiting = watch.supervisor.glance(|id, worker| Some((id, longest(worker.hand_offs)?)));
    waiting.sort_by_key(|(id, _)| *id);
    waiting
}

/// Each of these as a cause: one for a tenant, however many wait, since a worker that lies must not send a message for each
/// name that it makes up. It names no customer.
///
/// # Errors
/// Where the database does not answer.
pub async fn hand_off_causes(
    watch: &Watch,
    options: &AlertOptions,
    waiting: Vec<(TenantId, HandOffRow)>,
) -> Result<Vec<AlertCause>, StoreError> {
    let mut causes = Vec::new();
    for (id, row) in waiting {
        let tenant = match watch.store.tenant(id).get().await {
            Ok(detail) => detail.tenant,
            Err(StoreError::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let title = say::waits(&tenant.name);
        let why = match row.reason.as_str() {
            "urgent" => say::waits_urgent(),
            "not_understood" => say::waits_not_helped(),
            "no_pack" => say::waits_no_pack(),
            _ => say::waits_asked(),
        };
        let payload = json!({
            "type": "alert.raised",
            "cause": format!("hand-off:{id}"),
            "title": title,
            "detail": say::waits_detail(row.since, why),
            "tenant": { "id": id, "name": tenant.name },
            "url": format!("{}/admin/tenants/{id}", options.admin_url),
            "at": watch.now(),
        });
        causes.push(AlertCause { id: format!("hand-off:{id}"), title, payload });
    }
    Ok(causes)
}

/// Free and all bytes of the file system that a directory lies in; free is what we may use, not what root may.
#[must_use]
pub fn disk(directory: &std::path::Path) -> Option<(u64, u64)> {
    let figures = rustix::fs::statvfs(directory).ok()?;
    Some((
        figures.f_bavail.saturating_mul(figures.f_frsize),
        figures.f_blocks.saturating_mul(figures.f_frsize),
    ))
}
