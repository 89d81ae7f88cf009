//! A whole cell on its way to another key and another place, as bytes: nothing in it is opened as a database, and nothing is
//! followed to anywhere else.

use std::{
    fs::{DirBuilder, File},
    io::{self, Seek as _},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
};

use link::cell::{SEALED, SESSION_ENDED, open_directory, open_plain};
use rustix::fs::{Mode, OFlags, fsync, openat};
use vault::{Part, Resealer};

use super::{copied::lock_at_rest, planted::keep_out};

/// Copies all that nobody has open, each file into one of ours without a name; as it is where no other key is named.
pub(super) fn copy(cell: &Path, resealer: Option<&Resealer>) -> io::Result<Vec<(String, File)>> {
    let directory = match open_directory(cell) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let _lock = keep_out(cell)?;
    let mut files = Vec::new();
    for (name, part) in names() {
        let Some(from) = open_plain(&directory, &name)? else { continue };
        let mut own = tempfile::tempfile_in(cell.parent().unwrap_or(cell))?;
        brought(resealer, part, from, &mut own)?;
        own.rewind()?;
        files.push((name, own));
    }
    if open_plain(&directory, SESSION_ENDED)?.is_some() {
        files.push((SESSION_ENDED.to_owned(), tempfile::tempfile_in(cell.parent().unwrap_or(cell))?));
    }
    crash::point("cell_read");
    Ok(files)
}

/// Makes a cell of such files, down to the disk. Whoever gives the cell to a user gives them with it.
pub(super) fn lay(cell: &Path, resealer: Option<&Resealer>, files: Vec<(String, File)>) -> io::Result<()> {
    if cell.exists() {
        let _lock = lock_at_rest(cell)?;
        std::fs::remove_dir_all(cell)?;
    }
    DirBuilder::new().mode(0o700).create(cell)?;
    let directory = open_directory(cell)?;
    for (name, mut from) in files {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let make =
            || -> io::Result<File> { Ok(openat(&directory, &name, flags, Mode::RUSR | Mode::WUSR)?.into()) };
        from.rewind()?;
        let into = match part_of(&name)? {
            Some(part) => {
                let mut into = make()?;
                brought(resealer, part, from, &mut into)?;
                into
            }
            None => make()?,
        };
        into.sync_all()?;
        crash::point("cell_half_laid");
    }
    fsync(&directory)?;
    File::open(cell.parent().unwrap_or(cell))?.sync_all()?;
    crash::point("cell_laid");
    Ok(())
}

/// A cell's files under another key, each in a file without a name in this folder: for whoever carries a cell and has the keys,
/// where the place that has the cell has not.
///
/// # Errors
/// Where one belongs into no cell, or cannot be read or written.
pub fn through(
    resealer: &Resealer,
    files: Vec<(String, File)>,
    folder: &Path,
) -> io::Result<Vec<(String, File)>> {
    let through = |(name, mut from): (String, File)| {
        let mut own = tempfile::tempfile_in(folder)?;
        if let Some(part) = part_of(&name)? {
            from.rewind()?;
            resealed(resealer, part, from, &mut own)?;
            own.rewind()?;
        }
        Ok((name, own))
    };
    files.into_iter().map(through).collect()
}

/// Which part of a sealed database a file is; `None` of the one that only says something by being there.
fn part_of(name: &str) -> io::Result<Option<Part>> {
    let part = names().find(|(known, _)| known == name).map(|(_, part)| part);
    if part.is_none() && name != SESSION_ENDED {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name:?} belongs into no cell")));
    }
    Ok(part)
}

/// Under the other key, or as it is.
fn brought(resealer: Option<&Resealer>, part: Part, mut from: File, into: &mut File) -> io::Result<()> {
    match resealer {
        Some(resealer) => resealed(resealer, part, from, into),
        None => io::copy(&mut from, into).map(drop),
    }
}

/// What is not sealed at all is copied as it is: the next worker seals it.
fn resealed(resealer: &Resealer, part: Part, mut from: File, into: &mut File) -> io::Result<()> {
    if resealer.copy(part, &from, &mut *into)?.is_plain {
        from.rewind()?;
        into.rewind()?;
        into.set_len(0)?;
        io::copy(&mut from, into)?;
    }
    Ok(())
}

fn names() -> impl Iterator<Item = (String, Part)> {
    SEALED.iter().flat_map(|base| Part::ALL.map(|(ending, part)| (format!("{base}{ending}"), part)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use link::cell::CellLock;
    use vault::{Files, Key};

    use super::*;

    #[test]
    fn a_cell_goes_from_key_to_key_and_nothing_but_its_files_comes_into_another() {
        let folder = tempfile::tempdir().unwrap();
        let [first, between, second] = [1, 2, 3].map(|byte| Key::new([byte; 32]));
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir(&from).unwrap();
        let flags = rusqlite::OpenFlags::default();
        let database = Files::sealed(&first).unwrap().open(&from.join("session.db"), flags).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL; CREATE TABLE a (b TEXT); INSERT INTO a VALUES ('kipepeo')",
            )
            .unwrap();
        fs::write(from.join(SESSION_ENDED), "").unwrap();
        fs::write(from.join("something.else"), "stays").unwrap();
        let out = Resealer::new(&first, &between).unwrap();
        let files = copy(&from, Some(&out)).unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["session.db", "session.db-wal", SESSION_ENDED]);
        drop(database);

        let into = Resealer::new(&between, &second).unwrap();
        let again = || copy(&from, Some(&out)).unwrap();
        lay(&to, Some(&into), files).unwrap();
        let read = || -> String {
            let database = Files::sealed(&second).unwrap().open(&to.join("session.db"), flags).unwrap();
            database.query_row("SELECT b FROM a", [], |row| row.get(0)).unwrap()
        };
        assert_eq!(read(), "kipepeo");
        assert!(to.join(SESSION_ENDED).exists() && !to.join("something.else").exists());
        // The same by somebody who has the keys and not the cells: as it is, through the keys, as it is.
        let carried = through(&out, copy(&from, None).unwrap(), folder.path()).unwrap();
        let carried = through(&into, carried, folder.path()).unwrap();
        lay(&to, None, carried).unwrap();
        assert_eq!(read(), "kipepeo");
        assert!(to.join(SESSION_ENDED).exists());
        // An interruption has left half of it: all is laid again.
        lay(&to, Some(&into), again()).unwrap();
        assert_eq!(read(), "kipepeo");
        let strange = vec![("../elsewhere".to_owned(), tempfile::tempfile().unwrap())];
        assert!(lay(&to, Some(&into), strange).is_err() && !folder.path().join("elsewhere").exists());
        fs::create_dir_all(&to).unwrap();
        let _worker = CellLock::take(&to).unwrap();
        assert_eq!(lay(&to, Some(&into), again()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(copy(&to, Some(&out)).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
