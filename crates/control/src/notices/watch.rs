//! Looks out for what people are to be told: chats that come to wait, a device that is removed, and the end of a day.

use std::time::Duration;

use domain::{RecordKind, TenantId, Timestamp, Trouble, limits::PAGE_MAX_ROWS};
use store::{MemberNotices, PageRequest, RecordFilter, StoreError, Told};
use supervisor::ChangeKind;
use tokio::sync::broadcast::error::RecvError;

use super::{
    choices,
    tell::{Notice, tell},
};
use crate::{App, messages::hand_offs};

/// How often it is looked whose day is over.
const LOOK: Duration = Duration::from_secs(60);
/// Tenants whose summaries are made at one look.
const SUMMARIES: u32 = 200;
/// Lines of the audit log in which the moment of a removal is looked for.
const EVENTS: u32 = 50;

/// Tells people of businesses what they are to be told, until the control plane ends.
pub async fn watch(app: App) {
    let mut changes = app.supervisor.changes();
    let mut looks = tokio::time::interval(LOOK);
    loop {
        let done = tokio::select! {
            () = app.stop.cancelled() => return,
            _ = looks.tick() => summaries(&app).await,
            change = changes.recv() => match change {
                Ok(change) => match change.kind {
                    ChangeKind::HandOffs => waiting(&app, change.tenant).await,
                    ChangeKind::Status => removed(&app, change.tenant).await,
                    _ => Ok(()),
                },
                // What was missed shows with the next change: what was told is remembered by time.
                Err(RecvError::Lagged(_)) => Ok(()),
                Err(RecvError::Closed) => return,
            },
        };
        if let Err(error) = done {
            tracing::warn!(%error, "people could not be told what has happened");
        }
    }
}

/// Customers who have come to wait since people were last told.
pub(super) async fn waiting(app: &App, tenant: TenantId) -> Result<(), StoreError> {
    let chats = hand_offs::read(app, tenant).chats;
    // Where somebody of the business writes already, nobody waits.
    let since: Vec<Timestamp> =
        chats.iter().filter(|chat| chat.reason != "owner_wrote").map(|chat| chat.since).collect();
    tell_waiting(app, tenant, &since).await
}

/// The same with the moments since which they wait.
pub(crate) async fn tell_waiting(app: &App, tenant: TenantId, since: &[Timestamp]) -> Result<(), StoreError> {
    let Some(newest) = since.iter().max().copied() else { return Ok(()) };
    let scope = app.store.tenant(tenant);
    let (people, browsers) = (scope.notices().await?, scope.push_subscriptions(None).await?);
    let Some(detail) = known(scope.get().await)? else { return Ok(()) };
    for one in &people {
        let told = one.choices.as_ref().map_or(Timestamp::UNIX_EPOCH, |choices| choices.told_hand_off);
        let new = since.iter().filter(|at| **at > told).count() as u64;
        let by = choices::of(one).hand_off_waiting;
        if new == 0 || !by.any() {
            continue;
        }
        // Noted first: a notice that is lost is better than one that comes again and again.
        scope.told(one.user_id, Told { hand_off: Some(newest), ..Told::default() }).await?;
        let notice = words::within(detail.config.language, || Notice {
            title: words::notices::waits_title(&detail.config.business_name),
            text: words::notices::waits(new),
            page: "/app/messages",
            tag: "hand-off",
        });
        tell(app, &scope, one, by, &browsers, notice);
    }
    Ok(())
}

