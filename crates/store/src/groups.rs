//! In which group each tenant stands, kept in memory: a count of all for every page that shows how many there are would take the
//! longer the more tenants there are. Read once, and then of those again that something was written of ([`Touched`]).
//!
//! [`Touched`]: crate::touched::Touched

use std::collections::{HashMap, HashSet};

use domain::{Condition, Facts, SessionState, Show, TenantId, TenantStatus, Timestamp, WorkerStatus};
use jiff::SignedDuration;
use tokio::sync::Mutex;

use crate::{Operator, Overview, StoreError, touched::Moved};

/// So many tenants are read at once.
const ROWS: u32 = 5_000;

/// A group of no more than this may be listed by its tenants' ids.
const FEW: usize = 500;
/// And is, where it is a smaller part than this of those that are in the same status: among the newest of these it would be met
/// late. Others have an index of their own.
const PART: usize = 8;

/// With so many tenants, which of them were not heard of is asked no more than every other second.
const MANY: usize = 5_000;
const AGED_FOR: SignedDuration = SignedDuration::from_secs(2);

/// What is known of all tenants; nobody, before anybody has asked.
#[derive(Default)]
pub(crate) struct Groups(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Who has moved and was not looked at yet: whoever asks may fail, or give up while it waits.
    moved: Moved,
    of: HashMap<TenantId, Standing>,
    members: HashMap<Show, HashSet<TenantId>>,
    failed: u64,
    /// Those that time alone has moved, and when that was asked.
    aged: Option<(Timestamp, Aged)>,
}

/// What the rows of a tenant say, but for what time alone changes and for what a person is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    group: Show,
    failed: bool,
}

/// Those that time alone has moved.
#[derive(Debug, Default)]
pub(crate) struct Aged {
    /// Running and not heard of.
    pub(crate) stale: HashSet<TenantId>,
    /// Linked, and away for long.
    pub(crate) away: HashSet<TenantId>,
}

/// A tenant's rows, as far as they say in which group it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stands {
    pub(crate) tenant: TenantId,
    pub(crate) status: TenantStatus,
    pub(crate) session: SessionState,
    pub(crate) worker: WorkerStatus,
    pub(crate) suspended: bool,
}

/// How tenants are grouped at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Those that need a person; they stand in no other group.
    pub needs: Vec<TenantId>,
    /// How many there are in each.
    pub overview: Overview,
    /// Who is in a group, those that need a person among them, where they are few among those of their status.
    pub few: HashMap<Show, Vec<TenantId>>,
}

impl Stands {
    fn standing(&self) -> Standing {
        // What a person is needed for is asked of the database each time, by indexes, and comes before all of this.
        let group = Condition::of(&Facts {
            status: self.status,
            session: self.session,
            worker: WorkerStatus::Stopped,
            desired: domain::DesiredState::Run,
            trouble: None,
            suspended: self.suspended,
            held: false,
            requested: false,
            heard: None,
            seen: None,
            stale_before: Timestamp::UNIX_EPOCH,
            away_before: Timestamp::UNIX_EPOCH,
        })
        .group();
        Standing { group, failed: self.status == TenantStatus::Error || self.worker == WorkerStatus::Error }
    }
}

impl Known {
    fn put(&mut self, stands: &Stands) {
        self.remove(stands.tenant);
        let standing = stands.standing();
        self.failed += u64::from(standing.failed);
        self.members.entry(standing.group).or_default().insert(stands.tenant);
        self.of.insert(stands.tenant, standing);
    }

    fn remove(&mut self, tenant: TenantId) {
        let Some(standing) = self.of.remove(&tenant) else { return };
        self.failed -= u64::from(standing.failed);
        if let Some(members) = self.members.get_mut(&standing.group) {
            members.remove(&tenant);
        }
    }

    /// These stand as `found` says, and those of them that are not there are gone.
    fn moved_to(&mut self, moved: &[TenantId], found: &[Stands]) {
        moved.iter().for_each(|tenant| self.remove(*tenant));
        found.iter().for_each(|stands| self.put(stands));
        // One that was stopped is not heard of for another reason.
        let is_aged = |(_, aged): &(Timestamp, Aged)| {
            moved.iter().any(|tenant| aged.stale.contains(tenant) || aged.away.contains(tenant))
        };
        if self.aged.as_ref().is_some_and(is_aged) {
            self.aged = None;
        }
    }

    fn members_of(&self, show: Show) -> impl Iterator<Item = TenantId> {
        self.members.get(&show).into_iter().flatten().copied()
    }

    /// What time has moved, where that was asked so lately that it need not be asked again.
    fn young(&self, now: Timestamp) -> Option<&Aged> {
        let (at, aged) = self.aged.as_ref()?;
        (self.of.len() >= MANY && now.duration_since(*at).abs() < AGED_FOR).then_some(aged)
    }

