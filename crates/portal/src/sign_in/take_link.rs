//! `POST /auth/link/take`: uses a link, once.

use api::portal::{LinkToken, PortalSignedIn};
use http::{HeaderMap, Method};
use secrecy::ExposeSecret;
use web::{FormBody, place::see_other};

use super::{INSIDE, begin, link, look_at_link};
use crate::{Answer, Visitor};

pub(super) async fn handle(
    visitor: Visitor,
    headers: HeaderMap,
    FormBody(form): FormBody<look_at_link::Form>,
) -> Answer {
    let asked = LinkToken { token: link::secret(form.token.expose_secret()).to_owned() };
    let plane = &visitor.portal.plane;
    let taken =
        plane.send_json::<PortalSignedIn>(&visitor.who, Method::POST, "/portal/links/take", &asked).await;
    let signed_in = match taken {
        Ok(signed_in) => signed_in,
        Err(error) => return look_at_link::over(&visitor, error),
    };
    // A link that only confirms begins no session.
    if signed_in.session.is_empty() {
        return Ok(see_other(if visitor.facts.is_some() { "/app/settings" } else { super::SIGN_IN }));
    }
    // The session that the browser had before is of no use to anybody any more.
    if visitor.who.session.is_some()
        && let Err(error) = plane
            .send_json::<()>(&visitor.who, Method::POST, "/portal/session/end", &serde_json::json!({}))
            .await
    {
        tracing::debug!(%error, "the session that another one has followed was not ended");
    }
    let place = if signed_in.set_password { "/auth/password" } else { INSIDE };
    Ok(begin(&visitor.portal, &headers, &signed_in, place))
}
