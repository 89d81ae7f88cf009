//! `POST /admin/account/second-factor/remove`: takes the second factor away.

use accounts::BrowserSession;
use store::AccountChange;
use web::{Kind, Problem};

use super::account;
use crate::{
    auth::{self, Confirmed, Whence},
    error::Answer,
};

/// Turn the second factor off
#[utoipa::path(
    post, path = "/admin/account/second-factor/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    Confirmed(call): Confirmed,
    Whence(asker): Whence,
    browser: BrowserSession,
) -> Answer {
    let (app, actor) = (&call.app, call.operator.actor);
    if !account::own(app, &call.operator).await?.has_second_factor {
        return Err(Problem::new(Kind::Conflict, words::account::none()).into());
    }
    app.accounts.change(actor, actor, &AccountChange::NoTotp).await?;
    auth::renew(app, &call.operator, &browser, &asker, call.is_done("/admin/account")).await
}