    fn grouping(&self, mut needs: HashSet<TenantId>, aged: &Aged) -> Grouping {
        let stale = aged.stale.len() as u64;
        needs.extend(aged.stale.iter().chain(&aged.away));
        let count = |show: Show| {
            let needy = needs.iter().filter(|id| self.of.get(id).is_some_and(|one| one.group == show));
            let all = self.members.get(&show).map_or(0, HashSet::len);
            all.saturating_sub(needy.count()) as u64
        };
        let overview = Overview {
            all: self.of.len() as u64,
            needs: needs.len() as u64,
            answering: count(Show::Answering),
            reconnecting: count(Show::Reconnecting),
            waiting: count(Show::Waiting),
            paused: count(Show::Paused),
            new: count(Show::New),
            suspended: count(Show::Suspended),
            error: self.failed,
            stale,
        };
        let active = [Show::Answering, Show::Reconnecting];
        let all: usize = active.iter().map(|show| self.members.get(show).map_or(0, HashSet::len)).sum();
        let is_few = |show: &Show| self.members.get(show).is_some_and(|few| few.len() <= FEW.min(all / PART));
        let few = active.into_iter().filter(is_few).map(|show| (show, self.members_of(show).collect()));
        let few = few.collect();
        Grouping { needs: needs.into_iter().collect(), overview, few }
    }
}

impl Operator {
    /// How tenants are grouped now. What was heard of before `stale_before` is stale, what was connected before `away_before`
    /// and is not is away for long; with thousands of tenants, both may be two seconds late.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn grouping(
        &self,
        stale_before: Timestamp,
        away_before: Timestamp,
    ) -> Result<Grouping, StoreError> {
        let needs = self.needs_beside_age().await?;
        let (now, groups) = (self.store.now(), &self.store.groups().0);
        let away: Vec<_> = {
            let mut known = groups.lock().await;
            self.look(&mut known).await?;
            if let Some(aged) = known.young(now) {
                return Ok(known.grouping(needs, aged));
            }
            // Who is away for long is linked and not connected, or suspended.
            known.members_of(Show::Reconnecting).chain(known.members_of(Show::Suspended)).collect()
        };
        // Nobody waits for another one's answer of a database that is slow.
        let aged = self.aged(stale_before, away_before, &away).await?;
        let mut known = groups.lock().await;
        let grouping = known.grouping(needs, &aged);
        known.aged = Some((now, aged));
        Ok(grouping)
    }

    /// Reads again who may have moved. Whoever comes meanwhile waits for it, and has nothing to read.
    async fn look(&self, known: &mut Known) -> Result<(), StoreError> {
        known.moved.join(self.store.db().touched().take());
        if known.moved.anybody {
            let looked = self.look_at_all().await?;
            *known = looked;
        } else if !known.moved.is_nobody() {
            let moved: Vec<_> = known.moved.tenants.iter().copied().collect();
            let found = self.stands_of(&moved).await?;
            known.moved = Moved::default();
            known.moved_to(&moved, &found);
        }
        Ok(())
    }

    async fn look_at_all(&self) -> Result<Known, StoreError> {
        let mut known = Known::default();
        let mut after = None;
        loop {
            let some = self.stands_after(after, ROWS).await?;
            some.iter().for_each(|stands| known.put(stands));
            match some.last() {
                Some(last) if some.len() == ROWS as usize => after = Some(last.tenant),
                _ => return Ok(known),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(answering: usize, reconnecting: usize) -> Known {
        let mut known = Known::default();
        for (count, session) in
            [(answering, SessionState::Connected), (reconnecting, SessionState::Disconnected)]
        {
            for _ in 0..count {
                known.put(&Stands {
                    tenant: TenantId::generate(),
                    status: TenantStatus::Active,
                    session,
                    worker: WorkerStatus::Running,
                    suspended: false,
                });
            }
        }
        known
    }

    #[test]
    fn those_who_would_be_met_late_among_the_newest_are_known_one_by_one() {
        for (answering, reconnecting, few) in [
            (100, 0, None),
            (100, 5, Some((Show::Reconnecting, 5))),
            (100, 100, None),
            (3, 90, Some((Show::Answering, 3))),
            (9_000, FEW + 1, None),
        ] {
            let known = known(answering, reconnecting).grouping(HashSet::new(), &Aged::default());
            let found: Vec<_> = known
                .few
                .iter()
                .filter(|(_, ids)| !ids.is_empty())
                .map(|(show, ids)| (*show, ids.len()))
                .collect();
            assert_eq!(found, few.into_iter().collect::<Vec<_>>(), "{answering} and {reconnecting}");
        }
    }
}
