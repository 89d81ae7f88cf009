//! `flowhq master-key change`.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use config::Settings;
use domain::{Clock, SystemClock};
use seal::{KeyChange, MasterKey};
use secrecy::SecretString;
use store::Store;

use crate::{
    args::Place,
    error::CliError,
    host::{self, keys},
    output,
};

/// Seal everything by a new master key: every tenant's files, and the secrets in the database
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq master-key change                      # a new key in master.key in DATA_DIR
  flowhq master-key change --old /safe/old.key  # to the key that the settings say now

flowhq serve must not run, nor any worker. Where MASTER_KEY or MASTER_KEY_COMMAND says the key, let it
say the new one first and give the former by --old; so it is too on the way from the file to a
setting. Interrupted, it is taken up again by the same command or by the next flowhq serve: the file
master-key.change in DATA_DIR has both keys until all is done. No phone links again. A backup from
before opens with its own master.key, which is in it; where the key was a setting, it takes that key.")]
pub(crate) struct Change {
    /// File with the former key; - reads standard input [default: master.key in DATA_DIR]
    #[arg(long, value_name = "FILE")]
    old: Option<PathBuf>,
}

impl Change {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        crate::planted::arm(crash::Process::Command)?;
        let settings = place.settings()?;
        host::make_directories(&settings)?;
        let _alone = host::alone(&settings)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&host::target(&settings), clock).await;
        let store = store.map_err(|error| CliError::Failed(error.to_string()))?;
        let holder = format!("process {}, which changes the master key", std::process::id());
        let lease = store.lease(&holder).await.map_err(|error| CliError::Failed(error.to_string()))?;
        let done = self.change(&settings, &store).await;
        drop(lease);
        store.close().await;
        self.say(&settings, &done?)
    }

    async fn change(&self, settings: &Settings, store: &Store) -> Result<keys::Done, CliError> {
        let set = keys::set(settings).await?;
        let path = settings.paths.master_key_change();
        let change = match KeyChange::under_way(&path, set.as_ref()).map_err(failed)? {
            Some(change) => {
                output::remark(
                    "A change was begun and not finished: it goes on, with the keys that it was begun with.",
                );
                change
            }
            None => self.begin(settings, store, set, &path).await?,
        };
        let waiting = output::Waiting::new("Sealing everything by the new key");
        let done = keys::carry_out(settings, store, change).await;
        drop(waiting);
        done
    }

    async fn begin(
        &self,
        settings: &Settings,
        store: &Store,
        set: Option<MasterKey>,
        path: &Path,
    ) -> Result<KeyChange, CliError> {
        let file = settings.paths.master_key();
        let from = match (&self.old, &set) {
            (Some(old), _) => read(old)?,
            (None, None) => read(&file)?,
            (None, Some(_)) => {
                let why = "the settings say the master key (MASTER_KEY or MASTER_KEY_COMMAND): let them say the new one, and give \
                           the former by --old FILE";
                return Err(CliError::Usage(why.to_owned()));
            }
        };
        let is_file = set.is_none();
        let to = set.map_or_else(MasterKey::generate, Ok).map_err(failed)?;
        if from == to {
            let why = "the former key and the new one are the same: nothing was changed";
            return Err(CliError::Usage(why.to_owned()));
        }
        let hosted = store.operator().places().await;
        let hosted = hosted.map_err(|error| CliError::Failed(error.to_string()))?.len();
        if hosted > 0 {
            let why = format!(
                "tenants whose files lie on hosts, which this does not reach: {hosted}; move each here first (flowhq tenant place NAME \
                 --here). Nothing was changed"
            );
            return Err(CliError::Failed(why));
        }
        // Before anything says that there is a change: no worker runs, and the former key is the one.
        drop(keys::Cells::lock(&settings.paths.sessions)?);
        let sealed = keys::look(store, &from, &to).await?;
        if sealed.is_foreign() {
            let given = self.old.as_deref().unwrap_or(&file);
            return Err(CliError::Failed(format!(
                "{} is not the key by which this database is sealed: nothing was changed",
                given.display()
            )));
        }
        let begun = KeyChange::begin(path, from, to, is_file).map_err(failed)?;
        crash::point("key_change_begun");
        Ok(begun)
    }

    fn say(&self, settings: &Settings, done: &keys::Done) -> Result<(), CliError> {
        output::line(format_args!(
            "The master key is changed: {} files of {} tenants and {} secrets of the database are sealed anew.",
            done.files, done.tenants, done.secrets
        ))?;
        for what in &done.foreign {
            output::line(format_args!(
                "It opens with neither key, and was left as it is: {}",
                output::harmless(what)
            ))?;
        }
        let file = settings.paths.master_key();
        if !settings.database.master_key_is_file() && file.exists() {
            output::line(format_args!(
                "{} is of no use any more for what is here: remove it once no backup needs it.",
                file.display()
            ))?;
        }
        Ok(output::line(
            "Make a backup now (flowhq backup, once flowhq serve runs). Backups from before open with the key of their time.",
        )?)
    }
}

/// A key in a file, which must be there.
fn read(path: &Path) -> Result<MasterKey, CliError> {
    let mut text = String::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().take(1024).read_to_string(&mut text),
        _ => std::fs::File::open(path).and_then(|file| file.take(1024).read_to_string(&mut text)),
    };
    read.map_err(CliError::file(path))?;
    MasterKey::from_setting(&SecretString::from(text.trim())).map_err(|_| {
        CliError::Failed(format!(
            "{} is no master key, which is a file of 64 hexadecimal digits",
            path.display()
        ))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn failed(error: seal::KeyError) -> CliError {
    CliError::Failed(error.to_string())
}
