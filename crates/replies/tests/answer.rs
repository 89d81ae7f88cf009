//! What a customer reads: a whole conversation for every pack and language, and the rules behind it.
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use std::fmt::Write;

use domain::{BotSettings, Hours, Language, PackType, Timestamp};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;
use replies::{Conversation, Notice, Said, answer, notice};
use strum::VariantArray;

fn settings(pack: PackType, language: Language) -> BotSettings {
    BotSettings {
        version: 1,
        business_name: "Neema Salon".into(),
        pack,
        language,
        timezone: "Africa/Dar_es_Salaam".into(),
        currency: "TZS".into(),
        hours: None,
        declared_number: None,
        confirmed_number: None,
        number_forms: Vec::new(),
        suspended: false,
        remove_deleted: false,
    }
}

fn noon() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// The customer's side of a conversation, one message a minute, and what came back.
fn transcript(settings: &BotSettings, said: &[Said<'_>]) -> String {
    let mut text = String::new();
    let mut conversation = Conversation::default();
    let mut now = noon();
    for said in said {
        match said {
            Said::Text(words) => writeln!(text, "> {words}").unwrap(),
            Said::Media(kind) => writeln!(text, "> [{kind}]").unwrap(),
        }
        let answer = answer(settings, &conversation, &[*said], now);
        for reply in answer.texts {
            writeln!(text, "{reply}\n").unwrap();
        }
        conversation = answer.conversation;
        now += 1.minute();
    }
    text
}

#[test]
fn every_pack_in_every_language_holds_a_conversation() {
    for pack in PackType::VARIANTS {
        for language in Language::VARIANTS {
            let (hello, thanks) = match language {
                Language::Sw => ("Habari", "Asante sana"),
                Language::En => ("Hello", "Thank you"),
            };
            let said = [
                Said::Text(hello),
                Said::Text("1"),
                Said::Text("Jumamosi saa nne / Saturday at ten"),
                Said::Text(thanks),
                Said::Text("2️⃣"),
                Said::Media("voice"),
                Said::Text("xyzzy"),
                Said::Text("xyzzy"),
                Said::Text("menu"),
                Said::Text("3"),
                Said::Text("4"),
                Said::Text("5"),
                Said::Text("99"),
                Said::Media("image"),
                Said::Media("hologram"),
            ];
            let name = format!("{pack}_{language}").to_lowercase();
            insta::assert_snapshot!(name, transcript(&settings(*pack, *language), &said));
        }
    }
}

#[test]
fn a_first_message_is_greeted_and_so_is_one_after_a_long_silence() {
    let settings = settings(PackType::Booking, Language::Sw);
    let greeted = |conversation: &Conversation, now| {
        let answer = answer(&settings, conversation, &[Said::Text("Saa ngapi mnafungua leo?")], now);
        (answer.texts.first().unwrap().contains("Karibu sana Neema Salon"), answer)
    };
    let (first, said) = greeted(&Conversation::default(), noon());
    assert!(first);
    let text = said.texts.first().unwrap();
    assert!(
        text.ends_with("tukuambie saa tutakazokuwepo."),
        "the greeting, then the answer to the question: {text}"
    );
    assert_eq!(said.conversation.step, "hours");
    let soon = noon() + SignedDuration::from_hours(12);
    let answered = Conversation { step: String::new(), ..said.conversation };
    assert!(!greeted(&answered, soon).0);
    assert!(greeted(&answered, soon + SignedDuration::from_secs(1)).0);
}

#[test]
fn a_clock_that_went_back_does_not_greet_again() {
    let settings = settings(PackType::Support, Language::En);
    let later =
        Conversation { step: String::new(), answered_at: Some(noon() + SignedDuration::from_hours(48)) };
    let answer = answer(&settings, &later, &[Said::Text("menu")], noon());
    assert!(!answer.texts.first().unwrap().contains("customer care"));
}

#[test]
fn opening_hours_are_told_where_the_tenant_has_set_them() {
    let mut settings = settings(PackType::Booking, Language::En);
    settings.hours = Some(Hours([(); 7].map(|()| vec![(8 * 60, 17 * 60)])));
    let greeted = Conversation { step: String::new(), answered_at: Some(noon()) };
    let told = answer(&settings, &greeted, &[Said::Text("4")], noon());
    assert_eq!(told.texts, ["Do come by, we are here:\nMonday to Sunday: 08:00–17:00"]);
}

#[test]
fn a_name_that_looks_like_a_placeholder_stays_a_name() {
    let mut settings = settings(PackType::Ecommerce, Language::En);
    settings.business_name = " {hours} {business} { ".into();
    settings.hours = Some(Hours([(); 7].map(|()| vec![])));
    let said = answer(&settings, &Conversation::default(), &[Said::Text("hello")], noon());
    assert!(said.texts[0].starts_with("Hello and welcome to {hours} {business} {! 🛍️"), "{}", said.texts[0]);
}

#[test]
fn a_step_of_another_pack_does_no_harm() {
    let strange = Conversation { step: "no_such_step".into(), answered_at: Some(noon()) };
    let said = answer(&settings(PackType::Support, Language::En), &strange, &[Said::Text("blah")], noon());
    assert!(said.texts[0].contains("didn't quite get that"));
    assert_eq!(said.conversation.step, "");
}

#[test]
fn notices_speak_the_tenants_language() {
    let said = |language| {
        let settings = settings(PackType::Booking, language);
        [Notice::RateLimited, Notice::PleaseWait, Notice::Suspended, Notice::Unreadable, Notice::ViewOnce]
            .map(|kind| notice(&settings, kind))
    };
    insta::assert_debug_snapshot!("notices_sw", said(Language::Sw));
    insta::assert_debug_snapshot!("notices_en", said(Language::En));
}

/// What a customer reads who has been greeted a moment ago and then writes all of this in one turn.
fn to_a_turn(step: &str, said: &[&str]) -> replies::Answer {
    let conversation = Conversation { step: step.to_owned(), answered_at: Some(noon()) };
    let said: Vec<Said<'_>> = said.iter().map(|text| Said::Text(text)).collect();
    answer(&settings(PackType::Booking, Language::En), &conversation, &said, noon())
}

#[test]
fn what_is_written_in_several_messages_is_read_together() {
    let received = "Thank you, we've got it.";
    let one = to_a_turn("book", &["on Saturday", "at 10 please"]);
    assert!(one.texts[0].starts_with(received) && !one.texts[0].contains("didn't"), "{}", one.texts[0]);
    assert_eq!(one.conversation.step, "");
    let thanked = to_a_turn("book", &["on Saturday", "at 10 please", "thank you"]);
    assert_eq!(thanked.texts, one.texts, "thanks for what is yet to come need no answer of their own");
    let chosen = to_a_turn("", &["1", "braids on Saturday"]);
    assert_eq!(chosen.texts, one.texts, "the details are here already: nobody asks for them");
    let cut = to_a_turn("", &["how", "much"]);
    assert!(cut.texts[0].contains("send you its price"), "neither says it alone: {}", cut.texts[0]);
    let riddles = to_a_turn("", &["xyzzy", "plugh", "xyzzy"]);
    assert_eq!(riddles.texts[0].matches("didn't quite get that").count(), 1);
}

#[test]
fn a_backlog_gets_one_answer_that_leaves_no_question_out() {
    let said = to_a_turn("", &["hello", "4", "hello?", "are you open", "how much is a haircut", "??"]);
    assert_eq!(said.texts.len(), 1);
    assert!(said.texts[0].contains("its price"), "{}", said.texts[0]);
    assert_eq!(said.texts[0].matches("We'll answer right here").count(), 1, "asked twice, answered once");
    let two = to_a_turn("", &["4", "how much is a haircut"]);
    assert!(
        two.texts[0].contains("when we are here") && two.texts[0].contains("its price"),
        "{}",
        two.texts[0]
    );
    assert!(!said.texts[0].contains("didn't"), "{}", said.texts[0]);
    let all = to_a_turn("", &["1", "2", "3", "4", "5"]);
    assert!(all.texts[0].contains("its price") && all.texts[0].contains("one of us will write"));
    assert_eq!(all.conversation.step, "person", "the dialogue is at what was said last");
}

#[test]
fn an_album_is_thanked_for_once() {
    let settings = settings(PackType::Booking, Language::En);
    let greeted = Conversation { step: String::new(), answered_at: Some(noon()) };
    let answer = answer(&settings, &greeted, &[Said::Media("image"); 14], noon());
    assert_eq!(answer.texts[0].matches("Thanks for the picture").count(), 1);
}

fn any_settings() -> impl Strategy<Value = BotSettings> {
    (0..3usize, 0..2usize, ".{0,40}").prop_map(|(pack, language, name)| {
        let mut settings = settings(PackType::VARIANTS[pack], Language::VARIANTS[language]);
        settings.business_name = name;
        settings
    })
}

proptest! {
    /// Whatever is written, in whatever state: one reply with text in it, and the same ones again for
    /// the same input, since the worker may have to decide twice after a crash.
    #[test]
    fn every_message_is_answered_and_always_the_same(
        settings in any_settings(),
        step in "[a-z_]{0,10}",
        ago in proptest::option::of(-100_000i64..1_000_000),
        text in ".{0,300}",
        media in any::<bool>(),
    ) {
        let answered_at = ago.map(|seconds| noon() - SignedDuration::from_secs(seconds));
        let conversation = Conversation { step, answered_at };
        let said = if media { Said::Media(&text) } else { Said::Text(&text) };
        let first = answer(&settings, &conversation, &[said], noon());
        prop_assert_eq!(first.texts.len(), 1);
        prop_assert!(first.texts.iter().all(|text| !text.trim().is_empty() && text.len() < 4_000));
        prop_assert_eq!(first.conversation.answered_at, Some(noon()));
        prop_assert_eq!(&first, &answer(&settings, &conversation, &[said], noon()));
    }
}
