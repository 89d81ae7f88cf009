//! The power cut: what a process has written and not synced is lost, reordered or damaged.
//!
//! The real processes run under `strace`, which writes down what they write, where, and what they sync. When they are
//! ended, the files are put together again from what was synced, and from as much of the rest as chance leaves. That
//! needs no shim within the processes, so that what is tried is what ships; and no disk of its own.
//!
//! Only the databases and their write-ahead logs are cut. The index of a write-ahead log (`-shm`) is dropped, as SQLite
//! makes it anew. That a file was removed is taken to last, which SQLite does not rely on.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{base::Paths, stage::CALLS};

/// The calls that matter.
pub(super) const TRACED: &str = "lseek,write,pwrite64,ftruncate,fsync,fdatasync,unlink";

/// What a disk may keep half of.
const SECTOR: usize = 512;

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// A file as the disk has it, and what is on the way to it.
#[derive(Debug, Clone, Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
    syncs: u64,
}

impl File {
    fn sync(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        pending.iter().for_each(|change| apply(&mut self.synced, change));
        self.syncs += 1;
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => content.resize(*length, 0),
        Change::Write(at, bytes) => {
            let end = at + bytes.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*at..end].copy_from_slice(bytes);
        }
    }
}

/// What processes did to their files, as far as it was recorded.
#[derive(Debug, Default)]
pub struct Disk {
    files: BTreeMap<PathBuf, File>,
}

impl Disk {
    /// Reads what was recorded in the folder of a try that began with the files of `before`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read(root: &Path, before: &Path) -> Result<Self, String> {
        let mut disk = Self::default();
        disk.begin(&before.join("data"), before, root)?;
        for number in 1.. {
            let path = root.join(format!("{CALLS}.{number}"));
            match fs::read_to_string(&path) {
                // Nothing at all, where the power fails before anything was written. A strace that may not trace ends at
                // once, and no customer is answered.
                Ok(text) => disk.take(&text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(error) => return Err(format!("{}: {error}", path.display())),
            }
        }
        Ok(disk)
    }

    fn begin(&mut self, folder: &Path, before: &Path, root: &Path) -> Result<(), String> {
        let words = |error: std::io::Error| error.to_string();
        for entry in fs::read_dir(folder).map_err(words)? {
            let path = entry.map_err(words)?.path();
            if path.is_dir() {
                self.begin(&path, before, root)?;
            } else if is_database(&path) {
                let place = root.join(path.strip_prefix(before).map_err(|error| error.to_string())?);
                let synced = fs::read(&path).map_err(words)?;
                self.files.insert(place, File { synced, ..File::default() });
            }
        }
        Ok(())
    }

    fn take(&mut self, text: &str) {
        let mut offsets: HashMap<(String, PathBuf), usize> = HashMap::new();
        // A call that another thread's cut in two is put together again.
        let mut halves: HashMap<&str, &str> = HashMap::new();
        for line in text.lines() {
            let Some((pid, rest)) = line.split_once(' ') else { continue };
            let Some((_, call)) = rest.trim_start().split_once(' ') else { continue };
            if let Some(half) = call.strip_suffix(" <unfinished ...>") {
                // What was on its way when the power failed may have come to pass.
                self.call(half, None, &mut offsets);
                halves.insert(pid, half);
            } else if let Some(rest) = call.strip_prefix("<... ") {
                let result = rest.rsplit_once("= ").and_then(|(_, result)| number(result));
                if let (Some(half), Some(result)) = (halves.remove(pid), result) {
                    self.finish(half, result, &mut offsets);
                }
            } else if let Some((head, result)) = call.rsplit_once(" = ") {
                let Some(result) = number(result) else { continue };
                self.call(head, Some(result), &mut offsets);
                self.finish(head, result, &mut offsets);
            }
        }
    }

