//! `GET /app/settings/activity`: who changed what, and when an operator looked. For owners.

use api::portal::Activities;
use askama::Template;
use serde::Deserialize;
use web::{
    Asked,
    place::address,
    ui::{Empty, Head},
};

use crate::{
    Answer, Section, SetUp,
    app::{
        TENANT,
        page::{Zone, owners_only},
    },
};

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    before: Option<String>,
}

struct Line {
    time: String,
    at: String,
    what: String,
    who: String,
}

#[derive(Template)]
#[template(path = "app/activity.html")]
struct View {
    lines: Vec<Line>,
    empty: Option<Empty>,
    next: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_settings as say;
    if !call.is_looking() {
        owners_only(&call)?;
    }
    let path = address(&format!("{TENANT}/activity"), &[("before", look.before.as_deref())]);
    let (found, zone) = tokio::try_join!(call.get::<Activities>(&path), Zone::of(&call))?;
    let now = call.portal.now();
    let next = found.next.as_deref();
    let view = View {
        empty: found.activities.is_empty().then(|| Empty::new("list", say::activity(), say::activity_none())),
        next: next.map(|next| address("/app/settings/activity", &[("before", Some(next))])),
        lines: found
            .activities
            .into_iter()
            .map(|one| Line {
                time: zone.told(one.at, now),
                at: one.at.to_string(),
                what: one.what,
                who: one.who,
            })
            .collect(),
    };
    Ok(call.page(Section::Settings, &Head::new(say::activity()), &view))
}
