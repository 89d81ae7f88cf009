//! What the control plane takes from itself: files by landlock, ports to listen on, rights of root's, and system calls that
//! nobody there has a use for.
//!
//! It comes before the runtime, in the single-threaded `main`: landlock binds the calling thread and what it will start, and a
//! way to bind all threads at once (TSYNC) is in no kernel before 7.0. So whatever is opened later must be told here. All
//! that it starts inherits it; a worker's own confinement comes on top, and a worker with a user of its own still gets that
//! user, since `setuid` asks for a capability and no new privilege. A command of the operator's is started before, see
//! `cli/host/backups/giver.rs`.
//!
//! Signals are not scoped, since workers that an earlier control plane has started are in no domain of this one's, and have
//! to be ended. Where TCP goes to is not bound: mail, providers and push services have ports of their own.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use domain::{Confinement, WantedConfinement};
use landlock::{
    Access as _, AccessFs, AccessNet, BitFlags, NetPort, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::{
    Applied, ConfineError, Layer, calls,
    files::{DIRECTORIES, FILES, TRIED, resolv_conf_directory},
    missing, process,
};

/// What is told of the processes of this machine: workers, and who calls `admin.sock`.
const PROC: &str = "/proc";
/// What a child's output goes to that nobody wants to read.
const NULL: &str = "/dev/null";

/// What a control plane keeps.
#[derive(Debug, Clone)]
pub struct PlanePlan {
    /// How much of it must hold.
    pub wanted: WantedConfinement,
    /// Directories of its own, which are there: read and written, but nothing in them is run.
    pub own: Vec<PathBuf>,
    /// Files, and directories with all in them, that it reads. What is not there is left out.
    pub read: Vec<PathBuf>,
    /// Directories with what it starts, beside the system's libraries.
    pub run: Vec<PathBuf>,
    /// TCP ports to listen on; 0 stands for any that the system picks.
    pub ports: Vec<u16>,
}

/// Files that are replaced from time to time, which a rule would not follow: it binds a file and not its name.
#[derive(Debug, Clone, Default)]
pub struct Followed(Vec<PathBuf>);

impl Followed {
    /// One that could be read and cannot be any more, since another file has its name.
    #[must_use]
    pub fn lost(&self) -> Option<&Path> {
        let is_lost = |path: &&PathBuf| {
            File::open(path).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
        };
        self.0.iter().find(is_lost).map(PathBuf::as_path)
    }
}

impl PlanePlan {
    /// Takes files, ports and system calls away, of this process and of all that it will start. Called once, while it has one
    /// thread.
    ///
    /// # Errors
    /// Where something that is wanted in full is not to be had; the process must then end.
    pub fn apply(self) -> Result<(Applied, Followed), ConfineError> {
        let missing = missing();
        self.apply_but(missing)
    }

    /// The same where the system lacks these.
    fn apply_but(self, mut missing: Vec<Layer>) -> Result<(Applied, Followed), ConfineError> {
        match self.wanted {
            WantedConfinement::Off => {
                let missing = Layer::ALL.to_vec();
                return Ok((Applied { level: Confinement::Off, missing }, Followed::default()));
            }
            WantedConfinement::Full if !missing.is_empty() => return Err(ConfineError::Missing(missing)),
            _ => {}
        }
        let system = FILES.iter().map(PathBuf::from).filter(|path| path.starts_with("/etc"));
        let followed = system.chain(self.read.iter().filter(|path| path.is_file()).cloned());
        let followed = Followed(followed.filter(|path| File::open(path).is_ok()).collect());
        let [files, calls] = [Layer::Files, Layer::Calls].map(|layer| !missing.contains(&layer));
        let taken = [
            (Layer::Limits, Some(process::keep_capabilities())),
            (Layer::Files, files.then(|| self.restrict_files())),
            (Layer::Calls, calls.then(calls::close_unused)),
        ];
        for (layer, done) in taken {
            match done {
                None | Some(Ok(())) => {}
                Some(Err(error)) if self.wanted == WantedConfinement::Full => return Err(error),
                Some(Err(_)) => missing.push(layer),
            }
        }
        let level = if missing.is_empty() { Confinement::Full } else { Confinement::Partial };
        Ok((Applied { level, missing }, followed))
    }

    fn restrict_files(&self) -> Result<(), ConfineError> {
        let told = |error: String| ConfineError::Files(error);
        // A directory that is not there would be left out without a word, and missed later.
        if let Some(path) = self.own.iter().find(|path| !path.is_dir()) {
            return Err(told(format!("{} is no directory", path.display())));
        }
        match self.restricted() {
            Ok(RulesetStatus::NotEnforced) => Err(told("the kernel enforces nothing".to_owned())),
            Ok(_) => Ok(()),
            Err(error) => Err(told(error.to_string())),
        }
    }

    fn restricted(&self) -> Result<RulesetStatus, RulesetError> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let run = read | AccessFs::Execute;
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(TRIED))?
            .handle_access(AccessNet::BindTcp)?
            .scope(Scope::AbstractUnixSocket)?
            .create()?
            .add_rules(path_beneath_rules(FILES, read))?
            .add_rules(path_beneath_rules([NULL], read | AccessFs::WriteFile))?
            .add_rules(path_beneath_rules([PROC], read))?
            .add_rules(path_beneath_rules(resolv_conf_directory(), read))?
            // The loader (ld.so(8)) is among them, and runs whatever can be read: to run them takes nothing more.
            .add_rules(path_beneath_rules(DIRECTORIES, run))?
            .add_rules(path_beneath_rules(&self.read, read))?
            .add_rules(path_beneath_rules(&self.run, run))?
            .add_rules(path_beneath_rules(&self.own, own()))?;
        for port in &self.ports {
            rules = rules.add_rule(NetPort::new(*port, AccessNet::BindTcp))?;
        }
        Ok(rules.restrict_self()?.ruleset)
    }
}

