//! What the store hands out and takes: records of the domain, never raw rows.

mod account;
mod alert;
mod changes;
mod customer;
mod erasure;
mod event;
mod host;
mod log;
mod member;
mod notes;
mod notice;
mod overview;
mod person;
mod profile;
mod record;
mod session;
mod setup;
mod standing;
mod tenant;
mod worker;

pub use account::{
    AccountChange, AdminFactor, CodeTry, Idempotency, OperatorAccount, OperatorListed, SecondFactor,
    WebSession,
};
pub(crate) use alert::tenant_of;
pub use alert::{AlertCause, AlertDelivery, AlertOutcome, AlertResult, AlertTry};
pub(crate) use changes::changes;
pub use customer::{Customer, CustomerChange, CustomerFilter};
/// One row of a worker's batch.
pub use domain::LogRow as NewLog;
pub use erasure::Erasure;
pub use event::{EventFilter, NewEvent, PortalEvent};
pub use host::{HostFacts, HostRecord, Place};
pub use log::{ChatLine, LogFilter, MessageLog};
pub use member::{Member, Membership, NewMember, User};
pub use notes::{NotesChange, TenantNotes};
pub use notice::{MemberNotices, NoticeChoices, PushSubscription, Told};
pub use overview::{HeartbeatStrip, Overview, TenantFilter};
pub use person::{
    FirstSignIn, NewPortalSession, PersonAccount, PersonSeat, PortalLink, PortalSession, ProviderPerson,
};
pub use profile::{Profile, Versions};
pub use record::{NewRecord, RecordFilter, RecordNumbers, StoredRecord};
pub use session::{LinkedAccount, WhatsappSession};
pub use setup::{FirstProfile, NewSetupRequest, SetupDecision, SetupListed, SetupRequest};
pub use standing::{Incident, Uptime};
pub use tenant::{
    ConfigChange, NewTenant, StatusCounts, TenantChange, TenantConfig, TenantDetail, TenantRecord,
};
pub use worker::{EventDetails, StatusChange, WorkerFigures, WorkerOrder, WorkerProcess};
