//! `flowhq config`.

use clap::Args;
use serde_json::{Map, Value};

use crate::{
    args::{Format, Place},
    error::CliError,
    output,
};

/// Print the settings in force, secrets masked
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq config
  flowhq config --markdown     # the table of all settings with their defaults and meanings")]
pub(crate) struct Config {
    /// Print the table of all settings in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    #[command(flatten)]
    format: Format,
}

impl Config {
    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        if self.markdown {
            return Ok(output::line(config::settings_table().trim_end())?);
        }
        let settings = place.settings()?;
        let values = settings.in_force().into_iter();
        if self.format.json {
            let values: Map<_, _> = values
                .map(|(name, value)| (name.to_owned(), value.map_or(Value::Null, Value::String)))
                .collect();
            return Ok(output::json(&values)?);
        }
        let rows =
            values.map(|(name, value)| [name.to_owned(), value.unwrap_or_else(|| "(not set)".to_owned())]);
        Ok(output::line(output::table(["SETTING", "VALUE"], rows))?)
    }
}
