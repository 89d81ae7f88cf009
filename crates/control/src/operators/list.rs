//! `GET /admin/operators`: who may do all this.

use accounts::BrowserSession;
use askama::Template;
use axum::{Json, response::IntoResponse};
use web::{
    Problem,
    ui::{Column, Columns, Field, Head, Html, Icon, Input, Pill, Tone, ago},
};

use crate::{App, call::Call, error::Answer, shell::Section};

/// Who may do all this
#[utoipa::path(
    get, path = "/admin/operators", tag = "operators",
    responses((status = 200, body = [api::OperatorListed]))
)]
pub(crate) async fn handle(call: Call, browser: BrowserSession) -> Answer {
    if call.client.html {
        return page(&call, &Draft::kept(&call.app, &browser).await?, None, None).await;
    }
    Ok(Json(all(&call.app).await?).into_response())
}

/// What was typed into the form, so that nothing is lost.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) email: String,
}

/// Where it waits while whoever typed it proves who they are.
const WAITING: &str = "typed_operator";

impl Draft {
    /// Keeps it in the session.
    pub(super) async fn keep(&self, app: &App, browser: &BrowserSession) -> Answer<()> {
        let text = serde_json::json!([self.name, self.email]).to_string();
        Ok(app.accounts.keep(browser, WAITING, &text).await?)
    }

    /// What was kept, this once; nothing where there is nothing.
    async fn kept(app: &App, browser: &BrowserSession) -> Answer<Self> {
        let kept = app.accounts.kept(browser, WAITING).await?.filter(|text| !text.is_empty());
        let Some((name, email)) = kept.and_then(|text| serde_json::from_str(&text).ok()) else {
            return Ok(Self::default());
        };
        app.accounts.keep(browser, WAITING, "").await?;
        Ok(Self { name, email })
    }
}

#[derive(Template)]
#[template(path = "operators.html")]
struct View<'a> {
    columns: Columns,
    rows: Vec<Row>,
    fields: Vec<Field>,
    made: Option<(&'a api::NewPassword, &'a str)>,
}

struct Row {
    one: api::OperatorListed,
    factor: Pill,
    since: Html,
    is_you: bool,
}

/// The list and the form to add somebody, with what was typed and what is wrong with it. `made` has a password that was
/// just made.
pub(super) async fn page(
    call: &Call,
    draft: &Draft,
    problem: Option<&Problem>,
    made: Option<&api::NewPassword>,
) -> Answer {
    let now = call.app.now();
    let row = |one: api::OperatorListed| Row {
        factor: match one.has_second_factor {
            true => Pill::new(Tone::Ok, words::sign_in::second_factor()),
            false => Pill::new(Tone::Off, words::operators::password_only()),
        },
        since: Html::of(&ago(one.created_at, now, "UTC")),
        is_you: call.operator.actor.user() == Some(one.id),
        one,
    };
    let mut columns = Columns::named([
        words::operators::name(),
        words::operators::signs_in_with(),
        words::operators::protection(),
        words::operators::since(),
    ]);
    columns.columns.push(Column::hidden(words::tenants::actions()));
    let name = Field::new("name", words::operators::name(), Input::TEXT).hint(words::operators::name_hint());
    let email =
        Field::new("email", words::operators::email(), Input::EMAIL).hint(words::operators::email_hint());
    let view = View {
        columns,
        rows: all(&call.app).await?.into_iter().map(row).collect(),
        fields: vec![name.value(&draft.name).wrong(problem), email.value(&draft.email).wrong(problem)],
        made: made.and_then(|made| Some((made, made.password.as_deref()?))),
    };
    Ok(call.form(Section::Operators, Head::new(words::shell::operators()), &view, problem).await)
}

/// All operators.
async fn all(app: &App) -> Answer<Vec<api::OperatorListed>> {
    let found = app.store.operator().list_operators().await?;
    Ok(found
        .into_iter()
        .map(|one| api::OperatorListed {
            id: one.member.user.id,
            name: one.member.user.name,
            email: one.member.user.email,
            has_password: one.has_password,
            has_second_factor: one.has_totp,
            created_at: one.member.membership.created_at,
        })
        .collect())
}
