//! Ids, enums, state machines, phone numbers, limits and the clock. Pure: no I/O, and nothing of ours below it.

mod clock;
mod condition;
mod confinement;
pub mod delivery;
mod enums;
mod host_name;
mod hours;
pub mod id;
mod lifecycle;
pub mod limits;
mod line;
mod log;
mod pack;
mod particulars;
mod phone;
mod record;
#[cfg(feature = "schema")]
mod schema;
mod settings;
mod tag;
mod text;
mod uptime;
mod words;

pub use clock::{AheadClock, Clock, ManualClock, SystemClock};
pub use condition::{AWAY_FOR_LONG, Condition, Facts};
pub use confinement::{Confinement, WantedConfinement, WorkerBounds};
pub use delivery::{Delivery, Writer};
pub use enums::{
    CustomerState, DesiredState, Direction, EventKind, HostOrder, HostState, Language, LinkKind,
    MembershipStatus, PlaceStep, Role, SessionState, SetupStatus, Severity, Show, Sort, TenantStatus,
    Trouble, UnknownLabel, Via, WorkerStatus, parse_label,
};
pub use host_name::{HOST_NAME_MAX_CHARS, is_host_name};
pub use hours::{Closed, Day, Hours, Span, minute_of};
pub use id::{
    ContactId, EventId, Id, InvalidId, JournalId, LogId, MembershipId, RecordId, SetupRequestId, TenantId,
    UserId,
};
pub use jiff::Timestamp;
pub use lifecycle::{Refusal, TenantEvent};
pub use line::{is_same_line, line_forms};
pub use log::{DeliveryRow, LogRow};
pub use pack::{InvalidPackId, PackId};
pub use particulars::Particulars;
pub use phone::{Digits, InvalidDigits, InvalidPhone, Phone};
pub use record::{HandOffRow, RecordKind, RecordRow};
pub use settings::{BotSettings, Limits};
pub use tag::{InvalidTag, Tag};
pub use text::Text;
pub use uptime::{EndedBy, NextSpan, OpenSpan, Standing, next_span};
