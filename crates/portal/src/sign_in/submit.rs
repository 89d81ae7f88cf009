//! `POST /auth/signin`: by email and password.

use api::portal::{PasswordSignIn, PortalSignedIn};
use axum::response::Response;
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use web::{FormBody, Kind, Problem};

use super::{begin, form, inside};
use crate::{Answer, Visitor, Who};

#[derive(Debug, Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
}

pub(super) async fn handle(visitor: Visitor, FormBody(form): FormBody<Form>) -> Answer {
    let (email, next) = (form.email.trim(), inside(&form.next));
    let missing = match (email.is_empty(), form.password.expose_secret().is_empty()) {
        (true, _) => Some(Problem::invalid_field("email", words::portal_sign_in::email_needed())),
        (_, true) => Some(Problem::invalid_field("password", words::portal_sign_in::password_needed())),
        _ => None,
    };
    if let Some(problem) = missing {
        return form::page(&visitor, email, next, Some(&problem), None).await;
    }
    let asked = PasswordSignIn {
        email: email.to_owned(),
        password: form.password.expose_secret().to_owned(),
        address: visitor.address.map(|address| address.to_string()),
    };
    let plane = &visitor.portal.plane;
    let answer = plane
        .send_json::<PortalSignedIn>(&Who::default(), Method::POST, "/portal/sign-in/password", &asked)
        .await;
    match answer {
        Ok(signed_in) => Ok::<Response, _>(begin(&visitor.portal, &signed_in, next)),
        Err(error) => {
            let Some(refusal) = error.refusal() else { return Err(error.into()) };
            let problem = match refusal.kind() {
                // One sentence for an unknown address and a wrong password.
                Kind::Unauthorized => Problem::new(Kind::Unauthorized, words::portal_sign_in::wrong()),
                _ => refusal.clone(),
            };
            form::page(&visitor, email, next, Some(&problem), None).await
        }
    }
}
