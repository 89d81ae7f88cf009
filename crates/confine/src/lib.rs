//! What a worker takes from itself before it reads the first byte of a stranger's: files, ports, processes, system calls;
//! and what the control plane does (`plane`). Linux alone offers it. Knows nothing of ours but `domain`, and must never be what decides whether something may be
//! asked: it only takes away.
//!
//! The order is forced. [`Plan::apply`] comes in the single-threaded `main`, since landlock binds the calling thread and
//! its later children only. The runtime is made next, since it needs a socket pair. [`Half::close`] comes after that and
//! before any other thread. What is taken is never given back, to no thread and no child.

mod calls;
mod error;
mod files;
mod level;
mod plane;
mod process;

#[cfg(feature = "attempts")]
pub mod attempts;

use std::path::PathBuf;

use domain::{Confinement, WantedConfinement};

pub use calls::{ANSWERED_AS_UNKNOWN, allowed, allowed_numbers};
pub use error::ConfineError;
pub use files::outlived;
pub use level::{Layer, missing};
pub use plane::{Followed, PlanePlan};
pub use process::{close_to_others, forget_environment, own_session, set_environment};

/// What a worker keeps.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How much of it must hold.
    pub wanted: WantedConfinement,
    /// Directories to read and write; nothing else can be written.
    pub directories: Vec<PathBuf>,
    /// TCP ports that may be connected to, beside 53 for names. Landlock knows ports and no addresses.
    pub ports: Vec<u16>,
    /// The most memory, in bytes (RLIMIT_DATA).
    pub memory_bytes: u64,
    /// The largest file, in bytes (RLIMIT_FSIZE).
    pub file_bytes: u64,
    /// Whether it may end itself by SIGKILL, as the crash driver's points do.
    pub may_kill_itself: bool,
}

/// A process that has taken all from itself but system calls.
#[derive(Debug)]
#[must_use = "system calls are open until `close`"]
pub struct Half {
    wanted: WantedConfinement,
    may_kill_itself: bool,
    missing: Vec<Layer>,
}

/// What holds from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// In one word.
    pub level: Confinement,
    /// What is missing.
    pub missing: Vec<Layer>,
}

impl Plan {
    /// Takes away new rights, resources, files and ports. Called once, while the process has one thread.
    ///
    /// # Errors
    /// Where something that is wanted in full is not to be had; the process must then end.
    pub fn apply(self) -> Result<Half, ConfineError> {
        let missing = missing();
        self.apply_but(missing)
    }

    /// The same where the system lacks these.
    fn apply_but(self, mut missing: Vec<Layer>) -> Result<Half, ConfineError> {
        let Self { wanted, may_kill_itself, .. } = self;
        if wanted == WantedConfinement::Off {
            return Ok(Half { wanted, may_kill_itself, missing: Layer::ALL.to_vec() });
        }
        if wanted == WantedConfinement::Full && !missing.is_empty() {
            return Err(ConfineError::Missing(missing));
        }
        let lacking = missing.clone();
        let mut lacks = |layer, done: Result<(), ConfineError>| match done {
            Err(error) if wanted == WantedConfinement::Full => Err(error),
            Err(_) => {
                if !missing.contains(&layer) {
                    missing.push(layer);
                }
                Ok(())
            }
            Ok(()) => Ok(()),
        };
        // Whoever lacks one of these is not asked for it.
        let [limits, files] = [Layer::Limits, Layer::Files].map(|layer| !lacking.contains(&layer));
        if limits {
            lacks(Layer::Limits, process::limit(self.memory_bytes, self.file_bytes))?;
        }
        if files {
            lacks(Layer::Files, files::restrict(&self.directories, &self.ports))?;
        }
        Ok(Half { wanted, may_kill_itself, missing })
    }
}

