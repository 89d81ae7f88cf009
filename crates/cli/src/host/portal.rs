//! The owners' portal's way to the control plane: with what key it asks, and what signs who is asking.

use base64::{Engine, engine::general_purpose::STANDARD};
use config::Settings;
use control::PortalOptions;
use domain::Timestamp;
use mail::Mailer;
use secrecy::SecretString;

use crate::error::CliError;

/// What the portal in this process asks with; made at each start, so that nothing has to be configured.
pub(crate) struct OwnPortal {
    /// For the header `x-portal-key`.
    pub(crate) key: SecretString,
    /// For the header `x-portal-claim`.
    pub(crate) signer: claim::Signer,
}

/// Reads the settings, and makes what the portal in this process asks with. `port` is the one that it listens on.
pub(crate) fn options(
    settings: &Settings,
    port: u16,
    now: Timestamp,
) -> Result<(PortalOptions, OwnPortal), CliError> {
    let failed = |error: claim::KeyError| CliError::Failed(error.to_string());
    let (signer, _) = claim::Signer::generate().map_err(failed)?;
    let mut publics = vec![signer.public_key()];
    for text in settings.portal.public_key.as_deref().unwrap_or_default().split(',') {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let wrong = || CliError::Failed(format!("PORTAL_PUBLIC_KEY: {text:?} is no 32 bytes in base64"));
        publics.push(STANDARD.decode(text).ok().filter(|key| key.len() == 32).ok_or_else(wrong)?);
    }
    if publics.len() > 3 {
        return Err(CliError::Failed(
            "PORTAL_PUBLIC_KEY takes one key, or two with a comma between them".into(),
        ));
    }
    let claims = claim::Verifier::new(publics, now.as_millisecond()).map_err(failed)?;
    let key = SecretString::from(hex::encode(rand::random::<[u8; 32]>()));
    let options = PortalOptions {
        keys: settings.portal.keys(),
        own_key: Some(key.clone()),
        plain: settings.portal.plain,
        auto_approve: settings.portal.auto_approve,
        mailer: mailer(settings)?,
        ..PortalOptions::new(claims, settings.portal_url(port))
    };
    Ok((options, OwnPortal { key, signer }))
}

/// What sends emails to owners and staff: the same server and sender as alerts.
fn mailer(settings: &Settings) -> Result<Option<Mailer>, CliError> {
    let alerts = &settings.alerts;
    let (Some(url), Some(from)) = (&alerts.smtp_url, &alerts.email_from) else { return Ok(None) };
    Mailer::new(url, from).map(Some).map_err(CliError::Failed)
}
