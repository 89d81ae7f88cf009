//! `GET /portal/tenant/current/events`: what happens at the desk, as server-sent events. Ends within a second when its reader
//! may see it no more.

use std::{collections::BTreeMap, time::Duration};

use api::portal::{DeskQr, DeskStatus};
use domain::{Role, TenantId, TenantStatus, Timestamp};
use serde::Serialize;
use supervisor::{Change, ChangeKind};
use tokio::sync::{broadcast, mpsc};

use super::{linking::qr, status};
use crate::{
    App,
    error::Answer,
    linking::qr::somebody_looks,
    messages::hand_offs,
    portal::call::MemberCall,
    tenants::Desk,
    watch::{self, News},
};

/// How often the worker is told that somebody still looks for a code; it believes it for 30 s.
const LOOKING: Duration = Duration::from_secs(20);
/// Rows of the log that are looked at once.
const PART: u32 = 50;

/// What happens at the desk, as server-sent events
///
/// `status` and, for owners, `code` now and whenever they are others; `handOff` with the chats that wait; `chat` with the
/// customer of each new message; `tick` whenever messages of the business have come farther; `record` whenever a booking, an
/// order or a ticket is another.
#[utoipa::path(
    get, path = "/portal/tenant/current/events", tag = "portal",
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    // Listening begins before looking, so that nothing falls between the two.
    let changes = call.app.supervisor.changes();
    let desk = call.reading().await?;
    let place = desk.scope.last_place().await?;
    let follower = Follower {
        with_codes: call.role == Role::Owner,
        place,
        status: None,
        code: None,
        waiting: None,
        desk,
    };
    Ok(watch::stream_for(&call.app, &call.session_proof, move |_, events| follower.follow(events, changes)))
}

/// One who wrote, and when: what a page has to read anew.
#[derive(Serialize)]
struct Wrote<'a> {
    contact: &'a str,
    at: Timestamp,
}

/// Nothing is told of a record or a tick but that there is one: pages read what they show.
#[derive(Serialize)]
struct Changed {}

/// A reader of the stream, and what was told last.
struct Follower {
    desk: Desk,
    /// Codes are for owners, who link the phone.
    with_codes: bool,
    /// The last row of the log that was told.
    place: u64,
    status: Option<DeskStatus>,
    code: Option<DeskQr>,
    waiting: Option<api::HandOffs>,
}

/// Nobody listens any more, or nothing can be read: the reader asks again.
struct Over;

impl Follower {
    async fn follow(mut self, events: mpsc::Sender<News>, mut changes: broadcast::Receiver<Change>) {
        let mut looks = tokio::time::interval(LOOKING);
        if self.tell(&events, None).await.is_err() {
            return;
        }
        loop {
            let void = void_in(&self.desk.app, self.code.as_ref());
            let kind = tokio::select! {
                _ = looks.tick() => {
                    if self.with_codes && waits_for_a_code(&self.desk) {
                        somebody_looks(&self.desk.app, self.desk.id());
                    }
                    continue;
                }
                () = tokio::time::sleep(void) => Some(ChangeKind::Qr),
                kind = next(&mut changes, self.desk.id()) => match kind {
                    Ok(kind) => kind,
                    Err(Over) => return,
                },
            };
            if self.tell(&events, kind).await.is_err() {
                return;
            }
        }
    }

