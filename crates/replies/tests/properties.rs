//! Whatever is said: a way out, the same twice, nothing booked or sold twice.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod support;

use std::{collections::HashSet, sync::OnceLock};

use domain::Language;
use jiff::SignedDuration;
use proptest::prelude::*;
use replies::{
    Amount, Bot, Change, From, Heard, Ledger, OrderState, Record, Silence, State, Turn, decide, decide_again,
};

fn bots() -> &'static Vec<Bot> {
    static BOTS: OnceLock<Vec<Bot>> = OnceLock::new();
    BOTS.get_or_init(|| {
        let packs =
            support::PACKS.iter().flat_map(|(id, ..)| support::LANGUAGES.map(|language| (*id, language)));
        packs
            .map(|(id, language)| Bot::new(Some(support::pack(id)), support::business(id, language)))
            .collect()
    })
}

/// Things that customers say, and things that they do not.
fn saying() -> impl Strategy<Value = Heard> {
    let known = prop::sample::select(vec![
        "1",
        "2",
        "3",
        "4",
        "5",
        "8",
        "0",
        "book",
        "miadi",
        "kusuka",
        "haircut",
        "doctor",
        "order",
        "agiza",
        "fulana mbili",
        "2 bags",
        "pilau",
        "nusu kitenge",
        "kesho",
        "tomorrow",
        "Saturday",
        "Jumapili",
        "26 Feb",
        "10:00",
        "saa nne asubuhi",
        "saa 25",
        "yes",
        "ndiyo",
        "no",
        "hapana",
        "done",
        "basi",
        "more",
        "zaidi",
        "back",
        "rudi",
        "cancel",
        "ghairi",
        "menu",
        "STOP",
        "START",
        "agent",
        "asante",
        "Asha Juma",
        "0712 345 678",
        "Sinza",
        "niletewe",
        "pick up",
        "tatizo",
        "?",
        "👍",
        "change",
        "my booking",
        "badilisha",
        "B-1001",
        "meza ya watu wanne kesho saa saba mchana",
        "book haircut tomorrow at 10, my name is Ali",
    ]);
    prop_oneof![
        8 => known.prop_map(|text| Heard::Text(text.to_owned())),
        1 => ".{0,60}".prop_map(Heard::Text),
        1 => prop::sample::select(vec!["image", "voice", "hologram"]).prop_map(|kind| Heard::Media(kind.to_owned())),
    ]
}

fn turn(said: Vec<Heard>) -> Turn {
    Turn::Customer { said, from: From::default() }
}

fn apply(ledger: &Ledger, contact: u64, records: &[Change]) -> Result<Ledger, replies::Conflict> {
    let mut ledger = ledger.clone();
    for change in records {
        ledger.apply(Some(contact), change)?;
    }
    Ok(ledger)
}

