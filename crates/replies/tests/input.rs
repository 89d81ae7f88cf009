//! Bad input, and manners: a sensible answer or a named silence, never a panic.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod support;

use std::sync::Arc;

use domain::Language;
use jiff::{SignedDuration, Timestamp, civil::date};
use replies::{
    Bot, Business, Closed, From, HandOffReason, Heard, Hours, Outcome, Pack, Profile, Silence, Simulator,
    State, TEXT_MOST, Text, Turn, decide,
};

fn salon() -> Simulator {
    support::simulator("BOOKING", Language::En)
}

fn with(change: impl Fn(&mut Business)) -> Simulator {
    let mut business = support::business("BOOKING", Language::En);
    change(&mut business);
    Simulator::new(Bot::new(Some(support::pack("BOOKING")), business), support::monday())
}

fn customer(text: &str, from: From) -> Turn {
    Turn::Customer { said: vec![Heard::Text(text.to_owned())], from }
}

#[test]
fn anything_gets_one_answer_within_whatsapps_limit() {
    let long = "a".repeat(65_536);
    let words = "kusuka kesho ".repeat(5_000);
    let texts = [
        "🦒🦒🦒",
        "مرحبا كيف حالك",
        "{{ 7*7 }}{% for x in y %}",
        long.as_str(),
        words.as_str(),
        "\u{202e}abc\u{200f}",
        "-5",
        "99999999999999999999",
        "1e9",
        "\u{0}\u{1}",
        "?",
        "...",
        "٣",
        "０",
        "<b>&amp;</b>",
        "'; DROP TABLE x; --",
    ];
    for (id, ..) in support::PACKS {
        for language in support::LANGUAGES {
            for before in ["", "1", "2", "menu"] {
                for text in texts {
                    let mut simulator = support::simulator(id, language);
                    simulator.say("menu");
                    if !before.is_empty() {
                        simulator.say(before);
                    }
                    if simulator.state.hand_off.is_some() {
                        continue;
                    }
                    let said = simulator.say(text);
                    assert_eq!(said.len(), 1, "{id} {before} {text:.20}");
                    assert!(!said[0].trim().is_empty() && said[0].chars().count() <= TEXT_MOST);
                }
            }
        }
    }
}

#[test]
fn a_tenants_name_and_a_customers_words_come_out_as_text() {
    let mut simulator = with(|business| business.settings.business_name = "{{ hours }}{% raw %}".into());
    assert!(simulator.say("hi")[0].contains("Welcome to {{ hours }}{% raw %}!"));
    simulator.say("book haircut tomorrow at 10");
    let said = simulator.say("{{ business }}").join("");
    assert!(said.contains("for {{ business }},"), "{said}");
}

#[test]
fn an_empty_catalogue_and_a_business_without_anything_answer_sensibly() {
    for (id, word) in
        [("ECOMMERCE", "order"), ("BOOKING", "book"), ("ECOMMERCE", "products"), ("SUPPORT", "questions")]
    {
        let mut business = support::business(id, Language::En);
        business.profile = Profile::default().into();
        business.settings.hours = None;
        let mut simulator = Simulator::new(Bot::new(Some(support::pack(id)), business), support::monday());
        simulator.say("hello");
        let said = simulator.say(word).join("");
        assert!(said.contains("agent"), "{id} {word}: {said}");
        assert!(simulator.state.running.is_none());
        assert!(!simulator.say("hours").join("").is_empty());
    }
}

#[test]
fn a_time_that_summer_time_skips_cannot_be_booked() {
    // In Berlin clocks go from 02:00 to 03:00 on 29 March 2026.
    let mut simulator = with(|business| {
        business.settings.timezone = "Europe/Berlin".into();
        business.settings.hours =
            Some(serde_json::from_str(&format!("[{}]", ["[[0,1440]]"; 7].join(","))).unwrap());
        Arc::make_mut(&mut business.profile).booking.days_ahead = 60;
    });
    simulator.say("book haircut, my name is Ali");
    let said = simulator.say("29 March at 2:30 am").join("");
    assert!(said.contains("On Sunday 29 March the clocks skip 02:30."), "{said}");
    assert!(!said.contains("Shall we book it"), "{said}");
    let said = simulator.say("3:30 am").join("");
    assert!(said.contains("03:30") && said.contains("Shall we book it"), "{said}");
}

#[test]
fn a_holiday_is_named_and_outside_hours_bookings_are_still_taken() {
    let mut simulator = with(|business| {
        let hours = business.settings.hours.as_mut().unwrap();
        hours.closed.push(Closed {
            from: date(2026, 3, 3),
            to: date(2026, 3, 4),
            name: Text::both("Pasaka", "Easter"),
        });
    });
    simulator.now = "2026-03-02T18:00:00Z".parse().unwrap();
    let said = simulator.say("hello").join("");
    assert!(said.contains("We are closed now and open again Thursday 5 March, 09:00."), "{said}");
    let said = simulator.say("book haircut tomorrow").join("");
    assert!(said.contains("(Easter)") && said.contains("Thursday 5 March"), "{said}");
    simulator.say("yes");
    simulator.say("10:00");
    simulator.say("Ali");
    assert!(simulator.say("yes").join("").contains("B-1001"));
}

