//! The raw values as they were given, and reading them with the checks of the table.

use std::collections::HashMap;

use secrecy::{ExposeSecret, SecretString};

use crate::{ConfigError, Fallback, Origin, Setting};

/// One value as text, with where it was given. Any of them may be a secret, so none is shown by `Debug`.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) text: SecretString,
    pub(crate) origin: Origin,
}

/// The values that were given, by the setting's name. Later sources replace earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Values(HashMap<&'static str, Given>);

impl Values {
    pub(crate) fn set(&mut self, setting: &'static Setting, text: String, origin: Origin) {
        self.0.insert(setting.name, Given { text: text.into(), origin });
    }

    /// The value read by `read`, or `None` where the setting is not given and has no default value.
    ///
    /// # Errors
    /// Where the setting does not take it.
    pub(crate) fn optional<T>(
        &self,
        setting: &'static Setting,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let (text, origin) = match (self.0.get(setting.name), &setting.default) {
            (Some(given), _) => (given.text.expose_secret(), given.origin.clone()),
            (None, Fallback::Value(text)) => (*text, Origin::Default(setting.name)),
            (None, _) => return Ok(None),
        };
        let read = if setting.takes.accepts(text) { read(text) } else { None };
        read.map(Some).ok_or_else(|| refuse(setting, origin, text))
    }
}

/// The error for a value that `setting` does not take.
pub(crate) fn refuse(setting: &Setting, origin: Origin, text: &str) -> ConfigError {
    let got = if setting.secret {
        format!("{} characters that are not shown", text.chars().count())
    } else if text.chars().count() > 64 {
        format!("\"{}…\"", text.chars().take(64).collect::<String>())
    } else {
        format!("\"{text}\"")
    };
    ConfigError::Invalid { origin, takes: setting.takes.describe(), got }
}