/// What may be done in a directory of its own: all but running what lies there, links to elsewhere, and devices.
fn own() -> BitFlags<AccessFs> {
    AccessFs::from_all(TRIED)
        & !(AccessFs::Execute
            | AccessFs::MakeChar
            | AccessFs::MakeBlock
            | AccessFs::MakeSym
            | AccessFs::IoctlDev)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    #![allow(clippy::disallowed_methods, reason = "a process of the test's own, told by a variable")]

    use std::{
        fs, io,
        net::{TcpListener, ToSocketAddrs as _},
        path::{Path, PathBuf},
        process::Command,
    };

    use domain::{Confinement, WantedConfinement};

    use super::{Followed, PlanePlan};
    use crate::{ConfineError, Layer};

    const OWN: &str = "CONFINE_TEST_OWN";

    fn plan(wanted: WantedConfinement, own: &Path) -> PlanePlan {
        let run = std::env::current_exe().unwrap().parent().unwrap().to_owned();
        PlanePlan { wanted, own: vec![own.to_owned()], read: vec![], run: vec![run], ports: vec![0] }
    }

    #[test]
    fn what_is_wanted_in_full_and_missing_is_an_error_and_nothing_less() {
        let here = std::env::temp_dir();
        let refused = plan(WantedConfinement::Full, &here).apply_but(vec![Layer::Files]).unwrap_err();
        assert!(matches!(&refused, ConfineError::Missing(layers) if layers == &[Layer::Files]));
        assert!(refused.to_string().contains("CONFINEMENT=best-effort"), "{refused}");
        let (off, _) = plan(WantedConfinement::Off, &here).apply().unwrap();
        assert_eq!(off.level, Confinement::Off);
        let all = Layer::ALL.to_vec();
        let (rest, _) = plan(WantedConfinement::BestEffort, &here).apply_but(all).unwrap();
        assert_eq!(rest.level, Confinement::Partial);
    }

    fn denied<T>(went: io::Result<T>) -> bool {
        went.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    }

    /// Not a test by itself: a process that has confined itself as a control plane does.
    #[test]
    fn in_a_process_of_its_own() {
        let Some(own) = std::env::var_os(OWN).map(PathBuf::from) else { return };
        let beside = own.with_file_name("beside");
        let nowhere = PlanePlan { own: vec![beside.join("none")], ..plan(WantedConfinement::Full, &own) };
        assert!(nowhere.apply().unwrap_err().to_string().contains("is no directory"));
        let mut told = plan(WantedConfinement::Full, &own);
        told.read = vec![beside.clone(), own.with_file_name("not there")];
        let (applied, followed) = told.apply().unwrap();
        assert_eq!(applied.level, Confinement::Full, "{applied:?}");
        // Its own: made, moved between directories, removed; but nothing is run there, and no link leads out.
        fs::create_dir(own.join("within")).unwrap();
        fs::write(own.join("within/file"), "x").unwrap();
        fs::rename(own.join("within/file"), own.join("file")).unwrap();
        assert!(denied(std::os::unix::fs::symlink("/etc", own.join("link"))));
        // What it reads is not written, and what it was not told of is not read.
        assert!(fs::read(&beside).is_ok() && denied(fs::OpenOptions::new().append(true).open(&beside)));
        assert!(denied(fs::read(own.with_file_name("secret"))));
        assert!(denied(fs::read_dir("/etc")) && denied(fs::File::open("/bin/sh")));
        // It starts what it may, which may no more than it, and nothing else.
        let child = Command::new(std::env::current_exe().unwrap()).arg("--help").output();
        assert!(child.unwrap().status.success());
        assert!(denied(Command::new("/bin/sh").arg("-c").arg("true").status()));
        // A thread, a host by its name, a port.
        let found = std::thread::spawn(|| ("localhost", 443).to_socket_addrs().map(|all| all.count()));
        assert!(found.join().unwrap().unwrap() > 0);
        drop(TcpListener::bind("127.0.0.1:0").unwrap());
        assert!(denied(TcpListener::bind("127.0.0.1:49")));
        // What it was to follow and may not read any more is missed.
        assert_eq!(followed.lost(), None);
        let secret = own.with_file_name("secret");
        assert_eq!(Followed(vec![beside, secret.clone()]).lost(), Some(secret.as_path()));
    }

    #[test]
    fn a_control_plane_keeps_its_own_directories_and_what_it_needs_to_read() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path().join("own");
        fs::create_dir(&own).unwrap();
        for name in ["beside", "secret"] {
            fs::write(place.path().join(name), name).unwrap();
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "plane::tests::in_a_process_of_its_own", "--test-threads=1"]);
        let output = child.env(OWN, &own).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{said}\n{output:?}");
    }
}
