//! `POST /auth/link`: what a link is for. Nothing is used up by looking: whoever was sent somebody else's link sees whose it
//! is before anything happens.

use api::portal::{LinkKind, LinkSeen, LinkToken};
use domain::Role;
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use web::{FormBody, Kind, Problem, ui::Head};

use super::{Step, link};
use crate::{Answer, AskError, Visitor, Who};

#[derive(Debug, Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    pub(super) token: SecretString,
}

pub(super) async fn handle(visitor: Visitor, FormBody(form): FormBody<Form>) -> Answer {
    use words::portal_sign_in as say;

    let token = link::secret(form.token.expose_secret());
    if token.is_empty() {
        let problem = Problem::invalid_field("token", say::link_needed());
        return Ok(link::page(&visitor, Some(&problem)));
    }
    let asked = LinkToken { token: token.to_owned() };
    let plane = &visitor.portal.plane;
    let seen = plane.send_json::<LinkSeen>(&Who::default(), Method::POST, "/portal/links/look", &asked).await;
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => return over(&visitor, error),
    };
    let tenant = seen.tenant_name.as_deref().unwrap_or_default();
    let account = say::for_account(&seen.email);
    let (title, text, button) = match seen.kind {
        LinkKind::SignIn if tenant.is_empty() => (say::sign_in().to_owned(), account, say::sign_in()),
        LinkKind::SignIn => (say::confirm_owner(tenant), account, say::sign_in()),
        // Somebody new whom the operator lets in.
        LinkKind::Invitation if seen.role == Some(Role::Owner) => {
            (say::confirm_owner(tenant), account, say::sign_in())
        }
        LinkKind::Invitation => (say::confirm_invitation(tenant), account, say::accept()),
        LinkKind::Reset => (say::confirm_reset().to_owned(), account, say::link_go()),
        LinkKind::ChangeEmail => (say::confirm_change(&seen.email), String::new(), say::confirm()),
        LinkKind::Look => (say::look().to_owned(), say::confirm_look(tenant), say::look()),
    };
    let step = Step {
        title: &title,
        say: &text,
        action: "/auth/link/take",
        fields: Vec::new(),
        username: None,
        hidden: vec![("token", token)],
        button,
        banner: None,
        other: None,
        token: false,
    };
    Ok(visitor.page(&Head::narrow(title.clone()), &step))
}

/// What a link that leads nowhere leads to. The control plane tells nobody why one is void; what its person has to do first,
/// it does.
pub(super) fn over(visitor: &Visitor, error: AskError) -> Answer {
    let Some(refusal) = error.refusal() else { return Err(error.into()) };
    let problem = match refusal.kind() {
        Kind::TooManyAttempts | Kind::Internal | Kind::Unavailable | Kind::Conflict => refusal.clone(),
        kind => Problem::new(kind, words::people::link_void()).with_field("token"),
    };
    Ok(link::page(visitor, Some(&problem)))
}
