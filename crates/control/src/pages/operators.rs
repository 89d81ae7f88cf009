//! Who may do all this.

use askama::Template;
use axum::response::Response;
use tower_sessions::Session;
use web::{
    Problem,
    ui::{Column, Columns, Field, Head, Icon, Input, Pill, Tone, ago},
};

use super::{Section, error_of, page};
use crate::{App, auth::Operator, error::Answer};

/// What was typed into the form, so that nothing is lost.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) problem: Option<Problem>,
}

/// Where it waits while whoever typed it proves who they are.
const WAITING: &str = "typed_operator";

impl Typed {
    /// Keeps it in the session.
    pub(crate) async fn keep(&self, app: &App, session: &Session) -> Answer<()> {
        let text = serde_json::json!([self.name, self.email]).to_string();
        Ok(app.accounts.keep(session, WAITING, &text).await?)
    }

    /// What was kept, this once; nothing where there is nothing.
    pub(crate) async fn kept(app: &App, session: &Session) -> Answer<Self> {
        let kept = app.accounts.kept(session, WAITING).await?.filter(|text| !text.is_empty());
        let Some((name, email)) = kept.and_then(|text| serde_json::from_str(&text).ok()) else {
            return Ok(Self::default());
        };
        app.accounts.keep(session, WAITING, "").await?;
        Ok(Self { name, email, problem: None })
    }
}

#[derive(Template)]
#[template(path = "operators.html")]
struct View<'a> {
    columns: Columns,
    rows: Vec<Row>,
    fields: Vec<Field>,
    created: Option<&'a api::NewPassword>,
}

struct Row {
    id: String,
    name: String,
    email: String,
    factor: Pill,
    since: String,
    is_you: bool,
}

/// The list and the form to add somebody. `created` shows a password that was just made.
pub(crate) async fn list(
    app: &App,
    operator: &Operator,
    all: &[api::OperatorListed],
    typed: &Typed,
    created: Option<&api::NewPassword>,
) -> Result<Response, Problem> {
    let now = app.now();
    let rows = all
        .iter()
        .map(|one| Row {
            id: one.id.to_string(),
            name: one.name.clone(),
            email: one.email.clone(),
            factor: if one.has_second_factor {
                Pill { tone: Tone::Ok, word: "Second factor".to_owned() }
            } else {
                Pill { tone: Tone::Off, word: "Password only".to_owned() }
            },
            since: ago(one.created_at, now, "UTC").to_string(),
            is_you: operator.actor.user() == Some(one.id),
        })
        .collect();
    let column = |label| Column { label, ..Column::default() };
    let text = |name, label, hint, value: &str, input| Field {
        name,
        label,
        hint,
        value: value.to_owned(),
        error: error_of(typed.problem.as_ref(), name),
        input,
        required: true,
    };
    let email = Input::Line { kind: "email", autocomplete: "off", inputmode: "email" };
    let view = View {
        columns: Columns {
            columns: vec![
                column("Name"),
                column("Signs in with"),
                column("Protection"),
                column("Since"),
                Column { label: "Actions", hidden: true, ..Column::default() },
            ],
        },
        rows,
        fields: vec![
            text("name", "Name", "As the audit log shall show it, like Juma Said.", &typed.name, Input::TEXT),
            text("email", "Email", "They sign in with it.", &typed.email, email),
        ],
        created,
    };
    let head = Head { title: "Operators".to_owned(), ..Head::default() };
    let mut response = page(app, operator, Section::Operators, head, &view).await;
    if let Some(problem) = &typed.problem {
        *response.status_mut() = problem.kind().status();
    }
    Ok(response)
}