/// A device that the phone has removed since people were last told.
pub(crate) async fn removed(app: &App, tenant: TenantId) -> Result<(), StoreError> {
    let scope = app.store.tenant(tenant);
    let Some(detail) = known(scope.get().await)? else { return Ok(()) };
    if detail.session.trouble != Some(Trouble::PhoneRemoved) {
        return Ok(());
    }
    let events = scope.events(PageRequest { limit: EVENTS, before: None }).await?.items;
    let Some(event) = events.iter().find(|event| event.event_type == "SESSION_LOGGED_OUT") else {
        return Ok(());
    };
    let (people, browsers) = (scope.notices().await?, scope.push_subscriptions(None).await?);
    for one in &people {
        let told = one.choices.as_ref().map_or(Timestamp::UNIX_EPOCH, |choices| choices.told_removed);
        let by = choices::of(one).phone_removed;
        if event.created_at <= told || !by.any() {
            continue;
        }
        scope.told(one.user_id, Told { removed: Some(event.created_at), ..Told::default() }).await?;
        let notice = words::within(detail.config.language, || Notice {
            title: words::notices::removed_title(&detail.config.business_name),
            text: words::notices::removed().to_owned(),
            page: "/app/whatsapp",
            tag: "removed",
        });
        tell(app, &scope, one, by, &browsers, notice);
    }
    Ok(())
}

/// The day of everybody whose summary is due.
pub(crate) async fn summaries(app: &App) -> Result<(), StoreError> {
    for tenant in app.store.operator().summaries_due(app.now(), SUMMARIES).await? {
        let scope = app.store.tenant(tenant);
        let Some(detail) = known(scope.get().await)? else { continue };
        let now = app.now();
        let due = |one: &&MemberNotices| {
            one.choices.as_ref().and_then(|choices| choices.daily_due).is_some_and(|due| due <= now)
        };
        let (people, browsers) = (scope.notices().await?, scope.push_subscriptions(None).await?);
        let day = now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(now);
        let counts = counts(&scope, day, now).await?;
        for one in people.iter().filter(due) {
            let chosen = choices::of(one);
            let at = choices::time(&chosen.daily_at);
            let next = at.and_then(|at| choices::next_summary(at, &detail.tenant.timezone, now));
            let next = next.or_else(|| now.checked_add(jiff::SignedDuration::from_hours(24)).ok());
            scope.told(one.user_id, Told { daily_due: next, ..Told::default() }).await?;
            let notice = words::within(detail.config.language, || summary(&detail, &counts, now));
            tell(app, &scope, one, chosen.daily_summary, &browsers, notice);
        }
    }
    Ok(())
}

/// What happened in a day.
struct Counts {
    messages: u64,
    bookings: u64,
    orders: u64,
    tickets: u64,
}

async fn counts(scope: &store::TenantScope, from: Timestamp, until: Timestamp) -> Result<Counts, StoreError> {
    let records = async |kind| -> Result<u64, StoreError> {
        // A booking counts on the day on which it stands; few businesses have more than a page of them in a day.
        let filter = RecordFilter { from: Some(from), until: Some(until), ..RecordFilter::of(kind) };
        let page = PageRequest { limit: PAGE_MAX_ROWS, before: None };
        Ok(scope.records(&filter, page).await?.items.len() as u64)
    };
    Ok(Counts {
        messages: scope.count_messages(from, until).await?,
        bookings: records(RecordKind::Booking).await?,
        orders: records(RecordKind::Order).await?,
        tickets: records(RecordKind::Ticket).await?,
    })
}

fn summary(detail: &store::TenantDetail, counts: &Counts, now: Timestamp) -> Notice {
    use words::notices as say;
    let zone = jiff::tz::TimeZone::get(&detail.tenant.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let today = now.to_zoned_datetime(zone).date();
    let day = words::date::of(today.day(), today.month(), today.year());
    let lines = [
        say::summary_messages(counts.messages),
        say::summary_bookings(counts.bookings),
        say::summary_orders(counts.orders),
        say::summary_tickets(counts.tickets),
    ];
    Notice {
        title: say::summary_title(&detail.config.business_name, day),
        text: lines.join(" · "),
        page: "/app/status",
        tag: "summary",
    }
}

/// A tenant that was deleted meanwhile is none to tell of.
fn known<T>(found: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
