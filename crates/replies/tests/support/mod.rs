//! Conversations written down as the customer's side, and played: see `tests/conversations`.
#![allow(dead_code, unreachable_pub, unused_qualifications, reason = "each test and example uses its part")]

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
};

use domain::{BotSettings, Language, PackId, Timestamp};
use jiff::{SignedDuration, Span};
use replies::{BookingState, Bot, Business, Files, Heard, Hours, Pack, Profile, Record, Simulator, Turn};

/// What is played: a pack's id, the folder that it is in where it does not ship, and what its tenant is called.
pub const PACKS: [(&str, Option<&str>, &str); 5] = [
    ("BOOKING", None, "Neema Salon"),
    ("ECOMMERCE", None, "Duka la Asha"),
    ("SUPPORT", None, "Umeme Wetu"),
    ("RESTAURANT", Some("packs/restaurant"), "Mama Ntilie"),
    ("CLINIC", Some("packs/clinic"), "Afya Njema"),
];

pub const LANGUAGES: [Language; 2] = [Language::Sw, Language::En];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn files(folder: &str) -> Files {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, fs::read(path).unwrap());
    }
    files
}

/// Compiled once for all tests of a program.
pub fn pack(id: &str) -> Arc<Pack> {
    static PACKS_OF: OnceLock<Mutex<BTreeMap<String, Arc<Pack>>>> = OnceLock::new();
    let mut packs = PACKS_OF.get_or_init(Mutex::default).lock().unwrap();
    Arc::clone(packs.entry(id.to_owned()).or_insert_with(|| compiled(id)))
}

fn compiled(id: &str) -> Arc<Pack> {
    let folder = PACKS.iter().find(|(known, ..)| *known == id).and_then(|(_, folder, _)| *folder);
    match folder {
        Some(folder) => {
            Arc::new(Pack::compile(&files(folder)).unwrap_or_else(|problems| panic!("{problems:#?}")))
        }
        None => Pack::shipped(id).unwrap(),
    }
}

pub fn settings(name: &str, language: Language) -> BotSettings {
    BotSettings {
        version: 1,
        business_name: name.into(),
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
    }
}

pub fn hours() -> Hours {
    serde_json::from_str(
        r#"{"week":[[[540,1080]],[[540,1080]],[[540,1080]],[[540,1080]],[[540,1080]],[[540,900]],[]],
            "closed":[{"from":"2026-03-20","to":"2026-03-21","name":{"sw":"Sikukuu ya Idi","en":"Eid"}}]}"#,
    )
    .unwrap()
}

pub fn business(id: &str, language: Language) -> Business {
    let (_, folder, name) = PACKS.iter().find(|(known, ..)| *known == id).unwrap();
    let profile = match (id, folder) {
        ("BOOKING", _) => Profile::salon(),
        (_, None) => Profile::for_pack(id),
        (_, Some(_)) => Profile::import(pack(id).profile_json().unwrap().as_bytes(), 1).unwrap(),
    };
    Business {
        settings: BotSettings { hours: Some(hours()), ..settings(name, language) },
        profile: profile.into(),
    }
}

/// A Monday, eleven in the morning in Dar es Salaam.
pub fn monday() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

pub fn simulator(id: &str, language: Language) -> Simulator {
    Simulator::new(Bot::new(Some(pack(id)), business(id, language)), monday())
}

fn script_path(id: &str, language: Language) -> PathBuf {
    let code = if language == Language::Sw { "sw" } else { "en" };
    root().join(format!("crates/replies/tests/conversations/{}.{code}.txt", id.to_lowercase()))
}

pub fn has_script(id: &str, language: Language) -> bool {
    script_path(id, language).exists()
}

pub fn script(id: &str, language: Language) -> String {
    let path = script_path(id, language);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All conversations of a script, each from its beginning, as Markdown.
pub fn play(id: &str, language: Language) -> String {
    let mut text = format!(
        "# {id}, {}\n\nMade by `cargo run -p replies --example transcripts`; a test compares it with what the engine says.\n",
        if language == Language::Sw { "Kiswahili" } else { "English" }
    );
    let mut simulator = simulator(id, language);
    for line in script(id, language).lines().map(str::trim) {
        let (sign, rest) = line.split_at(line.len().min(1));
        let rest = rest.trim();
        match sign {
            "" | ";" => {}
            "#" => {
                simulator = self::simulator(id, language);
                writeln!(text, "\n## {rest}\n").unwrap();
            }
            ">" => {
                let said: Vec<Heard> = rest.split(" && ").map(heard).collect();
                let shown = rest.replace(" && ", " / ");
                writeln!(text, "**>** {shown}\n").unwrap();
                let replies = simulator.hear(said);
                write_replies(&mut text, &replies);
                simulator.now += SignedDuration::from_mins(1);
            }
            "+" => {
                let span: Span = rest.parse().unwrap();
                let time = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).unwrap();
                writeln!(text, "*{rest} later*\n").unwrap();
                for reply in simulator.wait(time) {
                    write_reply(&mut text, &reply);
                }
            }
            "=" => {
                writeln!(text, "*{rest}*\n").unwrap();
                beside(&mut simulator, rest);
            }
            _ => panic!("{id}: \"{line}\" is no line of a script"),
        }
    }
    text
}

fn heard(text: &str) -> Heard {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(kind) => Heard::Media(kind.to_owned()),
        None => Heard::Text(text.to_owned()),
    }
}

/// What happens beside the customer's messages.
fn beside(simulator: &mut Simulator, what: &str) {
    match what.split_once(' ').unwrap_or((what, "")) {
        ("owner", text) => {
            simulator.turn(&Turn::Owner { text: text.to_owned() });
        }
        ("back", _) => {
            simulator.turn(&Turn::HandBack);
        }
        ("missed", reference) => {
            let Some(Record::Booking(mut booking)) = simulator.ledger.get(reference).cloned() else {
                panic!("{what}: no booking {reference}");
            };
            booking.state = BookingState::Missed;
            simulator.person(Record::Booking(booking)).unwrap();
        }
        ("shipped", reference) => {
            let Some(Record::Order(mut order)) = simulator.ledger.get(reference).cloned() else {
                panic!("{what}: no order {reference}");
            };
            order.state = replies::OrderState::Shipped;
            simulator.person(Record::Order(order)).unwrap();
        }
        ("off", code) => {
            let mut business = simulator.bot().business().clone();
            let product = std::sync::Arc::make_mut(&mut business.profile)
                .catalogue
                .iter_mut()
                .find(|product| product.code == code)
                .unwrap();
            product.on = false;
            let pack = simulator.bot().pack().cloned();
            simulator.exchange(Bot::new(pack, business));
        }
        ("suspend", _) => {
            let mut business = simulator.bot().business().clone();
            business.settings.suspended = true;
            let pack = simulator.bot().pack().cloned();
            simulator.exchange(Bot::new(pack, business));
        }
        ("another", _) => {
            simulator.contact += 1;
            simulator.state = replies::State::default();
        }
        _ => panic!("\"{what}\" happens in no script"),
    }
}

fn write_replies(text: &mut String, replies: &[String]) {
    if replies.is_empty() {
        text.push_str("*(nothing)*\n\n");
    }
    for reply in replies {
        write_reply(text, reply);
    }
}

fn write_reply(text: &mut String, reply: &str) {
    for line in reply.lines() {
        writeln!(text, "{}", format!("> {line}").trim_end()).unwrap();
    }
    text.push('\n');
}
