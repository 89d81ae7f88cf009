//! How much a worker's directory holds.

use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tokio::{sync::oneshot, task::spawn_blocking};

use crate::service::lock;

/// What an entry takes at least, in bytes: a worker could make as many as the disk has room for, with nothing in them.
const ENTRY_BYTES: u64 = 4_096;
/// What `st_blocks` counts in (stat(2)).
const BLOCK_BYTES: u64 = 512;

/// Looks at the directories of all workers, one after the other on one thread: they are asked about at the same moments, and a
/// thread for each would wake a control plane for each.
#[derive(Debug, Default)]
pub(super) struct Sizes(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    asked: Vec<Asked>,
    /// Whether somebody looks.
    looked_at: bool,
}

#[derive(Debug)]
struct Asked {
    directory: PathBuf,
    most: u64,
    answer: oneshot::Sender<bool>,
}

impl Sizes {
    /// Whether a directory holds more than this, in bytes on the disk.
    pub(super) async fn exceeds(self: &Arc<Self>, directory: PathBuf, most: u64) -> bool {
        let (answer, answered) = oneshot::channel();
        let begins = {
            let mut waiting = lock(&self.0);
            waiting.asked.push(Asked { directory, most, answer });
            !std::mem::replace(&mut waiting.looked_at, true)
        };
        if begins {
            let sizes = Arc::clone(self);
            // It looks whether or not anybody waits for its end.
            drop(spawn_blocking(move || sizes.look()));
        }
        // Not told where the program ends.
        answered.await.unwrap_or_default()
    }

    fn look(&self) {
        loop {
            let asked = {
                let mut waiting = lock(&self.0);
                waiting.looked_at = !waiting.asked.is_empty();
                std::mem::take(&mut waiting.asked)
            };
            if asked.is_empty() {
                return;
            }
            for Asked { directory, most, answer } in asked {
                // Whoever asked may have gone.
                let _gone = answer.send(exceeds(&directory, most));
            }
        }
    }
}

/// Whether a directory holds more than this, in bytes on the disk. Looks no further once it does, and follows no links.
fn exceeds(directory: &Path, most: u64) -> bool {
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

    use std::sync::Arc;

    use super::{Sizes, exceeds};

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

    #[tokio::test]
    async fn whoever_asks_is_answered_for_their_own_directory() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = Arc::<Sizes>::default();
        let asked = (0..50_u64).map(|n| {
            let directory = folder.path().join(n.to_string());
            std::fs::create_dir(&directory).unwrap();
            (0..n).for_each(|file| std::fs::write(directory.join(file.to_string()), "").unwrap());
            let sizes = Arc::clone(&sizes);
            // Each of n entries takes 4 KiB.
            async move { sizes.exceeds(directory, 25 * 4_096).await }
        });
        let exceeding = futures_util::future::join_all(asked).await;
        assert!(exceeding.iter().enumerate().all(|(n, exceeds)| *exceeds == (n > 25)), "{exceeding:?}");
        assert!(!sizes.exceeds(folder.path().join("0"), 0).await, "asked again once all were answered");
    }
}
