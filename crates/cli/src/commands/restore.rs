//! `flowhq restore`: a backup becomes a data directory.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use backup::{About, Manifest};
use clap::Args;
use config::{DatabaseUrl, Settings};
use domain::{Clock, SystemClock, TenantId};
use link::cell::{CellLock, JOURNAL_DATABASE, RESTORED_JOURNAL};
use store::{Store, Target};

use crate::{
    args::Place,
    ask,
    error::CliError,
    host::{self, backups},
    output,
};

/// Put a backup in the place of what is in the data directory
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq restore flowhq-1767225600.backup --key /safe/backup.key
  ssh store cat flowhq-1767225600.backup | flowhq restore - --key /safe/backup.key --yes

flowhq serve must not run, nor any worker. The backup is read to its end first; what is there then
moves to a folder `before-restore-…` beside it, and nothing is deleted. With DATABASE_URL on
PostgreSQL the database must be empty. Every tenant that was linked links its phone again: the keys
of WhatsApp are in no backup, and an old copy of them is never started. Put your settings and
PACKS_DIR back yourself.")]
pub(crate) struct Restore {
    /// The backup; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// File with the key that sealed it [default: BACKUP_KEY, else backup.key in the data directory]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Where a backup is put until all of it was read.
const STAGING: &str = "restoring";

impl Restore {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let settings = place.settings()?;
        host::make_directories(&settings)?;
        let _alone = host::alone(&settings)?;
        let key = match &self.key {
            Some(path) => backups::key_at(path)?,
            None if settings.backups.key.is_some() => backups::key_of(&settings)?,
            None if settings.paths.backup_key().exists() => backups::key_at(&settings.paths.backup_key())?,
            None => {
                let why = "the key that sealed the backup is not here: give it by --key FILE, or BACKUP_KEY";
                return Err(CliError::Usage(why.to_owned()));
            }
        };
        let staging = settings.paths.data_dir.join(STAGING);
        fresh(&staging).map_err(CliError::file(&staging))?;
        let restored = self.restore(&settings, &key, &staging).await;
        // What it holds is in clear.
        let gone = fs::remove_dir_all(&staging);
        restored?;
        gone.map_err(CliError::file(&staging))
    }

    async fn restore(
        &self,
        settings: &Settings,
        key: &seal::FileKey,
        staging: &Path,
    ) -> Result<(), CliError> {
        let waiting = output::Waiting::new("Reading the backup");
        let (about, manifest) = unpack(&self.file, key, staging)?;
        let database = staging.join(backups::DATABASE);
        let status = Store::status(&Target::Sqlite(database.clone())).await;
        let status = status.map_err(|error| CliError::Failed(error.to_string()))?;
        if status.found == 0 {
            return Err(CliError::Failed("the backup has no database in it".to_owned()));
        }
        drop(waiting);
        let tenants = tenants(&manifest)?;
        let there = Present::look(settings)?;
        there.is_idle()?;
        if !self.yes && !there.is_empty() {
            ask(&about, &there)?;
        }
        void_move_keys(&database).await?;
        // First what may be refused: then nothing here was moved away.
        if matches!(settings.database.url, DatabaseUrl::Postgres(_)) {
            fill(settings, database.clone()).await?;
        }
        let before = there.move_away(settings)?;
        if let DatabaseUrl::Sqlite(file) = &settings.database.url {
            fs::rename(&database, file).map_err(CliError::file(file))?;
        }
        let master_key = staging.join(backups::MASTER_KEY);
        if master_key.exists() && settings.database.master_key_is_file() {
            let path = settings.paths.master_key();
            fs::rename(&master_key, &path).map_err(CliError::file(&path))?;
        }
        for tenant in &tenants {
            lay_out(settings, staging, *tenant)?;
        }
        self.say(&about, &manifest, tenants.len(), before.as_deref())
    }

    fn say(
        &self,
        about: &About,
        manifest: &Manifest,
        tenants: usize,
        before: Option<&Path>,
    ) -> Result<(), CliError> {
        output::line(format_args!("The backup of {} is in place, with {tenants} journals.", about.taken_at))?;
        for lack in &manifest.left_out {
            output::line(format_args!("It lacks {}", output::harmless(lack)))?;
        }
        if let Some(before) = before {
            output::line(format_args!("What was there is in {}", before.display()))?;
        }
        Ok(output::line(
            "Start flowhq serve. Each tenant that was linked is then in ERROR until its phone is linked again: open its page, \
             start it, and have its owner scan the code (flowhq start TENANT, then flowhq qr TENANT). On the phone, the old \
             device is to be removed beneath Linked devices.",
        )?)
    }
}

/// Reads all of the backup into the staging directory.
fn unpack(file: &Path, key: &seal::FileKey, staging: &Path) -> Result<(About, Manifest), CliError> {
    let from: Box<dyn Read> = match file.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(File::open(file).map_err(CliError::file(file))?),
    };
    let read = backup::read(from, key, |name, content| {
        let path = staging.join(name);
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut into = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        io::copy(content, &mut into)?;
        into.sync_all()
    });
    read.map_err(|error| CliError::Failed(error.to_string()))
}

