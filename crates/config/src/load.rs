//! Puts the sources together: defaults, file, environment.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{ALL, ConfigError, Origin, Setting, Settings, Takes, file, values, values::Values};

/// Names the directory of the credentials that the service manager hands over (systemd.exec(5)).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Which settings file is read.
#[derive(Debug, Clone, Copy)]
pub enum ConfigFile<'a> {
    /// This one, which must be there.
    At(&'a Path),
    /// The one named by `FLOWHQ_CONFIG`, which must be there; else `flowhq/flowhq.toml` in `XDG_CONFIG_HOME` or
    /// `~/.config`, where there is one.
    Search,
    /// None.
    None,
}

/// This process's environment, for [`load`].
pub fn process_environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// The names of the settings whose value is another than it would be by itself: of DATA_DIR in this environment, of every
/// other in the same DATA_DIR.
///
/// # Errors
/// See [`load`], of settings of which nothing is said but DATA_DIR.
pub fn changed(
    settings: &Settings,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Vec<&'static str>, ConfigError> {
    let data_dir = &settings.paths.data_dir;
    let named = [(OsString::from("DATA_DIR"), data_dir.clone().into_os_string())];
    let plain = load(ConfigFile::None, named)?.in_force();
    let moved = Environment::new(environment).data_dir().as_ref() != Some(data_dir);
    let other = |(name, value): (&'static str, Option<String>)| {
        let by_itself =
            plain.iter().find(|(setting, _)| *setting == name).and_then(|(_, value)| value.as_ref());
        (by_itself != value.as_ref() || moved && name == "DATA_DIR").then_some(name)
    };
    Ok(settings.in_force().into_iter().filter_map(other).collect())
}

/// Reads all settings. Nothing is created; paths come back absolute.
///
/// # Errors
/// See [`ConfigError`]: each message names the setting and where it was given.
pub fn load(
    file: ConfigFile<'_>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Settings, ConfigError> {
    let environment = Environment::new(environment);
    let mut values = Values::default();
    if let Some((path, named_by)) = locate(file, &environment) {
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|source| ConfigError::Unreadable { file: path.clone(), named_by, source })?;
        file::read(&path, &text, &mut values)?;
    }
    for setting in ALL {
        environment.read(setting, &mut values)?;
    }
    Settings::from_values(&values, environment.data_dir().as_deref())
}

/// The file and the name of the thing that names it.
fn locate(file: ConfigFile<'_>, environment: &Environment) -> Option<(PathBuf, String)> {
    match file {
        ConfigFile::At(path) => Some((path.to_owned(), "--config".into())),
        ConfigFile::None => None,
        ConfigFile::Search => {
            if let Some(path) = environment.get("FLOWHQ_CONFIG") {
                return Some((path.into(), "FLOWHQ_CONFIG".into()));
            }
            let home = environment.get("HOME").map(|home| Path::new(home).join(".config"));
            let folder = environment.get("XDG_CONFIG_HOME").map(PathBuf::from).or(home)?;
            let path = folder.join("flowhq").join("flowhq.toml");
            path.is_file().then(|| (path, "its place in the configuration directory".into()))
        }
    }
}

/// A secret in a file of its own.
fn secret(file: &Path, named_by: impl FnOnce() -> String) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|source| ConfigError::Unreadable {
        file: file.to_owned(),
        named_by: named_by(),
        source,
    })?;
    // Editors and `echo` end a file with a newline that is no part of the secret.
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// The variables that have a value. An empty one counts as not set, since that is how Compose files leave them out.
struct Environment(HashMap<OsString, OsString>);

impl Environment {
    fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(variables.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    fn read(&self, setting: &'static Setting, values: &mut Values) -> Result<(), ConfigError> {
        let direct = self.get(setting.name);
        let by_file = if setting.secret { self.get(&format!("{}_FILE", setting.name)) } else { None };
        match (direct, by_file) {
            (Some(_), Some(_)) => Err(ConfigError::GivenTwice { name: setting.name }),
            (Some(value), None) => {
                let origin = Origin::Environment(setting.name);
                let Some(text) = value.to_str() else {
                    return Err(values::refuse(setting, origin, &value.to_string_lossy()));
                };
                // A blank around a number or word is a slip of the shell; in a secret or path it may be meant.
                let exact = setting.secret || matches!(setting.takes, Takes::Path);
                values.set(setting, if exact { text } else { text.trim() }.to_owned(), origin);
                Ok(())
            }
            (None, Some(path)) => {
                let file = PathBuf::from(path);
                let text = secret(&file, || format!("{}_FILE", setting.name))?;
                values.set(setting, text, Origin::SecretFile { name: setting.name, file });
                Ok(())
            }
            (None, None) => {
                let Some(file) = self.credential(setting) else { return Ok(()) };
                let text = secret(&file, || CREDENTIALS.to_owned())?;
                values.set(setting, text, Origin::Credential { name: setting.name, file });
                Ok(())
            }
        }
    }

    /// The credential that the service manager was told for a secret (`LoadCredential=` of systemd): called like the setting in
    /// lower case, where a dot may stand for each underscore, as in `master.key`.
    fn credential(&self, setting: &Setting) -> Option<PathBuf> {
        let folder = self.get(CREDENTIALS).filter(|_| setting.secret)?;
        let name = setting.name.to_ascii_lowercase();
        let names = [name.replace('_', "."), name];
        // One that is there and cannot be reached is said when it is read.
        let there =
            |path: &PathBuf| !path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
        names.iter().map(|name| Path::new(folder).join(name)).find(there)
    }

    /// Where data belongs on this machine: systemd's directory of the service, else the user's (XDG base directories).
    fn data_dir(&self) -> Option<PathBuf> {
        // systemd separates several directories by colons; the first is the main one.
        let service =
            self.get("STATE_DIRECTORY").and_then(OsStr::to_str).and_then(|dirs| dirs.split(':').next());
        let absolute = |path: &OsStr| Path::new(path).is_absolute().then(|| PathBuf::from(path));
        let user = self.get("XDG_DATA_HOME").and_then(absolute);
        let home = || self.get("HOME").and_then(absolute).map(|home| home.join(".local/share"));
        service.map(PathBuf::from).or_else(|| user.or_else(home).map(|base| base.join("flowhq")))
    }
}