/// Two open bookings of a lane never share time, and nothing is sold that was not there.
fn consistent(bot: &Bot, ledger: &Ledger) -> Result<(), TestCaseError> {
    let mut cells = HashSet::new();
    for record in ledger.records() {
        if let Record::Booking(booking) = record {
            for cell in booking.cells() {
                prop_assert!(cells.insert(cell), "{} is booked twice", booking.at);
            }
        }
    }
    for product in &bot.business().profile.catalogue {
        let Some(stock) = product.stock else { continue };
        let orders = ledger.records().filter_map(|record| match record {
            Record::Order(order) if order.state != OrderState::Cancelled => Some(order),
            _ => None,
        });
        let lines = orders.flat_map(|order| &order.lines).filter(|line| line.code == product.code);
        let sold = lines.fold(Amount::NONE, |sum, line| sum.plus(line.quantity));
        prop_assert!(sold <= stock, "{} of {stock} {} were sold", sold, product.code);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever happened before: equal inputs give equal outcomes, something is said or a reason named, and `menu` and
    /// `agent` always lead out.
    #[test]
    fn every_state_has_a_way_out(which in 0..10usize, turns in prop::collection::vec((prop::collection::vec(saying(), 1..3), 0..90i64), 1..14)) {
        let bot = &bots()[which];
        let mut state = State::default();
        let mut ledger = Ledger::default();
        ledger.stock(&bot.business().profile);
        let mut now = support::monday();
        for (said, minutes) in turns {
            now += SignedDuration::from_mins(minutes);
            let turn = turn(said);
            let held = ledger.snapshot(1);
            let outcome = decide(bot, &state, &turn, now, &held);
            prop_assert_eq!(&outcome, &decide(bot, &state, &turn, now, &held));
            prop_assert_eq!(outcome.replies.is_empty(), outcome.silence.is_some());
            prop_assert!(outcome.replies.iter().all(|reply| !reply.text.trim().is_empty() && reply.text.chars().count() <= 4_096));
            ledger = apply(&ledger, 1, &outcome.records).map_err(|conflict| TestCaseError::fail(conflict.to_string()))?;
            let json = serde_json::to_string(&outcome.conversation).unwrap();
            state = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&state, &outcome.conversation);
        }
        consistent(bot, &ledger)?;
        let held = ledger.snapshot(1);
        let says = |state: &State, text: &str| decide(bot, state, &turn(vec![Heard::Text(text.into())]), now, &held);
        let back = decide(bot, &state, &Turn::HandBack, now, &held).conversation;
        let start = says(&back, "START").conversation;
        prop_assert!(!start.opted_out);
        let menu = says(&start, "menu");
        prop_assert!(menu.conversation.running.is_none() && menu.conversation.shown.is_menu(), "{menu:?}");
        let person = says(&start, "agent");
        prop_assert!(person.hand_off.is_some());
        prop_assert_eq!(says(&person.conversation, "hello").silence, Some(Silence::WithPerson));
        let cancelled = says(&start, "cancel");
        prop_assert!(!cancelled.conversation.opted_out);
    }

    /// Several chats at once, each deciding on a snapshot that is out of date by then: nothing is booked or sold twice, and
    /// deciding anew always ends.
    #[test]
    fn nothing_is_booked_or_sold_twice(
        which in 0..10usize,
        turns in prop::collection::vec((0..4u64, saying(), any::<bool>()), 1..60),
    ) {
        let bot = &bots()[which];
        let mut ledger = Ledger::default();
        ledger.stock(&bot.business().profile);
        let mut states = [const { None }; 4].map(|none: Option<State>| none.unwrap_or_default());
        let mut stale = ledger.clone();
        let now = support::monday();
        for (contact, said, fresh) in turns {
            if fresh {
                stale = ledger.clone();
            }
            let place = usize::try_from(contact).unwrap();
            let turn = turn(vec![said]);
            let mut outcome = decide(bot, &states[place], &turn, now, &stale.snapshot(contact));
            let mut tries = 0;
            loop {
                match apply(&ledger, contact, &outcome.records) {
                    Ok(applied) => {
                        ledger = applied;
                        break;
                    }
                    Err(conflict) => {
                        tries += 1;
                        prop_assert!(tries < 4, "{conflict:?} again and again");
                        let held = ledger.snapshot(contact);
                        outcome = decide_again(bot, &states[place], &turn, now, &held, &conflict);
                        prop_assert!(!outcome.replies.is_empty());
                    }
                }
            }
            states[place] = outcome.conversation;
            consistent(bot, &ledger)?;
        }
    }
}

/// The same race by hand, so that a failure says what it is: two chats have both been asked whether to book 10:00.
#[test]
fn of_two_who_say_yes_at_once_one_is_asked_for_another_time() {
    let bot = Bot::new(Some(support::pack("BOOKING")), support::business("BOOKING", Language::En));
    let mut ledger = Ledger::default();
    let now = support::monday();
    let says = |state: &State, text: &str, held: &Ledger, contact| {
        decide(&bot, state, &turn(vec![Heard::Text(text.into())]), now, &held.snapshot(contact))
    };
    let ask = "book haircut tomorrow at 10, my name is Ali";
    let first = says(&State::default(), ask, &ledger, 1).conversation;
    let second = says(&State::default(), ask, &ledger, 2).conversation;
    let before = ledger.clone();
    let yes = says(&first, "yes", &before, 1);
    ledger = apply(&ledger, 1, &yes.records).unwrap();
    let yes = says(&second, "yes", &before, 2);
    let conflict = apply(&ledger, 2, &yes.records).unwrap_err();
    let again = decide_again(
        &bot,
        &second,
        &turn(vec![Heard::Text("yes".into())]),
        now,
        &before.snapshot(2),
        &conflict,
    );
    let mut held = again;
    if let Err(conflict) = apply(&ledger, 2, &held.records) {
        held = decide_again(
            &bot,
            &second,
            &turn(vec![Heard::Text("yes".into())]),
            now,
            &ledger.snapshot(2),
            &conflict,
        );
    }
    assert!(held.records.is_empty());
    let text = &held.replies[0].text;
    assert!(text.contains("has just been taken") && text.contains("*1* 09:00"), "{text}");
    assert_eq!(held.conversation.running.unwrap().asking, "time");
}
