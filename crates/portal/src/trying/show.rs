//! `GET /app/try`: the trial so far, and where to write.

use api::{Tried, TryBot, portal::Settings};
use askama::Template;
use domain::Timestamp;
use jiff::tz::TimeZone;
use web::{
    Problem,
    ui::{Banner, Bubble, Chat, Empty, Head, Icon},
};

use crate::{Answer, Section, SetUp};

#[derive(Template)]
#[template(path = "try.html")]
struct View {
    chat: Chat,
    empty: Option<Empty>,
    time: String,
    banner: Option<Banner>,
    ideas: [&'static str; 4],
}

pub(super) async fn handle(call: SetUp) -> Answer {
    page(&call, None).await
}

pub(super) async fn page(call: &SetUp, problem: Option<&Problem>) -> Answer {
    // Nothing happens in the trial by it; whoever only looks may not even ask.
    let tried = if call.is_looking() {
        Tried { now: call.portal.now(), lines: Vec::new() }
    } else {
        call.post::<Tried>("/portal/tenant/current/try", &TryBot::default()).await?
    };
    let settings: Settings = call.get("/portal/tenant/current/config").await?;
    let zone = TimeZone::get(&settings.timezone).unwrap_or(TimeZone::UTC);
    let local = |at: Timestamp| at.to_zoned_datetime(zone.clone());
    let dated = |at: &jiff::ZonedDateTime| words::date::of(at.day(), at.month(), at.year());
    let mut above = String::new();
    let line = |(number, line): (usize, api::TriedLine)| {
        let at = local(line.at);
        let day = dated(&at);
        let day = (day != above).then(|| {
            above.clone_from(&day);
            day
        });
        Bubble {
            id: format!("said-{number}"),
            day,
            // As on the phone of the business: what the bot says goes out.
            out: line.bot,
            text: if line.text.is_empty() { words::trying::silent().to_owned() } else { line.text },
            at: line.at.to_string(),
            clock: at.strftime("%H:%M").to_string(),
            silence: None,
        }
    };
    let (time, empty) = (local(tried.now), tried.lines.is_empty());
    let view = View {
        chat: Chat { lines: tried.lines.into_iter().enumerate().map(line).collect() },
        empty: empty.then(|| Empty::new("chat", words::trying::none(), words::trying::none_text())),
        time: words::trying::passed(format!("{} {}", dated(&time), time.strftime("%H:%M"))),
        banner: problem.map(|problem| Banner::wrong(problem.detail())),
        ideas: {
            use words::portal_trying as say;
            [say::idea_price(), say::idea_book(), say::idea_where(), say::idea_person()]
        },
    };
    let head = Head::narrow(words::portal_trying::title());
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Try, &head, &view, problem),
        None => call.page(Section::Try, &head, &view),
    })
}
