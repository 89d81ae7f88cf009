//! Alerts by email.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::Mailbox,
    message::header::ContentType,
};
use secrecy::{ExposeSecret, SecretString};
use store::AlertDelivery;

use super::SendError;

/// How long the server may take.
const TIME: Duration = Duration::from_secs(30);

/// The mail server and who writes to whom, checked.
#[derive(Debug)]
pub struct EmailOptions {
    url: SecretString,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl EmailOptions {
    /// Reads the settings `SMTP_URL`, `ALERT_EMAIL_FROM` and `ALERT_EMAIL_TO`.
    ///
    /// # Errors
    /// A sentence that names the setting and says what it takes.
    pub fn new(url: &SecretString, from: &str, to: &str) -> Result<Self, String> {
        // What lettre says of an address may hold the password, so it is not repeated.
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| {
            "SMTP_URL: this is no address of a mail server; give smtps://USER:PASSWORD@HOST or smtp://HOST:PORT".to_owned()
        })?;
        let mailbox = |name: &str, text: &str| {
            text.trim().parse::<Mailbox>().map_err(|error| {
                format!("{name}: {text:?}: {error}; give an address like alerts@example.com")
            })
        };
        Ok(Self {
            url: url.clone(),
            from: mailbox("ALERT_EMAIL_FROM", from)?,
            to: to.split(',').map(|one| mailbox("ALERT_EMAIL_TO", one)).collect::<Result<_, _>>()?,
        })
    }
}

pub(super) async fn send(options: &EmailOptions, delivery: &AlertDelivery) -> Result<(), SendError> {
    let failed = |error: &dyn std::fmt::Display| SendError::Email(error.to_string());
    let field = |name: &str| delivery.payload[name].as_str().unwrap_or_default();
    let mark = super::mark(&delivery.payload);
    let mut message = Message::builder()
        .from(options.from.clone())
        .subject(format!("[Flow HQ] {mark}: {}", field("title")))
        .message_id(Some(format!("<{}@flowhq>", delivery.id)))
        .header(ContentType::TEXT_PLAIN);
    for to in &options.to {
        message = message.to(to.clone());
    }
    let lines: Vec<&str> =
        ["title", "detail", "url", "at"].into_iter().map(field).filter(|line| !line.is_empty()).collect();
    let message =
        message.body(format!("{mark}\n\n{}\n", lines.join("\n\n"))).map_err(|error| failed(&error))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(options.url.expose_secret())
        .map_err(|_| failed(&"SMTP_URL cannot be read"))?
        .timeout(Some(TIME))
        .build();
    transport.send(message).await.map(drop).map_err(|error| failed(&error))
}
