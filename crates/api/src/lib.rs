//! What the admin API answers and takes, as JSON. The command line reads its answers with the same types, and the API's
//! document is derived from them: a field's comment is its description there.
//!
//! Numbers and names stand in them as plain text: checking is the business of what takes them in.

mod actions;
mod audit;
#[cfg(feature = "client")]
pub mod client;
mod contacts;
mod given;
mod hosts;
mod importing;
mod linking;
mod messages;
mod moves;
mod notes;
mod operators;
pub mod portal;
mod profile;
mod records;
mod setup_requests;
mod sign_in;
mod system;
mod tenants;
mod trying;
mod uptime;
mod worker_log;

pub use actions::{BulkAction, FailedAction, ManyTenants, Progress};
pub use audit::Event;
pub use contacts::{ContactErased, ContactExport, ContactJournal, ContactMessage};
pub use hosts::{Evening, Host, LoseHost, MoveTo, Place};
pub use importing::{ImportChange, ImportOutcome, ImportProblem, Imported, ImportedRow};
pub use linking::{PairingCode, Qr, Session};
pub use messages::{HandOff, HandOffs, SendMessage, SentMessage};
pub use moves::{MoveIn, MoveKey, MoveOut, MovedOut};
pub use notes::{PutNotes, TenantNotes};
pub use operators::{
    CreateOperator, NewPassword, NewSecondFactor, OperatorListed, OwnAccount, RecoveryCodes,
};
pub use profile::BusinessProfile;
pub use records::{ChangeRecord, NewRecord, Record};
pub use setup_requests::{
    Approve, Approved, CreateSetupRequest, Person, Reject, RequestTenant, RequestUser, SetupRequest,
};
pub use sign_in::{ChangePassword, Code, CodeNeeded, Confirm, SignIn, SignedIn};
pub use system::{
    AlertDelivered, AlertTested, BackedUp, Busy, Counted, Failing, InForce, Needing, Protection, System,
    Traffic, TrafficStep,
};
pub use tenants::{
    Config, ConfigInput, ConfirmNumber, CreateTenant, Health, Log, Suspend, Tenant, TenantWithLogs,
    UpdateTenant, Worker,
};
pub use trying::{Tried, TriedLine, TryBot};
pub use uptime::{Incident, TenantUptime, Uptime};
pub use worker_log::{WorkerLog, WorkerLogLine, WorkerLogState};
