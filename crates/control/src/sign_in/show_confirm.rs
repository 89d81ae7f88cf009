//! `GET /admin/confirm`: the form to prove once more who one is.

use axum::response::Response;
use web::{Asked, Problem};

use super::{
    CONFIRM, Parameters,
    form::{self, Step},
    safe_next,
};
use crate::{call::Call, error::Answer};

/// The page where one proves once more who one is
#[utoipa::path(
    get, path = "/admin/confirm", tag = "sign-in", params(Parameters),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: Call, Asked(query): Asked<Parameters>) -> Answer {
    page(&call, &safe_next(&query.next), None).await
}

/// The form, with a code where the account has a second factor.
pub(super) async fn page(call: &Call, next: &str, problem: Option<&Problem>) -> Answer<Response> {
    let proved = call.app.accounts.account(call.operator.actor).await?;
    let mut fields = vec![form::password()];
    if proved.is_some_and(|proved| proved.has_factor) {
        fields.push(form::code(words::sign_in::confirm_code()));
    }
    let step = Step {
        title: words::problem::confirmation_needed(),
        say: words::sign_in::confirm_say(),
        action: CONFIRM,
        fields,
        next: Some(next),
        button: words::sign_in::go_on(),
        back: false,
        banner: None,
    };
    Ok(step.page(&call.app, problem))
}
