//! Points at which the crash driver may kill this process. Empty unless the feature `crash-points` is on, which no
//! release has.

/// Every point, in the order in which a message passes them. The crash driver fails where one is never reached.
pub const POINTS: &[&str] = &[
    // The inbound durability hook, and what it lets the channel do.
    "inbox_taken",
    "inbox_before_commit",
    "inbox_after_commit",
    "inbox_before_acknowledgement",
    // The one transaction that fixes a message's outcome.
    "outcome_decided",
    "outcome_before_commit",
    "outcome_after_commit",
    // Each send and what the server says of it.
    "send_before",
    "send_after",
    "send_acknowledged",
    "send_before_mark",
    "send_after_mark",
    // A text typed by a person.
    "typed_before_commit",
    "typed_after_commit",
    // Log rows on their way up.
    "logs_before_send",
    "logs_after_send",
    "logs_acknowledged",
    "logs_before_forget",
    "logs_after_forget",
    // A contact whose two names turn out to be one person's.
    "contact_merged",
    // Start and settings.
    "journal_opened",
    "settings_before_commit",
    "settings_after_commit",
];

#[cfg(not(feature = "crash-points"))]
mod with {
    /// Does nothing in this build.
    #[inline(always)]
    pub fn point(_name: &'static str) {}
}

#[cfg(feature = "crash-points")]
mod with {
    use std::{
        collections::HashMap,
        fs::File,
        io::Write,
        sync::{Mutex, OnceLock},
    };

    /// At which hit of which point this process ends, and where it notes what it passed.
    #[derive(Debug)]
    pub struct Plan {
        /// The point's name and the hit, from 1; `None` only notes.
        pub kill_at: Option<(String, u32)>,
        /// A line with the point's name for each hit, opened for appending.
        pub trace: Option<File>,
    }

    /// A plan that cannot be carried out.
    #[derive(Debug, thiserror::Error)]
    pub enum PlanError {
        /// No such point.
        #[error("FLOWHQ_CRASH names \"{0}\", which is no crash point")]
        Unknown(String),
        /// Not `point:hit`.
        #[error("FLOWHQ_CRASH is \"{0}\"; write it like outcome_before_commit:1")]
        Malformed(String),
        /// A second plan in one process.
        #[error("this process has a crash plan already")]
        Twice,
    }

    struct Armed {
        plan: Plan,
        hits: HashMap<&'static str, u32>,
    }

    static ARMED: OnceLock<Mutex<Armed>> = OnceLock::new();

    /// Reads `point:hit`.
    ///
    /// # Errors
    /// Where it is anything else, or no such point.
    pub fn parse(text: &str) -> Result<(String, u32), PlanError> {
        let malformed = || PlanError::Malformed(text.chars().take(64).collect());
        let (name, hit) = text.split_once(':').ok_or_else(malformed)?;
        let hit: u32 = hit.parse().map_err(|_| malformed())?;
        if hit == 0 {
            return Err(malformed());
        }
        if !super::POINTS.contains(&name) {
            return Err(PlanError::Unknown(name.chars().take(64).collect()));
        }
        Ok((name.to_owned(), hit))
    }

    /// Sets this process's plan, once, before anything runs.
    ///
    /// # Errors
    /// Where there is one already.
    pub fn arm(plan: Plan) -> Result<(), PlanError> {
        ARMED.set(Mutex::new(Armed { plan, hits: HashMap::new() })).map_err(|_| PlanError::Twice)
    }

    /// Counts a hit, and ends this process by SIGKILL where the plan says so.
    pub fn point(name: &'static str) {
        debug_assert!(super::POINTS.contains(&name), "{name} is missing in POINTS");
        let Some(armed) = ARMED.get() else { return };
        let mut armed = armed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let hits = armed.hits.entry(name).or_default();
        *hits += 1;
        let hit = *hits;
        if let Some(trace) = &mut armed.plan.trace {
            // One write for a line: the page cache keeps it although the process dies right after.
            let _ = trace.write_all(format!("{name}\n").as_bytes());
        }
        if armed.plan.kill_at.as_ref().is_some_and(|(at, which)| at == name && *which == hit) {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
    }
}

pub use with::*;
