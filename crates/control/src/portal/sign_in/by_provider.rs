//! `POST /portal/sign-in/provider`: signs in whom a provider vouches for. Somebody new gets a tenant, or the one that has
//! invited them.

use accounts::people::name_of;
use axum::Json;
use domain::{Language, limits::NAME_MAX_CHARS};
use store::ProviderPerson;
use web::JsonBody;

use crate::{
    error::Answer,
    portal::{call::PortalCall, facts},
    tenants,
};

/// What a business is called whose owner's name is not known: a name, and the same in every language.
const UNNAMED: &str = "New Business";

/// Sign in whom a provider vouches for
///
/// Only an address that the provider has verified may come here. Whoever is new gets a tenant, named after the person; an
/// invitation of that address goes before.
#[utoipa::path(
    post, path = "/portal/sign-in/provider", tag = "portal", request_body = api::portal::ProviderSignIn,
    responses((status = 200, body = api::portal::PortalSignedIn))
)]
pub(crate) async fn handle(
    call: PortalCall,
    JsonBody(given): JsonBody<api::portal::ProviderSignIn>,
) -> Answer<Json<api::portal::PortalSignedIn>> {
    let app = &call.app;
    let name = given.name.as_deref().and_then(usable);
    let language = given.language.unwrap_or(Language::Sw);
    let tenant =
        tenants::named(&app.supervisor.packs(), name.as_deref().unwrap_or(UNNAMED), language, app.now())?;
    let person = ProviderPerson {
        provider: given.provider,
        issuer: given.issuer,
        subject: given.subject,
        name: name.or_else(|| usable(&name_of(&given.email))).unwrap_or_else(|| UNNAMED.to_owned()),
        email: given.email,
        language,
    };
    let begun = app.accounts.people().by_provider(&person, &tenant).await?;
    Ok(Json(facts::begun(app, &begun).await?))
}

/// A provider's word for somebody as a name of ours: one line, not too long.
fn usable(name: &str) -> Option<String> {
    let line: String = name.chars().filter(|c| !c.is_control()).collect();
    let cut: String = line.trim().chars().take(NAME_MAX_CHARS).collect();
    let cut = cut.trim();
    (!cut.is_empty()).then(|| cut.to_owned())
}
