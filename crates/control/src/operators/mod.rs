//! Operators and how they sign in. A new password is shown once and kept as a hash.

mod account;
mod change_password;
mod confirm_second_factor;
mod create;
mod list;
mod remove;
mod remove_second_factor;
mod reset_password;
mod show_second_factor;

use accounts::{Common, password, refuse_common};
use secrecy::{ExposeSecret, SecretString};
use utoipa_axum::routes;
use web::{
    Problem,
    routes::{Route, operator},
};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(account::handle)),
        operator(routes!(change_password::handle)),
        operator(routes!(show_second_factor::handle)),
        operator(routes!(confirm_second_factor::handle)),
        operator(routes!(remove_second_factor::handle)),
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
        let detail = words::account::length(SHORTEST, LONGEST, length);
        return Err(Problem::invalid_field(field, detail));
    }
    if let Some(why) = refuse_common(password.expose_secret(), own) {
        let why = match why {
            Common::Own => words::account::guessed_own(),
            Common::Repeated => words::account::guessed_again(),
            Common::Words => words::account::guessed_common(),
        };
        return Err(Problem::invalid_field(field, words::account::guessed(why)));
    }
    hashed(password).await
}

/// Hashes away from the threads that serve requests.
async fn hashed(password: SecretString) -> Result<SecretString, Problem> {
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hash = hash.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::internal(&error))?;
    Ok(SecretString::from(hash))
}

/// An account with the password that was made for it, which is told this once.
fn shown(user: store::User, made: Option<&SecretString>) -> api::NewPassword {
    let password = made.map(|made| made.expose_secret().to_owned());
    api::NewPassword { id: user.id, name: user.name, email: user.email, password }
}
