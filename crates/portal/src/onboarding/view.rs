//! What the steps show.

use api::portal::{About, DeskPack};
use askama::Template;
use domain::Language;
use web::{
    Problem,
    ui::{Banner, Field, Head, Icon, Input},
};

use super::{
    draft::Draft,
    hours::{self, Day},
    number,
    save::Form,
    steps::{ALL, Step},
};
use crate::{Answer, Call, Section, Who};

/// A pack to choose, with a picture of how it talks.
struct Choice {
    id: String,
    name: String,
    does: String,
    ask: &'static str,
    say: &'static str,
    chosen: bool,
}

/// A line of the last step.
struct Fact {
    label: &'static str,
    lines: Vec<String>,
    step: Step,
}

#[derive(Template)]
#[template(path = "onboarding/step.html")]
struct View {
    step: Step,
    before: Option<Step>,
    heading: &'static str,
    note: Option<Banner>,
    banner: Option<Banner>,
    fields: Vec<Field>,
    kinds: [&'static str; 8],
    packs: Vec<Choice>,
    pack_error: Option<String>,
    country: Option<Field>,
    number: Option<Field>,
    sw: bool,
    days: Vec<Day>,
    facts: Vec<Fact>,
    at_once: bool,
    /// Whether the last step has led here, and is gone back to.
    then_send: bool,
}

/// The page of a step. `wrong` is what was sent and what is wrong with it.
pub(super) async fn page(
    call: &Call,
    step: Step,
    draft: &Draft,
    note: Option<&str>,
    wrong: Option<(&Problem, &Form)>,
) -> Answer {
    use words::portal_setup as say;

    let problem = wrong.map(|(problem, _)| problem);
    let mut view = View {
        step,
        before: step.before(),
        heading: heading(step),
        note: note.map(rejected),
        banner: None,
        fields: Vec::new(),
        kinds: [
            say::salon(),
            say::barber(),
            say::clinic(),
            say::restaurant(),
            say::shop(),
            say::garage(),
            say::school(),
            say::hotel(),
        ],
        packs: Vec::new(),
        pack_error: None,
        country: None,
        number: None,
        sw: draft.language != Some(Language::En),
        days: Vec::new(),
        facts: Vec::new(),
        at_once: false,
        then_send: Step::first_of(draft) == Step::Send && step != Step::Send,
    };
    let mut placed = false;
    match step {
        Step::Business => {
            view.fields = business(draft, problem);
            placed = view.fields.iter().any(|field| field.error.is_some());
        }
        Step::Pack => {
            view.packs = packs(call, &draft.template_type).await?;
            view.pack_error = problem.map(|problem| problem.said(heading(step)));
            placed = problem.is_some();
        }
        Step::Number => {
            let (country, number) = numbers(draft, wrong);
            placed = number.error.is_some();
            (view.country, view.number) = (Some(country), Some(number));
        }
        Step::Hours => {
            let days = match wrong.filter(|(_, form)| form.step == step.word()) {
                Some((problem, form)) => hours::typed(form, Some(problem)),
                None => hours::days(draft.hours.as_ref()),
            };
            placed = days.iter().any(|day| day.error.is_some());
            view.days = days.into();
        }
        Step::Send => {
            view.facts = facts(call, draft).await?;
            let about: About = call.portal.plane.get(&Who::default(), "/portal/about").await?;
            view.at_once = about.auto_approve;
        }
    }
    view.banner = problem.filter(|_| !placed).map(|problem| Banner::wrong(problem.said("")));
    let head = Head::narrow(format!("{} · {}", view.heading, say::title()));
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Onboarding, &head, &view, problem),
        None => call.page(Section::Onboarding, &head, &view),
    })
}

fn heading(step: Step) -> &'static str {
    use words::portal_setup as say;
    match step {
        Step::Business => say::business_head(),
        Step::Pack => say::pack_head(),
        Step::Number => say::number_head(),
        Step::Hours => say::hours_head(),
        Step::Send => say::send_head(),
    }
}

