//! Tenants on their way between two installations, as one sealed file.
//!
//! The installation that a tenant goes to gives a move key: an id and a key, which it keeps sealed and uses up with the tenant's
//! arrival. The file is sealed by that key, so that no other installation can take it in, nor this one twice; neither master key
//! is on the way. The source fences first and copies then (`Handle::fence_and_copy`); the target lays the cell first and writes
//! the rows then, in one transaction that uses the move key up. So whatever interrupts either, the tenant runs at the source, or
//! nowhere, or at the target, and asking the same again goes on.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex as Lock, PoisonError, Weak},
    time::Duration,
};

use backup::{About, Writing};
use control::{Carried, MoveError, Moves};
use domain::{Clock as _, DesiredState, RecordId, SystemClock, TenantId};
use seal::{FileKey, MasterKey, Sealer};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use store::{Actor, CarriedRow, Store, StoreError};
use supervisor::{CellFile, Handle};
use tokio::sync::{Mutex, OnceCell};

use crate::version;

/// How a move key begins; its id and its key follow.
const MOVE_KEY: &str = "flowhq-move-key.v1";
/// How a file begins; the move key's id ends the line, and what is sealed follows.
const HEAD: &str = "flowhq-move.v1 ";
/// What the move key's key seals, which is part of the format.
const PURPOSE: &str = "tenant move.v1";
/// The entries of a file: what it is, the tenant's rows, and the files of its cell.
const WHAT: &str = "move.json";
const ROWS: &str = "rows.jsonl";
const CELL: &str = "cell/";
/// A file that waits to be taken in is given up after this long: its command has ended.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// What a file says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct What {
    tenant: TenantId,
    move_key: String,
    /// The schema of the rows.
    schema: i64,
}

/// What carries them.
#[derive(Debug)]
pub(super) struct Mover {
    store: Store,
    supervisor: Handle,
    sealer: Sealer,
    folder: PathBuf,
    /// One at a time.
    moving: Mutex<()>,
    leaving: UnderWay<api::MovedOut>,
    arriving: UnderWay<TenantId>,
}

/// What is under way, by what was asked for. It may take longer than a request, which is then told to ask again: whoever asks the
/// same meanwhile waits for the same end. That it goes on is up to whoever asks: `control` runs each request that changes
/// something to its end, in a task of its own.
#[derive(Debug)]
struct UnderWay<T>(Lock<HashMap<String, Weak<OnceCell<T>>>>);

impl<T: Clone> UnderWay<T> {
    fn none() -> Self {
        Self(Lock::default())
    }

    async fn once(
        &self,
        asked: String,
        work: impl Future<Output = Result<T, MoveError>>,
    ) -> Result<T, MoveError> {
        let done = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|_, done| done.strong_count() > 0);
            all.get(&asked).and_then(Weak::upgrade).unwrap_or_else(|| {
                let done = Arc::default();
                all.insert(asked, Arc::downgrade(&done));
                done
            })
        };
        done.get_or_try_init(|| work).await.cloned()
    }
}

impl Mover {
    pub(super) fn new(folder: PathBuf, store: Store, supervisor: Handle, sealer: Sealer) -> Self {
        clear(&folder);
        let (leaving, arriving) = (UnderWay::none(), UnderWay::none());
        Self { store, supervisor, sealer, folder, moving: Mutex::new(()), leaving, arriving }
    }

    async fn make_key(&self) -> Result<String, MoveError> {
        let id = RecordId::generate().to_string();
        let key = MasterKey::generate().map_err(|error| said(&error))?;
        let sealed =
            self.sealer.seal(&key.text(), &store::move_key_setting(&id)).map_err(|error| said(&error))?;
        self.store.operator().keep_move_key(&id, sealed.expose_secret()).await?;
        Ok(format!("{MOVE_KEY}.{id}.{}", key.text().expose_secret()))
    }

