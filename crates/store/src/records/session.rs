//! A tenant's session with WhatsApp as the control plane knows it.

use domain::{Digits, RecordId, SessionState, TenantId, Timestamp, Trouble};
use serde::Serialize;

/// One row of `whatsapp_sessions`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct WhatsappSession {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The connection's state.
    pub state: SessionState,
    /// The last QR code, while it can be scanned. A credential: never logged, left out of JSON.
    #[serde(skip)]
    pub last_qr: Option<String>,
    /// When `last_qr` is void.
    #[serde(skip)]
    pub qr_expires_at: Option<Timestamp>,
    /// When the session was last known to be connected.
    pub last_seen_at: Option<Timestamp>,
    /// The number that is linked.
    pub linked_number: Option<Digits>,
    /// The account's LID, where WhatsApp told it.
    pub linked_lid: Option<String>,
    /// When it was linked.
    pub linked_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Why it does not work, where more is known than that it does not.
    pub trouble: Option<Trouble>,
    /// Until when, where WhatsApp told it.
    pub trouble_until: Option<Timestamp>,
}

/// Leaves the code out, since `{:?}` ends up in logs.
impl std::fmt::Debug for WhatsappSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhatsappSession")
            .field("tenant_id", &self.tenant_id)
            .field("state", &self.state)
            .field("last_qr", &self.last_qr.as_ref().map(|_| "…"))
            .field("last_seen_at", &self.last_seen_at)
            .field("linked_number", &self.linked_number)
            .finish_non_exhaustive()
    }
}

/// The account that a session is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedAccount {
    /// Its number.
    pub number: Digits,
    /// Its LID (the digits before `@lid`), where WhatsApp told it.
    pub lid: Option<String>,
}
