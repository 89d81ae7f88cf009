//! How a setting's text becomes a value and a value is shown again: one kind for each type of value, and whether the
//! setting may be left out. Named by the table's entries.

use std::{
    fmt::Display,
    marker::PhantomData,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use domain::{Language, WantedConfinement};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    ConfigError, DatabaseUrl, HostAt, Network, Setting, level::LogLevel, name, takes, values::Values,
};

const MASKED: &str = "********";

/// What settings are read from.
pub(crate) struct Context<'a> {
    pub(crate) values: &'a Values,
    /// Where data belongs on this machine.
    pub(crate) standard_data_dir: Option<&'a Path>,
}

impl Context<'_> {
    fn data_dir(&self) -> Result<PathBuf, ConfigError> {
        Standard::<File, OfTheMachine>::read(self, name::DATA_DIR)
    }
}

/// Reading and showing a setting.
pub(crate) trait Kind {
    /// What the rest of the program gets.
    type Value;
    /// Whether it is never shown.
    const SECRET: bool;
    fn read(context: &Context<'_>, setting: &'static Setting) -> Result<Self::Value, ConfigError>;
    /// The value as text; `None` where it is not set.
    fn show(value: &Self::Value) -> Option<String>;
}

/// A type of value as text.
pub(crate) trait Word {
    type Value;
    const SECRET: bool = false;
    fn parse(text: &str) -> Option<Self::Value>;
    fn show(value: &Self::Value) -> String;
}

/// A setting with a default value in the table.
pub(crate) struct Needed<W>(PhantomData<W>);

impl<W: Word> Kind for Needed<W> {
    type Value = W::Value;
    const SECRET: bool = W::SECRET;

    fn read(context: &Context<'_>, setting: &'static Setting) -> Result<W::Value, ConfigError> {
        context.values.optional(setting, W::parse)?.ok_or(ConfigError::Missing(setting.name))
    }

    fn show(value: &W::Value) -> Option<String> {
        Some(W::show(value))
    }
}

/// A setting that may not be set.
pub(crate) struct Optional<W>(PhantomData<W>);

impl<W: Word> Kind for Optional<W> {
    type Value = Option<W::Value>;
    const SECRET: bool = W::SECRET;

    fn read(context: &Context<'_>, setting: &'static Setting) -> Result<Self::Value, ConfigError> {
        context.values.optional(setting, W::parse)
    }

    fn show(value: &Self::Value) -> Option<String> {
        value.as_ref().map(W::show)
    }
}

/// A list, which is empty where it is not set.
pub(crate) struct Listed<W>(PhantomData<W>);

impl<T, W: Word<Value = Vec<T>>> Kind for Listed<W> {
    type Value = Vec<T>;
    const SECRET: bool = W::SECRET;

    fn read(context: &Context<'_>, setting: &'static Setting) -> Result<Vec<T>, ConfigError> {
        Ok(context.values.optional(setting, W::parse)?.unwrap_or_default())
    }

    fn show(value: &Vec<T>) -> Option<String> {
        (!value.is_empty()).then(|| W::show(value))
    }
}

/// A setting whose value follows from others, or from the machine, where it is not set.
pub(crate) struct Standard<W, F>(PhantomData<(W, F)>);

/// What holds then.
pub(crate) trait Follows<T> {
    fn value(context: &Context<'_>) -> Result<T, ConfigError>;
}

impl<W: Word, F: Follows<W::Value>> Kind for Standard<W, F> {
    type Value = W::Value;
    const SECRET: bool = W::SECRET;

    fn read(context: &Context<'_>, setting: &'static Setting) -> Result<W::Value, ConfigError> {
        context.values.optional(setting, W::parse)?.map_or_else(|| F::value(context), Ok)
    }

    fn show(value: &W::Value) -> Option<String> {
        Some(W::show(value))
    }
}

/// Where data belongs on this machine.
pub(crate) struct OfTheMachine;
/// Where sessions belong in the data directory.
pub(crate) struct Sessions;
/// Where log files belong there.
pub(crate) struct LogFiles;
/// Where backups are put there.
pub(crate) struct Kept;
/// Where a SQLite database belongs there.
pub(crate) struct InDataDir;

impl Follows<PathBuf> for OfTheMachine {
    fn value(context: &Context<'_>) -> Result<PathBuf, ConfigError> {
        context.standard_data_dir.map(Path::to_owned).ok_or(ConfigError::NoDataDir)
    }
}

impl Follows<PathBuf> for Sessions {
    fn value(context: &Context<'_>) -> Result<PathBuf, ConfigError> {
        Ok(context.data_dir()?.join("sessions"))
    }
}

impl Follows<PathBuf> for LogFiles {
    fn value(context: &Context<'_>) -> Result<PathBuf, ConfigError> {
        Ok(context.data_dir()?.join("logs"))
    }
}

impl Follows<PathBuf> for Kept {
    fn value(context: &Context<'_>) -> Result<PathBuf, ConfigError> {
        Ok(context.data_dir()?.join("backups"))
    }
}

impl Follows<DatabaseUrl> for InDataDir {
    fn value(context: &Context<'_>) -> Result<DatabaseUrl, ConfigError> {
        Ok(DatabaseUrl::Sqlite(context.data_dir()?.join("flowhq.db")))
    }
}

/// What is written as it is read.
pub(crate) struct Plain<T>(PhantomData<T>);

impl<T: FromStr + Display> Word for Plain<T> {
    type Value = T;

