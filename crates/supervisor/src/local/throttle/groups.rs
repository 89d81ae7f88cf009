//! Groups of processes (cgroups(7)) in which the kernel gives a worker a tenth of a core and no more. They lie beneath the group of
//! this process, where that one is its own to divide: systemd gives a service its group with `Delegate=cpu`. Made before this
//! process confines itself, since nothing of the kernel's can be written afterwards; what is moved later is moved through the files
//! that were opened then.
//!
//! In the second version the groups are "threaded": the group above them keeps its processes, so that systemd can start the service
//! anew in it while workers live, which it could not where all had to be in groups beneath.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::local::groups::{self, Group};

/// How many there are: as many workers are held apart from each other, and more share.
const COUNT: usize = 8;
/// What a group gets in each period, in µs, and how long a period is: short, so that whoever waits for the processor does not wait
/// for what is left of a long one.
const QUOTA_US: u32 = 2_000;
const PERIOD_US: u32 = 20_000;
/// Whoever wakes up takes the processor from what is in such a group at once. By weight alone the kernel (since 6.6) lets it go on for
/// a slice first, which others' answers would wait for. Who gets next to nothing by that is freed again, as one that has enough.
const IDLE: &str = "cpu.idle";
/// Set to "1" by systemd on what it has given away (`CGROUP_DELEGATION.md` of systemd's); the second can be read by root alone.
const MARKS: [&str; 2] = ["user.delegate", "trusted.delegate"];

/// The share of one core that a worker gets while it is throttled.
pub(super) const QUOTA: f64 = QUOTA_US as f64 / PERIOD_US as f64;

/// Where throttled workers are, and where all others are.
#[derive(Debug)]
pub struct ThrottleGroups {
    home: File,
    groups: Vec<File>,
}

/// Why no worker can be throttled.
#[derive(Debug, thiserror::Error)]
pub enum NoThrottle {
    /// The kernel has no such groups here.
    #[error("the kernel shows no groups of processes for processors beneath {}", groups::SHOWN)]
    NoGroups,
    /// They are somebody else's to divide.
    #[error(
        "the group of processes {0} is not this service's own to divide: Delegate=cpu in its unit file makes it so"
    )]
    NotOurs(PathBuf),
    /// They could not be made.
    #[error("{path}: {source}")]
    Path {
        /// At which of them it failed.
        path: PathBuf,
        /// How.
        source: io::Error,
    },
}

impl ThrottleGroups {
    /// Makes them in the group of this process. Workers that an earlier control plane has throttled are freed.
    ///
    /// # Errors
    /// Where there are none to be had.
    pub fn prepare() -> Result<Self, NoThrottle> {
        let own = own_group(&groups::listed(), Path::new(groups::SHOWN)).ok_or(NoThrottle::NoGroups)?;
        let (Group::First(path) | Group::Second(path)) = &own;
        if !is_ours(path) {
            return Err(NoThrottle::NotOurs(path.clone()));
        }
        Self::within(&own)
    }

    fn within(own: &Group) -> Result<Self, NoThrottle> {
        let (Group::First(path) | Group::Second(path)) = own;
        let home = opened(&path.join("cgroup.procs"))?;
        let groups: Vec<_> = (0..COUNT).map(|n| path.join(format!("throttled-{n}"))).collect();
        for group in &groups {
            made(group)?;
        }
        if let Group::Second(own) = own {
            for group in &groups {
                threaded(group)?;
            }
            write(&own.join("cgroup.subtree_control"), "+cpu")?;
        }
        for group in &groups {
            match own {
                Group::First(_) => {
                    write(&group.join("cpu.cfs_period_us"), &PERIOD_US.to_string())?;
                    write(&group.join("cpu.cfs_quota_us"), &QUOTA_US.to_string())?;
                }
                Group::Second(_) => write(&group.join("cpu.max"), &format!("{QUOTA_US} {PERIOD_US}"))?,
            }
            if let Err(error) = write(&group.join(IDLE), "1") {
                tracing::debug!(%error, "a kernel before 5.15: a throttled worker has its share and its turn");
            }
            for thread in fs::read_to_string(group.join("cgroup.threads")).unwrap_or_default().lines() {
                // It may have ended.
                let _freed = (&home).write_all(thread.as_bytes());
            }
        }
        let groups =
            groups.iter().map(|group| opened(&group.join("cgroup.procs"))).collect::<Result<_, _>>()?;
        Ok(Self { home, groups })
    }

    /// What a worker that is throttled gets, in words: the share of one core.
    #[must_use]
    pub fn told() -> String {
        format!("{:.0} %", QUOTA * 100.0)
    }

    /// Moves a process with all its threads into a group.
    pub(super) fn throttle(&self, pid: u32, group: usize) -> io::Result<()> {
        let group = self.groups.get(group).ok_or(io::ErrorKind::NotFound)?;
        (&mut &*group).write_all(pid.to_string().as_bytes())
    }

