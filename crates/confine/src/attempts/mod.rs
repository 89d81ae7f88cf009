//! What code inside a worker, or inside the control plane, tries once it has been taken over. In builds for tests alone: run within a worker everything here
//! must be refused, and run outside, by the same user, all of it must succeed, or the refusals would mean nothing.
//!
//! Whatever succeeds is bounded and undone: a child ends at once, memory is never touched, a file is removed again.

mod files;
mod network;
mod plane;
mod processes;
pub(crate) mod raw;

use std::{io, path::PathBuf};

pub use raw::{tried_calls, tried_unused};

/// What is attacked.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The worker's own directory.
    pub own: PathBuf,
    /// A sibling's.
    pub sibling: PathBuf,
    /// The sibling's process.
    pub sibling_pid: i32,
    /// The socket that the sibling listens on.
    pub sibling_socket: PathBuf,
    /// The control plane's data directory.
    pub data: PathBuf,
    /// The control plane's process.
    pub serve_pid: i32,
    /// A TCP port on this machine on which something listens that no worker needs, like PostgreSQL.
    pub port: u16,
    /// The port of the control plane's own listener.
    pub admin_port: u16,
    /// An address like that of a cloud's metadata service, with its port, on which something listens.
    pub metadata: String,
    /// The most that its directory may hold, in bytes.
    pub directory_bytes: u64,
}

impl Target {
    /// As lines of a name and a value.
    #[must_use]
    pub fn to_text(&self) -> String {
        let paths = [
            ("own", &self.own),
            ("sibling", &self.sibling),
            ("sibling_socket", &self.sibling_socket),
            ("data", &self.data),
        ];
        let mut text: String =
            paths.iter().map(|(name, path)| format!("{name} {}\n", path.display())).collect();
        text.push_str(&format!(
            "sibling_pid {}\nserve_pid {}\nport {}\nadmin_port {}\nmetadata {}\ndirectory_bytes {}\n",
            self.sibling_pid, self.serve_pid, self.port, self.admin_port, self.metadata, self.directory_bytes
        ));
        text
    }

    /// Reads what [`Self::to_text`] wrote.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut target = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once(' ')) {
            match name {
                "own" => target.own = value.into(),
                "sibling" => target.sibling = value.into(),
                "sibling_socket" => target.sibling_socket = value.into(),
                "data" => target.data = value.into(),
                "sibling_pid" => target.sibling_pid = value.parse().unwrap_or_default(),
                "serve_pid" => target.serve_pid = value.parse().unwrap_or_default(),
                "port" => target.port = value.parse().unwrap_or_default(),
                "admin_port" => target.admin_port = value.parse().unwrap_or_default(),
                "metadata" => target.metadata = value.to_owned(),
                "directory_bytes" => target.directory_bytes = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        target
    }
}

/// Something forbidden.
#[derive(Clone, Copy)]
pub struct Attempt {
    /// What it is, in words.
    pub what: &'static str,
    /// Tries it. `Ok` means that it was had.
    pub tries: fn(&Target) -> io::Result<()>,
}

/// Whose code it is that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A worker's.
    Worker,
    /// The control plane's.
    Plane,
}

/// Everything that is tried.
#[must_use]
pub fn all(taken: Taken) -> Vec<Attempt> {
    match taken {
        Taken::Worker => [files::ALL, network::ALL, processes::ALL, raw::ALL].concat(),
        Taken::Plane => plane::ALL.to_vec(),
    }
}

/// Tries everything, and says of each how it went: a line with `had` or the error, a tab, and what it was. The last line is
/// `done`.
#[must_use]
pub fn run(taken: Taken, target: &Target) -> String {
    let mut told = String::new();
    for Attempt { what, tries } in all(taken) {
        let went = match tries(target) {
            Ok(()) => "had".to_owned(),
            Err(error) => error.to_string(),
        };
        told.push_str(&format!("{went}\t{what}\n"));
    }
    told.push_str("done\n");
    told
}
