//! Every point, in the order in which a message passes them.

/// A process of Flow HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Process {
    /// One tenant's bot.
    Worker,
    /// `flowhq serve`.
    Control,
    /// `flowhq host`.
    Host,
    /// A command that changes what is there while no control plane runs.
    Command,
}

impl Process {
    /// How files of a run are named for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Control => "control",
            Self::Host => "host",
            Self::Command => "command",
        }
    }
}

/// A place in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Its name, unique.
    pub name: &'static str,
    /// Where it lies.
    pub process: Process,
}

const fn worker(name: &'static str) -> Point {
    Point { name, process: Process::Worker }
}

const fn control(name: &'static str) -> Point {
    Point { name, process: Process::Control }
}

const fn command(name: &'static str) -> Point {
    Point { name, process: Process::Command }
}

/// Those of commands and of moves, which have tests of their own: the crash driver's scenes reach none of them.
pub const COMMAND_POINTS: &[Point] = &[
    // A change of the master key.
    command("key_change_begun"),
    command("key_file_written"),
    command("key_file_resealed"),
    command("key_cells_done"),
    command("key_database_done"),
    command("key_replaced"),
    command("key_changed"),
    // A tenant that goes to another installation, and one that comes from one.
    control("move_fenced"),
    control("move_copied"),
    control("move_written"),
    control("move_laid"),
    control("move_arrived"),
    // A tenant that goes from one host to another.
    control("place_leaves"),
    control("place_left"),
    control("place_copied"),
    control("place_laid"),
    control("place_arrived"),
    control("place_cleared"),
];

/// Whether there is a point of this name.
#[must_use]
pub fn is_point(name: &str) -> bool {
    POINTS.iter().chain(COMMAND_POINTS).any(|point| point.name == name)
}

/// Every point. The crash driver fails where one is never reached.
pub const POINTS: &[Point] = &[
    // The session's database: the keys that decrypted a message, and the message itself, before anybody sees it.
    worker("session_before_buffer"),
    worker("session_after_buffer"),
    worker("session_before_keys"),
    worker("session_after_keys"),
    worker("session_before_unbuffer"),
    worker("session_after_unbuffer"),
    // The inbound durability hook, and what it lets the channel do.
    worker("inbox_taken"),
    worker("inbox_before_commit"),
    worker("inbox_after_commit"),
    worker("inbox_before_acknowledgement"),
    // The one transaction that fixes a message's outcome.
    worker("outcome_decided"),
    worker("outcome_before_commit"),
    worker("outcome_after_commit"),
    // Each send and what the server says of it.
    worker("send_before"),
    worker("session_settled"),
    worker("send_after"),
    worker("send_acknowledged"),
    worker("send_before_mark"),
    worker("send_after_mark"),
    // A text typed by a person.
    worker("typed_before_commit"),
    worker("typed_after_commit"),
    // The worker's end of the link, and log rows on their way up.
    worker("link_accepted"),
    worker("link_welcomed"),
    worker("logs_before_send"),
    worker("logs_after_send"),
    worker("logs_acknowledged"),
    worker("logs_before_forget"),
    worker("logs_after_forget"),
    // Records and timers in the transaction of a reply, and what is fixed with them.
    worker("records_taken"),
    worker("due_before_commit"),
    worker("due_marked"),
    worker("due_after_commit"),
    // Records on their way up.
    worker("records_before_send"),
    worker("records_after_send"),
    worker("records_acknowledged"),
    worker("records_before_forget"),
    worker("records_after_forget"),
    // What receipts tell of messages of ours, and that on its way up.
    worker("receipts_before_commit"),
    worker("receipts_after_commit"),
    worker("deliveries_before_send"),
    worker("deliveries_after_send"),
    worker("deliveries_acknowledged"),
    worker("deliveries_before_forget"),
    worker("deliveries_after_forget"),
    // A person's change of a record, and what is answered to it.
    worker("change_before_commit"),
    worker("change_after_commit"),
    worker("change_answered"),
    // The business profile, and the open records that a new journal is told.
    worker("profile_before_commit"),
    worker("profile_after_commit"),
    worker("restore_before_commit"),
    worker("restore_after_commit"),
    // A contact that is forgotten.
    worker("erase_before_commit"),
    worker("erase_after_commit"),
    worker("erase_answered"),
    // A contact whose two names turn out to be one person's.
    worker("contact_merged"),
    // Start and settings.
    worker("journal_opened"),
    worker("settings_before_commit"),
    worker("settings_after_commit"),
    // The control plane's end of the link.
    control("link_dialled"),
    control("link_greeted"),
    control("link_opened"),
    // Log rows in the control plane and its database.
    control("logs_received"),
    control("logs_store_before_commit"),
    control("logs_store_after_commit"),
    control("logs_stored"),
    control("logs_confirmed"),
    // Records in the control plane and its database.
    control("records_received"),
    control("records_store_before_commit"),
    control("records_store_after_commit"),
    control("records_stored"),
    control("records_confirmed"),
    control("records_told"),
    // How far messages have come, in the control plane and its database.
    control("deliveries_received"),
    control("deliveries_store_before_commit"),
    control("deliveries_store_after_commit"),
    control("deliveries_stored"),
    control("deliveries_confirmed"),
    // A person's change on its way down, and its answer.
    control("change_asked"),
    control("change_heard"),
    control("change_stored"),
    // A contact that is forgotten: ordered, gone from the log, gone from the journal, written down as done.
    control("erase_ordered"),
    control("erase_named"),
    control("erase_asked"),
    control("erase_heard"),
    control("erase_finished"),
    // A worker's start.
    control("generation_begun"),
    control("worker_spawned"),
    control("worker_recorded"),
    // What a worker says of its session.
    control("event_before_store"),
    control("event_after_store"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::POINTS;

    #[test]
    fn every_name_is_given_once() {
        let names: HashSet<_> = POINTS.iter().map(|point| point.name).collect();
        assert_eq!(names.len(), POINTS.len());
    }
}
