//! How the control plane is doing.

use askama::Template;
use axum::response::Response;
use domain::Timestamp;
use web::ui::{Banner, Head, Html, Icon, Pill, Tone, ago};

use crate::{call::Call, shell::Section, tenants::figures};

#[derive(Template)]
#[template(path = "system.html")]
struct View<'a> {
    system: &'a api::System,
    database: String,
    disk: String,
    memory: String,
    worker_memory: String,
    banner: Option<Banner>,
    month: String,
    clock: String,
    confinement: String,
    users: String,
    channels: String,
    alerts: Vec<Sent>,
}

/// One of the last alerts, in words.
struct Sent {
    when: Html,
    way: &'static str,
    title: String,
    pill: Pill,
    why: Option<String>,
}

impl Sent {
    fn of(one: &api::AlertDelivered, now: Timestamp) -> Self {
        let why = one.detail.as_deref().unwrap_or_default();
        let (tone, word, why) = match one.result.as_str() {
            "sent" => (Tone::Ok, words::alerts::taken(), None),
            "failed" => (Tone::Warn, words::alerts::not_taken(), Some(words::alerts::again(why, one.tries))),
            _ => (Tone::Bad, words::alerts::given_up(), Some(words::alerts::no_more(why, one.tries))),
        };
        let title =
            if one.kind == "cleared" { words::alerts::cleared(&one.title) } else { one.title.clone() };
        let pill = Pill { tone, word: word.to_owned() };
        Self { when: Html::of(&ago(one.at, now, "UTC")), way: alerts::word(&one.channel), title, pill, why }
    }
}

/// The page.
pub(super) async fn show(call: &Call, system: &api::System) -> Response {
    let low = system.disk_free_bytes.is_some_and(|free| free < 1_000_000_000);
    let view = View {
        database: match system.database_ms {
            Some(ms) => words::system::answers_in(&system.database, ms),
            None => words::system::no_answer(&system.database),
        },
        disk: match system.disk_free_bytes.zip(system.disk_total_bytes) {
            Some((free, total)) => words::system::free_of(bytes(free), bytes(total)),
            None => words::system::not_known().to_owned(),
        },
        memory: system.memory_bytes.map_or_else(|| words::system::not_known().to_owned(), bytes),
        worker_memory: bytes(system.worker_memory_bytes),
        banner: low.then(|| Banner {
            text: words::system::disk_low_text().to_owned(),
            ..Banner::wrong(words::system::disk_low())
        }),
        confinement: figures::of_all(&system.protection),
        users: match (&system.protection.users, &system.protection.no_users) {
            (Some(users), _) => words::system::users_own(users),
            (None, why) => words::system::users_one(why.as_deref().unwrap_or("–")),
        },
        clock: figures::clock(system.clock_behind_ms),
        channels: if system.alert_channels.is_empty() {
            words::alerts::no_way().to_owned()
        } else {
            let ways = system.alert_channels.iter().map(|channel| alerts::word(channel));
            ways.collect::<Vec<_>>().join(", ")
        },
        alerts: system.alerts.iter().map(|one| Sent::of(one, call.app.now())).collect(),
        month: call.app.now().to_string().chars().take(7).collect(),
        system,
    };
    call.page(Section::System, Head::new(words::shell::system()), &view).await
}

/// Bytes in their largest unit.
fn bytes(count: u64) -> String {
    let mega = count / 1_000_000;
    if mega >= 10_000 { format!("{} GB", mega / 1000) } else { format!("{mega} MB") }
}
