//! A group of processes (cgroups(7)) that is given away, as systemd gives a service its own with `Delegate=cpu`: what stands in the
//! unit file can be tried without systemd.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustix::fs::XattrFlags;

use crate::process;

/// Where groups for processors are shown: those of the second version, or of the first.
const ROOTS: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/cpu"];
/// What systemd marks it with; read by root alone, as whom tests run.
const MARK: &str = "trusted.delegate";

/// A group; it goes when this is dropped, as far as nothing runs in it.
#[derive(Debug)]
pub struct Delegated {
    group: PathBuf,
}

impl Delegated {
    /// Makes one. Nothing where this machine lets us make none, which takes root.
    #[must_use]
    pub fn make() -> Option<Self> {
        let root = ROOTS.iter().map(Path::new).find(|root| shares_processors(root))?;
        let group = root.join(format!("flowhq-test-{}", std::process::id()));
        fs::create_dir(&group).ok()?;
        let made = Self { group };
        if fs::metadata(made.group.join("cgroup.controllers")).is_ok()
            && !listed(&made.group.join("cgroup.controllers"))
        {
            fs::write(root.join("cgroup.subtree_control"), "+cpu").ok()?;
        }
        rustix::fs::setxattr(&made.group, MARK, b"1", XattrFlags::empty()).ok()?;
        Some(made)
    }

    /// Runs something in it: all that is begun meanwhile is in it for good, while this process is in it only until then.
    pub async fn run<T>(&self, begins: impl Future<Output = T>) -> T {
        let move_to = |group: &Path| fs::write(group.join("cgroup.procs"), std::process::id().to_string());
        move_to(&self.group).expect("this process can be moved into the group");
        let begun = begins.await;
        move_to(self.group.parent().expect("it is beneath the root")).expect("and back");
        begun
    }

    /// How often the kernel has held back what was in one of its groups for a while.
    #[must_use]
    pub fn held_back(&self) -> u64 {
        self.groups().map(|group| held_back(&group.join("cpu.stat")).unwrap_or_default()).sum()
    }

    /// Waits until nothing runs in it any more, so that it can go.
    pub async fn left(&self) {
        for group in self.groups().chain([self.group.clone()]) {
            for pid in within(&group) {
                process::ended(pid).await;
            }
        }
    }

    fn groups(&self) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(&self.group).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir())
    }
}

impl Drop for Delegated {
    fn drop(&mut self) {
        for group in self.groups().chain([self.group.clone()]) {
            // One in which something runs stays, and goes with the machine.
            let _gone = fs::remove_dir(&group);
        }
    }
}

/// The processes in a group.
fn within(group: &Path) -> Vec<u32> {
    let listed = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    listed.lines().filter_map(|pid| pid.parse().ok()).collect()
}

fn shares_processors(root: &Path) -> bool {
    listed(&root.join("cgroup.controllers")) || (root.ends_with("cpu") && root.join("cgroup.procs").exists())
}

fn listed(controllers: &Path) -> bool {
    fs::read_to_string(controllers).is_ok_and(|all| all.split_ascii_whitespace().any(|one| one == "cpu"))
}

fn held_back(stat: &Path) -> io::Result<u64> {
    let stat = fs::read_to_string(stat)?;
    let count = stat.lines().find_map(|line| line.strip_prefix("nr_throttled ")?.trim().parse().ok());
    Ok(count.unwrap_or_default())
}
