//! With which code a worker ends, so that the supervisor knows whether to start it again.

/// Why a worker ended, as its exit code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Exit {
    /// Asked to stop or log out, and done.
    Done,
    /// Something failed that may go better next time.
    Failed,
    /// The command line is wrong; it is written by the supervisor.
    Usage,
    /// The launch document cannot be used, or a setting in it.
    BadConfiguration,
    /// Another process holds the cell's lock.
    CellBusy,
    /// The journal has seen a newer generation.
    OldGeneration,
    /// `session.db` cannot be read.
    SessionCorrupt,
    /// `journal.db` cannot be read.
    JournalCorrupt,
    /// The disk is full or failing.
    Disk,
    /// The phone removed the device.
    LoggedOut,
    /// WhatsApp refused the session or the client.
    Refused,
    /// Another client took the session's place.
    Replaced,
    /// The sandbox asked for cannot be had on this machine.
    Sandbox,
}

/// An error of the device, for which the standard library has no name (errno(3); the same number on all systems).
const EIO: i32 = 5;

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::BadConfiguration => 20,
            Self::CellBusy => 21,
            Self::OldGeneration => 22,
            Self::SessionCorrupt => 23,
            Self::JournalCorrupt => 24,
            Self::Disk => 25,
            Self::LoggedOut => 26,
            Self::Refused => 27,
            Self::Replaced => 28,
            Self::Sandbox => 29,
        }
    }

    /// What a process's exit code says; codes that are not in the table (a panic's 101) are failures.
    #[must_use]
    pub const fn from_code(code: i32) -> Self {
        let all = <Self as strum::VariantArray>::VARIANTS;
        let mut at = 0;
        while at < all.len() {
            if all[at].code() as i32 == code {
                return all[at];
            }
            at += 1;
        }
        Self::Failed
    }

    /// What an error of a file means, where it is the disk that is full, fails or may only be read.
    #[must_use]
    pub fn of_disk(error: &std::io::Error) -> Option<Self> {
        use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let full = matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem);
        (full || error.raw_os_error() == Some(EIO)).then_some(Self::Disk)
    }

    /// Whether starting it again by itself could help. Where not, a person has to act first.
    #[must_use]
    pub const fn may_restart(self) -> bool {
        match self {
            Self::Done | Self::Failed | Self::CellBusy | Self::OldGeneration | Self::Disk => true,
            Self::Usage
            | Self::BadConfiguration
            | Self::SessionCorrupt
            | Self::JournalCorrupt
            | Self::LoggedOut
            | Self::Refused
            | Self::Replaced
            | Self::Sandbox => false,
        }
    }

    /// What happened and what to do, for the operator.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Done => "the worker ended in good order",
            Self::Failed => "the worker failed; its log says why",
            Self::Usage => {
                "the worker's command line is wrong: is WORKER_EXECUTABLE another version of flowhq?"
            }
            Self::BadConfiguration => "the worker cannot use its settings; its log names the one at fault",
            Self::CellBusy => "another process holds this tenant's directory",
            Self::OldGeneration => "a newer worker of this tenant has run already",
            Self::SessionCorrupt => {
                "the session database cannot be read and was left untouched: move session.db away, start the worker and \
                 link the phone again. No old copy can stand in: its keys are used up"
            }
            Self::JournalCorrupt => {
                "the journal cannot be read and was left untouched: move journal.db away and start the worker again; \
                 the messages that had no answer yet are lost with it. No old copy can stand in: it would answer again"
            }
            Self::Disk => "the disk is full or failing",
            Self::LoggedOut => "the phone removed this device: start the worker and scan the QR code again",
            Self::Refused => "WhatsApp refused this session; start the worker again once the cause is mended",
            Self::Replaced => "another client uses this session: end it, then start the worker again",
            Self::Sandbox => "this machine cannot give the sandbox that is configured",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;
    use strum::VariantArray;

    #[test]
    fn codes_are_distinct_and_come_back() {
        let mut seen = std::collections::HashSet::new();
        for exit in Exit::VARIANTS {
            assert!(seen.insert(exit.code()));
            assert_eq!(Exit::from_code(exit.code().into()), *exit);
        }
        assert_eq!(Exit::from_code(101), Exit::Failed);
        assert_eq!(Exit::from_code(-1), Exit::Failed);
    }

    #[test]
    fn a_disk_that_fails_is_told_from_a_right_that_is_missing() {
        let of = |number| Exit::of_disk(&std::io::Error::from_raw_os_error(number));
        // EIO, ENOSPC, EROFS; ENOENT, EACCES.
        assert_eq!([5, 28, 30].map(of), [Some(Exit::Disk); 3]);
        assert_eq!([2, 13].map(of), [None; 2]);
    }
}
