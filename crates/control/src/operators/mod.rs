//! Operators and how they sign in. A new password is shown once and kept as a hash.

pub(crate) mod account;
pub(crate) mod change_password;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod reset_password;
pub(crate) mod second_factor;

use accounts::{password, refuse_common};
use secrecy::{ExposeSecret, SecretString};
use utoipa_axum::routes;
use web::{
    Problem,
    routes::{Route, operator},
};

use crate::{App, error::Answer};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(account::handle)),
        operator(routes!(change_password::handle)),
        operator(routes!(second_factor::show)),
        operator(routes!(second_factor::confirm)),
        operator(routes!(second_factor::remove)),
        operator(routes!(list::handle)),
        operator(routes!(create::handle)),
        operator(routes!(reset_password::handle)),
        operator(routes!(remove::handle)),
    ]
}

/// The shortest password that an operator may choose.
const SHORTEST: usize = 12;
/// The longest that is looked at.
const LONGEST: usize = 1024;

/// The argon2id hash of a password that somebody has chosen. `own` is what belongs to the person.
pub(crate) async fn chosen(
    field: &'static str,
    password: SecretString,
    own: &[&str],
) -> Result<SecretString, Problem> {
    let length = password.expose_secret().chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Problem::invalid_field(
            field,
            format!("A password has {SHORTEST} to {LONGEST} characters; this one has {length}."),
        ));
    }
    if let Some(why) = refuse_common(password.expose_secret(), own) {
        return Err(Problem::invalid_field(field, format!("This password is guessed soon. {why}")));
    }
    hashed(password).await
}

/// Hashes away from the threads that serve requests.
pub(crate) async fn hashed(password: SecretString) -> Result<SecretString, Problem> {
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hash = hash.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::internal(&error))?;
    Ok(SecretString::from(hash))
}

/// All operators.
pub(crate) async fn all(app: &App) -> Answer<Vec<api::OperatorListed>> {
    let found = app.store.operator().list_operators().await?;
    Ok(found
        .into_iter()
        .map(|one| api::OperatorListed {
            id: one.member.user.id,
            name: one.member.user.name,
            email: one.member.user.email,
            has_password: one.has_password,
            has_second_factor: one.has_totp,
            created_at: one.member.membership.created_at,
        })
        .collect())
}
