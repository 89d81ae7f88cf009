//! Replies per second of the engine on one core, with 1,000 keywords and a catalogue of 1,000, and what such a profile costs
//! in memory: `cargo run --release -p replies --example speed`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

use std::{fs, time::Instant};

use domain::{BotSettings, Language, PackId, Timestamp};
use replies::{
    Amount, Availability, Bot, Business, From, Heard, Pack, Product, Profile, Question, State, Text, Turn,
    decide,
};

/// What customers of a shop write, one conversation.
const SAID: [&str; 12] = [
    "Habari",
    "bei ya mchele wa aina 417",
    "agiza",
    "mafuta 22 mbili na sabuni 731",
    "hakuna kitu kama hiki hapa",
    "basi",
    "niletewe",
    "Sinza karibu na soko",
    "Asha Juma",
    "0712 345 678",
    "hapana",
    "menyu",
];

fn main() {
    let before = resident_kb();
    let bot = Bot::new(Pack::shipped("ECOMMERCE"), business(0, 0));
    let small = resident_kb();
    let large = Bot::new(Pack::shipped("ECOMMERCE"), business(1_000, 50));
    let all = resident_kb();
    println!("a pack and a bot with a profile of its own: {} kB", small - before);
    println!("a catalogue of 1,000 and 1,000 keywords on top: {} kB", all - small);
    for (name, bot) in [("an empty catalogue", &bot), ("1,000 products and 1,000 keywords", &large)] {
        let held = Availability {
            stock: bot
                .business()
                .profile
                .catalogue
                .iter()
                .map(|product| (product.code.clone(), Amount::whole(9)))
                .collect(),
            ..Availability::default()
        };
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let turns: Vec<Turn> = SAID
            .iter()
            .map(|text| Turn::Customer { said: vec![Heard::Text((*text).to_owned())], from: From::default() })
            .collect();
        let began = Instant::now();
        let mut said = 0_u32;
        let mut slowest = 0;
        while began.elapsed().as_secs() < 5 {
            let mut state = State::default();
            for turn in &turns {
                let one = Instant::now();
                state = decide(bot, &state, turn, now, &held).conversation;
                slowest = slowest.max(one.elapsed().as_micros());
                said += 1;
            }
        }
        let each = began.elapsed().as_secs_f64() / f64::from(said);
        println!(
            "{name}: {:.0} replies per second on one core, {:.0} µs each, the slowest {slowest} µs",
            1.0 / each,
            each * 1e6
        );
    }
}

fn business(products: usize, questions: usize) -> Business {
    let kinds = [
        "mchele wa aina",
        "mafuta",
        "sabuni",
        "sukari",
        "unga wa ngano",
        "chumvi",
        "majani ya chai",
        "maharage",
    ];
    let catalogue = (0..products)
        .map(|n| Product {
            code: format!("p-{n}"),
            name: Text::both(&format!("{} {n}", kinds[n % kinds.len()]), &format!("Product number {n}")),
            words: vec![],
            price: Amount::whole(1_000),
            unit: Text::default(),
            parts: false,
            stock: Some(Amount::whole(9)),
            stock_counted: 0,
            stock_counted_at: None,
            category: Text::both("Chakula", "Food"),
            on: true,
        })
        .collect();
    let questions = (0..questions)
        .map(|n| Question {
            question: Text::both(&format!("Swali namba {n}?"), &format!("Question number {n}?")),
            words: (0..20).map(|word| format!("neno{n}x{word}")).collect(),
            answer: Text::both("Jibu.", "Answer."),
        })
        .collect();
    let settings = BotSettings {
        version: 1,
        business_name: "Duka".into(),
        pack: PackId::ECOMMERCE,
        language: Language::Sw,
        timezone: "Africa/Dar_es_Salaam".into(),
        currency: "TZS".into(),
        hours: None,
        declared_number: None,
        confirmed_number: None,
        number_forms: Vec::new(),
        suspended: false,
        remove_deleted: false,
    };
    let profile = Profile { catalogue, questions, ..Profile::for_pack("ECOMMERCE") };
    Business { settings, profile: profile.into() }
}

/// Memory of this process that is its own, in kB.
fn resident_kb() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
