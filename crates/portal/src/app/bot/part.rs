//! `/app/bot/{part}`: one part of what the bot says, or one entry of a list.

use api::{
    BusinessProfile,
    portal::{Saying, Settings},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use profile_forms::{Entry, Form, Part, adding, empty, fields, stands as said_by_pack};
use replies::{PackText, Profile};
use serde::Deserialize;
use web::{
    Asked, FormBody, Kind, Problem,
    place::address,
    ui::{Banner, Chat, Empty, Field, Head, Icon},
};

use super::{admit, code, document, preview, stands};
use crate::{
    Answer, AskError, Section, SetUp,
    app::{
        TENANT,
        page::{done, next, owners_only, wrong},
    },
};

/// Which entry, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    at: Option<String>,
    /// Whether a new entry's form is shown.
    new: Option<String>,
    done: Option<String>,
}

/// What its form sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Sent {
    version: String,
    at: Option<String>,
    remove: Option<String>,
    /// `yes` shows how it reads and saves nothing.
    see: Option<String>,
    /// The fields of the part.
    #[serde(flatten)]
    fields: Form,
}

#[derive(Template)]
#[template(path = "app/bot_part.html")]
struct View {
    banner: Option<Banner>,
    title: String,
    place: String,
    /// Where the way back leads, and what it is called.
    back: (String, String),
    entries: Option<Vec<Entry>>,
    empty: Option<Empty>,
    /// What adding an entry is called, where entries can be added.
    add: Option<&'static str>,
    form: bool,
    at: Option<String>,
    version: i64,
    said: Vec<(&'static str, String)>,
    main: Vec<Field>,
    more: Vec<Field>,
    preview: Option<Chat>,
    unsaved: bool,
    writes: bool,
}

impl View {
    fn more_wrong(&self) -> bool {
        self.more.iter().any(|field| field.error.is_some())
    }
}

/// What is shown of a part.
struct Shown<'a> {
    part: Part,
    profile: &'a Profile,
    at: Option<&'a str>,
    new: bool,
    form: Option<&'a Form>,
    problem: Option<&'a Problem>,
    faults: Vec<(String, String)>,
    banner: Option<Banner>,
    /// What the preview is made of, where that is not what stands.
    typed: Option<&'a Profile>,
}

/// Fields that few need stand behind a line that opens.
fn is_rare(part: Part, name: &str) -> bool {
    let rare: &[&str] = match part {
        Part::Services => &["at_once", "words"],
        Part::Catalogue => &["category_sw", "category_en", "unit_sw", "unit_en", "parts", "words"],
        Part::Questions => &["words"],
        Part::Booking => &["slot_minutes", "at_once", "ask_order_after_minutes"],
        Part::Contact | Part::Delivery | Part::Manners | Part::Texts | Part::Files => &[],
    };
    rare.contains(&name)
}

fn read(part: &str) -> Answer<Part> {
    match Part::read(Some(part)) {
        Ok(Part::Files) | Err(_) => Err(Problem::new(Kind::RouteNotFound, words::portal::no_page()).into()),
        Ok(part) => Ok(part),
    }
}

pub(crate) async fn show(call: SetUp, Path(part): Path<String>, Asked(look): Asked<Look>) -> Answer {
    admit(&call)?;
    let (part, profile) = (read(&part)?, stands(&call).await?);
    let shown = Shown {
        part,
        profile: &profile,
        at: look.at.as_deref(),
        new: look.new.is_some(),
        form: None,
        problem: None,
        faults: Vec::new(),
        banner: done(look.done.as_deref(), &[("saved", words::portal_bot::saved())]),
        typed: None,
    };
    page(&call, shown).await
}

