//! `/app/bot/hours`: when the business is open, what the bot calls it, and in which language it begins.

use api::portal::{Preview, PutSettings, Settings};
use askama::Template;
use axum::response::Response;
use domain::Language;
use profile_forms::{
    Form,
    hours::{BREAKS, FIELDS, Typed, days, holidays, line, read, specials},
};
use serde::Deserialize;
use web::{
    Asked, FormBody, Kind, Problem,
    ui::{Banner, Chat, Field, Head, Icon, Input},
};

use super::{admit, preview};
use crate::{
    Answer, AskError, Section, SetUp,
    app::{
        TENANT,
        page::{done, next, owners_only, wrong},
    },
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    done: Option<String>,
}

/// What its form sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Sent {
    version: String,
    see: Option<String>,
    #[serde(flatten)]
    fields: Form,
}

#[derive(Template)]
#[template(path = "app/bot_hours.html")]
struct View {
    banner: Option<Banner>,
    version: i64,
    main: Vec<Field>,
    week: Vec<Field>,
    dates: Vec<Field>,
    breaks: Vec<Field>,
    preview: Option<Chat>,
    unsaved: bool,
    writes: bool,
}

impl View {
    /// Whether something behind the line that opens is at fault.
    fn more_wrong(&self) -> bool {
        self.dates.iter().chain(&self.breaks).any(|field| field.error.is_some())
    }
}

async fn stands(call: &SetUp) -> Answer<Settings> {
    Ok(call.get(&format!("{TENANT}/config")).await?)
}

pub(crate) async fn show(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    admit(&call)?;
    let banner = done(look.done.as_deref(), &[("saved", words::portal_bot::saved())]);
    let settings = stands(&call).await?;
    page(&call, &settings, None, None, banner, None).await
}

pub(crate) async fn handle(call: SetUp, FormBody(sent): FormBody<Sent>) -> Answer {
    owners_only(&call)?;
    let settings = stands(&call).await?;
    let change = match change(&settings, &sent) {
        Ok(change) => change,
        Err(problem) => return page(&call, &settings, Some(&sent.fields), Some(&problem), None, None).await,
    };
    if sent.see.is_some() {
        return page(&call, &settings, Some(&sent.fields), None, None, Some(change)).await;
    }
    match call.put::<Settings>(&format!("{TENANT}/config"), &change).await {
        Ok(_) => Ok(next("/app/bot/hours?done=saved")),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            page(&call, &settings, Some(&sent.fields), Some(&problem), None, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form says; what it lacks stays.
fn change(stands: &Settings, sent: &Sent) -> Result<PutSettings, Problem> {
    let form = &sent.fields;
    let now = Stands::of(stands);
    let of = |name: &str, stands: &'_ str| form.get(name).cloned().unwrap_or_else(|| stands.to_owned());
    let week: Vec<String> = FIELDS.iter().zip(&now.week).map(|(name, stands)| of(name, stands)).collect();
    let breaks: Vec<String> = BREAKS.iter().zip(&now.breaks).map(|(name, stands)| of(name, stands)).collect();
    let line = |lines: &'_ [String], day: usize| lines.get(day).cloned().unwrap_or_default();
    let week: [String; 7] = std::array::from_fn(|day| line(&week, day));
    let breaks: [String; 7] = std::array::from_fn(|day| line(&breaks, day));
    let (holidays, special) = (of("holidays", &now.holidays), of("special", &now.special));
    let hours = read(&Typed {
        week: week.each_ref().map(String::as_str),
        breaks: breaks.each_ref().map(String::as_str),
        holidays: &holidays,
        special: &special,
    })?;
    Ok(PutSettings {
        version: sent.version.trim().parse().unwrap_or(stands.version),
        business_name: form.get("business_name").map(|name| name.trim().to_owned()),
        language: form.get("language").map(|word| if word == "EN" { Language::En } else { Language::Sw }),
        hours: Some(hours),
        timezone: None,
    })
}

/// The hours as they are typed.
struct Stands {
    week: Vec<String>,
    breaks: Vec<String>,
    holidays: String,
    special: String,
}

impl Stands {
    fn of(settings: &Settings) -> Self {
        let hours = settings.hours.as_ref();
        Self {
            week: (0..7).map(|day| line(hours.and_then(|hours| hours.week.get(day)))).collect(),
            breaks: (0..7).map(|day| line(hours.and_then(|hours| hours.breaks.get(day)))).collect(),
            holidays: holidays(hours),
            special: specials(hours),
        }
    }
}

async fn page(
    call: &SetUp,
    settings: &Settings,
    form: Option<&Form>,
    problem: Option<&Problem>,
    banner: Option<Banner>,
    typed: Option<PutSettings>,
) -> Answer<Response> {
    use words::portal_bot as say;
    let now = Stands::of(settings);
    let field = |field: Field, stands: &str| {
        let typed = form.and_then(|form| form.get(field.name).cloned());
        field.value(typed.unwrap_or_else(|| stands.to_owned())).wrong(problem)
    };
    let languages = [Language::Sw, Language::En];
    let languages =
        languages.map(|one| (<&str>::from(one).to_owned(), words::own_name(one).to_owned())).to_vec();
    let main = vec![
        field(Field::new("business_name", say::name(), Input::TEXT), &settings.business_name),
        field(
            Field::new("language", say::language(), Input::Choice(languages)).hint(say::language_hint()),
            settings.language.into(),
        ),
    ];
    let of_days = |names: [&'static str; 7], stands: &[String]| -> Vec<Field> {
        let each = names.into_iter().zip(days()).zip(stands);
        each.map(|((name, day), stands)| field(Field::new(name, day, Input::TEXT).optional(), stands))
            .collect()
    };
    let week = of_days(FIELDS, &now.week);
    let breaks = of_days(BREAKS, &now.breaks);
    let dates = vec![
        field(
            Field::new("holidays", say::holidays(), Input::Area).hint(say::holidays_hint()).optional(),
            &now.holidays,
        ),
        field(
            Field::new("special", say::special(), Input::Area).hint(say::special_hint()).optional(),
            &now.special,
        ),
    ];
    let beside = [&main, &week, &breaks, &dates].into_iter().flatten().any(|field| field.error.is_some());
    let refused =
        problem.map(|problem| if beside { Banner::wrong(say::not_saved()) } else { wrong(problem) });
    let unsaved = typed.is_some();
    let language = typed.as_ref().and_then(|typed| typed.language).unwrap_or(settings.language);
    let preview = Preview { text: preview::question(None, language, None), profile: None, settings: typed };
    let view = View {
        banner: refused.or(banner),
        version: settings.version,
        main,
        week,
        dates,
        breaks,
        preview: preview::shown(call, &preview).await,
        unsaved,
        writes: !call.is_looking(),
    };
    let head = Head::new(say::hours());
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Bot, &head, &view, problem),
        None => call.page(Section::Bot, &head, &view),
    })
}