    async fn move_out(
        &self,
        actor: Actor,
        tenant: TenantId,
        move_key: &str,
    ) -> Result<api::MovedOut, MoveError> {
        let (id, key) = parsed(move_key)?;
        let _alone = self.moving.lock().await;
        super::directory::make(&self.folder).map_err(at(&self.folder))?;
        let cell = self.supervisor.by(actor).fence_and_copy(tenant, &id, &key).await?;
        let mut rows = BufWriter::new(tempfile::tempfile_in(&self.folder).map_err(at(&self.folder))?);
        let operator = self.store.operator();
        let written = operator.rows_to_move(tenant, |row| {
            let line = serde_json::json!({ "table": row.table, "values": row.values });
            writeln!(rows, "{line}").map_err(|error| unreadable(&error))
        });
        written.await?;
        let rows = rows.into_inner().map_err(|error| said(error.error()))?;
        let what = What { tenant, move_key: id, schema: store::SCHEMA };
        let file = self.folder.join(format!("{tenant}.out"));
        let bytes =
            blocking(move || write(&file, &key, &what, cell, rows).map(|bytes| (file, bytes))).await?;
        crash::point("move_written");
        Ok(api::MovedOut { file: bytes.0.display().to_string(), bytes: bytes.1 })
    }

    async fn move_in(&self, actor: Actor, name: &str) -> Result<TenantId, MoveError> {
        if name.is_empty() || name.contains('/') || name.starts_with('.') {
            return Err(MoveError::Said(format!(
                "file takes the name of a file in {}",
                self.folder.display()
            )));
        }
        let _alone = self.moving.lock().await;
        let (file, operator) = (self.folder.join(name), self.store.operator().by(actor));
        let id = head_of(&file)?;
        // It came before, and whoever asked was not told.
        if let Some(tenant) = operator.arrived_with(&id).await? {
            self.start(actor, tenant).await?;
            let _gone = fs::remove_file(&file);
            return Ok(tenant);
        }
        let sealed = SecretString::from(operator.move_key(&id).await?);
        let key = self.sealer.open(&sealed, &store::move_key_setting(&id)).map_err(|error| said(&error))?;
        let key = MasterKey::from_setting(&key).map_err(|error| said(&error))?;
        let staging = self.folder.join(&id);
        let (from, into, opened) = (file.clone(), staging.clone(), key.clone());
        let arrived = match blocking(move || unpack(&from, &into, &opened)).await {
            Ok((what, cell)) => self.settle(actor, &id, &key, &what, cell, &staging).await,
            Err(error) => Err(error),
        };
        let _gone = fs::remove_dir_all(&staging);
        let tenant = arrived?;
        // While the file is there, asking again goes on.
        self.start(actor, tenant).await?;
        let _gone = fs::remove_file(&file);
        Ok(tenant)
    }

    /// The cell first: as long as there are no rows, nobody starts it. Then the rows, and with them the move key is used.
    async fn settle(
        &self,
        actor: Actor,
        move_key: &str,
        key: &MasterKey,
        what: &What,
        cell: Vec<CellFile>,
        staging: &Path,
    ) -> Result<TenantId, MoveError> {
        let (tenant, operator) = (what.tenant, self.store.operator().by(actor));
        if what.move_key != move_key {
            return Err(MoveError::Said("the file was not made for the move key that it names".to_owned()));
        }
        if what.schema > store::SCHEMA {
            return Err(MoveError::Said(format!(
                "the tenant comes from a newer version of Flow HQ (schema {}, here {}): upgrade this installation, and take it in then",
                what.schema,
                store::SCHEMA
            )));
        }
        if operator.is_tenant(tenant).await? {
            let reason = "a tenant of this id is here: delete it first".to_owned();
            return Err(StoreError::Conflict { field: "tenant", reason }.into());
        }
        let has_cell = !cell.is_empty();
        if has_cell {
            self.supervisor.lay_cell(tenant, key, cell).await?;
        }
        crash::point("move_laid");
        let rows = BufReader::new(File::open(staging.join(ROWS)).map_err(at(staging))?);
        let rows = rows.lines().map(|line| {
            let line = line.map_err(|error| unreadable(&error))?;
            let row: Line = serde_json::from_str(&line).map_err(|error| unreadable(&error))?;
            Ok(CarriedRow { table: row.table, values: row.values })
        });
        if let Err(error) = operator.move_in(move_key, tenant, rows).await {
            // Of no use to anybody: what is here now contradicts it, or the database does not answer, and all is laid again.
            if has_cell
                && matches!(error, StoreError::Conflict { .. } | StoreError::Invalid { .. })
                && let Err(left) = self.supervisor.purge(tenant).await
            {
                tracing::warn!(error = %left, %tenant, "the directory of a tenant that could not come is left over");
            }
            return Err(error.into());
        }
        crash::point("move_arrived");
        Ok(tenant)
    }