    /// A call that has begun: writes are on their way from now on.
    fn call(&mut self, call: &str, result: Option<usize>, offsets: &mut HashMap<(String, PathBuf), usize>) {
        let Some((name, arguments)) = call.split_once('(') else { return };
        let Some((descriptor, path)) = descriptor(arguments) else { return };
        if !is_database(&path) {
            return;
        }
        let key = (descriptor, path.clone());
        let change = match name {
            "write" => bytes(arguments).map(|bytes| {
                let at = offsets.get(&key).copied().unwrap_or_default();
                offsets.insert(key, at + bytes.len());
                Change::Write(at, bytes)
            }),
            "pwrite64" => bytes(arguments).and_then(|bytes| {
                let at = arguments.trim_end_matches(')').rsplit_once(", ")?.1;
                Some(Change::Write(number(at)?, bytes))
            }),
            "ftruncate" => {
                let length =
                    arguments.trim_end_matches(')').rsplit_once(", ").and_then(|(_, last)| number(last));
                length.map(Change::Length)
            }
            "lseek" => {
                if let Some(at) = result {
                    offsets.insert(key, at);
                }
                None
            }
            _ => None,
        };
        if let Some(change) = change {
            self.files.entry(path).or_default().pending.push(change);
        }
    }

    /// A call that has succeeded: only now is something synced.
    fn finish(&mut self, call: &str, result: usize, offsets: &mut HashMap<(String, PathBuf), usize>) {
        let Some((name, arguments)) = call.split_once('(') else { return };
        match name {
            "fsync" | "fdatasync" => {
                if let Some((_, path)) = descriptor(arguments)
                    && let Some(file) = self.files.get_mut(&path)
                {
                    file.sync();
                }
            }
            "lseek" => {
                if let Some((descriptor, path)) = descriptor(arguments) {
                    offsets.insert((descriptor, path), result);
                }
            }
            "unlink" => {
                if let Some(path) = bytes(arguments).and_then(|bytes| String::from_utf8(bytes).ok()) {
                    self.files.remove(Path::new(&path));
                }
            }
            _ => {}
        }
    }

    /// How often files whose path holds `part` were synced.
    #[must_use]
    pub fn syncs(&self, part: &str) -> u64 {
        let files = self.files.iter().filter(|(path, _)| path.to_string_lossy().contains(part));
        files.map(|(_, file)| file.syncs).sum()
    }

    /// Writes the files as they are found after the power cut of this seed, below `to` instead of `root`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write_cut(&self, seed: u64, root: &Path, to: &Path) -> std::io::Result<()> {
        let mut draw = StdRng::seed_from_u64(seed);
        // Half of all cuts lose whatever was not synced: the plainest one finds the most.
        let kind = draw.random_range(0..6_u32);
        for (path, file) in &self.files {
            let place = path.strip_prefix(root).map_or_else(|_| path.clone(), |below| to.join(below));
            fs::write(&place, damaged(file, kind, &mut draw))?;
            let mut index = place.into_os_string();
            index.push("-shm");
            if Path::new(&index).exists() {
                fs::remove_file(index)?;
            }
        }
        // It was synced long before, and opens what is looked at.
        let key = Path::new("data/master.key");
        if root != to && root.join(key).exists() {
            fs::copy(root.join(key), to.join(key))?;
        }
        Ok(())
    }
}

/// One file after the cut.
fn damaged(file: &File, kind: u32, draw: &mut StdRng) -> Vec<u8> {
    let mut content = file.synced.clone();
    let mut pending = file.pending.clone();
    match kind {
        0..=2 => return content,
        // Some arrived, in their order.
        3 => pending.retain(|_| draw.random_range(0..2_u32) == 0),
        // Some arrived, in any order.
        4 => {
            pending.retain(|_| draw.random_range(0..3_u32) > 0);
            for at in (1..pending.len()).rev() {
                pending.swap(at, draw.random_range(0..=at));
            }
        }
        // Sectors of each arrived, some of them as garbage.
        _ => {
            let torn = |change: &Change, draw: &mut StdRng| -> Vec<Change> {
                let Change::Write(at, bytes) = change else { return vec![change.clone()] };
                let sectors = bytes.chunks(SECTOR).enumerate().filter_map(|(number, sector)| {
                    let place = at + number * SECTOR;
                    match draw.random_range(0..4_u32) {
                        0 => None,
                        1 => Some(Change::Write(place, sector.iter().map(|_| draw.random()).collect())),
                        _ => Some(Change::Write(place, sector.to_vec())),
                    }
                });
                sectors.collect()
            };
            pending = pending.iter().flat_map(|change| torn(change, draw)).collect();
        }
    }
    pending.iter().for_each(|change| apply(&mut content, change));
    content
}

