//! `flowhq stress`: many tenants at once on the virtual WhatsApp, and a look into every place where one could show up
//! in another.

#[cfg(feature = "virtual")]
mod check;
#[cfg(feature = "virtual")]
mod leak;
#[cfg(feature = "virtual")]
mod report;
#[cfg(feature = "virtual")]
mod run;
#[cfg(feature = "virtual")]
mod scene;

use clap::{Args, ValueEnum};

use crate::{args::Place, error::CliError};

/// Prove that tenants are kept apart: many at once on a virtual WhatsApp, every place looked into
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq stress --tenants 50 --messages 20
  DATABASE_URL=postgres://flowhq@db/stress flowhq stress --database

Everything happens in a directory of its own, which is removed at the end. Exit code 1 if any check
fails. Needs a build with the feature `virtual`.")]
pub(crate) struct Stress {
    /// How many tenants
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=500), value_name = "N")]
    tenants: u16,
    /// How many messages each tenant's customers write
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(2..=200), value_name = "M")]
    messages: u16,
    /// Use the database of the settings, such as a PostgreSQL; its other tenants are left alone
    #[arg(long)]
    database: bool,
    /// Plant a leak, to see that it is found
    #[arg(long, hide = true, value_enum, value_name = "LEAK")]
    plant: Option<Leak>,
}

/// What can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Leak {
    /// One bot says another tenant's words.
    Answers,
    /// A row with another tenant's words.
    Rows,
    /// A session that is not the tenant's own.
    Sessions,
    /// A foreign process in a tenant's directory.
    Workers,
    /// Another tenant's words in a directory.
    Files,
    /// A customer's number in the log.
    Logs,
    /// A directory that outlives its tenant.
    Leftovers,
}

impl Stress {
    #[cfg(not(feature = "virtual"))]
    pub(crate) fn run(&self, _: &Place) -> Result<(), CliError> {
        let Self { tenants, messages, database, plant } = self;
        let _ = (tenants, messages, database, plant);
        Err(CliError::Failed(
            "this build speaks with WhatsApp itself and has no virtual one in it. In the source directory, run: cargo \
             run --features virtual -- stress"
                .to_owned(),
        ))
    }

    #[cfg(feature = "virtual")]
    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        run::run(self, place)
    }
}
