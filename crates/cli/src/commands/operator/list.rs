//! `flowhq operator list`.

use ::api::OperatorListed;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// List operators
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl List {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let operators = super::all(&client).await?;
        if self.format.json {
            return Ok(output::json(&operators)?);
        }
        if operators.is_empty() {
            output::remark("None beside the admin password; `flowhq operator add` makes one.");
            return Ok(());
        }
        let head = ["NAME", "EMAIL", "SECOND FACTOR", "ID"];
        Ok(output::line(output::table(head, operators.into_iter().map(row)))?)
    }
}

fn row(operator: OperatorListed) -> [String; 4] {
    let factor = if operator.has_second_factor { "yes" } else { "no" };
    [operator.name, operator.email, factor.to_owned(), operator.id.to_string()]
}
