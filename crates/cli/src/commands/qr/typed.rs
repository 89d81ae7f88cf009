//! `flowhq qr --code`: linking by a code that is typed on the phone.

use ::api::{PairingCode, Qr};
use domain::{SessionState, TenantId, TenantStatus};

use crate::{api::Client, error::CliError, output};

/// Asks for a code, shows it, and waits until the phone has linked or the code is void.
pub(super) async fn link(client: &Client, id: TenantId, json: bool) -> Result<(), CliError> {
    let code: PairingCode = client.post(&format!("/admin/tenants/{id}/pairing-code")).await?;
    let _waiting = if json {
        output::json_line(&code)?;
        None
    } else {
        output::line(words(&code))?;
        Some(output::Waiting::new("Waiting for the phone"))
    };
    let mut events = client.events(&format!("/admin/tenants/{id}/qr/stream")).await?;
    while let Some(event) = events.next().await? {
        if event.name != "qr" {
            continue;
        }
        let now: Qr = super::read(&event.data)?;
        match (now.status, now.state) {
            (TenantStatus::Active, SessionState::Connected) => {
                if json {
                    output::json_line(&now)?;
                } else {
                    output::line(super::LINKED)?;
                }
                return Ok(());
            }
            (TenantStatus::QrReady, _) if now.qr.is_none() => {}
            (TenantStatus::QrReady | TenantStatus::QrPending, _) => {
                let detail = "the code was not typed in time; ask for another".to_owned();
                return Err(CliError::Refused { status: 409, detail });
            }
            (status, _) => super::not_waiting(status, id)?,
        }
    }
    Err(super::ended())
}

/// The code and what to do with it.
fn words(code: &PairingCode) -> String {
    let number = code.number.as_deref().unwrap_or_default();
    format!(
        "Code: {}\nOn the phone with +{number}: WhatsApp, Linked devices, Link a device, Link with phone number \
         instead, then type this.",
        code.grouped().unwrap_or_default()
    )
}
