//! Suspending a tenant or lifting that, on every page that shows one.

use askama::Template;
use domain::TenantId;
use store::TenantDetail;
use web::ui::Icon;

/// A button and what it asks before. `back` is the page that it stands on.
#[derive(Template)]
#[template(path = "tenants/suspension.html")]
pub(crate) struct Suspension {
    id: TenantId,
    name: String,
    suspended: bool,
    reason: String,
    back: String,
}

impl askama::filters::HtmlSafe for Suspension {}

impl Suspension {
    /// For the page at `back`.
    pub(crate) fn of(detail: &TenantDetail, back: String) -> Self {
        Self {
            id: detail.tenant.id,
            name: detail.tenant.name.clone(),
            suspended: detail.tenant.suspended_at.is_some(),
            reason: detail.tenant.suspended_reason.clone().unwrap_or_default(),
            back,
        }
    }
}