/// The operator's note on a request that was not accepted.
fn rejected(note: &str) -> Banner {
    use words::portal_setup as say;
    let told = if note.is_empty() { String::new() } else { format!("{} ", say::again_say(note)) };
    Banner {
        tone: web::ui::Tone::Warn,
        text: format!("{told}{}", say::again_do()),
        ..Banner::wrong(say::again_head())
    }
}

fn business(draft: &Draft, problem: Option<&Problem>) -> Vec<Field> {
    use words::portal_setup as say;

    let organization = Input::Line { kind: "text", autocomplete: "organization", inputmode: "text" };
    let name = Field::new("business_name", say::name(), organization).hint(say::name_hint());
    let kind = Field::new("business_type", say::kind(), Input::TEXT).hint(say::kind_hint()).optional();
    vec![name.value(&draft.business_name).wrong(problem), kind.value(&draft.business_type).wrong(problem)]
}

fn numbers(draft: &Draft, wrong: Option<(&Problem, &Form)>) -> (Field, Field) {
    use words::portal_setup as say;

    let (problem, typed) = (wrong.map(|(problem, _)| problem), wrong.map(|(_, form)| form));
    let typed = typed.filter(|form| form.step == Step::Number.word());
    let (mut country, mut number) = number::apart(&draft.whatsapp_number);
    if let Some(form) = typed {
        (country, number) = (
            number::COUNTRIES.iter().find(|(code, _)| *code == form.country).map_or("", |(code, _)| *code),
            &form.whatsapp_number,
        );
    }
    let countries = number::COUNTRIES.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned()));
    let countries = countries.chain([(String::new(), say::other_country().to_owned())]).collect();
    let phone = Input::Line { kind: "tel", autocomplete: "tel-national", inputmode: "tel" };
    let error = problem.map(|problem| problem.said(say::number()));
    let number = Field::new("whatsapp_number", say::number(), phone).hint(say::number_hint()).value(number);
    (
        Field::new("country", say::country(), Input::Choice(countries)).value(country),
        Field { error, ..number },
    )
}

async fn packs(call: &Call, chosen: &str) -> Result<Vec<Choice>, crate::Refusal> {
    use words::portal_setup as say;

    let packs: Vec<DeskPack> = call.get("/portal/tenant/current/packs").await?;
    let language = words::language();
    let choice = |pack: DeskPack| {
        let (ask, answer) = match pack.id.as_str() {
            "BOOKING" | "CLINIC" => (say::booking_ask(), say::booking_say()),
            "ECOMMERCE" | "RESTAURANT" => (say::shop_ask(), say::shop_say()),
            "SUPPORT" => (say::support_ask(), say::support_say()),
            _ => (say::other_ask(), say::other_say()),
        };
        Choice {
            chosen: pack.id.as_str() == chosen,
            id: pack.id.to_string(),
            name: pack.name.of(language).to_owned(),
            does: pack.does.of(language).to_owned(),
            ask,
            say: answer,
        }
    };
    Ok(packs.into_iter().map(choice).collect())
}

async fn facts(call: &Call, draft: &Draft) -> Result<Vec<Fact>, crate::Refusal> {
    use words::portal_setup as say;

    let packs = packs(call, &draft.template_type).await?;
    let pack =
        packs.into_iter().find(|pack| pack.chosen).map_or(draft.template_type.clone(), |pack| pack.name);
    let language = words::own_name(draft.language.unwrap_or(Language::Sw));
    let hours = draft.hours.as_ref().map_or_else(|| vec![say::no_hours().to_owned()], hours::lines);
    let kind = if draft.business_type.is_empty() { say::not_given() } else { &draft.business_type };
    let fact = |label, text: &str, step| Fact { label, lines: vec![text.to_owned()], step };
    Ok(vec![
        fact(say::the_name(), &draft.business_name, Step::Business),
        fact(say::the_kind(), kind, Step::Business),
        fact(say::the_pack(), &pack, Step::Pack),
        fact(say::number(), &crate::shown::number(&draft.whatsapp_number), Step::Number),
        fact(say::the_language(), language, Step::Number),
        Fact { label: say::the_hours(), lines: hours, step: Step::Hours },
    ])
}
