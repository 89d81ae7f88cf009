//! `GET /admin/operators`: who may do all this.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use web::{Client, Problem};

use crate::{App, auth::Operator, pages::operators as page};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
) -> Result<Response, Problem> {
    let all = super::all(&app).await?;
    if client.html {
        return page::list(&app, &operator, &all, &page::Typed::default(), None).await;
    }
    Ok(Json(all).into_response())
}
