//! `flowhq pack try`.

use std::{
    fs,
    io::{self, BufRead},
    path::PathBuf,
};

use clap::Args;
use domain::{BotSettings, Clock, Language, PackId, SystemClock};
use jiff::{Span, SpanRelativeTo};
use replies::{Bot, Business, OpeningHours, Profile, Simulator};

use super::pack;
use crate::{commands::tenant::word, error::CliError, output};

/// Talk to a pack in the terminal; nothing is kept
#[derive(Debug, Args)]
#[command(
    after_help = "Write as a customer would. A line of its own makes time pass: +30m, +2h, +1d. Ctrl-D ends.

Examples:
  flowhq pack try BOOKING --language SW
  flowhq pack try packs/restaurant --language EN"
)]
pub(crate) struct Try {
    /// A pack that ships, or a pack's folder
    #[arg(value_name = "PACK")]
    pack: String,
    /// Language the bot answers in: SW or EN
    #[arg(long, default_value = "SW", value_name = "LANGUAGE", value_parser = word::<Language>)]
    language: Language,
    /// A business profile [default: the pack's profile.json, or the one that a new tenant begins with]
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// What the business is called
    #[arg(long, default_value = "Neema", value_name = "NAME")]
    name: String,
    /// Time zone of the business
    #[arg(long, default_value = "Africa/Dar_es_Salaam", value_name = "ZONE")]
    timezone: String,
}

impl Try {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        let pack = pack(&self.pack)?;
        if jiff::tz::TimeZone::get(&self.timezone).is_err() {
            return Err(CliError::Usage(format!(
                "--timezone takes a name like Africa/Nairobi, not \"{}\"",
                self.timezone
            )));
        }
        let profile = match (&self.profile, pack.profile_json()) {
            (Some(path), _) => import(path, &fs::read(path).map_err(CliError::file(path))?)?,
            (None, Some(json)) => import(&PathBuf::from("profile.json"), json.as_bytes())?,
            (None, None) => Profile::for_pack(&pack.version().id),
        };
        let settings = BotSettings {
            version: 1,
            business_name: self.name.clone(),
            pack: pack.version().id.parse().unwrap_or(PackId::BOOKING),
            language: self.language,
            timezone: self.timezone.clone(),
            currency: "TZS".to_owned(),
            hours: None,
            declared_number: None,
            confirmed_number: None,
            number_forms: Vec::new(),
            suspended: false,
            remove_deleted: false,
        };
        let day = vec![(9 * 60, 18 * 60)];
        let hours = OpeningHours {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new()],
            ..OpeningHours::default()
        };
        let business = Business { settings, hours: Some(hours), profile };
        let mut simulator = Simulator::new(Bot::new(Some(pack), business), SystemClock.now());
        for line in io::stdin().lock().lines() {
            let line = line?;
            for reply in self.turn(&mut simulator, line.trim()) {
                for line in reply.lines() {
                    output::line(format_args!("  {}", output::harmless(line)))?;
                }
                output::line("")?;
            }
        }
        Ok(())
    }

    fn turn(&self, simulator: &mut Simulator, line: &str) -> Vec<String> {
        if line.is_empty() {
            return Vec::new();
        }
        let time = line.strip_prefix('+').and_then(|time| time.parse::<Span>().ok());
        if let Some(time) = time.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()) {
            return simulator.wait(time);
        }
        let said = simulator.say(line);
        if said.is_empty() { vec!["(nothing)".to_owned()] } else { said }
    }
}

fn import(path: &std::path::Path, json: &[u8]) -> Result<Profile, CliError> {
    Profile::import(json, 1).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        CliError::Failed(format!("{}:\n{}", path.display(), faults.join("\n")))
    })
}
