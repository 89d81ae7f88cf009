//! `flowhq host even`.

use ::api::Evening;
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    ask,
    error::CliError,
    output,
};

const PATH: &str = "/admin/hosts/even";

/// Even hosts out: tenants go from the fullest to the emptiest, one after the other
#[derive(Debug, Args)]
#[command(
    after_help = "Hosts are even where, by what each takes, any two differ by at most one tenant or five hundredths.
Each tenant that is moved is away for a moment. Says first how many these are, and asks.

Examples:
  flowhq host even --dry-run
  flowhq host even
  flowhq host list"
)]
pub(crate) struct Even {
    /// Say how many tenants would be moved, and move none
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Even {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let seen: Evening = client.get(PATH).await?;
        if self.dry_run {
            return self.say(seen, &told(seen));
        }
        // What is under way is for the control plane to refuse.
        if !self.yes && seen.moves > 0 && seen.left.is_none() {
            confirm(seen)?;
        }
        let begun: Evening = client.send_json(Method::POST, PATH, None::<&()>).await?;
        let words = match begun.moves {
            0 => told(begun),
            moves => format!(
                "to go to other hosts, one after the other: {}; flowhq host even --dry-run says how many are left",
                output::tenants(moves)
            ),
        };
        self.say(begun, &words)
    }

    fn say(&self, evening: Evening, words: &str) -> Result<(), CliError> {
        if self.format.json {
            return Ok(output::json(&evening)?);
        }
        Ok(output::line(words)?)
    }
}

/// How even they are, in words.
fn told(evening: Evening) -> String {
    match evening {
        Evening { left: Some(left), .. } => {
            format!("hosts are being evened out: {} to be moved yet", output::tenants(left))
        }
        Evening { moves: 0, .. } => "hosts are even: nothing is to be moved".to_owned(),
        Evening { moves, .. } => {
            format!("{} would go to other hosts, each away for a moment", output::tenants(moves))
        }
    }
}

/// Asks whether that is meant.
fn confirm(seen: Evening) -> Result<(), CliError> {
    let seen = told(seen);
    let nobody = format!("{seen}; give --yes where nobody can be asked");
    ask::whether(format_args!("{seen}. Type yes to go on:"), "yes", &nobody, "nothing was moved")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_even_they_are() {
        assert!(told(Evening { moves: 0, left: None }).contains("even: nothing"));
        assert!(told(Evening { moves: 7, left: None }).contains("7 tenants would go"));
        assert!(told(Evening { moves: 1, left: None }).contains("1 tenant would go"));
        assert!(told(Evening { moves: 7, left: Some(3) }).contains("3 tenants to be moved yet"));
    }
}
