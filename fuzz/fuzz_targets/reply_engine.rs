//! Any bytes as a conversation with any pack that ships: no panic, an end, and equal outcomes for equal inputs.
#![no_main]

use std::sync::OnceLock;

use domain::{BotSettings, Language, PackId};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use replies::{Bot, Business, From, Heard, Ledger, Pack, Profile, State, Turn, decide};

fn bots() -> &'static [Bot] {
    static BOTS: OnceLock<Vec<Bot>> = OnceLock::new();
    BOTS.get_or_init(|| {
        let packs = ["BOOKING", "ECOMMERCE", "SUPPORT"].into_iter().flat_map(|id| [(id, Language::Sw), (id, Language::En)]);
        packs
            .map(|(id, language)| {
                let settings = BotSettings {
                    version: 1,
                    business_name: "Neema".into(),
                    pack: PackId::BOOKING,
                    language,
                    timezone: "Africa/Dar_es_Salaam".into(),
                    currency: "TZS".into(),
                    hours: None,
                    declared_number: None,
                    confirmed_number: None,
                    number_forms: Vec::new(),
                    suspended: false,
                    remove_deleted: false,
                };
                let profile = if id == "BOOKING" { Profile::salon() } else { Profile::for_pack(id) };
                Bot::new(Pack::shipped(id), Business { settings, profile })
            })
            .collect()
    })
}

// The first byte chooses the bot; then each line is a turn. A line that begins with a digit of nought lets time pass, one
// with `[` is no text, and one with `{` is read as a state of before.
fuzz_target!(|data: &[u8]| {
    let Some((which, rest)) = data.split_first() else { return };
    let bots = bots();
    let bot = &bots[usize::from(*which) % bots.len()];
    let mut ledger = Ledger::default();
    ledger.stock(&bot.business().profile);
    let mut state = State::default();
    let mut now: Timestamp = "2026-03-02T08:00:00Z".parse().expect("a time");
    for line in rest.split(|byte| *byte == b'\n').take(40) {
        let text = String::from_utf8_lossy(line).into_owned();
        if let Some(known) = text.strip_prefix('{').and_then(|_| serde_json::from_str(&text).ok()) {
            state = known;
            continue;
        }
        now += SignedDuration::from_mins(i64::from(line.len() as u32 % 97));
        let heard = if text.starts_with('[') { Heard::Media(text) } else { Heard::Text(text) };
        let turn = Turn::Customer { said: vec![heard], from: From::default() };
        let held = ledger.snapshot(1);
        let outcome = decide(bot, &state, &turn, now, &held);
        assert_eq!(outcome, decide(bot, &state, &turn, now, &held));
        assert_eq!(outcome.replies.is_empty(), outcome.silence.is_some());
        for change in &outcome.records {
            // A state that was made up may name records that are not there; the journal refuses them.
            let _ = ledger.apply(Some(1), change);
        }
        state = outcome.conversation;
    }
    // What is no pack is told, and never a panic.
    let files = replies::Files::from([("pack.toml".to_owned(), rest.to_vec()), ("en.toml".to_owned(), rest.to_vec())]);
    let _ = Pack::compile(&files);
    let _ = Profile::import(rest, 1);
    let _ = replies::read_catalogue(rest);
});
