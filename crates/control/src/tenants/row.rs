//! One row of the tenants page.

use std::collections::HashMap;

use askama::Template;
use domain::{TenantId, Timestamp};
use store::{HeartbeatStrip, TenantDetail};
use web::{
    place::address,
    ui::{Html, Icon, Pill, Strip, ago},
};

use super::{
    health::{self, Look, Needed},
    strip,
};
use crate::{App, error::Answer, workers::Action};

/// What a row shows.
#[derive(Template)]
#[template(path = "tenants/row.html")]
pub(crate) struct Row {
    id: TenantId,
    name: String,
    number: String,
    tags: Tags,
    pill: Pill,
    words: String,
    strip: Strip,
    seen: Option<Html>,
    worker: String,
    error: Option<String>,
    no_pack: Option<String>,
    memory: String,
    today: u64,
    says: String,
    needed: Option<Needed>,
    /// Whether what is needed is urgent: a bot that was never started may wait.
    urgent: bool,
    look: Option<Look>,
    others: Vec<Action>,
    /// Whether it replaces a row that stands on a page already.
    anew: bool,
}

/// Tags as quiet chips, each of which filters the list: a few of them, and how many more there are.
pub(crate) struct Tags {
    shown: Vec<(String, String)>,
    /// How many are not shown, and all of them.
    more: Option<(usize, String)>,
}

/// Chips of one row.
const CHIPS: usize = 4;

impl Tags {
    fn of(tags: &[String]) -> Self {
        let chip = |tag: &String| (tag.clone(), address(super::list::PATH, &[("tag", Some(tag))]));
        let more = tags.len().saturating_sub(CHIPS);
        Self {
            shown: tags.iter().take(CHIPS).map(chip).collect(),
            more: (more > 0).then(|| (more, tags.join(", "))),
        }
    }
}

/// Rows of these tenants, with the figures that stand beside them.
pub(crate) async fn rows(app: &App, details: &[TenantDetail], anew: bool) -> Answer<Vec<Row>> {
    let ids: Vec<TenantId> = details.iter().map(|detail| detail.tenant.id).collect();
    let strips = app.store.operator().heartbeat_strips(&ids).await?;
    let today = today(app, details).await?;
    let tags = app.store.operator().tags_of(&ids).await?;
    let now = app.now();
    Ok(details
        .iter()
        .map(|detail| {
            let id = detail.tenant.id;
            let tags = Tags::of(tags.get(&id).map(Vec::as_slice).unwrap_or_default());
            Row { tags, ..row(app, detail, strips.get(&id), today.get(&id).copied().unwrap_or(0), now, anew) }
        })
        .collect())
}

/// Messages since midnight in each tenant's own zone; one question for each midnight, which neighbours share.
async fn today(app: &App, details: &[TenantDetail]) -> Answer<HashMap<TenantId, u64>> {
    let now = app.now();
    let mut midnights: HashMap<Timestamp, Vec<TenantId>> = HashMap::new();
    for detail in details {
        midnights.entry(midnight(now, &detail.tenant.timezone)).or_default().push(detail.tenant.id);
    }
    let mut counts = HashMap::new();
    for (since, ids) in midnights {
        let found = app.store.operator().messages_since(&ids, since).await;
        counts.extend(found?);
    }
    Ok(counts)
}

/// When today began in a zone.
fn midnight(now: Timestamp, zone: &str) -> Timestamp {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned_datetime(zone).start_of_day().map_or(now, |midnight| midnight.timestamp())
}

fn row(
    app: &App,
    detail: &TenantDetail,
    day: Option<&HeartbeatStrip>,
    today: u64,
    now: Timestamp,
    anew: bool,
) -> Row {
    let health = health::of(app, detail);
    let zone = &detail.tenant.timezone;
    let urgent = health.condition.group() == domain::Show::Needs;
    let (packs, pack) = (app.supervisor.packs(), detail.config.template_type);
    Row {
        id: detail.tenant.id,
        name: detail.tenant.name.clone(),
        number: number(detail),
        tags: Tags::of(&[]),
        pill: health.pill(),
        words: format!("{} · {}", detail.tenant.status, detail.session.state),
        strip: strip::draw(day, now),
        says: health.sentence.clone(),
        urgent,
        seen: detail.session.last_seen_at.map(|at| Html::of(&ago(at, now, zone))),
        worker: detail.worker.status.to_string(),
        // What needs a person says why in its own sentence.
        error: detail.worker.last_error.clone().filter(|_| !urgent),
        no_pack: packs.get(pack).is_none().then(|| words::tenants::no_pack(pack)),
        memory: detail.worker.memory_bytes.map(megabytes).unwrap_or_default(),
        today,
        needed: health.needed,
        look: health.look,
        others: health::others(detail, health.needed),
        anew,
    }
}

/// The declared number as people write it, or the linked one.
pub(crate) fn number(detail: &TenantDetail) -> String {
    let declared = detail.tenant.phone_number.as_ref().map(|phone| phone.as_str().to_owned());
    let linked = || detail.session.linked_number.as_ref().map(|digits| format!("+{}", digits.as_str()));
    declared.or_else(linked).map(|number| grouped(&number)).unwrap_or_default()
}

/// `+255712345678` as `+255 712 345 678`: three digits each, from the right.
pub(crate) fn grouped(number: &str) -> String {
    let digits = number.trim_start_matches('+');
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::from("+");
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Bytes in MB, as operators read memory.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!(grouped("+255712345678"), "+255 712 345 678");
        assert_eq!(grouped("lid:123"), "lid:123");
        assert_eq!(megabytes(15_204_352), "14.5 MB");
    }

    #[test]
    fn a_day_begins_at_the_tenants_midnight() {
        let now: Timestamp = "2026-01-10T22:30:00Z".parse().unwrap();
        assert_eq!(midnight(now, "Africa/Dar_es_Salaam").to_string(), "2026-01-10T21:00:00Z");
        assert_eq!(midnight(now, "UTC").to_string(), "2026-01-10T00:00:00Z");
    }
}
