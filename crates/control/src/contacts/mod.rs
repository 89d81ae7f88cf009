//! What a tenant's customers have a right to: to be told what is held of them, and to be forgotten.

pub(crate) mod erase;
pub(crate) mod export;

use domain::TenantId;
use store::{TenantDetail, TenantScope};
use utoipa_axum::routes;
use web::{
    Kind, Problem,
    routes::{Route, operator},
};

use crate::{App, error::Answer};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![operator(routes!(export::handle)), operator(routes!(erase::handle))]
}

/// The longest name of a contact.
const LABEL_MAX_BYTES: usize = 40;

/// The tenant of a path as it stands, and its rows. The path has two parameters, so that no extractor reads the id.
async fn tenant(app: &App, id: &str) -> Answer<(TenantScope, TenantDetail)> {
    let id: TenantId = id.parse().map_err(|error: domain::InvalidId| {
        Problem::new(Kind::InvalidId, error.to_string()).with_field("id")
    })?;
    let scope = app.store.tenant(id);
    let detail = scope.get().await?;
    Ok((scope, detail))
}

/// A contact's name as log rows write it: digits, or `lid:` and digits.
pub(crate) fn label(text: &str) -> Result<&str, Problem> {
    let digits = text.strip_prefix("lid:").unwrap_or(text.strip_prefix('+').unwrap_or(text));
    let known =
        !digits.is_empty() && text.len() <= LABEL_MAX_BYTES && digits.bytes().all(|b| b.is_ascii_digit());
    if !known {
        let detail = words::problem::contact();
        return Err(Problem::invalid_field("contact", detail));
    }
    Ok(text.strip_prefix('+').unwrap_or(text))
}

/// All names under which the log may know a contact.
fn labels(asked: &str, number: Option<&str>, lid: Option<&str>) -> Vec<String> {
    let mut labels = vec![asked.to_owned()];
    let others = number.map(ToOwned::to_owned).into_iter().chain(lid.map(|lid| format!("lid:{lid}")));
    labels.extend(others.filter(|other| other != asked));
    labels
}
