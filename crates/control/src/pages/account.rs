//! One's own account: password and second factor.

use askama::Template;
use axum::response::Response;
use qrcode::{EcLevel, QrCode, render::svg};
use secrecy::{ExposeSecret, SecretString};
use web::{
    Problem,
    ui::{Banner, Field, Head, Html, Input, Tone},
};

use super::{Section, error_of, page};
use crate::{App, auth::Operator, operators::account::Own};

#[derive(Template)]
#[template(path = "account.html")]
struct View<'a> {
    name: &'a str,
    email: Option<&'a str>,
    has_factor: bool,
    by_session: bool,
    banner: Option<Banner>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct Enrol<'a> {
    picture: Html,
    secret: &'a str,
    field: Field,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct Recovery<'a> {
    codes: &'a [String],
}

fn head(title: &str) -> Head {
    Head { title: title.to_owned(), narrow: true, stream: None }
}

/// The account, with the form for another password.
pub(crate) async fn show(
    app: &App,
    operator: &Operator,
    own: &Own,
    problem: Option<&Problem>,
    done: Option<&str>,
) -> Result<Response, Problem> {
    let password = |name, label, hint, autocomplete| Field {
        name,
        label,
        hint,
        value: String::new(),
        error: error_of(problem, name),
        input: Input::Line { kind: "password", autocomplete, inputmode: "" },
        required: true,
    };
    let other = problem.filter(|problem| problem.field().is_none());
    let (tone, icon, title) = match (other, done) {
        (Some(problem), _) => (Tone::Bad, "alert", problem.detail().to_owned()),
        (None, Some(done)) => (Tone::Ok, "check", done.to_owned()),
        (None, None) => (Tone::Off, "info", String::new()),
    };
    let view = View {
        name: &operator.name,
        email: own.email.as_deref(),
        has_factor: own.has_factor,
        by_session: operator.by_session,
        banner: (!title.is_empty()).then(|| Banner { tone, icon, title, text: String::new(), link: None }),
        fields: vec![
            password("current", "Current password", "", "current-password"),
            password("new", "New password", "At least 12 characters; a sentence is fine.", "new-password"),
        ],
    };
    let mut response = page(app, operator, Section::Operators, head("Your account"), &view).await;
    if let Some(problem) = problem {
        *response.status_mut() = problem.kind().status();
    }
    Ok(response)
}

/// The secret as a code to scan, and the field for the first code of the app.
pub(crate) async fn enrol(
    app: &App,
    operator: &Operator,
    secret: &SecretString,
    address: &SecretString,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let code = QrCode::with_error_correction_level(address.expose_secret(), EcLevel::M);
    let picture = code.map(|code| code.render::<svg::Color<'_>>().min_dimensions(264, 264).build());
    let view = Enrol {
        picture: Html::drawing(picture.unwrap_or_default()),
        secret: secret.expose_secret(),
        field: Field {
            name: "code",
            label: "Code",
            hint: "Six digits that the app shows now.",
            value: String::new(),
            error: error_of(problem, "code"),
            input: Input::Line { kind: "text", autocomplete: "one-time-code", inputmode: "numeric" },
            required: true,
        },
    };
    Ok(page(app, operator, Section::Operators, head("Second factor"), &view).await)
}

/// The recovery codes, this once.
pub(crate) async fn recovery(app: &App, operator: &Operator, codes: &[String]) -> Result<Response, Problem> {
    Ok(page(app, operator, Section::Operators, head("Recovery codes"), &Recovery { codes }).await)
}
