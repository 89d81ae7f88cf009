//! The words that stand in the database, the API and the pages, spelled the same everywhere.

use strum::VariantNames;

use crate::words::words;

/// A word that is none of an enum's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{got}\" is not one of {}", expected.join(", "))]
pub struct UnknownLabel {
    /// What was given, cut to 64 characters.
    pub got: String,
    /// The words that are taken.
    pub expected: &'static [&'static str],
}

/// Reads one of an enum's words; the error lists all of them.
///
/// # Errors
/// Where the text is none of the words, letter case included.
pub fn parse_label<T: std::str::FromStr + VariantNames>(text: &str) -> Result<T, UnknownLabel> {
    text.parse().map_err(|_| UnknownLabel { got: text.chars().take(64).collect(), expected: T::VARIANTS })
}

words! { "SCREAMING_SNAKE_CASE",
    /// Where a tenant stands. Only what happens to the tenant changes it.
    pub enum TenantStatus {
        /// Created, never started.
        New,
        /// The worker runs and waits for a QR code, or for the next round of them.
        QrPending,
        /// A QR code can be scanned.
        QrReady,
        /// Linked and meant to answer.
        Active,
        /// Stopped by an operator.
        Paused,
        /// Needs a person: logged out, refused, silent, or in a crash loop.
        Error,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// What the worker says of its connection to WhatsApp.
    pub enum SessionState {
        /// No connection to WhatsApp.
        Disconnected,
        /// Connected to be linked: a QR code can be scanned.
        QrReady,
        /// Linked and connected.
        Connected,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// What is observed of a worker process.
    pub enum WorkerStatus {
        /// A process runs.
        Running,
        /// No process runs, and none should.
        Stopped,
        /// No process runs although one should; the supervisor has given up or waits to try again.
        Error,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// What an operator wants of a worker.
    pub enum DesiredState {
        /// There should be a process.
        Run,
        /// There should be none.
        Stopped,
    }
}

words! { "UPPERCASE",
    /// The language a bot answers in.
    pub enum Language {
        /// Swahili.
        Sw,
        /// English.
        En,
    }
}

words! { "UPPERCASE",
    /// Which way a message went, seen from the business.
    pub enum Direction {
        /// From a customer.
        In,
        /// To a customer.
        Out,
    }
}

words! { "UPPERCASE",
    /// What a person is to a tenant; ADMIN is an operator and stands for no tenant.
    pub enum Role {
        /// Owns the business.
        Owner,
        /// Works in the business.
        Staff,
        /// Operates the platform.
        Admin,
    }
}

words! { "UPPERCASE",
    /// Whether a membership is in force.
    pub enum MembershipStatus {
        /// Invited, not confirmed: may do nothing yet.
        Invited,
        /// In force.
        Active,
        /// Ended.
        Removed,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// For what a link of the portal is.
    pub enum LinkKind {
        /// Signs its person in.
        SignIn,
        /// Makes its person a member of a tenant, and signs them in.
        Invitation,
        /// Signs its person in to set a new password.
        Reset,
        /// Confirms another address.
        ChangeEmail,
        /// Shows an operator a tenant's portal as its owner sees it.
        Look,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// By what a session of the portal has begun.
    pub enum Via {
        /// A provider vouched for the person.
        Provider,
        /// A link.
        Link,
        /// A password.
        Password,
        /// An operator looks.
        Look,
    }
}

words! { "UPPERCASE",
    /// How far a setup request has come.
    pub enum SetupStatus {
        /// Sent by the owner.
        Submitted,
        /// An operator is looking at it.
        Reviewing,
        /// Approved; the phone is not linked yet.
        Approved,
        /// Approved and linked.
        Active,
        /// Refused, with a note for the owner.
        Rejected,
    }
}

words! { "UPPERCASE",
    /// Where a business stands with a customer.
    pub enum CustomerState {
        /// Has written, and nothing has come of it yet.
        New,
        /// Waits for an answer of the business.
        Waiting,
        /// Something is agreed on.
        Confirmed,
        /// All is done.
        Done,
        /// Nothing will come of it.
        Lost,
    }
}

words! { "lowercase",
    /// A group of tenants that an operator looks for. Each tenant is in one of the first seven, in the order in which a list
    /// shows them; the last two are parts of the first.
    pub enum Show {
        /// Those that need a person.
        Needs,
        /// Waiting for a phone to scan a code.
        Waiting,
        /// Linked, and away from WhatsApp for a moment.
        Reconnecting,
        /// Linked, connected and allowed to answer.
        Answering,
        /// Suspended by an operator.
        Suspended,
        /// Stopped by an operator.
        Paused,
        /// Never started.
        New,
        /// In error.
        Error,
        /// Running and not heard of for too long.
        Stale,
    }
}

impl Show {
    /// The groups of which each tenant is in one, in the order of a list.
    pub const ALL: [Self; 7] = [
        Self::Needs,
        Self::Waiting,
        Self::Reconnecting,
        Self::Answering,
        Self::Suspended,
        Self::Paused,
        Self::New,
    ];
}

words! { "snake_case",
    /// What kind of thing a line of the audit log tells of.
    pub enum EventKind {
        /// Something became other than it was.
        Changes,
        /// Somebody read or took along what customers wrote, or the log itself.
        Reading,
        /// Somebody signed in or out, or tried to.
        SigningIn,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// Why a session with WhatsApp does not work, where more is known than that it does not.
    pub enum Trouble {
        /// The phone removed the device.
        PhoneRemoved,
        /// WhatsApp refused the session, or another client took its place.
        Refused,
        /// WhatsApp has limited the number for a time.
        Limited,
        /// WhatsApp cannot be reached from where the bot runs: no network, or no name resolution.
        Unreachable,
        /// The session's keys are gone.
        SessionLost,
        /// The session's keys cannot be read.
        SessionCorrupt,
    }
}

words! { "lowercase",
    /// How grave a line of a worker's log is, the gravest first.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Severity {
        /// Something does not work.
        Error,
        /// Something is odd, and may come to a fault.
        Warn,
        /// What happens.
        #[default]
        Info,
        /// What happens, in detail; traces too.
        Debug,
    }
}

words! { "lowercase",
    /// How a list of tenants is sorted.
    #[derive(Default)]
    pub enum Sort {
        /// The newest first.
        #[default]
        Newest,
        /// Those that need a person first, in the order of [`Show::ALL`]; within a group the newest first.
        Need,
        /// By name, from A.
        Name,
        /// The last heard of first.
        Seen,
        /// The largest first.
        Memory,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// How a host of bots does.
    pub enum HostState {
        /// It takes tenants.
        Ready,
        /// Its tenants are moved elsewhere, and it takes none.
        Draining,
        /// It does not answer. Its bots may well go on.
        Away,
        /// A person has said that it never comes back.
        Lost,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// What a person has ordered of a host of bots.
    pub enum HostOrder {
        /// To take tenants.
        Ready,
        /// To be emptied.
        Draining,
        /// To be given up.
        Lost,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// How far a tenant's move from host to host is.
    #[derive(Default)]
    pub enum PlaceStep {
        /// None is under way.
        #[default]
        Stays,
        /// It leaves: nothing of it begins anywhere.
        Leaves,
        /// It has its place, and what it has left behind is being removed.
        Clears,
    }
}
