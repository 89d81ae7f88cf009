//! `GET /metrics`: figures in Prometheus's text form. Labels hold words of ours only, never a tenant's data.

use axum::{extract::State, response::IntoResponse};
use domain::TenantStatus;
use http::header;

use crate::{App, auth::Operator, error::Answer};

/// Figures for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "system", responses((status = 200, content_type = "text/plain", body = String))
)]
pub(crate) async fn handle(State(app): State<App>, _: Operator) -> Answer<impl IntoResponse> {
    let counts = app.store.operator().count_by_status().await?;
    let mut text = app.metrics.render();
    text.push_str("# HELP flowhq_tenants Tenants by status.\n# TYPE flowhq_tenants gauge\n");
    for status in <TenantStatus as strum::VariantArray>::VARIANTS {
        let count = counts.iter().find(|(counted, _)| counted == status).map_or(0, |(_, count)| *count);
        text.push_str(&format!("flowhq_tenants{{status=\"{status}\"}} {count}\n"));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
