//! `GET` and `POST /auth/email`: a link by email, to sign in or to set a new password. The answer is the same whether the
//! address has an account or not.

use api::portal::{About, AskEmailLink, EmailPurpose};
use http::Method;
use serde::Deserialize;
use web::{
    Asked, FormBody, Problem,
    ui::{Banner, Head},
};

use super::{Step, banner, form::email_field};
use crate::{Answer, Visitor, Who};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    r#for: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    email: String,
    r#for: String,
}

pub(super) async fn show(visitor: Visitor, Asked(query): Asked<Parameters>) -> Answer {
    page(&visitor, purpose(&query.r#for), "", None).await
}

pub(super) async fn handle(visitor: Visitor, FormBody(form): FormBody<Form>) -> Answer {
    let (email, purpose) = (form.email.trim(), purpose(&form.r#for));
    if email.is_empty() {
        let problem = Problem::invalid_field("email", words::portal_sign_in::email_needed());
        return page(&visitor, purpose, email, Some(&problem)).await;
    }
    let asked = AskEmailLink { email: email.to_owned(), purpose };
    let plane = &visitor.portal.plane;
    match plane.send_json::<()>(&Who::default(), Method::POST, "/portal/sign-in/email", &asked).await {
        Ok(()) => {
            let say = words::portal_sign_in::sent_say(email);
            let step = Sent { title: words::portal_sign_in::sent_title(), say: &say };
            Ok(visitor.page(&Head::narrow(words::portal_sign_in::sent_title()), &step))
        }
        Err(error) => match error.refusal() {
            Some(refusal) => page(&visitor, purpose, email, Some(refusal)).await,
            None => Err(error.into()),
        },
    }
}

fn purpose(text: &str) -> EmailPurpose {
    if text == "reset" { EmailPurpose::Reset } else { EmailPurpose::SignIn }
}

async fn page(visitor: &Visitor, purpose: EmailPurpose, email: &str, problem: Option<&Problem>) -> Answer {
    use words::portal_sign_in as say;

    let about: About = visitor.portal.plane.get(&Who::default(), "/portal/about").await?;
    let fields = vec![email_field().value(email).wrong(problem)];
    let (title, text, word) = match purpose {
        EmailPurpose::SignIn => (say::email_title(), say::email_say(), "sign-in"),
        EmailPurpose::Reset => (say::reset_title(), say::reset_say(), "reset"),
    };
    let banner = if about.email { banner(problem, &fields) } else { Some(Banner::wrong(say::no_email())) };
    let step = Step {
        title,
        say: text,
        action: "/auth/email",
        fields,
        username: None,
        hidden: vec![("for", word)],
        button: say::send_link(),
        banner,
        other: Some((super::SIGN_IN, say::back())),
        token: false,
    };
    let mut page = visitor.page(&Head::narrow(title), &step);
    if let Some(problem) = problem {
        *page.status_mut() = problem.kind().status();
    }
    Ok(page)
}

#[derive(askama::Template)]
#[template(
    source = "<section class=\"card\"><div class=\"success\"><span class=\"tick\">{{ web::ui::Icon(\"check\") }}</span>\
              <h1>{{ title }}</h1><p>{{ say }}</p></div><p><a href=\"/auth/signin\">{{ words::portal_sign_in::back() }}</a></p></section>",
    ext = "html"
)]
struct Sent<'a> {
    title: &'a str,
    say: &'a str,
}
