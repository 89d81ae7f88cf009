//! Where the bot stands between the request and the first answer, and the code that links a phone.

use domain::{SessionState, TenantId, TenantStatus, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Session, SetupRequest, Worker};

/// Where the bot stands, and who has to act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalStatus)]
pub struct DeskStatus {
    /// The tenant.
    pub tenant: CurrentTenant,
    /// The latest request, whatever became of it.
    pub setup_request: Option<SetupRequest>,
    /// The way to the first answer, in order.
    pub steps: Vec<StatusStep>,
    /// Who has to act now.
    pub waits_for: WaitsFor,
    /// What is wrong and what to do, in the reader's language, where something is.
    pub problem: Option<String>,
    /// Whether the phone has removed the bot from its linked devices, so that it is to be linked again.
    pub phone_removed: bool,
    /// The zone in which the tenant's days and times are told, as IANA names it.
    pub timezone: String,
}

/// The tenant in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalTenant)]
pub struct CurrentTenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: TenantStatus,
    /// Its session with WhatsApp.
    pub whatsapp_session: Session,
    /// Its worker process.
    pub worker_process: Worker,
}

/// One step on the way to the first answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalStep)]
pub struct StatusStep {
    /// Which.
    pub step: StepName,
    /// How far it is.
    pub state: StepState,
    /// When it was done, where that is known.
    pub at: Option<Timestamp>,
}

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = PortalStepName)]
pub enum StepName {
    /// The owner has sent the request.
    Submitted,
    /// An operator looks at it.
    InReview,
    /// It is approved.
    Approved,
    /// A phone is linked.
    Linked,
    /// The bot answers customers.
    Answering,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = PortalStepState)]
pub enum StepState {
    /// Done.
    Done,
    /// Under way.
    Now,
    /// Still to come.
    Later,
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = PortalWaitsFor)]
pub enum WaitsFor {
    /// The owner: to send a request, or to link the phone.
    Owner,
    /// The operator: to look at the request, or to mend what is wrong.
    Operator,
    /// Nobody: the bot answers, or is about to.
    Nobody,
}

/// The codes that link a phone, or that there are none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalQr)]
pub struct DeskQr {
    /// The session's state; a code is there in `QR_READY` only.
    pub state: SessionState,
    /// The code to scan as a picture for `<img src>`: SVG in a `data:` URL.
    pub qr: Option<String>,
    /// The code to type on the phone, eight characters, where one was asked for.
    pub code: Option<String>,
    /// Digits of the number whose phone takes the code to type.
    pub number: Option<String>,
    /// When the code is void: of the one to type where there is one, else of the one to scan.
    pub expires_at: Option<Timestamp>,
}

/// Leaves the codes out: they are credentials.
impl std::fmt::Debug for DeskQr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskQr").field("state", &self.state).finish_non_exhaustive()
    }
}

/// Takes the word that the device is to be unlinked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalUnlink)]
#[serde(deny_unknown_fields)]
pub struct Unlink {
    /// The business name as the bot says it, so that nobody unlinks by a slip.
    pub confirm: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_does_not_show_in_debug() {
        let codes = DeskQr {
            state: SessionState::QrReady,
            qr: Some("data:secret".to_owned()),
            code: Some("ABCD1234".to_owned()),
            number: Some("255712345678".to_owned()),
            expires_at: None,
        };
        let shown = format!("{codes:?}");
        assert!(!shown.contains("secret") && !shown.contains("ABCD") && !shown.contains("2557"), "{shown}");
    }
}