impl Half {
    /// Takes away system calls, of all threads there are. Called once the runtime exists.
    ///
    /// # Errors
    /// As [`Plan::apply`].
    pub fn close(self) -> Result<Applied, ConfineError> {
        let Self { wanted, may_kill_itself, mut missing } = self;
        if wanted == WantedConfinement::Off {
            return Ok(Applied { level: Confinement::Off, missing });
        }
        if !missing.contains(&Layer::Calls)
            && let Err(error) = calls::restrict(may_kill_itself)
        {
            if wanted == WantedConfinement::Full {
                return Err(error);
            }
            missing.push(Layer::Calls);
        }
        let level = if missing.is_empty() { Confinement::Full } else { Confinement::Partial };
        Ok(Applied { level, missing })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    #![allow(clippy::disallowed_methods, reason = "a process of the test's own, told by a variable")]

    use std::{net::ToSocketAddrs as _, process::Command};

    use domain::{Confinement, WantedConfinement};

    use super::{ConfineError, Layer, Plan};

    fn plan(wanted: WantedConfinement) -> Plan {
        Plan {
            wanted,
            directories: vec![std::env::temp_dir()],
            ports: vec![443],
            memory_bytes: 512_000_000,
            file_bytes: 10_000_000,
            may_kill_itself: false,
        }
    }

    #[test]
    fn what_is_wanted_in_full_and_missing_is_an_error_and_nothing_less() {
        let refused = plan(WantedConfinement::Full).apply_but(vec![Layer::Files, Layer::Ports]).unwrap_err();
        assert!(matches!(&refused, ConfineError::Missing(layers) if layers.len() == 2));
        let words = refused.to_string();
        assert!(
            words.contains("no landlock for files") && words.contains("CONFINEMENT=best-effort"),
            "{words}"
        );
        let off = plan(WantedConfinement::Off).apply().unwrap().close().unwrap();
        assert_eq!((off.level, off.missing.len()), (Confinement::Off, Layer::ALL.len()));
        // Told so by name, it goes on; nothing was taken from this process, since nothing was there to take it.
        let rest =
            plan(WantedConfinement::BestEffort).apply_but(Layer::ALL.to_vec()).unwrap().close().unwrap();
        assert_eq!((rest.level, rest.missing.len()), (Confinement::Partial, Layer::ALL.len()));
    }

    const WITHOUT: &str = "CONFINE_TEST_WITHOUT";

    /// Not a test by itself: a process that lacks some layers, and looks a host up.
    #[test]
    fn in_a_process_of_its_own() {
        let Ok(without) = std::env::var(WITHOUT) else { return };
        let lacking: Vec<_> =
            Layer::ALL.into_iter().filter(|layer| without.contains(&format!("{layer:?}"))).collect();
        let whole = lacking.is_empty();
        let applied = plan(WantedConfinement::BestEffort).apply_but(lacking).unwrap().close().unwrap();
        assert_eq!(applied.level == Confinement::Full, whole);
        let found: Vec<_> = ("localhost", 443).to_socket_addrs().unwrap().collect();
        assert!(!found.is_empty());
        // A thread, and memory, are still to be had.
        assert_eq!(std::thread::spawn(|| vec![7_u8; 1 << 20].len()).join().unwrap(), 1 << 20);
        let passwd = std::fs::File::open("/etc/passwd");
        assert_eq!(passwd.is_err(), !without.contains("Files"), "{passwd:?}");
    }

    #[test]
    fn a_host_is_found_by_its_name_whatever_layer_is_missing() {
        let mut sets: Vec<String> = Layer::ALL.iter().map(|layer| format!("{layer:?}")).collect();
        sets.push("none of them".to_owned());
        // Each alone.
        sets.extend(Layer::ALL.iter().map(|kept| {
            let others = Layer::ALL.iter().filter(|layer| *layer != kept);
            others.map(|layer| format!("{layer:?}")).collect::<Vec<_>>().join(" ")
        }));
        for without in sets {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "tests::in_a_process_of_its_own", "--test-threads=1"]);
            let output = child.env(WITHOUT, &without).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                output.status.success() && said.contains("1 passed"),
                "without {without}: {said}\n{output:?}"
            );
        }
    }
}
