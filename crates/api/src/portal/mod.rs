//! What the portal API takes and answers: the address behind the owner's site. Every answer is about the tenant of whoever
//! asks, so that no path and no document takes a tenant's id.
//!
//! Rows stand in these documents as they do in the admin API; what is the portal's alone has its own spelling.

mod activity;
mod chats;
mod customers;
mod me;
mod notifications;
mod people;
mod records;
mod session;
mod settings;
mod setup;
mod status;

pub use activity::{Activities, Activity};
pub use chats::{Chat, ChatList, ChatMessage, ChatState, LeaveAlone, Said, SayTo};
pub use customers::{Customer, CustomerList, CustomerRecords, PutCustomer};
pub use domain::{LinkKind, Via};
pub use me::{Me, MyUser};
pub use notifications::{Channels, Notifications, PushKeys, PushSubscription, PutNotifications, RemovePush};
pub use people::{
    ChangeEmail, DeleteMe, InviteMember, Invited, LinkMade, LookMade, MakeOwnerLink, MemberListed,
    MembershipGone, NewOwnPassword, UpdateMe,
};
pub use records::{DeskRecord, DeskRecords, RecordLine, StateChoice};
pub use session::{
    About, AskEmailLink, ChooseTenant, EmailPurpose, LinkSeen, LinkTaken, LinkToken, PasswordSignIn,
    PersonFacts, PortalSignedIn, ProviderSignIn, SessionFacts, TenantFacts, TenantOfPerson,
};
pub use settings::{DeskPack, Preview, PutSettings, Saying, Settings};
pub use setup::AskSetup;
pub use status::{CurrentTenant, DeskQr, DeskStatus, StatusStep, StepName, StepState, Unlink, WaitsFor};
