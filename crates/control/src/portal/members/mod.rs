//! The people of a tenant: who they are, inviting staff, and seeing them off.

mod invite;
mod list;
mod remove;

use utoipa_axum::routes;
use web::routes::{Route, member, owner};

use crate::App;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![member(routes!(list::handle)), owner(routes!(invite::handle)), owner(routes!(remove::handle))]
}

/// A person of a tenant as they are listed.
fn listed(member: store::Member) -> api::portal::MemberListed {
    api::portal::MemberListed {
        id: member.user.id,
        name: member.user.name,
        email: member.user.email,
        role: member.membership.role,
        status: member.membership.status,
        since: member.membership.created_at,
    }
}
