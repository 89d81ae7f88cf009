//! The groups of processes (cgroups(7)) that this process is in, of either version.

use std::path::{Path, PathBuf};

/// Where groups are shown.
pub(super) const SHOWN: &str = "/sys/fs/cgroup";

/// What `/proc/self/cgroup` lists; empty where the kernel has none.
pub(super) fn listed() -> String {
    std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default()
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    /// Of the first version, which has a tree for each kind: of the kind that was asked for.
    First(PathBuf),
    /// Of the second, which has one for all.
    Second(PathBuf),
}

/// The groups of a process in which it has its share of this kind, as it lists them: one for each version that the machine may
/// use for it.
pub(super) fn of<'a>(listed: &'a str, kind: &'a str, shown: &'a Path) -> impl Iterator<Item = Group> + 'a {
    listed.lines().filter_map(move |line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (kinds, group) = (fields.next()?, fields.next()?.trim_start_matches('/'));
        if kinds.is_empty() {
            return Some(Group::Second(shown.join(group)));
        }
        kinds.split(',').any(|one| one == kind).then(|| Group::First(shown.join(kind).join(group)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_found() {
        let of = |listed| of(listed, "memory", Path::new(SHOWN)).collect::<Vec<_>>();
        assert_eq!(
            of("0::/system.slice/flowhq.service\n"),
            [Group::Second("/sys/fs/cgroup/system.slice/flowhq.service".into())]
        );
        assert_eq!(
            of("7:cpu,cpuacct:/a\n4:memory:/a/b\nnonsense\n"),
            [Group::First("/sys/fs/cgroup/memory/a/b".into())]
        );
    }
}
