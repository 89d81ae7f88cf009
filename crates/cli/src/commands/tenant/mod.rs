//! `flowhq tenant …`.

mod create;
mod delete;
mod export;
mod import;
mod list;
mod move_in;
mod move_key;
mod move_out;
mod place;
mod show;
mod update;

use ::api as wire;
use clap::Subcommand;

use crate::{
    args::{Format, Place},
    error::CliError,
    output,
};

/// Create, list, show, change, delete, export, import and move tenants
#[derive(Debug, Subcommand)]
pub(crate) enum Tenant {
    Create(create::Create),
    List(list::List),
    Show(show::Show),
    Update(update::Update),
    Delete(delete::Delete),
    Export(export::Export),
    Import(import::Import),
    MoveKey(move_key::MoveKey),
    MoveOut(move_out::MoveOut),
    MoveIn(move_in::MoveIn),
    Place(place::OfTenant),
}

impl Tenant {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Create(command) => command.run(place).await,
            Self::List(command) => command.run(place).await,
            Self::Show(command) => command.run(place).await,
            Self::Update(command) => command.run(place).await,
            Self::Delete(command) => command.run(place).await,
            Self::Export(command) => command.run(place).await,
            Self::Import(command) => command.run(place).await,
            Self::MoveKey(command) => command.run(place).await,
            Self::MoveOut(command) => command.run(place).await,
            Self::MoveIn(command) => command.run(place).await,
            Self::Place(command) => command.run(place).await,
        }
    }
}

/// Says what became of a tenant, or prints it.
pub(crate) fn print_change(tenant: &wire::Tenant, done: &str, format: Format) -> Result<(), CliError> {
    if format.json {
        return Ok(output::json(tenant)?);
    }
    let name = output::harmless(&tenant.name);
    Ok(output::line(format_args!("{name} ({}): {done}, {}", tenant.id, tenant.status))?)
}

/// A word of an enum on the command line, whatever its letter case.
pub(crate) fn word<T: std::str::FromStr + strum::VariantNames>(text: &str) -> Result<T, String> {
    domain::parse_label(&text.to_ascii_uppercase()).map_err(|error| error.to_string())
}

/// A pack's id on the command line, whatever its letter case. Which packs there are is the server's to say.
fn pack(text: &str) -> Result<domain::PackId, String> {
    text.to_ascii_uppercase().parse().map_err(|error: domain::InvalidPackId| error.to_string())
}

/// The part of a tenant that its bot is told, as options.
#[derive(Debug, Clone, clap::Args)]
struct ConfigOptions {
    /// Reply pack: BOOKING, ECOMMERCE, SUPPORT, or one of the server's PACKS_DIR
    #[arg(long, value_name = "PACK", value_parser = pack)]
    pack: Option<domain::PackId>,
    /// Name that customers read
    #[arg(long, value_name = "NAME")]
    business_name: Option<String>,
    /// Language the bot answers in: SW or EN
    #[arg(long, value_name = "LANGUAGE", value_parser = word::<domain::Language>)]
    language: Option<domain::Language>,
}

impl ConfigOptions {
    fn input(&self) -> Option<wire::ConfigInput> {
        let Self { pack, business_name, language } = self.clone();
        let given = pack.is_some() || business_name.is_some() || language.is_some();
        given.then_some(wire::ConfigInput {
            template_type: pack.map(|pack| pack.to_string()),
            business_name,
            language,
            ..wire::ConfigInput::default()
        })
    }
}
