//! `flowhq pack try`.

use std::{
    fs,
    io::{self, BufRead},
    path::PathBuf,
};

use clap::Args;
use domain::{BotSettings, Clock, Language, PackId, SystemClock};
use jiff::{Span, SpanRelativeTo};
use replies::{Bot, Business, Hours, Pack, Profile, Simulator};

use super::pack;
use crate::{
    api,
    args::{Connect, Place},
    commands::tenant::word,
    error::CliError,
    output,
};

/// Talk to a pack in the terminal; nothing is kept
#[derive(Debug, Args)]
#[command(
    after_help = "Write as a customer would. A line of its own makes time pass: +30m, +2h, +1d. Ctrl-D ends.

Examples:
  flowhq pack try BOOKING --language SW
  flowhq pack try packs/restaurant --language EN
  flowhq pack try packs/restaurant --tenant \"Mama Lishe\""
)]
pub(crate) struct Try {
    /// A pack that ships, or a pack's folder
    #[arg(value_name = "PACK")]
    pack: String,
    /// A tenant by id or name: its profile, name, language, hours, time zone and currency, read from the server
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Language the bot answers in: SW or EN [default: SW, or the tenant's]
    #[arg(long, value_name = "LANGUAGE", value_parser = word::<Language>)]
    language: Option<Language>,
    /// A business profile [default: the tenant's, else the pack's profile.json, else the one that a new tenant begins with]
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// What the business is called [default: Neema, or the tenant's]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Time zone of the business [default: Africa/Dar_es_Salaam, or the tenant's]
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    #[command(flatten)]
    connect: Connect,
}

/// What is read of a tenant.
struct Known {
    tenant: ::api::Tenant,
    profile: Profile,
}

impl Try {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let pack = pack(&self.pack)?;
        let known = match &self.tenant {
            Some(which) => Some(self.known(place, which).await?),
            None => None,
        };
        let business = self.business(&pack, known)?;
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

    /// What the server has of a tenant. Nothing is changed there.
    async fn known(&self, place: &Place, which: &str) -> Result<Known, CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, which).await?;
        let found: ::api::TenantWithLogs = client.get(&format!("/admin/tenants/{id}")).await?;
        let profile = client.get(&format!("/admin/tenants/{id}/profile")).await?;
        Ok(Known { tenant: found.tenant, profile })
    }

    /// The business that is tried: what is typed, else the tenant's, else an example.
    fn business(&self, pack: &Pack, known: Option<Known>) -> Result<Business, CliError> {
        let (tenant, theirs) = known.map_or((None, None), |known| (Some(known.tenant), Some(known.profile)));
        let zone = self.timezone.clone().or_else(|| Some(tenant.as_ref()?.timezone.clone()));
        let timezone = zone.unwrap_or_else(|| "Africa/Dar_es_Salaam".to_owned());
        if jiff::tz::TimeZone::get(&timezone).is_err() {
            return Err(CliError::Usage(format!(
                "--timezone takes a name like Africa/Nairobi, not \"{timezone}\""
            )));
        }
        let profile = match (&self.profile, theirs, pack.profile_json()) {
            (Some(path), ..) => import(path, &fs::read(path).map_err(CliError::file(path))?)?,
            (None, Some(profile), _) => profile,
            (None, None, Some(json)) => import(&PathBuf::from("profile.json"), json.as_bytes())?,
            (None, None, None) => Profile::for_pack(&pack.version().id),
        };
        let day = vec![(9 * 60, 18 * 60)];
        let usual = Hours {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new()],
            ..Hours::default()
        };
        let config = tenant.as_ref().map(|tenant| &tenant.config);
        let name = self.name.clone().or_else(|| Some(config?.business_name.clone()));
        let settings = BotSettings {
            version: 1,
            business_name: name.unwrap_or_else(|| "Neema".to_owned()),
            pack: pack.version().id.parse().unwrap_or(PackId::BOOKING),
            language: self.language.or_else(|| Some(config?.language)).unwrap_or(Language::Sw),
            timezone,
            currency: tenant.as_ref().map_or_else(|| "TZS".to_owned(), |tenant| tenant.currency.clone()),
            hours: config.map_or(Some(usual), |config| config.hours.clone()),
            declared_number: None,
            confirmed_number: None,
            number_forms: Vec::new(),
            suspended: false,
            remove_deleted: false,
        };
        Ok(Business { settings, profile: profile.into() })
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
