//! `GET /admin/account`: one's own account.

use axum::{Json, extract::State, response::IntoResponse};
use store::OperatorAccount;
use web::{Client, Kind, Problem};

use crate::{App, auth::Operator, error::Answer, pages::account as page};

/// One's own account
#[utoipa::path(
    get, path = "/admin/account", tag = "operators",
    responses((status = 200, body = api::OwnAccount))
)]
pub(crate) async fn handle(State(app): State<App>, operator: Operator, client: Client) -> Answer {
    let own = Own::of(&app, &operator).await?;
    if client.html {
        return Ok(page::show(&app, &operator, &own, None, None).await?);
    }
    Ok(Json(api::OwnAccount { name: operator.name, email: own.email, has_second_factor: own.has_factor })
        .into_response())
}

/// One's own account.
pub(crate) struct Own {
    /// The address; the admin password has none.
    pub(crate) email: Option<String>,
    /// Whether a second factor is asked for.
    pub(crate) has_factor: bool,
}

impl Own {
    pub(crate) async fn of(app: &App, operator: &Operator) -> Answer<Self> {
        let proved = app.accounts.account(operator.actor).await?;
        let email = match operator.actor.user() {
            Some(id) => app.store.operator().operator_by_id(id).await?.map(|own| own.member.user.email),
            None => None,
        };
        Ok(Self { email, has_factor: proved.is_some_and(|proved| proved.has_factor) })
    }
}

/// The account of a person, where it has to be one.
pub(crate) async fn person(app: &App, operator: &Operator) -> Answer<OperatorAccount> {
    let own = match operator.actor.user() {
        Some(id) => app.store.operator().operator_by_id(id).await?,
        None => None,
    };
    own.ok_or_else(|| {
        Problem::new(
            Kind::Conflict,
            "The admin password has no account. Set ADMIN_PASSWORD, or start with --new-password, to change it.",
        )
        .into()
    })
}
