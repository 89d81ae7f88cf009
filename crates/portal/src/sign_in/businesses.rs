//! `GET /app/businesses`: those that a person owns or serves, to choose from.

use api::portal::TenantOfPerson;
use askama::Template;
use axum::response::Response;
use domain::Role;
use web::ui::{Empty, Head, Icon};

use crate::{Call, Section};

#[derive(Template)]
#[template(path = "sign_in/businesses.html")]
struct View<'a> {
    businesses: &'a [TenantOfPerson],
    current: String,
    none: Empty,
}

impl View<'_> {
    fn role(&self, business: &TenantOfPerson) -> &'static str {
        match business.role {
            Role::Owner => words::portal_sign_in::owner(),
            Role::Staff | Role::Admin => words::portal_sign_in::staff(),
        }
    }
}

pub(super) async fn handle(call: Call) -> Response {
    use words::portal_sign_in as say;

    let view = View {
        businesses: &call.facts.tenants,
        current: call.facts.tenant.as_ref().map(|tenant| tenant.id.to_string()).unwrap_or_default(),
        none: Empty::new("users", say::no_business(), say::no_business_say()),
    };
    call.page(Section::Businesses, &Head::narrow(say::businesses()), &view)
}
