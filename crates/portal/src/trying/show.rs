//! `GET /app/try`: the trial so far, and where to write.

use api::{Tried, TryBot, portal::Settings};
use askama::Template;
use jiff::tz::TimeZone;
use web::{
    Problem,
    ui::{Banner, Chat, Empty, Head, Icon},
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
    /// Whether anything may be sent: not by an operator who only looks.
    writes: bool,
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
    let empty = tried.lines.is_empty();
    let view = View {
        chat: Chat::tried(tried.lines.into_iter().map(|line| (line.bot, line.text, line.at)), &zone),
        empty: empty.then(|| Empty::new("chat", words::trying::none(), words::trying::none_text())),
        time: Chat::passed(tried.now, &zone),
        banner: problem.map(|problem| Banner::wrong(problem.said(""))),
        ideas: {
            use words::portal_trying as say;
            [say::idea_price(), say::idea_book(), say::idea_where(), say::idea_person()]
        },
        writes: !call.is_looking(),
    };
    let head = Head::narrow(words::portal_trying::title());
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Try, &head, &view, problem),
        None => call.page(Section::Try, &head, &view),
    })
}
