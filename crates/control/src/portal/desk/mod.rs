//! What the people of a business see and do at their own desk. Nothing here takes a tenant's id: the tenant is that of whoever
//! asks. What owners alone may do says so in its line of the table.

mod activity;
mod chats;
mod customers;
mod events;
mod export;
mod linking;
mod logs;
mod me;
mod notices;
mod records;
mod settings;
mod setup_request;
mod status;

use domain::TenantId;
use store::{Actor, Cursor};
use utoipa_axum::routes;
use web::{
    Problem,
    routes::{Route, member, owner},
};

use super::call::MemberCall;
use crate::{App, audit, error::Answer, paging, tenants::Desk};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        member(routes!(me::handle)),
        owner(routes!(setup_request::handle)),
        member(routes!(status::handle)),
        owner(routes!(linking::qr::handle)),
        member(routes!(logs::handle)),
        member(routes!(events::handle)),
        owner(routes!(linking::pairing_code::handle)),
        owner(routes!(linking::link_again::handle)),
        owner(routes!(linking::unlink::handle)),
        member(routes!(chats::list::handle)),
        member(routes!(chats::show::handle)),
        member(routes!(chats::say::handle)),
        member(routes!(chats::take_over::handle)),
        member(routes!(chats::hand_back::handle)),
        owner(routes!(chats::leave_alone::handle)),
        owner(routes!(chats::csv::handle)),
        member(routes!(customers::list::handle)),
        member(routes!(customers::show::handle)),
        member(routes!(customers::put::handle)),
        owner(routes!(customers::csv::handle)),
        member(routes!(records::list::handle)),
        member(routes!(records::create::handle)),
        member(routes!(records::change::handle)),
        member(routes!(settings::profile::handle)),
        owner(routes!(settings::put_profile::handle)),
        member(routes!(settings::config::handle)),
        owner(routes!(settings::put_config::handle)),
        member(routes!(settings::try_bot::handle)),
        member(routes!(settings::packs::handle)),
        member(routes!(settings::sayings::handle)),
        member(routes!(settings::preview::handle)),
        member(routes!(notices::show::handle)),
        member(routes!(notices::put::handle)),
        member(routes!(notices::subscribe::handle)),
        member(routes!(notices::unsubscribe::handle)),
        owner(routes!(activity::handle)),
        owner(routes!(export::handle)),
    ]
}

impl MemberCall {
    /// Who acts: the operator, where one looks in the owner's place.
    fn actor(&self) -> Actor {
        self.looking.unwrap_or(Actor::User(self.user.id))
    }

    /// The tenant as it stands, and who acts for it.
    async fn desk(&self) -> Answer<Desk> {
        Desk::of(self.app.clone(), self.actor(), self.tenant).await
    }

    /// The same for what customers said: an operator who looks is written down as with the dashboard's own pages, and the
    /// business reads what is its own.
    async fn reading(&self) -> Answer<Desk> {
        if let Some(operator) = self.looking {
            audit::reading_by(&self.app, operator, self.tenant).await?;
        }
        self.desk().await
    }

    /// Whose tenant it is.
    fn tenant(&self) -> TenantId {
        self.tenant
    }
}

/// What `before` is on the next page.
fn next(cursor: Option<Cursor>) -> Option<String> {
    cursor.map(|cursor| cursor.to_string())
}

/// Which page is asked for. A longer one than a page has is cut down.
fn page(limit: Option<u32>, before: Option<&str>) -> Result<store::PageRequest, Problem> {
    let before = before.filter(|before| !before.is_empty());
    Ok(paging::rows(&paging::Request::read(limit, before)?))
}
