//! Makes one backup.
//!
//! Journals first, the database last: what a journal has forgotten since it was acknowledged is in the database by then, so
//! the two together lack nothing. WhatsApp's keys stay where they are.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use backup::{About, Manifest, Writing};
use domain::Timestamp;
use seal::FileKey;
use supervisor::JournalFile;

use super::{Maker, kept};
use crate::version;

/// The database's name in a backup.
pub(crate) const DATABASE: &str = "flowhq.db";
/// The master key's, where it is no setting.
pub(crate) const MASTER_KEY: &str = "master.key";
/// The folder of the journals, in which each tenant has one.
pub(crate) const JOURNALS: &str = "journals";

/// Makes one; the whole file is read back before it gets its name. Else why there is none.
pub(super) async fn make(maker: &Maker, now: Timestamp) -> Result<api::BackedUp, String> {
    let file = maker.folder.join(kept::name(now));
    let part = kept::part(&file);
    let made = fill(maker, now, &part).await;
    // It holds customers' words in clear.
    forget(&maker.snapshot);
    let (bytes, manifest) = match made {
        Ok(made) => made,
        Err(why) => {
            let _gone = std::fs::remove_file(&part);
            return Err(why);
        }
    };
    std::fs::rename(&part, &file).map_err(at(&file))?;
    let synced = File::open(&maker.folder).and_then(|folder| folder.sync_all());
    synced.map_err(at(&maker.folder))?;
    let is_journal = |name: &str| name.starts_with(JOURNALS) && name.ends_with("/journal.db");
    Ok(api::BackedUp {
        file: file.display().to_string(),
        bytes,
        journals: manifest.files.iter().filter(|held| is_journal(&held.name)).count() as u64,
        left_out: manifest.left_out,
    })
}

async fn fill(maker: &Maker, now: Timestamp, part: &Path) -> Result<(u64, Manifest), String> {
    let (key, snapshot) = (maker.key.as_ref().map_err(Clone::clone)?, &maker.snapshot);
    crate::host::directory::make(&maker.folder).map_err(at(&maker.folder))?;
    // Of one that was cut short.
    forget(snapshot);
    let into = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part).map_err(at(part))?;
    let about = About::new(now.to_string(), version::BUILD);
    let mut writing = Writing::begin(BufWriter::new(into), key, &about).map_err(at(part))?;
    let workers = maker.store.operator().workers().await.map_err(|error| error.to_string())?;
    for worker in workers.iter().filter(|worker| worker.generation > 0) {
        let tenant = worker.tenant_id;
        match maker.supervisor.copy_journal(tenant).await {
            Ok(files) => {
                writing = blocking(move || add(writing, tenant, files)).await?.map_err(at(part))?;
            }
            Err(error) => writing.leave_out(format!("the journal of tenant {tenant}: {error}")),
        }
    }
    maker.store.snapshot(snapshot).await.map_err(|error| error.to_string())?;
    let (snapshot, master_key, key) = (snapshot.to_owned(), maker.master_key.clone(), key.clone());
    let file = part.to_owned();
    blocking(move || end(writing, &snapshot, master_key.as_deref(), &key, &file)).await?.map_err(at(part))
}

/// Removes a snapshot with what SQLite lays beside it; what is not there needs not go.
pub(super) fn forget(snapshot: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = snapshot.as_os_str().to_owned();
        name.push(ending);
        let _gone = std::fs::remove_file(Path::new(&name));
    }
}

type Begun = Writing<BufWriter<File>>;

fn add(mut writing: Begun, tenant: domain::TenantId, files: Vec<JournalFile>) -> io::Result<Begun> {
    for file in files {
        writing.add(&format!("{JOURNALS}/{tenant}/{}", file.name), file.bytes, file.content)?;
    }
    Ok(writing)
}

fn end(
    mut writing: Begun,
    snapshot: &Path,
    master_key: Option<&Path>,
    key: &FileKey,
    part: &Path,
) -> io::Result<(u64, Manifest)> {
    let mut whole = |name: &str, path: &Path| -> io::Result<()> {
        let file = File::open(path)?;
        writing.add(name, file.metadata()?.len(), file)
    };
    whole(DATABASE, snapshot)?;
    if let Some(path) = master_key.filter(|path| path.exists()) {
        whole(MASTER_KEY, path)?;
    }
    let (into, manifest) = writing.finish()?;
    let file = into.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    // What cannot be read is no backup.
    let (_, read) = backup::read(File::open(part)?, key, |_, _| Ok(())).map_err(io::Error::other)?;
    if read != manifest {
        return Err(io::Error::other("the backup reads otherwise than it was written"));
    }
    Ok((file.metadata()?.len(), manifest))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("{path}: {error}")
}
