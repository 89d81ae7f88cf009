//! Backups of a control plane that runs: made at somebody's word or by the hour, sealed, read back, kept by age.

mod giver;
mod kept;
mod key;
mod make;
mod schedule;

use std::{
    ffi::OsStr,
    fs::File,
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use config::Settings;
use control::Backups;
use domain::{Clock, Timestamp};
use seal::FileKey;
use store::Store;
use supervisor::Handle;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use self::schedule::Schedule;
use super::shell;
use crate::error::CliError;

pub(crate) use giver::{COMMAND as GIVE_BACKUPS, Giver, run as give_backups};
pub(crate) use key::{key_at, key_of};
pub(crate) use make::{DATABASE, JOURNALS, MASTER_KEY};

/// The database's copy in the data directory, while a backup is made of it.
const SNAPSHOT: &str = "backup.db.part";
/// The setting in which it is kept how they stand.
const STANDING: &str = "backups.standing";
/// How often it is looked whether it is time.
const LOOK: Duration = Duration::from_secs(60);

/// What makes them.
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
    kept: Duration,
    /// What takes each of them.
    giver: Option<Giver>,
    schedule: Schedule,
    clock: Arc<dyn Clock>,
    /// One at a time.
    making: Mutex<()>,
}

impl std::fmt::Debug for Maker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Maker")
    }
}

impl Maker {
    pub(super) async fn new(
        settings: &Settings,
        store: Store,
        supervisor: Handle,
        giver: Option<Giver>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let backups = &settings.backups;
        // A disk for backups that is away, or a key that is none, keeps no bot from answering.
        let cleared = super::directory::make(&backups.folder).and_then(|()| kept::clear(&backups.folder));
        if let Err(error) = cleared {
            tracing::error!(folder = %backups.folder.display(), %error, "BACKUP_DIR cannot be used, so that no backup can be made");
        }
        let snapshot = settings.paths.data_dir.join(SNAPSHOT);
        make::forget(&snapshot);
        let is_file = settings.database.master_key_is_file();
        let schedule = Schedule::new(backups.every, clock.now());
        let schedule = schedule.after(standing(&store).await, giver.is_some() && !backups.every.is_zero());
        schedule.found(kept::last(&backups.folder));
        Self {
            store,
            supervisor,
            folder: backups.folder.clone(),
            master_key: is_file.then(|| settings.paths.master_key()),
            key: key_of(settings).map_err(|error| error.to_string()).inspect_err(|why| {
                tracing::error!(why, "the key of backups cannot be used, so that none can be made");
            }),
            snapshot,
            kept: backups.kept,
            giver,
            schedule,
            clock,
            making: Mutex::new(()),
        }
    }

    async fn make_one(&self) -> Result<api::BackedUp, String> {
        let _alone = self.making.lock().await;
        let now = self.clock.now();
        let made = make::make(self, now).await;
        self.schedule.tried(now, made.as_ref().map(|made| made.left_out.as_slice()).map_err(String::as_str));
        self.remember().await;
        let made = made.inspect_err(|why| tracing::error!(why, "no backup was made"))?;
        tracing::info!(file = made.file, bytes = made.bytes, journals = made.journals, "a backup was made");
        for what in &made.left_out {
            tracing::error!(what, "the backup lacks something");
        }
        if let Err(error) = kept::prune(&self.folder, self.kept, now) {
            tracing::warn!(%error, "old backups cannot be removed");
        }
        Ok(made)
    }

    /// Keeps how it stands for the next control plane.
    async fn remember(&self) {
        let text = serde_json::to_string(&self.schedule.standing()).unwrap_or_default();
        if let Err(error) = self.store.operator().set_setting(STANDING, &text).await {
            tracing::warn!(%error, "how backups stand is not remembered");
        }
    }

    /// Looks which is the last one that is there.
    async fn look(&self) {
        let folder = self.folder.clone();
        if let Ok(last) = tokio::task::spawn_blocking(move || kept::last(&folder)).await {
            self.schedule.found(last);
        }
    }

    /// Makes one whenever it is time, until `stop`. The command of the settings gets each of them.
    pub(super) async fn by_the_hour(self: Arc<Self>, stop: CancellationToken) {
        if self.schedule.is_off() {
            return;
        }
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            self.look().await;
            if self.schedule.begins(self.clock.now()) {
                let made = tokio::select! {
                    () = stop.cancelled() => return,
                    made = self.make_one() => made,
                };
                if let (Ok(made), Some(_)) = (made, &self.giver) {
                    let name = Path::new(&made.file).file_name().unwrap_or_default();
                    self.schedule.waits(self.clock.now(), &name.to_string_lossy());
                    self.remember().await;
                }
            }
            let Some(giver) = &self.giver else { continue };
            let Some(name) = self.schedule.to_give(self.clock.now()) else { continue };
            // A command that hangs holds up neither the end nor the next one: it is given the time between two.
            let given = tokio::select! {
                () = stop.cancelled() => return,
                given = giver.give(Path::new(&name)) => given,
            };
            let failed = given.err();
            if let Some(why) = &failed {
                tracing::error!(why, "BACKUP_COMMAND did not take the backup, which stays in BACKUP_DIR");
            }
            self.schedule.given(self.clock.now(), failed.as_deref());
            self.remember().await;
        }
    }
}

impl alerts::BackupStanding for Maker {
    fn trouble(&self, now: Timestamp) -> Option<alerts::BackupTrouble> {
        self.schedule.trouble(now)
    }
}

impl Backups for Maker {
    fn make(&self) -> Pin<Box<dyn Future<Output = Result<api::BackedUp, String>> + Send + '_>> {
        Box::pin(self.make_one())
    }

    fn last(&self) -> Option<Timestamp> {
        self.schedule.last()
    }
}

/// How it stood when the last control plane ended.
async fn standing(store: &Store) -> schedule::Standing {
    let kept = store.operator().setting(STANDING).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "it is not known how backups stood");
        None
    });
    kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

/// Gives a backup to a command of the shell, on its standard input; it has so much time.
pub(crate) async fn give(command: &str, file: &Path, limit: Duration) -> Result<(), CliError> {
    let input = File::open(file).map_err(CliError::file(file))?;
    give_opened(command, (input, Stdio::inherit()), file.file_name().unwrap_or_default(), limit).await
}

/// What it writes goes to `out`.
async fn give_opened(
    command: &str,
    (input, out): (File, Stdio),
    name: &OsStr,
    limit: Duration,
) -> Result<(), CliError> {
    let mut shell = shell::command(command);
    shell.env("BACKUP_NAME", name).stdin(Stdio::from(input)).stdout(out);
    shell::run(shell, limit).await.map_err(|error| CliError::Failed(format!("the command failed: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_gets_the_whole_file_and_one_that_fails_or_hangs_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("flowhq-1.backup");
        std::fs::write(&file, "sealed ".repeat(100_000)).unwrap();
        let took = folder.path().join("took");
        let long = Duration::from_secs(30);
        give(&format!("cat > {}.$BACKUP_NAME", took.display()), &file, long).await.unwrap();
        let copy = std::fs::read(folder.path().join("took.flowhq-1.backup")).unwrap();
        assert_eq!(copy, std::fs::read(&file).unwrap());
        let said = give("cat > /dev/null; exit 9", &file, long).await.unwrap_err().to_string();
        assert!(said.contains("exit status: 9"), "{said}");
        let said = give("sleep 1000", &file, Duration::from_millis(200)).await.unwrap_err().to_string();
        assert!(said.contains("did not end within"), "{said}");
    }
}
