//! A session as the portal is told of it.

use accounts::people::{Begun, Found};
use domain::SetupStatus;
use store::PageRequest;

use crate::{App, error::Answer};

/// Who is signed in, and to what.
pub(crate) async fn of(app: &App, found: &Found) -> Answer<api::portal::SessionFacts> {
    let user = &found.account.user;
    let seat = found.seat();
    let setup_request = match seat {
        Some(seat) => {
            let latest = PageRequest { limit: 1, before: None };
            let latest = app.store.tenant(seat.tenant).setup_requests(latest).await?.items.into_iter().next();
            // One that was rejected counts as none: it is asked for anew.
            latest.is_some_and(|request| request.status != SetupStatus::Rejected)
        }
        None => false,
    };
    let operator_name = match &found.session.looking {
        Some((operator, _)) => app.accounts.account(*operator).await?.map(|proved| proved.name),
        None => None,
    };
    Ok(api::portal::SessionFacts {
        user: api::portal::PersonFacts {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            phone: user.phone.clone(),
            language: found.account.language,
            password_set: found.account.password_hash.is_some(),
        },
        tenants: found
            .seats
            .iter()
            .map(|seat| api::portal::TenantOfPerson {
                id: seat.tenant,
                name: seat.name.clone(),
                role: seat.role,
            })
            .collect(),
        tenant: seat.map(|seat| api::portal::TenantFacts {
            id: seat.tenant,
            name: seat.name.clone(),
            status: seat.tenant_status,
        }),
        role: seat.map(|seat| seat.role),
        setup_request,
        looking: found.session.looking.is_some(),
        operator_name,
        via: found.session.via,
    })
}

/// A session that has begun, with its secret.
pub(crate) async fn begun(app: &App, begun: &Begun) -> Answer<api::portal::PortalSignedIn> {
    Ok(api::portal::PortalSignedIn {
        session: begun.token.tell(),
        facts: of(app, &begun.found).await?,
        set_password: begun.set_password,
    })
}
