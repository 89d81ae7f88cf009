//! Files and ports, by landlock (landlock(7)).

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::ConfineError;

/// What was tried. A later kernel offers more than is asked for here.
pub(crate) const TRIED: ABI = ABI::V7;
/// Name servers are asked over TCP where an answer is long.
const NAMES: u16 = 53;

/// What name resolution, TLS and time zones read (resolv.conf(5), nsswitch.conf(5), gai.conf(5), ld.so(8)). Certificates of
/// authorities are part of the executable.
pub(crate) const FILES: &[&str] = &[
    RESOLV_CONF,
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/localtime",
    "/etc/ld.so.cache",
    "/dev/urandom",
    "/dev/random",
    "/dev/null",
];
/// The same of whole directories: time zones, and the libraries by which names are resolved.
pub(crate) const DIRECTORIES: &[&str] = &["/usr/share/zoneinfo", "/usr/lib", "/usr/lib64", "/lib", "/lib64"];
const RESOLV_CONF: &str = "/etc/resolv.conf";

pub(crate) fn offered() -> bool {
    let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    hard().handle_access(AccessFs::from_all(ABI::V3)).and_then(Ruleset::create).is_ok()
}

pub(crate) fn ports_offered() -> bool {
    let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    hard().handle_access(AccessNet::from_all(ABI::V4)).and_then(Ruleset::create).is_ok()
}

/// Leaves this thread, and what it will start, only these directories and ports, and what everybody needs.
pub(crate) fn restrict(directories: &[PathBuf], ports: &[u16]) -> Result<(), ConfineError> {
    let opened: Result<Vec<_>, _> = directories.iter().map(PathFd::new).collect();
    let opened = opened.map_err(|error| ConfineError::Files(error.to_string()))?;
    match restricted(opened, ports) {
        Ok(RulesetStatus::NotEnforced) => Err(ConfineError::Files("the kernel enforces nothing".to_owned())),
        Ok(_) => Ok(()),
        Err(error) => Err(ConfineError::Files(error.to_string())),
    }
}

fn restricted(directories: Vec<PathFd>, ports: &[u16]) -> Result<RulesetStatus, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(TRIED))?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::from_all(TRIED))?
        .create()?
        .add_rules(path_beneath_rules(FILES, read))?
        .add_rules(path_beneath_rules(DIRECTORIES, read))?
        .add_rules(path_beneath_rules(resolv_conf_directory(), read))?;
    for directory in directories {
        rules = rules.add_rule(PathBeneath::new(directory, own()))?;
    }
    for port in ports.iter().chain(&[NAMES]) {
        rules = rules.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

/// What may be done in a directory of its own: no links, no directories, no sockets, pipes or devices.
fn own() -> BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::RemoveFile
}

/// Where name servers are really written down. A rule binds a file and not its name, and a service that manages them
/// replaces the file: where it has a directory of its own, all of that can be read.
pub(crate) fn resolv_conf_directory() -> Option<PathBuf> {
    let real = Path::new(RESOLV_CONF).canonicalize().ok()?;
    real.parent().filter(|directory| directory.starts_with("/run")).map(Path::to_owned)
}

/// Whether name servers were written down anew in a file that this process may not read: it can then find no host any more,
/// and must be started again. Only of use in a process that was restricted.
#[must_use]
pub fn outlived() -> bool {
    std::fs::File::open(RESOLV_CONF).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}
