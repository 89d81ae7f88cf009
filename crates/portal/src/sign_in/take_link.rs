//! `POST /auth/link/take`: uses a link, once.

use api::portal::{LinkTaken, LinkToken};
use http::Method;
use secrecy::ExposeSecret;
use web::{FormBody, ui::Head};

use super::{INSIDE, begin, link, look_at_link};
use crate::{Answer, Visitor};

pub(super) async fn handle(visitor: Visitor, FormBody(form): FormBody<look_at_link::Form>) -> Answer {
    let asked = LinkToken { token: link::secret(form.token.expose_secret()).to_owned() };
    let plane = &visitor.portal.plane;
    let taken = plane.send_json::<LinkTaken>(&visitor.who, Method::POST, "/portal/links/take", &asked).await;
    let taken = match taken {
        Ok(taken) => taken,
        Err(error) => return look_at_link::over(&visitor, error),
    };
    // A link that only confirms an address begins no session.
    let Some(signed_in) = taken.signed_in else {
        let view = Confirmed { changed: taken.email_changed.unwrap_or_default() };
        return Ok(visitor.page(&Head::narrow(words::portal_sign_in::confirm()), &view));
    };
    // The session that the browser had before is of no use to anybody any more.
    if visitor.who.session.is_some()
        && let Err(error) = plane
            .send_json::<()>(&visitor.who, Method::POST, "/portal/session/end", &serde_json::json!({}))
            .await
    {
        tracing::debug!(%error, "the session that another one has followed was not ended");
    }
    let place = if signed_in.set_password { "/auth/password" } else { INSIDE };
    Ok(begin(&visitor.portal, &signed_in, place))
}

#[derive(askama::Template)]
#[template(
    source = "<section class=\"card\"><div class=\"success\"><span class=\"tick\">{{ web::ui::Icon(\"check\") }}</span>\
              <h1>{% if changed %}{{ words::portal_sign_in::changed() }}{% else %}{{ words::portal_sign_in::half_changed() }}{% endif %}</h1>\
              <a class=\"btn primary\" href=\"/app/settings\">{{ words::portal_sign_in::link_go() }}</a></div></section>",
    ext = "html"
)]
struct Confirmed {
    changed: bool,
}
