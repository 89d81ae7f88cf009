//! Whether the kernel has ended a worker for lack of memory: the group of processes that we and our workers are in counts such
//! ends (cgroups(7): `memory.events`, or `memory.oom_control` of the first version). One death by SIGKILL that was not our doing
//! is explained by each of them. Where nothing is counted, nothing is told.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::groups::{self, Group};
use crate::service::lock;

/// How much is read of what the kernel tells.
const READ_BYTES: u64 = 4 * 1024;

/// The kernel's count, and how far it is explained.
#[derive(Debug)]
pub(super) struct OomKills(Mutex<Option<Count>>);

#[derive(Debug)]
struct Count {
    /// Kept open: what is read later may be closed to us by then.
    told: File,
    explained: u64,
}

impl OomKills {
    /// Counts in the group of this process, from now on.
    pub(super) fn of_this_group() -> Self {
        let count = memory_events().and_then(|path| {
            let mut told = File::open(path).ok()?;
            let explained = kills(&mut told).ok()??;
            Some(Count { told, explained })
        });
        Self(Mutex::new(count))
    }

    /// Whether there was one that explains no other death yet; it explains this one then.
    pub(super) fn one_more(&self) -> bool {
        let mut count = lock(&self.0);
        let Some(Count { told, explained }) = count.as_mut() else { return false };
        let more = matches!(kills(told), Ok(Some(now)) if now > *explained);
        if more {
            *explained += 1;
        }
        more
    }
}

/// The file in which the kernel counts for the group of this process, where it does and the file can be read: whoever confines
/// itself leaves it open.
#[must_use]
pub fn memory_events() -> Option<PathBuf> {
    let listed = groups::listed();
    let mut counts = groups::of(&listed, "memory", Path::new(groups::SHOWN)).map(|group| match group {
        Group::First(group) => group.join("memory.oom_control"),
        Group::Second(group) => group.join("memory.events"),
    });
    counts.find(|path| File::open(path).is_ok())
}

/// The count as it is now; `None` where the kernel does not count.
fn kills(told: &mut File) -> io::Result<Option<u64>> {
    told.rewind()?;
    let mut text = String::new();
    told.take(READ_BYTES).read_to_string(&mut text)?;
    Ok(text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_that_the_kernel_counts_explains_one_death() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.events");
        let count = |kills: u64| {
            std::fs::write(&path, format!("low 0\noom 9\noom_kill {kills}\noom_group_kill 0\n")).unwrap();
        };
        count(3);
        let told = File::open(&path).unwrap();
        let oom = OomKills(Mutex::new(Some(Count { told, explained: 3 })));
        assert!(!oom.one_more(), "those were before us");
        count(5);
        assert_eq!([oom.one_more(), oom.one_more(), oom.one_more()], [true, true, false]);
        assert!(!OomKills(Mutex::new(None)).one_more(), "where nothing is counted");
    }
}