    /// Starts it where that is wanted; where it cannot be now, the supervisor goes on trying.
    async fn start(&self, actor: Actor, tenant: TenantId) -> Result<(), MoveError> {
        let detail = self.store.tenant(tenant).get().await?;
        if detail.worker.desired_state != DesiredState::Run {
            return Ok(());
        }
        match self.supervisor.by(actor).start(tenant).await {
            Ok(()) | Err(supervisor::Error::AlreadyRunning | supervisor::Error::Start(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    table: String,
    values: serde_json::Map<String, serde_json::Value>,
}

impl Moves for Mover {
    fn move_key(&self) -> Carried<'_, String> {
        Box::pin(self.make_key())
    }

    fn out(&self, actor: Actor, tenant: TenantId, move_key: String) -> Carried<'_, api::MovedOut> {
        Box::pin(async move {
            let asked = format!("{tenant} {}", parsed(&move_key)?.0);
            self.leaving.once(asked, self.move_out(actor, tenant, &move_key)).await
        })
    }

    fn take_in(&self, actor: Actor, file: String) -> Carried<'_, TenantId> {
        Box::pin(async move { self.arriving.once(file.clone(), self.move_in(actor, &file)).await })
    }
}

/// Removes what was left when a control plane ended: what was unpacked, which holds customers' words in clear, what was being
/// written, and what whoever laid it out is not there any more to have taken in.
fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ends = |ending: &str| path.extension().is_some_and(|it| it == ending);
        let is_old = || {
            let age = entry.metadata().and_then(|it| it.modified()).ok().and_then(|at| at.elapsed().ok());
            age.is_some_and(|age| age > STALE)
        };
        if path.is_dir() || ends("part") || ends("in") && is_old() {
            let _gone = gone(&path);
        }
    }
}

/// The id and the key of a move key.
fn parsed(text: &str) -> Result<(String, MasterKey), MoveError> {
    let none = || {
        MoveError::Said(
            "key is no move key: `flowhq tenant move-key` on the other installation prints one".to_owned(),
        )
    };
    let rest = text.trim().strip_prefix(MOVE_KEY).and_then(|rest| rest.strip_prefix('.')).ok_or_else(none)?;
    let (id, key) = rest.split_once('.').ok_or_else(none)?;
    let id: RecordId = id.parse().map_err(|_| none())?;
    let key = MasterKey::from_setting(&SecretString::from(key)).map_err(|_| none())?;
    Ok((id.to_string(), key))
}

/// The move key that a file was made for, by its own word.
fn head_of(file: &Path) -> Result<String, MoveError> {
    let mut line = String::new();
    let read = File::open(file).and_then(|file| BufReader::new(file.take(200)).read_line(&mut line));
    read.map_err(at(file))?;
    let id = line.strip_prefix(HEAD).and_then(|rest| rest.trim_end().parse::<RecordId>().ok());
    let none = || {
        MoveError::Said("the file holds no tenant: `flowhq tenant move-out` makes one that does".to_owned())
    };
    Ok(id.ok_or_else(none)?.to_string())
}

fn key_of(key: &MasterKey) -> Result<FileKey, MoveError> {
    key.file_key(PURPOSE).map_err(|error| said(&error))
}

/// Writes a file, reads it back, and only then gives it its name; its bytes.
fn write(
    file: &Path,
    key: &MasterKey,
    what: &What,
    cell: Vec<CellFile>,
    mut rows: File,
) -> Result<u64, MoveError> {
    let (key, part) = (key_of(key)?, file.with_extension("part"));
    let filled = || -> io::Result<u64> {
        gone(&part)?;
        let mut into = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        writeln!(into, "{HEAD}{}", what.move_key)?;
        let about = About::new(SystemClock.now().to_string(), version::BUILD);
        let mut writing = Writing::begin(BufWriter::new(into), &key, &about)?;
        let text = serde_json::to_vec(what)?;
        writing.add(WHAT, text.len() as u64, text.as_slice())?;
        rows.rewind()?;
        writing.add(ROWS, rows.metadata()?.len(), rows)?;
        for (name, from) in cell {
            writing.add(&format!("{CELL}{name}"), from.metadata()?.len(), from)?;
        }
        let (into, manifest) = writing.finish()?;
        let into = into.into_inner().map_err(io::IntoInnerError::into_error)?;
        into.sync_all()?;
        let (_, read) = backup::read(sealed_part(&part)?, &key, |_, _| Ok(())).map_err(io::Error::other)?;
        if read != manifest {
            return Err(io::Error::other("the file reads otherwise than it was written"));
        }
        fs::rename(&part, file)?;
        File::open(file.parent().unwrap_or(file))?.sync_all()?;
        Ok(into.metadata()?.len())
    };
    filled().map_err(at(file))
}