pub(crate) async fn handle(call: SetUp, Path(part): Path<String>, FormBody(sent): FormBody<Sent>) -> Answer {
    owners_only(&call)?;
    let (part, before) = (read(&part)?, stands(&call).await?);
    let at = sent.at.as_deref().filter(|at| !at.is_empty());
    let mut form = sent.fields.clone();
    if at.is_none() {
        code::put(part, &before, &mut form);
    }
    let remove = sent.remove.as_deref() == Some("yes");
    let mut new = before.clone();
    let mut shown = Shown {
        part,
        profile: &before,
        at,
        new: at.is_none(),
        form: Some(&form),
        problem: None,
        faults: Vec::new(),
        banner: None,
        typed: None,
    };
    if let Err(problem) = part.edit(&mut new, at, remove, &form) {
        return page(&call, Shown { problem: Some(&problem), ..shown }).await;
    }
    // All that is wrong with what was typed is said at once, each beside its field.
    let within = part.within(&before, &new, at);
    let faults = new.check().into_iter();
    let told = faults.filter(|fault| within.iter().any(|within| fault.path.starts_with(within.as_str())));
    shown.faults = told.map(|fault| (profile_forms::place(&fault.path), fault.to_string())).collect();
    if let Some((place, why)) = shown.faults.first().cloned() {
        let problem = Problem::invalid_field(place, why);
        return page(&call, Shown { problem: Some(&problem), ..shown }).await;
    }
    if sent.see.is_some() {
        return page(&call, Shown { typed: Some(&new), ..shown }).await;
    }
    // Another version than the one that was looked at is refused by whoever keeps it.
    new.version = sent.version.trim().parse().unwrap_or(before.version);
    match call.put::<BusinessProfile>(&format!("{TENANT}/profile"), &document(&new)?).await {
        Ok(_) => Ok(next(&format!("/app/bot/{}?done=saved", <&str>::from(part)))),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            page(&call, Shown { problem: Some(&problem), ..shown }).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(call: &SetUp, shown: Shown<'_>) -> Answer<Response> {
    use words::portal_bot as say;
    let Shown { part, profile, at, new, form, problem, faults, banner, typed } = shown;
    let path = format!("{TENANT}/config");
    let sayings = async { if part == Part::Texts { sayings(call).await } else { Ok(Vec::new()) } };
    let (settings, sayings) = tokio::try_join!(call.get::<Settings>(&path), sayings)?;
    let entries = part.entries(profile, &sayings);
    let entry = entries.iter().flatten().find(|entry| Some(entry.at.as_str()) == at);
    let at = entry.map(|entry| entry.at.clone());
    let named = entry.map(|entry| entry.name.clone());
    let is_list = entries.is_some();
    let opened = !is_list || at.is_some() || (new && part != Part::Texts);
    let title = match (&named, opened && is_list) {
        (Some(name), _) => name.clone(),
        (None, true) => adding(part).to_owned(),
        (None, false) => part.label().to_owned(),
    };
    let place = format!("/app/bot/{}", <&str>::from(part));
    let back = if opened && is_list {
        (place.clone(), say::back_to(part.label()))
    } else {
        ("/app/bot".to_owned(), say::back().to_owned())
    };
    let specs = if opened { part.specs(profile, at.as_deref()) } else { Vec::new() };
    let shown_fields = fields(specs, form, problem, &faults);
    // Short names are the bot's own business.
    let shown_fields = shown_fields.into_iter().filter(|field| field.name != "code");
    let (more, main): (Vec<Field>, Vec<Field>) = shown_fields.partition(|field| is_rare(part, field.name));
    let beside = main.iter().chain(&more).any(|field| field.error.is_some());
    let own = named.filter(|_| part == Part::Questions).or_else(|| {
        let typed = form.filter(|_| part == Part::Questions)?;
        ["question_sw", "question_en"].iter().find_map(|name| typed.get(*name).cloned())
    });
    let ask = preview::question(Some(part), settings.language, own);
    let refused =
        problem.map(|problem| if beside { Banner::wrong(say::not_saved()) } else { wrong(problem) });
    let view = View {
        banner: refused.or(banner),
        title,
        back,
        empty: entries.as_ref().filter(|entries| entries.is_empty()).map(|_| empty(part)),
        entries: entries.filter(|_| !opened),
        add: (is_list && part != Part::Texts && !opened && !call.is_looking()).then(|| adding(part)),
        form: opened,
        said: if part == Part::Texts { said_by_pack(&sayings, at.as_deref()) } else { Vec::new() },
        at,
        version: profile.version,
        main,
        more,
        preview: preview::of(call, ask, typed).await,
        unsaved: typed.is_some(),
        writes: !call.is_looking(),
        place,
    };
    let head = Head::new(view.title.clone());
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Bot, &head, &view, problem),
        None => call.page(Section::Bot, &head, &view),
    })
}

/// The texts of the tenant's pack.
async fn sayings(call: &SetUp) -> Result<Vec<PackText>, AskError> {
    let found: Vec<Saying> = call.get(&format!("{TENANT}/sayings")).await?;
    Ok(found.into_iter().map(|one| PackText { key: one.key, text: one.text }).collect())
}

impl View {
    fn entry(&self, at: &str) -> String {
        address(&self.place, &[("at", Some(at))])
    }
}
