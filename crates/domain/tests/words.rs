//! Ids and labels: spelled the same in the database, in JSON and in errors.
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use domain::{
    Clock, DesiredState, Direction, Language, ManualClock, MembershipStatus, PackId, Role, SessionState,
    SetupStatus, TenantId, TenantStatus, UserId, WorkerStatus, parse_label,
};
use serde::{Serialize, de::DeserializeOwned};
use strum::VariantNames;

/// Checks that Display, FromStr and JSON agree on each word, and that the words are exactly these.
fn spelled<T>(words: &[&str])
where
    T: VariantNames + std::str::FromStr + std::fmt::Display + Serialize + DeserializeOwned,
{
    assert_eq!(T::VARIANTS, words);
    for word in words {
        let value: T = parse_label(word).unwrap();
        assert_eq!(value.to_string(), *word);
        assert_eq!(serde_json::to_value(&value).unwrap(), serde_json::json!(word));
        assert!(serde_json::from_value::<T>(serde_json::json!(word)).is_ok());
        assert!(parse_label::<T>(&word.to_lowercase()).is_err(), "letter case counts");
    }
}

#[test]
fn the_words_are_these() {
    spelled::<TenantStatus>(&["NEW", "QR_PENDING", "QR_READY", "ACTIVE", "PAUSED", "ERROR"]);
    spelled::<SessionState>(&["DISCONNECTED", "QR_READY", "CONNECTED"]);
    spelled::<WorkerStatus>(&["RUNNING", "STOPPED", "ERROR"]);
    spelled::<DesiredState>(&["RUN", "STOPPED"]);
    spelled::<Language>(&["SW", "EN"]);
    spelled::<Direction>(&["IN", "OUT"]);
    spelled::<Role>(&["OWNER", "STAFF", "ADMIN"]);
    spelled::<MembershipStatus>(&["INVITED", "ACTIVE", "REMOVED"]);
    spelled::<SetupStatus>(&["SUBMITTED", "REVIEWING", "APPROVED", "ACTIVE", "REJECTED"]);
}

#[test]
fn an_unknown_word_is_answered_with_the_known_ones() {
    let error = parse_label::<Language>("FR").unwrap_err();
    assert_eq!(error.to_string(), "\"FR\" is not one of SW, EN");
    let error = parse_label::<Language>(&"x".repeat(10_000)).unwrap_err();
    assert!(error.to_string().len() < 100);
}

#[test]
fn a_packs_id_is_short_and_plain_and_the_names_of_before_are_such() {
    for (id, text) in PackId::SHIPPED.iter().zip(["BOOKING", "ECOMMERCE", "SUPPORT"]) {
        assert_eq!((id.to_string().as_str(), id.ships()), (text, true));
        assert_eq!(serde_json::to_value(id).unwrap(), serde_json::json!(text));
    }
    for text in ["RESTAURANT", "A1", "DRY_CLEANER_2", &"A".repeat(32)] {
        let id: PackId = serde_json::from_value(serde_json::json!(text)).unwrap();
        assert_eq!((id.as_str(), id.ships()), (text, false));
    }
    for wrong in [
        "",
        "A",
        "restaurant",
        "1ST",
        "_A",
        "A B",
        "../ETC",
        "CAFÉ",
        "A\0",
        &"A".repeat(33),
        &"A".repeat(100_000),
    ] {
        let error = wrong.parse::<PackId>().unwrap_err().to_string();
        assert!(error.contains("is no pack's id") && error.len() < 250, "{error}");
    }
}

#[test]
fn ids_sort_by_the_time_they_were_made() {
    let ids: Vec<TenantId> = (0..1_000).map(|_| TenantId::generate()).collect();
    assert!(ids.is_sorted());
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    assert!(texts.is_sorted(), "as text too, since SQLite keeps them so");
    assert_eq!(ids.first().unwrap().uuid().get_version_num(), 7);
}

#[test]
fn an_id_has_one_spelling() {
    let id = UserId::generate();
    let text = id.to_string();
    assert_eq!(text.parse::<UserId>().unwrap(), id);
    assert_eq!(serde_json::from_value::<UserId>(serde_json::to_value(id).unwrap()).unwrap(), id);
    assert_eq!(format!("{id:?}"), text);
    let upper = text.to_uppercase().parse::<UserId>();
    let bare = text.replace('-', "").parse::<UserId>();
    assert!(bare.is_err(), "only the hyphenated form");
    assert!(upper.is_err(), "only lower case");
    for bad in ["", "1", "../../etc/passwd", &"x".repeat(36), &"x".repeat(100_000)] {
        let error = bad.parse::<UserId>().unwrap_err().to_string();
        assert!(error.contains("is no id; ids look like") && error.len() < 200, "{error}");
    }
}

#[test]
fn a_manual_clock_moves_only_when_it_is_moved() {
    let start: domain::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = ManualClock::new(start);
    assert_eq!(clock.now(), start);
    clock.advance(jiff::SignedDuration::from_secs(90));
    assert_eq!(clock.now().to_string(), "2026-01-01T00:01:30Z");
    clock.advance(jiff::SignedDuration::MAX);
    assert_eq!(clock.now(), domain::Timestamp::MAX, "it stops at the end of what can be told");
}