    /// Tells what is another than before after a change of a kind; all of it after an unknown one, ticks and records among it,
    /// of which nothing is kept to compare them with.
    async fn tell(&mut self, events: &mpsc::Sender<News>, kind: Option<ChangeKind>) -> Result<(), Over> {
        use ChangeKind as K;
        if may_be(kind, &[K::Status, K::Qr, K::PairingCode, K::Problem]) {
            self.desk.reload().await.map_err(|_| Over)?;
            let status = status::of(&self.desk).await.map_err(|_| Over)?;
            if self.status.as_ref() != Some(&status) {
                send(events, News::json("status", &status)).await?;
                self.status = Some(status);
            }
            let code = qr::of(&self.desk);
            if self.with_codes && self.code.as_ref() != Some(&code) {
                send(events, News::json("code", &code)).await?;
                self.code = Some(code);
            }
        }
        if may_be(kind, &[K::HandOffs, K::Status]) {
            let waiting = hand_offs::read(&self.desk.app, self.desk.id());
            if self.waiting.as_ref() != Some(&waiting) {
                send(events, News::json("handOff", &waiting)).await?;
                self.waiting = Some(waiting);
            }
        }
        if may_be(kind, &[K::Logs]) {
            self.tell_messages(events).await?;
        }
        if may_be(kind, &[K::Deliveries]) {
            send(events, News::json("tick", &Changed {})).await?;
        }
        if may_be(kind, &[K::Records]) {
            send(events, News::json("record", &Changed {})).await?;
        }
        Ok(())
    }

    /// Each customer with new lines once, however many they are.
    async fn tell_messages(&mut self, events: &mpsc::Sender<News>) -> Result<(), Over> {
        let mut wrote: BTreeMap<String, Timestamp> = BTreeMap::new();
        loop {
            let more = self.desk.scope.logs_after(self.place, PART).await.map_err(|_| Over)?;
            let Some(last) = more.last() else { break };
            self.place = last.seq;
            wrote.extend(more.into_iter().map(|log| (log.contact, log.created_at)));
        }
        for (contact, at) in &wrote {
            send(events, News::json("chat", &Wrote { contact, at: *at })).await?;
        }
        Ok(())
    }
}

/// Whether a change was perhaps of one of these kinds: an unknown one may have been of any.
fn may_be(kind: Option<ChangeKind>, kinds: &[ChangeKind]) -> bool {
    kind.is_none_or(|kind| kinds.contains(&kind))
}

async fn send(events: &mpsc::Sender<News>, news: News) -> Result<(), Over> {
    events.send(news).await.map_err(|_| Over)
}

/// The next change of this tenant; nothing for whoever has fallen behind, since nobody knows what it was.
async fn next(
    changes: &mut broadcast::Receiver<Change>,
    tenant: TenantId,
) -> Result<Option<ChangeKind>, Over> {
    loop {
        match changes.recv().await {
            Ok(change) if change.tenant == tenant => return Ok(Some(change.kind)),
            Ok(_) => {}
            Err(broadcast::error::RecvError::Lagged(_)) => return Ok(None),
            Err(broadcast::error::RecvError::Closed) => return Err(Over),
        }
    }
}

fn waits_for_a_code(desk: &Desk) -> bool {
    matches!(desk.detail.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady)
}

/// Until the code that is shown is void; a long time where there is none.
fn void_in(app: &App, code: Option<&DeskQr>) -> Duration {
    code.and_then(|code| code.expires_at).map_or(Duration::from_secs(3600), |at| {
        // A moment later than it says, so that it is void when it is looked at; and never at once again and again.
        Duration::try_from(at.duration_since(app.now())).unwrap_or_default() + Duration::from_millis(200)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_has_fallen_behind_is_told_of_all_that_may_be_another() {
        let (changed, mut changes) = broadcast::channel(1);
        let tenant = TenantId::generate();
        for kind in [ChangeKind::Deliveries, ChangeKind::Figures] {
            changed.send(Change { tenant, kind }).expect("somebody listens");
        }
        let Ok(missed) = next(&mut changes, tenant).await else { panic!("somebody still speaks") };
        for kind in [ChangeKind::Deliveries, ChangeKind::Records, ChangeKind::Logs, ChangeKind::HandOffs] {
            assert!(may_be(missed, &[kind]), "{kind:?}");
        }
        let Ok(known) = next(&mut changes, tenant).await else { panic!("somebody still speaks") };
        assert!(may_be(known, &[ChangeKind::Figures]) && !may_be(known, &[ChangeKind::Deliveries]));
    }
}
