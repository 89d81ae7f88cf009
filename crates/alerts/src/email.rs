//! Alerts by email.

use mail::{Letter, Mailbox, Mailer, mailbox};
use secrecy::SecretString;
use store::AlertDelivery;

use super::SendError;

/// The mail server and who writes to whom, checked.
#[derive(Debug)]
pub struct EmailOptions {
    mailer: Mailer,
    to: Vec<Mailbox>,
}

impl EmailOptions {
    /// Reads the settings `SMTP_URL`, `ALERT_EMAIL_FROM` and `ALERT_EMAIL_TO`.
    ///
    /// # Errors
    /// A sentence that names the setting and says what it takes.
    pub fn new(url: &SecretString, from: &str, to: &str) -> Result<Self, String> {
        let mailer = Mailer::new(url, from)?;
        let to = to.split(',').map(|one| mailbox("ALERT_EMAIL_TO", one)).collect::<Result<_, _>>()?;
        Ok(Self { mailer, to })
    }
}

pub(super) async fn send(options: &EmailOptions, delivery: &AlertDelivery) -> Result<(), SendError> {
    let field = |name: &str| delivery.payload[name].as_str().unwrap_or_default();
    let mark = super::mark(&delivery.payload);
    let lines: Vec<&str> =
        ["title", "detail", "url", "at"].into_iter().map(field).filter(|line| !line.is_empty()).collect();
    let (subject, body) =
        (format!("[Flow HQ] {mark}: {}", field("title")), format!("{mark}\n\n{}\n", lines.join("\n\n")));
    let letter = Letter { subject: &subject, body: &body, id: &delivery.id.to_string() };
    Ok(options.mailer.send(&options.to, letter).await?)
}
