//! How the control plane is doing.

use askama::Template;
use axum::response::Response;
use domain::{TenantId, Timestamp};
use web::ui::{Banner, Chart, Head, Html, Icon, Pill, Slot, Tone, ago, span};

use crate::{
    call::Call,
    shell::Section,
    tenants::{figures, health},
};

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
    processor: String,
    channels: String,
    /// Whether somebody is told, and when that last arrived.
    arrives: Banner,
    alerts: Vec<Sent>,
    needing: Vec<NeedsHand>,
    charts: Vec<(&'static str, Chart)>,
    /// The settings that were changed, and the rest.
    changed: Vec<&'a api::InForce>,
    others: Vec<&'a api::InForce>,
}

/// A tenant that needs a person.
struct NeedsHand {
    id: TenantId,
    name: String,
    pill: Pill,
    says: String,
}

impl NeedsHand {
    fn of(one: &api::Needing) -> Self {
        let condition = one.health.condition;
        let pill = Pill::new(health::tone(condition), words::condition::word(condition));
        Self { id: one.id, name: one.name.clone(), pill, says: one.health.says.clone() }
    }
}

/// Whether somebody is told when something is wrong, and when that last arrived.
fn arrives(system: &api::System, channels: &str, now: Timestamp) -> Banner {
    if system.alert_channels.is_empty() {
        let off = Banner::wrong(words::system::alerts_off());
        return Banner { text: words::alerts::none_set_up().to_owned(), tone: Tone::Warn, ..off };
    }
    let last = system.alerts.iter().find(|one| one.result == "sent").map(|one| {
        let ago = now.duration_since(one.at).as_secs().max(0).unsigned_abs();
        words::system::alert_arrived(span(ago))
    });
    let on = Banner::done(words::system::alerts_on(channels));
    let text = last.unwrap_or_else(|| words::system::no_alert_arrived().to_owned());
    // Where nothing has ever arrived nobody knows whether it would.
    let tone = if system.alerts.iter().any(|one| one.result == "sent") { Tone::Ok } else { Tone::Warn };
    Banner { text, tone, ..on }
}

/// Messages and replies of a day and of a month, and how long replies took.
fn charts(traffic: &api::Traffic) -> Vec<(&'static str, Chart)> {
    let hour = |at: Timestamp| at.strftime("%H:%M").to_string();
    let day = |at: Timestamp| {
        let at = at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
        words::date::of(at.day(), at.month(), at.year())
    };
    let both = |steps: &[api::TrafficStep], when: &dyn Fn(Timestamp) -> String| {
        let slots: Vec<_> = steps
            .iter()
            .map(|step| Slot {
                title: words::system::counted(when(step.from), step.received, step.sent),
                figures: vec![step.received, step.sent],
            })
            .collect();
        let sum = |figure: fn(&api::TrafficStep) -> u64| steps.iter().map(figure).sum::<u64>();
        let label = words::system::counted_in_all(sum(|step| step.received), sum(|step| step.sent));
        let legend = vec![words::system::received(), words::system::sent()];
        Chart::new(&slots, label, |most| most.to_string(), ends(steps, when), legend)
    };
    let seconds = |ms: u64| words::system::seconds(format!("{}.{}", ms / 1000, ms % 1000 / 100));
    let slots: Vec<_> = traffic
        .hours
        .iter()
        .map(|step| Slot {
            title: step.reply_ms.map_or_else(
                || words::system::nobody_answered(hour(step.from)),
                |ms| words::system::answered_within(hour(step.from), seconds(ms)),
            ),
            figures: vec![step.reply_ms.unwrap_or(0)],
        })
        .collect();
    let slowest = traffic.hours.iter().filter_map(|step| step.reply_ms).max();
    let label = slowest.map_or_else(
        || words::system::nobody_answered_all().to_owned(),
        |ms| words::system::slowest(seconds(ms)),
    );
    let replies = Chart::new(&slots, label, seconds, ends(&traffic.hours, &hour), Vec::new());
    vec![
        (words::system::chart_day(), both(&traffic.hours, &hour)),
        (words::system::chart_month(), both(&traffic.days, &day)),
        (words::system::chart_replies(), replies),
    ]
}

/// What stands below the first and the last column.
fn ends(steps: &[api::TrafficStep], when: &dyn Fn(Timestamp) -> String) -> (String, String) {
    let at = |step: Option<&api::TrafficStep>| step.map(|step| when(step.from)).unwrap_or_default();
    (at(steps.first()), at(steps.last()))
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
    let now = call.app.now();
    let channels = if system.alert_channels.is_empty() {
        words::alerts::no_way().to_owned()
    } else {
        let ways = system.alert_channels.iter().map(|channel| alerts::word(channel));
        ways.collect::<Vec<_>>().join(", ")
    };
    let (changed, others) = system.settings.iter().partition(|one| one.changed);
    let view = View {
        arrives: arrives(system, &channels, now),
        needing: system.needing.iter().map(NeedsHand::of).collect(),
        charts: system.traffic.as_ref().map(charts).unwrap_or_default(),
        changed,
        others,
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
        banner: if system.database_unwritable {
            let text = words::problem::database_unwritable().to_owned();
            Some(Banner { text, ..Banner::wrong(words::system::database_unwritable()) })
        } else {
            low.then(|| Banner {
                text: words::system::disk_low_text().to_owned(),
                ..Banner::wrong(words::system::disk_low())
            })
        },
        confinement: figures::of_all(&system.protection),
        users: match (&system.protection.users, &system.protection.no_users) {
            (Some(users), _) => words::system::users_own(users),
            (None, why) => words::system::users_one(why.as_deref().unwrap_or("–")),
        },
        processor: match (&system.protection.throttle, &system.protection.no_throttle) {
            (Some(share), _) => words::system::throttled(share),
            (None, why) => words::system::not_throttled(why.as_deref().unwrap_or("–")),
        },
        clock: figures::clock(system.clock_behind_ms),
        channels,
        alerts: system.alerts.iter().map(|one| Sent::of(one, now)).collect(),
        month: now.to_string().chars().take(7).collect(),
        system,
    };
    call.page(Section::System, Head::new(words::shell::system()), &view).await
}

/// Bytes in their largest unit.
fn bytes(count: u64) -> String {
    let mega = count / 1_000_000;
    if mega >= 10_000 { format!("{} GB", mega / 1000) } else { format!("{mega} MB") }
}
