//! How much a worker's directory holds.

use std::{io, os::unix::fs::MetadataExt, path::Path};

/// What an entry takes at least, in bytes: a worker could make as many as the disk has room for, with nothing in them.
const ENTRY_BYTES: u64 = 4_096;
/// What `st_blocks` counts in (stat(2)).
const BLOCK_BYTES: u64 = 512;

/// Whether a directory holds more than this, in bytes on the disk. Looks no further once it does, and follows no links.
pub(super) fn exceeds(directory: &Path, most: u64) -> bool {
    let mut left = most;
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = std::fs::read_dir(directory) else { continue };
        for entry in entries.flatten() {
            let (bytes, is_directory) = match entry.metadata() {
                Ok(metadata) => (metadata.blocks() * BLOCK_BYTES, metadata.is_dir()),
                // It was removed meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(_) => (0, false),
            };
            let Some(rest) = left.checked_sub(bytes.max(ENTRY_BYTES)) else { return true };
            left = rest;
            if is_directory {
                directories.push(entry.path());
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::exceeds;

    #[test]
    fn files_of_all_directories_count_and_empty_ones_too() {
        let directory = tempfile::tempdir().unwrap();
        let within = directory.path().join("within");
        std::fs::create_dir(&within).unwrap();
        std::fs::write(within.join("large"), vec![b'A'; 300_000]).unwrap();
        assert!(exceeds(directory.path(), 300_000));
        assert!(!exceeds(directory.path(), 330_000));
        for number in 0..20 {
            std::fs::write(within.join(number.to_string()), "").unwrap();
        }
        assert!(exceeds(directory.path(), 330_000), "twenty entries take at least 80 kB");
        // A link is what it is, and not where it leads.
        std::os::unix::fs::symlink("/usr", directory.path().join("link")).unwrap();
        assert!(!exceeds(directory.path(), 450_000));
    }
}
