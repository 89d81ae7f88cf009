//! `GET /metrics`: figures in Prometheus's text form. Labels hold words of ours only, never a tenant's data.

use axum::{extract::State, response::IntoResponse};
use domain::TenantStatus;
use http::header;
use web::Problem;

use crate::{App, auth::Operator, refusal};

pub(crate) async fn handle(State(app): State<App>, _: Operator) -> Result<impl IntoResponse, Problem> {
    let counts = app.store.operator().count_by_status().await.map_err(|error| refusal::by_store(&error))?;
    let mut text = app.metrics.render();
    text.push_str("# HELP flowhq_tenants Tenants by status.\n# TYPE flowhq_tenants gauge\n");
    for status in <TenantStatus as strum::VariantArray>::VARIANTS {
        let count = counts.iter().find(|(counted, _)| counted == status).map_or(0, |(_, count)| *count);
        text.push_str(&format!("flowhq_tenants{{status=\"{status}\"}} {count}\n"));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
