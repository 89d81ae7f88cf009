//! The people of a tenant: who they are, inviting staff, and seeing them off.

mod invite;
mod list;
mod remove;

use domain::MembershipStatus;
use utoipa_axum::routes;
use web::routes::{Route, member, owner};

use crate::App;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![member(routes!(list::handle)), owner(routes!(invite::handle)), owner(routes!(remove::handle))]
}

/// A person of a tenant as they are listed. Whoever only was invited, or has gone, has not agreed to be known here: nothing is
/// told of them but the address that was typed.
fn listed(member: store::Member) -> api::portal::MemberListed {
    let here = member.membership.status == MembershipStatus::Active;
    api::portal::MemberListed {
        id: member.user.id,
        name: if here { member.user.name } else { member.user.email.clone() },
        email: member.user.email,
        role: member.membership.role,
        status: member.membership.status,
        since: member.membership.created_at,
    }
}
