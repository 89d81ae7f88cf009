//! `flowhq operator …`.

mod add;
mod list;
mod remove;
mod reset;

use ::api::{NewPassword, OperatorListed};
use clap::Subcommand;
use domain::UserId;

use crate::{
    api::Client,
    args::{Format, Place},
    error::CliError,
    output,
};

/// List, add and remove operators, and give them a new password
#[derive(Debug, Subcommand)]
pub(crate) enum Operator {
    List(list::List),
    Add(add::Add),
    Reset(reset::Reset),
    Remove(remove::Remove),
}

impl Operator {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::List(command) => command.run(place).await,
            Self::Add(command) => command.run(place).await,
            Self::Reset(command) => command.run(place).await,
            Self::Remove(command) => command.run(place).await,
        }
    }
}

async fn all(client: &Client) -> Result<Vec<OperatorListed>, CliError> {
    Ok(client.get("/admin/operators").await?)
}

/// The operator with an address.
async fn find(client: &Client, email: &str) -> Result<UserId, CliError> {
    let email = email.trim().to_lowercase();
    let found = all(client).await?.into_iter().find(|operator| operator.email == email);
    found.map(|operator| operator.id).ok_or_else(|| CliError::Refused {
        status: 404,
        detail: format!("no operator has the address {email}; `flowhq operator list` shows them"),
    })
}

/// Shows a password that was made, which is kept nowhere.
fn print(made: &NewPassword, format: Format) -> Result<(), CliError> {
    if format.json {
        return Ok(output::json(made)?);
    }
    output::line(format_args!("{} ({})", output::harmless(&made.name), output::harmless(&made.email)))?;
    if let Some(password) = &made.password {
        output::line(format_args!("Password, shown this once: {password}"))?;
    }
    Ok(())
}
