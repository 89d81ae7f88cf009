//! Whether a bot answered while it was meant to: spans of time, each with what ends it, out of which uptime and the list of
//! incidents are made.

use crate::{Condition, Facts, TenantStatus, Timestamp, words::words};

words! { "SCREAMING_SNAKE_CASE",
    /// What a span of time was.
    pub enum Standing {
        /// It answered.
        Up,
        /// It was meant to answer and did not: an incident.
        Down,
        /// It was not meant to: never started or linked, stopped by hand, suspended.
        Off,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// What ended an incident.
    pub enum EndedBy {
        /// The bot answers again.
        Answering,
        /// An operator stopped it.
        Stopped,
        /// An operator suspended it.
        Suspended,
        /// Something else was wrong from then on.
        OtherTrouble,
        /// The control plane was away from then on: how it went on is not known.
        Unseen,
    }
}

/// The span that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSpan {
    /// What it is.
    pub standing: Standing,
    /// Of an incident, what is wrong.
    pub condition: Option<Condition>,
    /// Since when.
    pub began_at: Timestamp,
}

/// What begins in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextSpan {
    /// What begins; when it begins the other ends.
    pub begins: OpenSpan,
    /// What ended the other, where that was an incident.
    pub ended_by: Option<EndedBy>,
}

/// What begins now, where it is another span than the one that goes on. A bot that connects again, which takes seconds, stands
/// as it stood before; so does one that waits for a code after an incident.
#[must_use]
pub fn next_span(open: Option<&OpenSpan>, facts: &Facts, now: Timestamp) -> Option<NextSpan> {
    // A request that waits and a suspension say nothing of how the bot does.
    let condition = Condition::of(&Facts { requested: false, suspended: false, ..*facts });
    let was_down = open.is_some_and(|open| open.standing == Standing::Down);
    let by_hand = facts.suspended || matches!(facts.status, TenantStatus::New | TenantStatus::Paused);
    // A bot that was never linked has no customers yet, whatever is wrong with it.
    let never_linked = facts.seen.is_none();
    let standing = match condition {
        _ if by_hand || never_linked => Standing::Off,
        Condition::Answering => Standing::Up,
        Condition::Reconnecting => return None,
        Condition::Scan | Condition::Preparing if was_down => return None,
        condition if condition.is_down() => Standing::Down,
        _ => Standing::Off,
    };
    let condition = Some(condition).filter(|_| standing == Standing::Down);
    if open.is_some_and(|open| (open.standing, open.condition) == (standing, condition)) {
        return None;
    }
    // What was there before cannot have ended before it began, and of what nobody has watched nothing is known.
    let earliest = open.map_or(now, |open| open.began_at);
    let noticed = match condition {
        Some(Condition::Away) => facts.seen,
        Some(Condition::Stale) => facts.heard,
        _ => None,
    };
    let began_at = noticed.unwrap_or(now).max(earliest).min(now.max(earliest));
    let ended_by = was_down.then_some(match standing {
        Standing::Up => EndedBy::Answering,
        Standing::Down => EndedBy::OtherTrouble,
        Standing::Off if facts.suspended => EndedBy::Suspended,
        Standing::Off => EndedBy::Stopped,
    });
    Some(NextSpan { begins: OpenSpan { standing, condition, began_at }, ended_by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DesiredState, SessionState, Trouble, WorkerStatus};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
    }

    /// A bot that answers.
    fn answering() -> Facts {
        Facts {
            status: TenantStatus::Active,
            session: SessionState::Connected,
            worker: WorkerStatus::Running,
            desired: DesiredState::Run,
            trouble: None,
            suspended: false,
            held: false,
            requested: false,
            heard: Some(at(100)),
            seen: Some(at(100)),
            stale_before: at(90),
            away_before: at(97),
        }
    }

    fn removed() -> Facts {
        Facts {
            status: TenantStatus::Error,
            session: SessionState::Disconnected,
            trouble: Some(Trouble::PhoneRemoved),
            ..answering()
        }
    }

    fn up() -> OpenSpan {
        OpenSpan { standing: Standing::Up, condition: None, began_at: at(10) }
    }

    fn down() -> OpenSpan {
        OpenSpan { standing: Standing::Down, condition: Some(Condition::PhoneRemoved), began_at: at(50) }
    }

    fn stood(open: Option<OpenSpan>, facts: &Facts) -> Option<(Standing, Option<EndedBy>)> {
        next_span(open.as_ref(), facts, at(100)).map(|next| (next.begins.standing, next.ended_by))
    }

    #[test]
    fn a_span_goes_on_until_something_else_is_so() {
        assert_eq!(stood(None, &answering()), Some((Standing::Up, None)));
        assert_eq!(stood(Some(up()), &answering()), None);
        assert_eq!(stood(Some(up()), &removed()), Some((Standing::Down, None)));
        assert_eq!(stood(Some(down()), &removed()), None);
        assert_eq!(stood(Some(down()), &answering()), Some((Standing::Up, Some(EndedBy::Answering))));
        let lost = Facts { trouble: Some(Trouble::SessionLost), ..removed() };
        assert_eq!(stood(Some(down()), &lost), Some((Standing::Down, Some(EndedBy::OtherTrouble))));
        let asked = Facts { requested: true, ..answering() };
        assert_eq!(stood(Some(up()), &asked), None, "an owner's request stops no bot");
    }

    #[test]
    fn stopped_by_hand_suspended_and_never_started_is_no_down_time() {
        let stopped = Facts { status: TenantStatus::Paused, desired: DesiredState::Stopped, ..removed() };
        assert_eq!(stood(Some(down()), &stopped), Some((Standing::Off, Some(EndedBy::Stopped))));
        let suspended = Facts { suspended: true, ..removed() };
        assert_eq!(stood(Some(down()), &suspended), Some((Standing::Off, Some(EndedBy::Suspended))));
        assert_eq!(stood(Some(up()), &suspended), Some((Standing::Off, None)));
        let new = Facts { status: TenantStatus::New, worker: WorkerStatus::Error, ..answering() };
        assert_eq!(stood(None, &new), Some((Standing::Off, None)));
        let unlinked = Facts {
            status: TenantStatus::QrReady,
            session: SessionState::QrReady,
            trouble: None,
            seen: None,
            ..answering()
        };
        assert_eq!(stood(None, &unlinked), Some((Standing::Off, None)), "it was never linked");
        let unreachable = Facts { trouble: Some(Trouble::Unreachable), ..unlinked };
        assert_eq!(stood(None, &unreachable), Some((Standing::Off, None)), "it was never linked");
        let once_linked = Facts { seen: Some(at(95)), ..unlinked };
        assert_eq!(stood(Some(down()), &once_linked), None, "it waits to be linked again");
    }

    #[test]
    fn a_moment_of_connecting_again_changes_nothing_and_being_away_counts_from_its_beginning() {
        let moment = Facts { session: SessionState::Disconnected, seen: Some(at(99)), ..answering() };
        assert_eq!((stood(Some(up()), &moment), stood(Some(down()), &moment)), (None, None));
        let away = Facts { seen: Some(at(95)), ..moment };
        let next = next_span(Some(&up()), &away, at(100)).unwrap();
        assert_eq!((next.begins.condition, next.begins.began_at), (Some(Condition::Away), at(95)));
        let early = next_span(Some(&OpenSpan { began_at: at(98), ..up() }), &away, at(100)).unwrap();
        assert_eq!(early.begins.began_at, at(98), "no span overlaps another");
        assert_eq!(
            next_span(None, &away, at(100)).unwrap().begins.began_at,
            at(100),
            "nobody watched before"
        );
    }
}
