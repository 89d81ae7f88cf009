//! Tenants: the list of them, one of them, and what is changed of it.

pub(crate) mod actions;
mod call;
mod confirm_number;
pub(crate) mod convert;
pub(crate) mod counted;
mod create;
mod delete;
mod delete_form;
mod desk;
mod export;
pub(crate) mod figures;
mod form;
pub(crate) mod health;
mod import;
mod lift_suspension;
mod list;
mod look;
mod moves;
mod new;
mod notes;
mod now;
mod owner_link;
mod place;
pub(crate) mod row;
mod show;
pub(crate) mod strip;
mod suspend;
pub(crate) mod suspension;
mod update;
mod update_form;
mod uptime;
pub(crate) mod uptime_watch;

use utoipa_axum::routes;
use web::routes::{Route, operator};

pub(crate) use self::{
    call::TenantCall,
    create::named,
    desk::Desk,
    update::{update, version as version_of},
};
use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(list::handle)),
        operator(routes!(create::handle)),
        operator(routes!(new::handle)),
        operator(routes!(export::handle)),
        operator(routes!(import::show::handle)),
        operator(routes!(import::submit::handle)),
        operator(routes!(actions::begin::handle)),
        operator(routes!(actions::show::handle)),
        operator(routes!(actions::retry::handle)),
        operator(routes!(show::handle)),
        operator(routes!(uptime::handle)),
        operator(routes!(update::handle)),
        operator(routes!(update_form::handle)),
        operator(routes!(delete::handle)),
        operator(routes!(delete_form::handle)),
        operator(routes!(suspend::handle)),
        operator(routes!(lift_suspension::handle)),
        operator(routes!(confirm_number::handle)),
        operator(routes!(notes::show::handle)),
        operator(routes!(notes::replace::handle)),
        operator(routes!(notes::save::handle)),
        operator(routes!(owner_link::handle)),
        operator(routes!(look::handle)),
        operator(routes!(place::show::handle)),
        operator(routes!(place::move_to::handle)),
        operator(routes!(moves::take_in::handle)),
        operator(routes!(moves::key::handle)),
        operator(routes!(moves::show::handle)),
        operator(routes!(moves::leave::handle)),
        operator(routes!(moves::arrive::handle)),
    ]
}