/// Cuts the power of a try whose processes have ended: damages the files in place.
pub(super) fn cut(disk: &Disk, paths: &Paths, seed: u64) -> Result<(), String> {
    disk.write_cut(seed, &paths.root, &paths.root).map_err(|error| error.to_string())
}

fn is_database(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| [".db", ".db-wal", ".db-journal"].iter().any(|ending| name.ends_with(ending)))
}

fn number(text: &str) -> Option<usize> {
    text.split(' ').next()?.parse().ok()
}

/// The descriptor's number and the path behind it.
fn descriptor(arguments: &str) -> Option<(String, PathBuf)> {
    let (number, rest) = arguments.split_once('<')?;
    let path = unhex(rest.split_once('>')?.0)?;
    Some((number.to_owned(), PathBuf::from(String::from_utf8(path).ok()?)))
}

/// The first string among the arguments.
fn bytes(arguments: &str) -> Option<Vec<u8>> {
    let (_, rest) = arguments.split_once('"')?;
    unhex(rest.split_once('"')?.0)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.split("\\x").skip(1);
    digits.map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Change, Disk, damaged};

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    fn recorded(lines: &[String]) -> Disk {
        let mut disk = Disk::default();
        disk.take(&lines.join("\n"));
        disk
    }

    #[test]
    fn only_what_was_synced_is_there_for_certain() {
        let file = hex("/x/a.db-wal");
        let disk = recorded(&[
            format!("7 1.0 lseek(5<{file}>, 2, SEEK_SET) = 2"),
            format!("7 1.1 write(5<{file}>, \"{}\", 2) = 2", hex("ab")),
            format!("8 1.2 fdatasync(5<{file}> <unfinished ...>"),
            format!("7 1.3 write(5<{file}>, \"{}\", 1) = 1", hex("c")),
            "8 1.4 <... fdatasync resumed>) = 0".to_owned(),
            format!("7 1.5 pwrite64(5<{file}>, \"{}\", 1, 0) = 1", hex("z")),
            format!("8 1.6 fdatasync(5<{file}> <unfinished ...>"),
        ]);
        let file = &disk.files[Path::new("/x/a.db-wal")];
        assert_eq!(file.synced, b"\0\0abc");
        assert_eq!(file.pending, [Change::Write(0, b"z".to_vec())]);
        assert_eq!(disk.syncs("a.db"), 1);
    }

    #[test]
    fn other_files_are_passed_over() {
        let disk = recorded(&[format!("7 1.0 write(5<{}>, \"{}\", 1) = 1", hex("/x/log"), hex("a"))]);
        assert!(!disk.files.contains_key(&PathBuf::from("/x/log")));
    }

    #[test]
    fn a_cut_is_the_same_for_the_same_seed() {
        use rand::{SeedableRng as _, rngs::StdRng};
        let file = super::File {
            synced: vec![1; 600],
            pending: vec![Change::Write(100, vec![2; 1500]), Change::Length(900)],
            syncs: 1,
        };
        for kind in 0..6 {
            let cut = || damaged(&file, kind, &mut StdRng::seed_from_u64(9));
            assert_eq!(cut(), cut());
        }
        assert_eq!(damaged(&file, 0, &mut StdRng::seed_from_u64(9)), file.synced);
    }
}