#[test]
fn a_slot_that_is_gone_restarts_its_flow_with_a_sentence() {
    let mut simulator = salon();
    simulator.say("book haircut tomorrow");
    let mut files = replies::new_pack("BOOKING");
    let manifest = String::from_utf8(files["pack.toml"].clone()).unwrap();
    files.insert("pack.toml".into(), manifest.replace("name = \"date\"", "name = \"day\"").into_bytes());
    let business = simulator.bot().business().clone();
    simulator.exchange(Bot::new(Some(Arc::new(Pack::compile(&files).unwrap())), business));
    let said = simulator.say("10:00").join("");
    assert!(said.contains("let's begin again"), "{said}");
    assert_eq!(simulator.state.running.as_ref().unwrap().flow, "book");
    // A flow that only moved on goes on.
    let mut simulator = salon();
    simulator.say("book haircut tomorrow");
    let business = simulator.bot().business().clone();
    let files = replies::new_pack("BOOKING");
    simulator.exchange(Bot::new(Some(Arc::new(Pack::compile(&files).unwrap())), business));
    assert!(simulator.say("10:00").join("").contains("What name"));
}

#[test]
fn a_tenant_whose_pack_is_gone_hands_every_customer_to_a_person_once() {
    let bot = Bot::new(None, support::business("BOOKING", Language::Sw));
    let now = support::monday();
    let first =
        decide(&bot, &State::default(), &customer("miadi", From::default()), now, &Default::default());
    assert!(first.replies[0].text.contains("Mhudumu wetu atakujibu hapa"));
    assert_eq!(first.hand_off.as_ref().unwrap().reason, HandOffReason::NoPack);
    let second =
        decide(&bot, &first.conversation, &customer("upo?", From::default()), now, &Default::default());
    assert_eq!(second.silence, Some(Silence::WithPerson));
}

#[test]
fn contacts_are_left_alone_and_the_owners_switch_works() {
    let bot = Bot::new(
        Some(support::pack("BOOKING")),
        Business {
            profile: {
                let mut profile = Profile::salon();
                profile.manners.left_alone = vec!["0712 000 111".into()];
                profile.manners.only_new_people = true;
                profile.into()
            },
            ..support::business("BOOKING", Language::En)
        },
    );
    let silence = |from: From, held: &replies::Availability| -> Outcome {
        decide(&bot, &State::default(), &customer("hi", from), support::monday(), held)
    };
    let held = replies::Availability::default();
    let alone = From { phone: Some("255712000111".into()), ..From::default() };
    assert_eq!(silence(alone, &held).silence, Some(Silence::LeftAlone));
    let known = From { known_before: true, ..From::default() };
    assert_eq!(silence(known, &held).silence, Some(Silence::LeftAlone));
    assert_eq!(silence(From::default(), &held).silence, None);
    let off = replies::Availability { switched_off: true, ..held.clone() };
    assert_eq!(silence(From::default(), &off).silence, Some(Silence::SwitchedOff));
    for (text, switch) in
        [("Bot off", Some(false)), ("zima bot", Some(false)), ("bot on", Some(true)), ("hello", None)]
    {
        let said =
            decide(&bot, &State::default(), &Turn::Owner { text: text.into() }, support::monday(), &held);
        assert_eq!((said.switch, said.silence), (switch, Some(Silence::OwnerWrote)), "{text}");
        assert_eq!(said.hand_off.is_some(), switch.is_none());
    }
}

#[test]
fn stop_is_confirmed_once_and_thanks_never_silence() {
    let mut simulator = salon();
    simulator.say("hello");
    for text in ["thanks", "asante", "Asante sana!", "thank you so much"] {
        assert_eq!(simulator.say(text).len(), 1, "{text}");
        assert!(!simulator.state.opted_out, "{text}");
    }
    for stop in ["STOP", "acha", "Stop!"] {
        let mut simulator = salon();
        simulator.say("book haircut");
        assert_eq!(simulator.say(stop).len(), 1);
        assert!(simulator.state.opted_out && simulator.state.running.is_none());
        assert!(simulator.say(stop).is_empty() && simulator.say("hello").is_empty());
        assert_eq!(simulator.say("ANZA").len(), 1);
        assert!(!simulator.state.opted_out);
    }
}

