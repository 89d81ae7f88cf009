//! `POST /admin/tenants/{id}/pairing-code`, from the button beside the QR code or from a script.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::Tenant;
use web::{Client, FormBody, PathId, Problem};

use super::{Back, done};
use crate::{App, auth::Operator, session};

pub(crate) async fn handle(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    FormBody(back): FormBody<Back>,
) -> Result<Response, Problem> {
    let place = format!("/admin/tenants/{}", id.0);
    let code = session::pairing_code::ask(app, operator, id).await?;
    if !client.html {
        return Ok(code.into_response());
    }
    Ok(done(client, "The code to type on the phone is on the page.".to_owned(), &back.place(place)))
}
