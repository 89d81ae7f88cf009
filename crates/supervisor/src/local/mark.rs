//! Whether a tenant's cell may be used here, as whoever moves tenants has last said: a small file beside the cell, which stays
//! where the tenant has left. A worker cannot reach it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::planted::keep_out;
use crate::{CellMark, CellState};

/// The mark of a cell, which lies beside it.
fn path(cell: &Path) -> PathBuf {
    cell.with_extension("place")
}

/// What was last said of a cell; nothing where nothing ever was.
pub(super) fn read(cell: &Path) -> io::Result<Option<CellMark>> {
    match fs::read(path(cell)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::from),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Says something of a cell, down to the disk. While a worker lives there, only that it may.
pub(super) fn write(cell: &Path, mark: CellMark) -> io::Result<()> {
    if let Some(said) = read(cell)?
        && said.version > mark.version
    {
        let words = "somebody else has moved this tenant on since; look again";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, words));
    }
    let _lock = match mark.state {
        CellState::Open => None,
        CellState::Left | CellState::Arriving => cell.exists().then(|| keep_out(cell)).transpose()?,
    };
    let (path, folder) = (path(cell), cell.parent().unwrap_or(cell));
    let fresh = path.with_extension("place-new");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(&serde_json::to_vec(&mark)?)?;
    file.sync_all()?;
    fs::rename(&fresh, &path)?;
    File::open(folder)?.sync_all()?;
    crash::point("cell_marked");
    Ok(())
}

/// Whether a cell may be laid here: no tenant has its place in it.
pub(super) fn may_be_laid(cell: &Path) -> io::Result<()> {
    match read(cell)? {
        Some(CellMark { state: CellState::Open | CellState::Left, .. }) => {
            let words =
                "this tenant's cell was not announced here, or is in use; look again where the tenant is";
            Err(io::Error::new(io::ErrorKind::AlreadyExists, words))
        }
        _ => Ok(()),
    }
}

/// Whether a worker may be started in a cell.
pub(super) fn may_be_used(cell: &Path) -> io::Result<bool> {
    Ok(read(cell)?.is_none_or(|mark| mark.state == CellState::Open))
}

/// Forgets what was said.
pub(super) fn forget_all(cell: &Path) -> io::Result<()> {
    match fs::remove_file(path(cell)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Forgets what was said, but that the tenant has left.
pub(super) fn forget(cell: &Path) -> io::Result<()> {
    match read(cell)? {
        Some(CellMark { state: CellState::Open | CellState::Arriving, .. }) => fs::remove_file(path(cell)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use link::cell::CellLock;

    use super::*;

    fn mark(version: i64, state: CellState) -> CellMark {
        CellMark { version, state }
    }

    #[test]
    fn a_cell_that_was_left_stays_closed_until_somebody_later_opens_it() {
        let folder = tempfile::tempdir().unwrap();
        let cell = folder.path().join("cell");
        assert!(may_be_used(&cell).unwrap() && may_be_laid(&cell).is_ok(), "nothing was ever said");
        fs::create_dir(&cell).unwrap();
        write(&cell, mark(2, CellState::Left)).unwrap();
        write(&cell, mark(2, CellState::Left)).unwrap();
        assert!(!may_be_used(&cell).unwrap() && may_be_laid(&cell).is_err());
        let late = write(&cell, mark(1, CellState::Open)).unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::AlreadyExists);
        forget(&cell).unwrap();
        assert!(!may_be_used(&cell).unwrap(), "it stays where the tenant has left");
        write(&cell, mark(3, CellState::Arriving)).unwrap();
        assert!(!may_be_used(&cell).unwrap() && may_be_laid(&cell).is_ok());
        write(&cell, mark(3, CellState::Open)).unwrap();
        assert!(may_be_used(&cell).unwrap() && may_be_laid(&cell).is_err(), "whoever is late lays nothing");
        forget(&cell).unwrap();
        assert!(read(&cell).unwrap().is_none());
    }

    #[test]
    fn nothing_is_closed_over_a_worker_and_what_cannot_be_read_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let cell = folder.path().join("cell");
        fs::create_dir(&cell).unwrap();
        let _worker = CellLock::take(&cell).unwrap();
        for state in [CellState::Left, CellState::Arriving] {
            assert_eq!(write(&cell, mark(1, state)).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        }
        fs::write(path(&cell), "{").unwrap();
        assert!(may_be_used(&cell).is_err() && may_be_laid(&cell).is_err());
    }
}