    fn parse(text: &str) -> Option<T> {
        text.parse().ok()
    }

    fn show(value: &T) -> String {
        value.to_string()
    }
}

/// Declares a kind of value by how it is read and shown.
macro_rules! word {
    ($(#[doc = $doc:literal])+ $name:ident: $value:ty, $parse:expr, $show:expr $(, secret: $secret:literal)?) => {
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl Word for $name {
            type Value = $value;
            $( const SECRET: bool = $secret; )?

            fn parse(text: &str) -> Option<$value> {
                let parse: fn(&str) -> Option<$value> = $parse;
                parse(text)
            }

            fn show(value: &$value) -> String {
                let show: fn(&$value) -> String = $show;
                show(value)
            }
        }
    };
}

word!(/// Any text.
    Text: String, |text| Some(text.to_owned()), Clone::clone);
word!(/// An address, without a slash at its end.
    Url: String, |text| Some(text.trim_end_matches('/').to_owned()), Clone::clone);
word!(/// A text that is never shown.
    Secret: SecretString, |text| Some(text.into()), |_| MASKED.to_owned(), secret: true);
word!(/// A file or directory, absolute.
    File: PathBuf, |text| std::path::absolute(text).ok(), |path| path.display().to_string());
word!(/// A choice between `on` and `off`.
    OnOff: bool, |text| Some(text == "on"), |on| if *on { "on" } else { "off" }.to_owned());
word!(/// A time in minutes.
    Minutes: Duration, |text| Some(Duration::from_secs(text.parse::<u64>().ok()? * 60)),
    |time| (time.as_secs() / 60).to_string());
word!(/// A time in hours.
    Hours: Duration, |text| Some(Duration::from_secs(text.parse::<u64>().ok()? * 3_600)),
    |time| (time.as_secs() / 3_600).to_string());
word!(/// A time in days.
    Days: Duration, |text| Some(Duration::from_secs(text.parse::<u64>().ok()? * 86_400)),
    |time| (time.as_secs() / 86_400).to_string());
word!(/// A time in milliseconds.
    Milliseconds: Duration, |text| Some(Duration::from_millis(text.parse().ok()?)), |time| time.as_millis().to_string());
word!(/// A size in MB, as bytes.
    Megabytes: u64, |text| Some(text.parse::<u64>().ok()? * 1_000_000), |bytes| (bytes / 1_000_000).to_string());
word!(/// A language, by its code.
Tongue: Language, |text| text.to_uppercase().parse().ok(), |language| match language {
    Language::En => "en".to_owned(),
    Language::Sw => "sw".to_owned(),
});
word!(/// How much is logged.
    Level: LogLevel, LogLevel::parse, |level| level.as_str().to_owned());
word!(/// How far workers confine themselves.
    Confined: WantedConfinement, |text| text.parse().ok(), |wanted| wanted.to_string());
word!(/// A range of user ids, or none.
    UserIds: Option<RangeInclusive<u32>>, takes::users,
    |users| users.as_ref().map_or_else(|| "off".to_owned(), |users| format!("{}-{}", users.start(), users.end())));
word!(/// Networks, with commas between them.
    Networks: Vec<Network>, |text| Network::parse_list(text).ok(), |all| joined(all));
word!(/// Names of hosts, with commas between them.
    Hosts: Vec<String>, takes::hosts, |all| joined(all));
word!(/// Machines that run workers, with commas between them.
    Machines: Vec<HostAt>, HostAt::parse_list, |all| joined(all));
word!(/// A database; of its address all but the password is shown.
    Engine: DatabaseUrl, engine, address, secret: true);

fn joined(all: &[impl Display]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn engine(text: &str) -> Option<DatabaseUrl> {
    match DatabaseUrl::parse(text)? {
        DatabaseUrl::Sqlite(file) => std::path::absolute(file).ok().map(DatabaseUrl::Sqlite),
        postgres @ DatabaseUrl::Postgres(_) => Some(postgres),
    }
}

/// The database's address without its password.
fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseUrl::Postgres(url) => {
            let place = url.expose_secret().rsplit_once('@').map_or("", |(_, place)| place);
            // Parameters may hold a password too.
            let place = place.split('?').next().unwrap_or_default();
            format!("postgres://{MASKED}@{place}")
        }
    }
}
