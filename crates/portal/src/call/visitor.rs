//! Anybody who asks, signed in or not.

use std::net::IpAddr;

use api::portal::SessionFacts;
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use http::header;
use web::{
    Kind,
    serve::Peer,
    ui::{Head, Html},
};

use super::Call;
use crate::{
    Portal, Refusal, Who,
    browser::{Token, end},
    shell,
};

/// Whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The portal.
    pub(crate) portal: Portal,
    /// The address that the request comes from.
    pub(crate) address: Option<IpAddr>,
    /// Who it is, where somebody is signed in.
    pub(crate) facts: Option<SessionFacts>,
    pub(crate) who: Who,
    /// Whether the browser keeps the secret of a session that is over.
    over: bool,
}

impl Visitor {
    /// A whole page without the navigation.
    #[must_use]
    pub(crate) fn page(&self, head: &Head, body: &impl askama::Template) -> Response {
        self.forget(shell::page(&self.portal, self.facts.as_ref(), None, head, &Html::of(body)))
    }

    /// The same as somebody who is signed in, or the way to the sign-in page and back.
    pub(crate) fn signed_in(self, parts: &Parts) -> Result<Call, Refusal> {
        let place = if parts.method.is_safe() {
            parts.uri.path_and_query().map(ToString::to_string)
        } else {
            web::place::form_page(&parts.headers)
        };
        let place = place.unwrap_or_else(|| parts.uri.path().to_owned());
        let over = self.over;
        let Self { portal, address, facts: Some(facts), who, .. } = self else {
            let refusal = Refusal::sign_in(&place);
            return Err(if over {
                Refusal::Elsewhere(Box::new(forget(&self.portal, refusal.into_response())))
            } else {
                refusal
            });
        };
        let user = Some(facts.user.id.to_string());
        let tenant = facts.tenant.as_ref().map(|tenant| tenant.id.to_string());
        Ok(Call { portal, address, facts, who: Who { user, tenant, ..who } })
    }

    fn forget(&self, response: Response) -> Response {
        if self.over { forget(&self.portal, response) } else { response }
    }
}

fn forget(portal: &Portal, mut response: Response) -> Response {
    if let Some(cookie) = end(portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl FromRequestParts<Portal> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let peer = parts.extensions.get::<Peer>().copied();
        let address = peer.and_then(|peer| portal.options.site.proxies.client(peer, &parts.headers));
        let token = Token::of(&parts.headers, portal.https());
        let who = Who { session: token.as_ref().map(Token::hash), ..Who::default() };
        let mut visitor = Self { portal: portal.clone(), address, facts: None, who, over: false };
        if token.is_some() {
            match portal.plane.get::<SessionFacts>(&visitor.who, "/portal/session").await {
                Ok(facts) => visitor.facts = Some(facts),
                Err(error) if error.refusal().is_some_and(|no| no.kind() == Kind::Unauthorized) => {
                    visitor.over = true;
                    visitor.who.session = None;
                }
                Err(error) => return Err(Refusal::from(error).into_response()),
            }
        }
        Ok(visitor)
    }
}
