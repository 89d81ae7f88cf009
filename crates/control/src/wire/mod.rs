//! What the admin API answers and takes, as JSON. The command line reads its answers with the same types.
//!
//! Numbers and names stand in them as plain text: checking is the business of what takes them in.

mod contacts;
mod events;
mod given;
mod linking;
mod operators;
mod setup_requests;
mod system;
mod tenants;

pub use contacts::{ContactErased, ContactExport, ContactJournal, ContactMessage};
pub use events::Event;
pub use linking::{PairingCode, Qr, Session};
pub use operators::{
    CreateOperator, NewPassword, NewSecondFactor, OperatorListed, OwnAccount, RecoveryCodes,
};
pub use setup_requests::{Approved, CreateSetupRequest, Person, Reject, SetupRequest};
pub use system::{Busy, Counted, Failing, InForce, System};
pub use tenants::{
    Config, ConfigInput, ConfirmNumber, CreateTenant, Log, Suspend, Tenant, TenantWithLogs, UpdateTenant,
    Worker,
};
