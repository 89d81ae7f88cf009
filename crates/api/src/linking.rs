//! Sessions with WhatsApp, and the codes that link them.

use domain::{RecordId, SessionState, TenantId, TenantStatus, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session with WhatsApp. The QR code is no part of it: it is a credential and has a path of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Id of the row.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The connection's state.
    pub state: SessionState,
    /// When it was last known to be connected.
    pub last_seen_at: Option<Timestamp>,
    /// Digits of the linked number.
    pub linked_number: Option<String>,
    /// When it was linked.
    pub linked_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The QR code of a tenant, or why there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Qr {
    /// Where the tenant stands.
    pub status: TenantStatus,
    /// The session's state; a code is there in `QR_READY` only.
    pub state: SessionState,
    /// The code as a picture for `<img src>`: SVG in a `data:` URL.
    pub qr: Option<String>,
    /// The code's text.
    pub code: Option<String>,
    /// When the code is void.
    pub expires_at: Option<Timestamp>,
}

/// Leaves the code out: it is a credential.
impl std::fmt::Debug for Qr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Qr").field("status", &self.status).field("state", &self.state).finish_non_exhaustive()
    }
}

/// The code that links a phone by typing it there, or that there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PairingCode {
    /// Where the tenant stands.
    pub status: TenantStatus,
    /// The session's state; a code is there in `QR_READY` only.
    pub state: SessionState,
    /// Its eight characters.
    pub code: Option<String>,
    /// Digits of the number whose phone takes it.
    pub number: Option<String>,
    /// When the code is void.
    pub expires_at: Option<Timestamp>,
}

impl PairingCode {
    /// The code as the phone shows it, like `ABCD-EFGH`.
    #[must_use]
    pub fn grouped(&self) -> Option<String> {
        let code = self.code.as_deref()?;
        Some(code.split_at_checked(4).map_or_else(|| code.to_owned(), |(a, b)| format!("{a}-{b}")))
    }
}

/// Leaves the code out: it is a credential.
impl std::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingCode")
            .field("status", &self.status)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_does_not_show_in_debug() {
        let qr = Qr {
            status: TenantStatus::QrReady,
            state: SessionState::QrReady,
            qr: Some("data:secret".to_owned()),
            code: Some("2@secret".to_owned()),
            expires_at: None,
        };
        assert!(!format!("{qr:?}").contains("secret"));
        let typed = PairingCode {
            status: TenantStatus::QrReady,
            state: SessionState::QrReady,
            code: Some("ABCD1234".to_owned()),
            number: Some("255712345678".to_owned()),
            expires_at: None,
        };
        let shown = format!("{typed:?}");
        assert!(!shown.contains("ABCD") && !shown.contains("255712"), "{shown}");
        assert_eq!(typed.grouped().as_deref(), Some("ABCD-1234"));
    }
}
