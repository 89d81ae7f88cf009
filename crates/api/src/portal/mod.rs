//! What the portal asks of the control plane: every answer is about the caller's own tenant, and no path names one.

mod people;
mod session;

pub use people::{
    ChangeEmail, DeleteMe, InviteMember, Invited, LinkMade, LookMade, MakeOwnerLink, MemberListed,
    MembershipGone, NewOwnPassword, NotificationChoices, UpdateMe,
};
pub use session::{
    About, AskEmailLink, ChooseTenant, EmailPurpose, LinkKind, LinkSeen, LinkToken, PasswordSignIn,
    PersonFacts, PortalSignedIn, ProviderSignIn, SessionFacts, TenantFacts, TenantOfPerson, Via,
};
