//! `GET /`: what this is, in ten seconds, in either language.

use askama::Template;
use axum::response::Response;
use domain::Language;
use web::ui::{Bubble, Chat, Head, Icon};

use crate::Visitor;

#[derive(Template)]
#[template(path = "home.html")]
struct View {
    signed_in: bool,
    chat: Chat,
    other: Language,
    other_headline: &'static str,
    other_lead: &'static str,
    other_read: &'static str,
}

pub(super) async fn handle(visitor: Visitor) -> Response {
    use words::portal_home as say;

    let other = match words::language() {
        Language::En => Language::Sw,
        Language::Sw => Language::En,
    };
    let line = |id: &str, out, text: &str, clock: &str| Bubble {
        id: id.to_owned(),
        out,
        text: text.to_owned(),
        at: format!("2026-11-28T{clock}:00+03:00"),
        clock: clock.to_owned(),
        ..Bubble::default()
    };
    let view = View {
        signed_in: visitor.facts.is_some(),
        chat: Chat {
            lines: vec![
                line("1", false, say::customer_asks(), "21:47"),
                line("2", true, say::bot_offers(), "21:47"),
                line("3", false, say::customer_takes(), "21:48"),
                line("4", true, say::bot_books(), "21:48"),
            ],
        },
        other,
        other_headline: words::within(other, say::headline),
        other_lead: words::within(other, say::lead),
        other_read: words::within(other, say::read),
    };
    visitor.page(&Head::new(say::title()), &view)
}
