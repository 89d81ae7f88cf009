//! The database of Flow HQ: SQLite or PostgreSQL behind one [`Store`].
//!
//! Rows of a tenant are reached through [`Store::tenant`] alone, whose methods bind that tenant's id; what crosses
//! tenants stands in [`Operator`], so that a missing scope looks wrong. No other crate speaks SQL.
//!
//! Whatever asks the database fails with [`StoreError::Unavailable`] where that does not answer. Sections on errors name
//! only what can go wrong beside that.

mod actor;
mod copy;
mod db;
mod error;
mod groups;
mod lease;
mod moves;
mod operator;
mod page;
mod people;
mod planted;
mod records;
mod rows;
mod scope;
mod sql;
mod store;
#[cfg(test)]
mod tests;
mod together;
mod touched;

pub use actor::Actor;
pub use copy::{CopyError, CopyProgress, CopyReport, copy};
pub use db::{Engine, Target};
pub use error::{LeaseError, OpenError, StoreError};
pub use groups::Grouping;
pub use lease::{Lease, Turn};
pub use moves::{CarriedRow, setting_of as move_key_setting};
pub use operator::{Operator, Traffic, Usage};
pub use page::{Cursor, InvalidCursor, Page, PageRequest};
pub use people::People;
pub use records::{
    AccountChange, AdminFactor, AlertCause, AlertDelivery, AlertOutcome, AlertResult, AlertTry, ChatLine,
    CodeTry, ConfigChange, Customer, CustomerChange, CustomerFilter, Erasure, EventDetails, EventFilter,
    FirstProfile, FirstSignIn, HeartbeatStrip, HostFacts, HostRecord, Idempotency, Incident, LinkedAccount,
    LogFilter, Member, MemberNotices, Membership, MessageLog, NewEvent, NewLog, NewMember, NewPortalSession,
    NewRecord, NewSetupRequest, NewTenant, NotesChange, NoticeChoices, OperatorAccount, OperatorListed,
    Overview, PersonAccount, PersonSeat, Place, PortalEvent, PortalLink, PortalSession, Profile,
    ProviderPerson, PushSubscription, RecordFilter, RecordNumbers, SecondFactor, SetupDecision, SetupListed,
    SetupRequest, StatusChange, StatusCounts, StoredRecord, TenantChange, TenantConfig, TenantDetail,
    TenantFilter, TenantNotes, TenantRecord, Told, Uptime, User, Versions, WebSession, WhatsappSession,
    WorkerFigures, WorkerOrder, WorkerProcess,
};
pub use scope::{Around, TenantScope};
pub use store::{SchemaStatus, Store};

/// The schema that this build has of the database.
pub const SCHEMA: i64 = db::LATEST;

/// The target under which the name of each statement is traced as it is carried out; never its values.
pub const STATEMENTS: &str = "store::statements";
