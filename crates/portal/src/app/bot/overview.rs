//! `GET /app/bot`: the parts of what the bot says, and a customer's first question.

use api::portal::Settings;
use askama::Template;
use profile_forms::Part;
use replies::Profile;
use serde::Deserialize;
use web::{
    Asked,
    ui::{Banner, Chat, Head, Icon},
};

use super::{admit, preview, stands};
use crate::{
    Answer, Section, SetUp,
    app::{TENANT, page::done},
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    done: Option<String>,
}

struct Place {
    href: String,
    icon: &'static str,
    name: &'static str,
    says: String,
}

#[derive(Template)]
#[template(path = "app/bot.html")]
struct View {
    banner: Option<Banner>,
    places: Vec<Place>,
    preview: Option<Chat>,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_bot as say;
    admit(&call)?;
    let path = format!("{TENANT}/config");
    let (profile, settings) =
        tokio::try_join!(stands(&call), async { Ok(call.get::<Settings>(&path).await?) })?;
    let ask = preview::question(Some(Part::Services), settings.language, None);
    let view = View {
        banner: done(look.done.as_deref(), &[("saved", say::saved())]),
        preview: preview::of(&call, ask, None).await,
        places: places(&profile),
    };
    Ok(call.page(Section::Bot, &Head::new(words::portal::bot()), &view))
}

fn places(profile: &Profile) -> Vec<Place> {
    use words::portal_bot as say;
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let part = |part: Part, icon, name, says: String| Place {
        href: format!("/app/bot/{}", <&str>::from(part)),
        icon,
        name,
        says,
    };
    let of = |one: Part, icon, says: String| part(one, icon, one.label(), says);
    vec![
        Place {
            href: "/app/bot/hours".to_owned(),
            icon: "clock",
            name: say::hours(),
            says: say::hours_say().to_owned(),
        },
        of(Part::Services, "calendar", say::services_say(count(profile.services.len()))),
        of(Part::Catalogue, "bag", say::catalogue_say(count(profile.catalogue.len()))),
        of(Part::Questions, "info", say::questions_say(count(profile.questions.len()))),
        of(Part::Contact, "phone", say::contact_say().to_owned()),
        of(Part::Delivery, "forward", say::delivery_say().to_owned()),
        part(Part::Booking, "check", say::booking(), say::booking_say().to_owned()),
        part(Part::Manners, "users", say::manners(), say::manners_say().to_owned()),
        part(Part::Texts, "chat", say::texts(), say::texts_say(count(profile.texts.len()))),
    ]
}