    /// Moves it back.
    pub(super) fn free(&self, pid: u32) -> io::Result<()> {
        (&mut &self.home).write_all(pid.to_string().as_bytes())
    }

    pub(super) fn count(&self) -> usize {
        self.groups.len()
    }
}

/// The group of this process in which processors are shared out, as `/proc/self/cgroup` lists them.
fn own_group(listed: &str, shown: &Path) -> Option<Group> {
    groups::of(listed, "cpu", shown).find_map(|group| match group {
        Group::First(_) => Some(group),
        Group::Second(own) => {
            let offered = fs::read_to_string(own.join("cgroup.controllers")).ok()?;
            offered.split_ascii_whitespace().any(|kind| kind == "cpu").then_some(Group::Second(own))
        }
    })
}

/// Whether it was given to us: it is marked so, or belongs to our user, who is not root.
fn is_ours(group: &Path) -> bool {
    let marked = MARKS.iter().any(|mark| {
        let mut value = [0; 8];
        matches!(rustix::fs::getxattr(group, *mark, &mut value[..]), Ok(1) if value[0] == b'1')
    });
    let user = rustix::process::geteuid();
    marked || (!user.is_root() && fs::metadata(group).is_ok_and(|group| group.uid() == user.as_raw()))
}

fn made(group: &Path) -> Result<(), NoThrottle> {
    match fs::create_dir(group) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            Err(NoThrottle::Path { path: group.to_owned(), source })
        }
        _ => Ok(()),
    }
}

fn threaded(group: &Path) -> Result<(), NoThrottle> {
    let kind = group.join("cgroup.type");
    match fs::read_to_string(&kind) {
        Ok(is) if is.trim() == "threaded" => Ok(()),
        _ => write(&kind, "threaded"),
    }
}

fn opened(path: &Path) -> Result<File, NoThrottle> {
    let file = OpenOptions::new().write(true).open(path);
    file.map_err(|source| NoThrottle::Path { path: path.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), NoThrottle> {
    fs::write(path, text).map_err(|source| NoThrottle::Path { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_group_for_processors_is_found_in_both_versions() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let service = root.join("system.slice/flowhq.service");
        fs::create_dir_all(&service).unwrap();
        let second = "0::/system.slice/flowhq.service\n";
        assert_eq!(own_group(second, root), None, "it is not shown here");
        fs::write(service.join("cgroup.controllers"), "memory pids\n").unwrap();
        assert_eq!(own_group(second, root), None, "processors are not shared out in it");
        fs::write(service.join("cgroup.controllers"), "cpuset cpu io\n").unwrap();
        assert_eq!(own_group(second, root), Some(Group::Second(service)));
        let first = "7:cpuset:/\n4:cpu,cpuacct:/a/b\n0::/c\nnonsense\n";
        assert_eq!(own_group(first, root), Some(Group::First(root.join("cpu/a/b"))));
    }

    #[test]
    fn each_group_gets_a_tenth_of_a_core_and_what_was_left_in_one_goes_home() {
        let own = || tempfile::tempdir().unwrap();
        let (first, second) = (own(), own());
        for (own, group, name, limit) in [
            (&first, Group::First(first.path().to_owned()), "cpu.cfs_quota_us", "2000"),
            (&second, Group::Second(second.path().to_owned()), "cpu.max", "2000 20000"),
        ] {
            let left = own.path().join("throttled-3");
            fs::create_dir(&left).unwrap();
            fs::write(left.join("cgroup.threads"), "4711\n").unwrap();
            for n in 0..COUNT {
                let group = own.path().join(format!("throttled-{n}"));
                let _is_there = fs::create_dir(&group);
                fs::write(group.join("cgroup.procs"), "").unwrap();
            }
            assert!(matches!(
                ThrottleGroups::within(&group),
                Err(NoThrottle::Path { path, .. }) if path.ends_with("cgroup.procs")
            ));
            fs::write(own.path().join("cgroup.procs"), "").unwrap();
            let groups = ThrottleGroups::within(&group).unwrap();
            let read = |path: &str| fs::read_to_string(own.path().join(path)).unwrap();
            assert_eq!(read(&format!("throttled-7/{name}")), limit);
            assert_eq!(read("cgroup.procs"), "4711");
            groups.throttle(1, 2).unwrap();
            assert_eq!(read("throttled-2/cgroup.procs"), "1");
            assert_eq!(groups.throttle(1, COUNT).unwrap_err().kind(), io::ErrorKind::NotFound);
        }
    }

    #[test]
    fn what_nobody_has_given_us_is_not_ours() {
        if rustix::process::geteuid().is_root() {
            let folder = tempfile::tempdir().unwrap();
            assert!(!is_ours(folder.path()), "root owns everything, and systemd divides it");
        }
    }
}
