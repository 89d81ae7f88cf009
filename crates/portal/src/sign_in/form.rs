//! `GET /auth/signin`: the ways in. Whoever is in already goes on.

use std::pin::Pin;

use api::portal::About;
use askama::Template;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{
    Asked, Problem,
    place::address,
    ui::{Banner, Field, Head, Input},
};

use super::{INSIDE, banner, inside};
use crate::{Answer, Refusal, Visitor, Who};

/// Where to go then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    pub(super) next: String,
}

#[derive(Template)]
#[template(path = "sign_in/form.html")]
struct View {
    /// Address and name of each.
    providers: Vec<(String, String)>,
    fields: Vec<Field>,
    next: String,
    email: bool,
    banner: Option<Banner>,
}

pub(super) async fn handle(visitor: Visitor, Asked(query): Asked<Parameters>) -> Answer {
    if visitor.facts.is_some() {
        return Err(Refusal::to(INSIDE));
    }
    let place = inside(&query.next);
    let led_here = (place != INSIDE).then(|| Banner {
        tone: web::ui::Tone::Warn,
        icon: "info",
        ..Banner::wrong(words::portal_sign_in::first_sign_in())
    });
    page(&visitor, "", place, None, led_here).await
}

/// The page. What was typed as email stays.
pub(super) async fn page(
    visitor: &Visitor,
    email: &str,
    next: &str,
    problem: Option<&Problem>,
    note: Option<Banner>,
) -> Answer {
    let about: About = visitor.portal.plane.get(&Who::default(), "/portal/about").await?;
    let providers = visitor.portal.providers.iter().map(|provider| {
        let start = format!("/api/auth/start/{}", provider.client.id());
        (address(&start, &[("next", Some(next).filter(|next| *next != INSIDE))]), provider.name.clone())
    });
    let fields = vec![email_field().value(email).wrong(problem), password_field().wrong(problem)];
    let view = View {
        providers: providers.collect(),
        banner: banner(problem, &fields).or(note),
        fields,
        next: next.to_owned(),
        email: about.email,
    };
    let mut page = visitor.page(&Head::narrow(words::portal_sign_in::title()), &view);
    if let Some(problem) = problem {
        *page.status_mut() = problem.kind().status();
    }
    Ok(page)
}

/// The email of an account, as browsers know it.
pub(super) fn email_field() -> Field {
    let input = Input::Line { kind: "email", autocomplete: "username", inputmode: "email" };
    Field::new("email", words::portal_sign_in::email(), input)
}

fn password_field() -> Field {
    Field::new("password", words::portal_sign_in::password(), Input::PASSWORD)
}

/// A page where somebody begins again, with what went wrong. Boxed, since beside what a provider's client waits for the
/// compiler does not see that it may be sent between threads.
pub(super) fn again<'a>(
    visitor: &'a Visitor,
    next: &'a str,
    problem: &'a Problem,
) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>> {
    Box::pin(async move {
        page(visitor, "", next, Some(problem), None).await.unwrap_or_else(IntoResponse::into_response)
    })
}
