//! `GET /portal/tenant/current/customers`: customers, whoever was last in touch first.

use api::portal::CustomerList;
use axum::{Json, response::IntoResponse};
use domain::CustomerState;
use serde::Deserialize;
use store::CustomerFilter;
use utoipa::IntoParams;
use web::{Asked, Problem};

use super::convert;
use crate::{error::Answer, paging, portal::call::MemberCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Only those found by this in number, name, note, bookings or orders.
    search: Option<String>,
    /// Only those in this state.
    #[param(value_type = Option<CustomerState>)]
    state: Option<String>,
    /// Customers of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// Customers
///
/// Whoever was last in touch first. A state that nobody has set follows from bookings and orders.
#[utoipa::path(
    get, path = "/portal/tenant/current/customers", tag = "portal", params(Parameters),
    responses((status = 200, body = CustomerList))
)]
pub(crate) async fn handle(call: MemberCall, Asked(query): Asked<Parameters>) -> Answer {
    let text = paging::search(query.search.as_deref())?;
    let state = query.state.as_deref().map(str::trim).filter(|state| !state.is_empty());
    let state = state.map(domain::parse_label::<CustomerState>).transpose();
    let state = state.map_err(|error| {
        Problem::invalid_field(
            "state",
            crate::error::in_english(&error.to_string(), words::problem::impossible()),
        )
    })?;
    let page = super::super::page(query.limit, query.before.as_deref())?;
    let filter = CustomerFilter { state, text, in_texts: false };
    let found = call.reading().await?.scope.customers(&filter, page).await?;
    let list = CustomerList {
        customers: found.items.into_iter().map(convert).collect(),
        next: super::super::next(found.next),
    };
    Ok(Json(list).into_response())
}
