//! What lies in a tenant's directory, taken from one key to another: as bytes, since it is a stranger's, and each file whole or not
//! at all.

use std::{
    fs::{File, Permissions},
    io,
    os::{fd::OwnedFd, unix::fs::MetadataExt as _, unix::fs::PermissionsExt as _},
    path::Path,
};

use link::cell::{JOURNAL_COPY, SEALED, open_directory, open_plain};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid, fchown, fsync, openat, renameat, unlinkat};
use vault::{Part, Resealed, Resealer};

/// How one ends that is being written.
const NEW: &str = ".resealed";

/// What was found in a cell.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files that are under the new key now.
    pub(super) files: u64,
    /// Names of databases whose beginning is under neither key: they stand as they stood, and open for nobody.
    pub(super) foreign: Vec<String>,
}

/// Takes all of a cell to the other key. Nobody lives there. What was interrupted is done again.
pub(super) fn reseal(cell: &Path, resealer: &Resealer) -> io::Result<Found> {
    let (directory, mut found) = (open_directory(cell)?, Found::default());
    // What a backup left that was interrupted is under the former key, and of no use.
    for ending in ["", "-journal"] {
        remove(&directory, &format!("{JOURNAL_COPY}{ending}"))?;
    }
    for base in SEALED {
        let mut whole = Resealed::default();
        for (ending, part) in Part::ALL {
            // Beside a database that is not sealed nothing is.
            if whole.is_plain {
                break;
            }
            let name = format!("{base}{ending}");
            let one = file(&directory, &name, part, resealer)?;
            found.files += u64::from(one.anew > 0);
            whole = Resealed {
                anew: whole.anew + one.anew,
                before: whole.before + one.before,
                foreign: whole.foreign + one.foreign,
                is_plain: one.is_plain,
            };
        }
        if whole.anew + whole.before == 0 && whole.foreign > 0 {
            found.foreign.push(base.to_owned());
        }
    }
    Ok(found)
}

fn file(cell: &OwnedFd, name: &str, part: Part, resealer: &Resealer) -> io::Result<Resealed> {
    let new = format!("{name}{NEW}");
    remove(cell, &new)?;
    let Some(from) = open_plain(cell, name)? else { return Ok(Resealed::default()) };
    let facts = from.metadata()?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let into = File::from(openat(cell, &new, flags, Mode::RUSR | Mode::WUSR)?);
    let found = resealer.copy(part, from, &into)?;
    if found.anew == 0 {
        remove(cell, &new)?;
        return Ok(found);
    }
    crash::point("key_file_written");
    let ours = into.metadata()?;
    if (ours.uid(), ours.gid()) != (facts.uid(), facts.gid()) {
        fchown(&into, Some(Uid::from_raw(facts.uid())), Some(Gid::from_raw(facts.gid())))?;
    }
    into.set_permissions(Permissions::from_mode(facts.mode() & 0o777))?;
    into.sync_all()?;
    renameat(cell, &new, cell, name)?;
    fsync(cell)?;
    crash::point("key_file_resealed");
    Ok(found)
}

fn remove(cell: &OwnedFd, name: &str) -> io::Result<()> {
    match unlinkat(cell, name, AtFlags::empty()) {
        Err(rustix::io::Errno::NOENT) => Ok(()),
        removed => Ok(removed?),
    }
}