#[test]
fn a_person_has_the_chat_until_it_is_handed_back_or_time_passes() {
    let mut simulator = salon();
    simulator.say("agent");
    assert!(simulator.say("hello?").is_empty());
    simulator.now += SignedDuration::from_mins(239);
    assert!(simulator.say("hello?").is_empty());
    simulator.turn(&Turn::Owner { text: "I am here".into() });
    simulator.now += SignedDuration::from_mins(239);
    assert!(simulator.say("hello?").is_empty(), "the person's last word counts");
    simulator.now += SignedDuration::from_mins(2);
    assert_eq!(simulator.say("hello?").len(), 1);
}

#[test]
fn what_is_due_is_said_only_where_it_should_be() {
    // A booking made minutes before it: no reminder. One who opted out: none. A cancelled one: none.
    let booked = || {
        let mut simulator = salon();
        simulator.say("book haircut on Wednesday at 10, my name is Ali");
        assert!(simulator.say("yes").join("").contains("B-1001"));
        simulator
    };
    assert_eq!(booked().wait(SignedDuration::from_hours(60)).len(), 2);
    let mut out = booked();
    out.say("STOP");
    assert!(out.wait(SignedDuration::from_hours(60)).is_empty());
    let mut cancelled = booked();
    cancelled.say("cancel booking");
    assert!(cancelled.say("yes").join("").contains("cancelled"));
    assert!(cancelled.wait(SignedDuration::from_hours(60)).is_empty());
    let mut moved = booked();
    moved.say("change");
    moved.say("Friday at 12:00");
    moved.say("yes");
    assert_eq!(moved.wait(SignedDuration::from_hours(120)).len(), 2, "only of the new time");
    let mut soon = salon();
    soon.say("book haircut today at 13:00, my name is Ali");
    soon.say("yes");
    assert!(soon.wait(SignedDuration::from_hours(5)).is_empty());
}

#[test]
fn numbers_that_an_order_makes_are_what_is_taken_from_stock() {
    let mut simulator = support::simulator("ECOMMERCE", Language::En);
    for text in ["order 2 dresses and half kitenge", "done", "pick up", "Asha", "yes"] {
        simulator.say(text);
    }
    assert_eq!(simulator.ledger.left("dress").to_string(), "3");
    assert_eq!(simulator.ledger.left("kitenge").to_string(), "11.50");
    simulator.say("cancel");
    simulator.say("yes");
    assert_eq!(simulator.ledger.left("dress").to_string(), "5");
}

#[test]
fn an_older_conversation_is_at_the_beginning() {
    let state: State =
        serde_json::from_str(r#"{"step":"book","answered_at":"2026-03-02T07:00:00Z"}"#).unwrap();
    assert!(state.running.is_none() && state.answered_at.is_some());
    assert_eq!(serde_json::to_string(&State::default()).unwrap(), "{}");
    let _: Timestamp = state.answered_at.unwrap();
    let _ = Hours::default();
}

#[test]
fn no_reply_holds_another_tenants_words() {
    let marked = |mark: &str| {
        let mut business = support::business("BOOKING", Language::En);
        business.settings.business_name = format!("{mark} Salon");
        Arc::make_mut(&mut business.profile).contact.address =
            Text::both(&format!("{mark} Street"), &format!("{mark} Street"));
        for service in &mut Arc::make_mut(&mut business.profile).services {
            service.name = Text::both(&format!("{mark} huduma"), &format!("{mark} {}", service.code));
        }
        for question in &mut Arc::make_mut(&mut business.profile).questions {
            question.answer = Text::both(mark, mark);
        }
        Simulator::new(Bot::new(Some(support::pack("BOOKING")), business), support::monday())
    };
    let (mut one, mut other) = (marked("ALPHAMARK"), marked("BETAMARK"));
    for text in [
        "hi",
        "1",
        "braids",
        "tomorrow",
        "10:00",
        "Ali",
        "yes",
        "my booking",
        "prices",
        "hours",
        "parking",
        "agent",
    ] {
        let (first, second) = (one.say(text).join(""), other.say(text).join(""));
        assert!(!first.contains("BETAMARK") && !second.contains("ALPHAMARK"), "{text}: {first} {second}");
        assert_eq!(first.replace("ALPHAMARK", ""), second.replace("BETAMARK", ""), "{text}");
    }
}

#[test]
fn notices_speak_the_tenants_language_and_words() {
    use replies::Notice::{PleaseWait, RateLimited, Suspended, Unreadable, ViewOnce};
    let mut all = std::collections::BTreeSet::new();
    for language in support::LANGUAGES {
        let bot = Bot::new(Some(support::pack("BOOKING")), support::business("BOOKING", language));
        for notice in [RateLimited, PleaseWait, Suspended, Unreadable, ViewOnce] {
            let said = bot.notice(notice, support::monday());
            assert!(!said.contains("{{") && !said.is_empty(), "{said}");
            assert!(all.insert(said), "{notice:?} is another text in each language");
        }
        assert!(bot.notice(Suspended, support::monday()).contains("Neema Salon"));
    }
}
