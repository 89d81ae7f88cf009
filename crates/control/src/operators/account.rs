//! `GET /admin/account`: one's own account.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use store::OperatorAccount;
use web::{Client, Kind, Problem};

use crate::{App, auth::Operator, pages::account as page, refusal, wire};

/// One's own account
#[utoipa::path(
    get, path = "/admin/account", tag = "operators",
    responses((status = 200, body = api::OwnAccount))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
) -> Result<Response, Problem> {
    let own = own(&app, &operator).await?;
    if client.html {
        return page::show(&app, &operator, own.as_ref(), None, None).await;
    }
    Ok(Json(wire::OwnAccount {
        name: operator.name,
        email: own.as_ref().map(|account| account.member.user.email.clone()),
        has_second_factor: own.is_some_and(|account| account.totp_secret.is_some()),
    })
    .into_response())
}

/// The account of whoever asks; `None` for the admin password, which has none.
pub(crate) async fn own(app: &App, operator: &Operator) -> Result<Option<OperatorAccount>, Problem> {
    match operator.actor.user() {
        Some(id) => app.store.operator().operator_by_id(id).await.map_err(|error| refusal::by_store(&error)),
        None => Ok(None),
    }
}

/// The same, where it has to be there.
pub(crate) async fn needed(app: &App, operator: &Operator) -> Result<OperatorAccount, Problem> {
    own(app, operator).await?.ok_or_else(|| {
        Problem::new(
            Kind::Conflict,
            "The admin password has no account. Set ADMIN_PASSWORD, or start with --new-password, to change it; \
             sign in with an account of your own for the rest.",
        )
    })
}
