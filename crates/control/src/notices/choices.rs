//! What a person has chosen to be told.

use api::portal::{Channels, PutNotifications};
use domain::Timestamp;
use jiff::{civil::Time, tz::TimeZone};
use store::MemberNotices;

/// When the summary goes out where nobody has said.
const DAILY_AT: &str = "18:00";

/// What the person has chosen; the browsers that asked for it, where nothing was.
pub(crate) fn of(one: &MemberNotices) -> PutNotifications {
    let chosen = one.choices.as_ref().and_then(|choices| serde_json::from_str(&choices.json).ok());
    chosen.unwrap_or_else(first)
}

fn first() -> PutNotifications {
    let push = Channels { push: true, ..Channels::default() };
    PutNotifications {
        hand_off_waiting: push,
        phone_removed: push,
        daily_summary: Channels::default(),
        daily_at: DAILY_AT.to_owned(),
    }
}

/// As it is stored.
pub(crate) fn json(chosen: &PutNotifications) -> String {
    // Booleans and a text: writing them cannot fail.
    serde_json::to_string(chosen).unwrap_or_else(|_| "{}".to_owned())
}

/// A time of day like 18:00.
pub(crate) fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<i8>().ok()).flatten();
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

/// When that time comes next in a zone; a time that clocks skip comes as soon as there is one.
pub(crate) fn next_summary(at: Time, zone: &str, now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = now.to_zoned_datetime(zone.clone()).date();
    let on = |day: jiff::civil::Date| day.to_datetime(at).to_zoned_datetime(zone.clone()).ok();
    let first = on(today)?.timestamp();
    if first > now { Some(first) } else { Some(on(today.tomorrow().ok()?)?.timestamp()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_comes_at_its_time_in_the_tenants_zone() {
        let at = time("18:00").unwrap();
        let next =
            |now: &str| next_summary(at, "Africa/Dar_es_Salaam", now.parse().unwrap()).unwrap().to_string();
        assert_eq!(next("2026-01-10T12:00:00Z"), "2026-01-10T15:00:00Z");
        assert_eq!(next("2026-01-10T15:00:00Z"), "2026-01-11T15:00:00Z", "today's is over");
        for wrong in ["", "18", "6:00", "18:60", "24:00", "18.00", "-1:00", "18:00:00"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let mut chosen = first();
        chosen.daily_summary.email = true;
        let one = MemberNotices {
            user_id: domain::UserId::generate(),
            role: domain::Role::Staff,
            name: String::new(),
            email: String::new(),
            phone: None,
            choices: Some(store::NoticeChoices {
                json: json(&chosen),
                daily_due: None,
                told_hand_off: Timestamp::UNIX_EPOCH,
                told_removed: Timestamp::UNIX_EPOCH,
            }),
        };
        assert_eq!(of(&one), chosen);
        let none = MemberNotices { choices: None, ..one };
        assert!(of(&none).hand_off_waiting.push && !of(&none).daily_summary.push);
    }
}
