//! Backups of a control plane that runs: made at somebody's word or by the hour, sealed, read back, kept by age.

mod giver;
mod kept;
mod key;
mod make;

use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use config::Settings;
use control::Backups;
use domain::{Clock, SystemClock, Timestamp};
use seal::FileKey;
use store::Store;
use supervisor::Handle;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::error::CliError;

pub(crate) use giver::{COMMAND as GIVE_BACKUPS, Giver, run as give_backups};
pub(crate) use key::{key_at, key_of};
pub(crate) use make::{DATABASE, JOURNALS, MASTER_KEY};

/// The database's copy in the data directory, while a backup is made of it.
const SNAPSHOT: &str = "backup.db.part";
/// How often it is looked whether it is time.
const LOOK: Duration = Duration::from_secs(60);

/// What makes them.
#[derive(Debug)]
pub(super) struct Maker {
    store: Store,
    supervisor: Handle,
    folder: PathBuf,
    /// The master key's file, where the key is in no setting.
    master_key: Option<PathBuf>,
    /// Or why there is none.
    key: Result<FileKey, String>,
    /// The database as it is at one instant, while it goes into a backup: in clear, so never where backups lie.
    snapshot: PathBuf,
    every: Duration,
    kept: Duration,
    /// What takes each of them.
    giver: Option<Giver>,
    /// One at a time.
    making: Mutex<()>,
}

impl Maker {
    pub(super) fn new(settings: &Settings, store: Store, supervisor: Handle, giver: Option<Giver>) -> Self {
        let backups = &settings.backups;
        // A disk for backups that is away, or a key that is none, keeps no bot from answering.
        let cleared = super::directory::make(&backups.folder).and_then(|()| kept::clear(&backups.folder));
        if let Err(error) = cleared {
            tracing::error!(folder = %backups.folder.display(), %error, "BACKUP_DIR cannot be used, so that no backup can be made");
        }
        let snapshot = settings.paths.data_dir.join(SNAPSHOT);
        make::forget(&snapshot);
        let no_setting = settings.database.master_key.is_none();
        Self {
            store,
            supervisor,
            folder: backups.folder.clone(),
            master_key: no_setting.then(|| settings.paths.master_key()),
            key: key_of(settings).map_err(|error| error.to_string()).inspect_err(|why| {
                tracing::error!(why, "the key of backups cannot be used, so that none can be made");
            }),
            snapshot,
            every: backups.every,
            kept: backups.kept,
            giver,
            making: Mutex::new(()),
        }
    }

    async fn make_one(&self) -> Result<api::BackedUp, String> {
        let _alone = self.making.lock().await;
        let now = SystemClock.now();
        let made =
            make::make(self, now).await.inspect_err(|why| tracing::error!(why, "no backup was made"))?;
        tracing::info!(file = made.file, bytes = made.bytes, journals = made.journals, "a backup was made");
        for what in &made.left_out {
            tracing::error!(what, "the backup lacks something");
        }
        if let Err(error) = kept::prune(&self.folder, self.kept, now) {
            tracing::warn!(%error, "old backups cannot be removed");
        }
        Ok(made)
    }

    /// Makes one whenever it is time, until `stop`. The command of the settings gets each of them.
    pub(super) async fn by_the_hour(self: Arc<Self>, stop: CancellationToken) {
        if self.every.is_zero() {
            return;
        }
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // One that failed is tried again after an hour.
        let mut not_before = Timestamp::MIN;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let now = SystemClock.now();
            let last = self.last().unwrap_or(Timestamp::MIN);
            let due = last.checked_add(self.every).unwrap_or(Timestamp::MIN).max(not_before);
            // A clock that was set back makes none for ever.
            if now < due && last <= now {
                continue;
            }
            not_before = now.checked_add(Duration::from_secs(3_600)).unwrap_or(now);
            let made = tokio::select! {
                () = stop.cancelled() => return,
                made = self.make_one() => made,
            };
            let (Ok(made), Some(giver)) = (made, &self.giver) else { continue };
            // A command that hangs holds up neither the end nor the next one: it is given the time between two.
            let given = tokio::select! {
                () = stop.cancelled() => return,
                given = giver.give(Path::new(&made.file)) => given,
            };
            if let Err(why) = given {
                tracing::error!(why, "BACKUP_COMMAND did not take the backup, which stays in BACKUP_DIR");
            }
        }
    }
}

impl Backups for Maker {
    fn make(&self) -> Pin<Box<dyn Future<Output = Result<api::BackedUp, String>> + Send + '_>> {
        Box::pin(self.make_one())
    }

    fn last(&self) -> Option<Timestamp> {
        kept::last(&self.folder)
    }
}

/// Gives a backup to a command of the shell, on its standard input.
pub(crate) async fn give(command: &str, file: &Path) -> Result<(), CliError> {
    let input = std::fs::File::open(file).map_err(CliError::file(file))?;
    give_opened(command, input, file.file_name().unwrap_or_default()).await
}

async fn give_opened(command: &str, input: std::fs::File, name: &std::ffi::OsStr) -> Result<(), CliError> {
    let mut shell = tokio::process::Command::new("/bin/sh");
    shell.arg("-c").arg(command).env("BACKUP_NAME", name).stdin(Stdio::from(input)).kill_on_drop(true);
    let status = shell.status().await?;
    if status.success() { Ok(()) } else { Err(CliError::Failed(format!("the command ended with {status}"))) }
}