/// What follows a file's first line.
fn sealed_part(file: &Path) -> io::Result<BufReader<File>> {
    let mut from = BufReader::new(File::open(file)?);
    from.read_line(&mut String::new())?;
    Ok(from)
}

/// Reads all of a file into a folder of our own: what it is, and the files of its cell.
fn unpack(file: &Path, staging: &Path, key: &MasterKey) -> Result<(What, Vec<CellFile>), MoveError> {
    let key = key_of(key)?;
    gone(staging).map_err(at(staging))?;
    fs::DirBuilder::new().mode(0o700).create(staging).map_err(at(staging))?;
    let (mut what, mut cell) = (None, Vec::new());
    let read = backup::read(sealed_part(file).map_err(at(file))?, &key, |name, content| {
        if name == WHAT {
            let mut text = Vec::new();
            content.take(4096).read_to_end(&mut text)?;
            what = Some(serde_json::from_slice::<What>(&text)?);
            return Ok(());
        }
        let plain = name.strip_prefix(CELL).unwrap_or(name);
        if plain.contains('/') || (plain == name && name != ROWS) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name} belongs to no tenant")));
        }
        let path = staging.join(plain);
        let mut into = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        io::copy(content, &mut into)?;
        if plain != name {
            cell.push((plain.to_owned(), into));
        }
        Ok(())
    });
    read.map_err(|error| MoveError::Said(format!("the file cannot be taken in: {error}")))?;
    let what =
        what.ok_or_else(|| MoveError::Said("the file does not say which tenant it holds".to_owned()))?;
    Ok((what, cell))
}

fn gone(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MoveError> + Send + 'static,
) -> Result<T, MoveError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| said(&error))?
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> MoveError {
    let path = path.display().to_string();
    move |error| MoveError::Said(format!("{path}: {error}"))
}

fn said(error: &dyn std::error::Error) -> MoveError {
    MoveError::Said(error.to_string())
}

fn unreadable(error: &dyn std::error::Error) -> StoreError {
    StoreError::Invalid { field: "file", reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn whoever_asks_the_same_meanwhile_waits_for_the_same_end() {
        let (under_way, times, goes_on) = (UnderWay::none(), Lock::new(0), Semaphore::new(0));
        let work = async || {
            *times.lock().unwrap() += 1;
            goes_on.acquire().await.unwrap().forget();
            Ok(*times.lock().unwrap())
        };
        let ask = |what: &str| under_way.once(what.to_owned(), work());
        let (first, again, release) = (ask("a"), ask("a"), async { goes_on.add_permits(1) });
        let (first, again, ()) = tokio::join!(first, again, release);
        assert_eq!((first.unwrap(), again.unwrap()), (1, 1));
        // It is over: asked again it is done again, and where it fails whoever waits tries for itself.
        goes_on.add_permits(1);
        assert_eq!(ask("a").await.unwrap(), 2);
        let fails = under_way.once("b".to_owned(), async { Err(MoveError::Said("no".to_owned())) });
        goes_on.add_permits(1);
        let (failed, tried) = tokio::join!(fails, ask("b"));
        assert!(failed.is_err() && tried.unwrap() == 3);
    }

    #[test]
    fn what_was_left_on_the_way_goes_at_the_start_and_what_waits_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("unpacked")).unwrap();
        for name in ["a.part", "new.in", "old.in", "a.out"] {
            fs::write(at(name), "").unwrap();
        }
        let old = std::time::SystemTime::UNIX_EPOCH;
        File::options().write(true).open(at("old.in")).unwrap().set_modified(old).unwrap();
        clear(folder.path());
        let left = ["unpacked", "a.part", "new.in", "old.in", "a.out"].map(|name| at(name).exists());
        assert_eq!(left, [false, false, true, false, true]);
    }
}