/// The tenants that have a journal in it.
fn tenants(manifest: &Manifest) -> Result<Vec<TenantId>, CliError> {
    let strange =
        |name: &str| CliError::Failed(format!("the backup holds {name}, which this build does not know"));
    let mut tenants = Vec::new();
    for held in &manifest.files {
        let parts: Vec<&str> = held.name.split('/').collect();
        match parts.as_slice() {
            [backups::DATABASE | backups::MASTER_KEY] => {}
            [backups::JOURNALS, tenant, "journal.db"] => {
                tenants.push(tenant.parse().map_err(|_| strange(&held.name))?);
            }
            [backups::JOURNALS, _, "journal.db-wal"] => {}
            _ => return Err(strange(&held.name)),
        }
    }
    Ok(tenants)
}

/// Puts a journal where the tenant's next worker takes it in.
fn lay_out(settings: &Settings, staging: &Path, tenant: TenantId) -> Result<(), CliError> {
    let cell = settings.paths.sessions.join(tenant.to_string());
    let from = staging.join(backups::JOURNALS).join(tenant.to_string());
    let laid = || -> io::Result<()> {
        fs::DirBuilder::new().mode(0o700).create(&cell)?;
        for ending in ["-wal", ""] {
            let file = from.join(format!("{JOURNAL_DATABASE}{ending}"));
            if file.exists() {
                fs::rename(file, cell.join(format!("{RESTORED_JOURNAL}{ending}")))?;
            }
        }
        File::open(&cell)?.sync_all()
    };
    laid().map_err(CliError::file(&cell))
}

/// Copies the backup's database into the one of the settings.
async fn fill(settings: &Settings, database: PathBuf) -> Result<(), CliError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let failed = |error: store::OpenError| CliError::Failed(error.to_string());
    let from = Store::open(&Target::Sqlite(database), Arc::clone(&clock)).await.map_err(failed)?;
    let to = Store::open(&host::target(settings), clock).await.map_err(failed)?;
    let copied = store::copy(&from, &to, |_| std::ops::ControlFlow::Continue(())).await;
    from.close().await;
    to.close().await;
    copied.map(drop).map_err(|error| CliError::Failed(error.to_string()))
}

/// Whoever has a file that came by a move key before could take it in once more: an old session would run again.
async fn void_move_keys(database: &Path) -> Result<(), CliError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&Target::Sqlite(database.to_owned()), clock).await;
    let store = store.map_err(|error| CliError::Failed(error.to_string()))?;
    let voided = store.operator().void_move_keys().await;
    store.close().await;
    voided.map_err(|error| CliError::Failed(error.to_string()))
}

/// What is in the data directory already.
struct Present {
    database: Vec<PathBuf>,
    cells: Vec<PathBuf>,
    /// The master key's file, and what says that it is being changed.
    keys: Vec<PathBuf>,
}

impl Present {
    fn look(settings: &Settings) -> Result<Self, CliError> {
        let mut database = Vec::new();
        if let DatabaseUrl::Sqlite(file) = &settings.database.url {
            for ending in ["", "-wal", "-shm"] {
                let mut name = file.clone().into_os_string();
                name.push(ending);
                database.extend(Some(PathBuf::from(name)).filter(|path| path.exists()));
            }
        }
        let sessions = &settings.paths.sessions;
        let entries = fs::read_dir(sessions).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let cells =
            entries.map_err(CliError::file(sessions))?.into_iter().map(|entry| entry.path()).collect();
        let keys = [settings.paths.master_key(), settings.paths.master_key_change()];
        let keys = keys.into_iter().filter(|path| path.exists()).collect();
        Ok(Self { database, cells, keys })
    }

    fn is_empty(&self) -> bool {
        self.database.is_empty() && self.cells.is_empty()
    }

    /// Refuses where a worker lives in one of the cells.
    fn is_idle(&self) -> Result<(), CliError> {
        for cell in self.cells.iter().filter(|cell| cell.is_dir()) {
            CellLock::take(cell).map_err(|error| {
                CliError::Failed(format!(
                    "{}: {error}; end its worker first (flowhq stop, or by its process)",
                    cell.display()
                ))
            })?;
        }
        Ok(())
    }

    /// Moves all of it to a folder of its own; where that is.
    fn move_away(&self, settings: &Settings) -> Result<Option<PathBuf>, CliError> {
        if self.is_empty() && self.keys.is_empty() {
            return Ok(None);
        }
        let before =
            settings.paths.data_dir.join(format!("before-restore-{}", SystemClock.now().as_second()));
        let sessions = before.join("sessions");
        let moved = || -> io::Result<()> {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&sessions)?;
            for path in self.database.iter().chain(&self.keys) {
                fs::rename(path, before.join(path.file_name().unwrap_or_default()))?;
            }
            for cell in &self.cells {
                fs::rename(cell, sessions.join(cell.file_name().unwrap_or_default()))?;
            }
            Ok(())
        };
        moved().map_err(CliError::file(&before))?;
        Ok(Some(before))
    }
}

/// Asks before anything is put in the place of what is there.
fn ask(about: &About, there: &Present) -> Result<(), CliError> {
    let question = format!(
        "This puts the backup of {} in the place of a database and the directories of {}. Type restore to go on:",
        output::harmless(&about.taken_at),
        output::tenants(there.cells.len())
    );
    let nobody =
        "the data directory is not empty; give --yes to put the backup in the place of what is there";
    ask::whether(question, "restore", nobody, "nothing was changed")
}

/// An empty directory of our own.
fn fresh(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::DirBuilder::new().mode(0o700).create(path)
}
