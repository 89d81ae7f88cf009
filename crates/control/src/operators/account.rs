//! `GET /admin/account`: one's own account.

use askama::Template;
use axum::{Json, response::IntoResponse};
use store::OperatorAccount;
use web::{
    Kind, Problem,
    ui::{Banner, Field, Head, Input},
};

use crate::{App, auth::Operator, call::Call, error::Answer, shell::Section};

/// One's own account
#[utoipa::path(
    get, path = "/admin/account", tag = "operators",
    responses((status = 200, body = api::OwnAccount))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    if call.client.html {
        return page(&call, None, None).await;
    }
    Ok(Json(own(&call.app, &call.operator).await?).into_response())
}

#[derive(Template)]
#[template(path = "account.html")]
struct View {
    own: api::OwnAccount,
    /// Whether a second factor can be set up, which takes a session.
    by_session: bool,
    banner: Option<Banner>,
    fields: Vec<Field>,
}

/// The account, with the form for another password; with what is wrong with that, or what was done.
pub(super) async fn page(call: &Call, problem: Option<&Problem>, done: Option<&str>) -> Answer {
    let fields = vec![
        Field::new("current", words::account::current(), Input::PASSWORD).wrong(problem),
        Field::new("new", words::account::new(), Input::NEW_PASSWORD)
            .hint(words::account::new_hint())
            .wrong(problem),
    ];
    let beside = fields.iter().any(|field| field.error.is_some());
    let view = View {
        own: own(&call.app, &call.operator).await?,
        by_session: call.operator.by_session,
        banner: match problem {
            Some(problem) => (!beside).then(|| Banner::wrong(problem.detail())),
            None => done.map(Banner::done),
        },
        fields,
    };
    let head = Head::narrow(words::shell::your_account());
    Ok(call.form(Section::Operators, head, &view, problem).await)
}

/// What there is to know of it; the admin password has no address.
pub(super) async fn own(app: &App, operator: &Operator) -> Answer<api::OwnAccount> {
    let proved = app.accounts.account(operator.actor).await?;
    let account = found(app, operator).await?;
    Ok(api::OwnAccount {
        name: operator.name.clone(),
        email: account.map(|own| own.member.user.email),
        has_second_factor: proved.is_some_and(|proved| proved.has_factor),
    })
}

/// The account of a person, where it has to be one.
pub(super) async fn person(app: &App, operator: &Operator) -> Answer<OperatorAccount> {
    let none = || Problem::new(Kind::Conflict, words::account::admin_none());
    Ok(found(app, operator).await?.ok_or_else(none)?)
}

async fn found(app: &App, operator: &Operator) -> Answer<Option<OperatorAccount>> {
    Ok(match operator.actor.user() {
        Some(id) => app.store.operator().operator_by_id(id).await?,
        None => None,
    })
}
