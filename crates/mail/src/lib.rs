//! Sends an email by SMTP, within bounded time. Knows nothing of ours, keeps nothing, and tries once: whoever sends decides
//! whether to try again.

use std::time::Duration;

pub use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType};
use secrecy::{ExposeSecret, SecretString};

/// How long the server may take.
const TIME: Duration = Duration::from_secs(30);

/// The mail server and who writes, checked.
#[derive(Debug, Clone)]
pub struct Mailer {
    url: SecretString,
    from: Mailbox,
}

/// A mail that was not sent; it says why, and never the address of the server with its password.
#[derive(Debug, thiserror::Error)]
#[error("the mail server: {0}")]
pub struct MailError(String);

/// What a mail says.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Its subject, on one line.
    pub subject: &'a str,
    /// Its words, in plain text.
    pub body: &'a str,
    /// An id that the same mail has at each try, so that a receiver knows it again.
    pub id: &'a str,
}

impl Mailer {
    /// Reads the settings `SMTP_URL` and `ALERT_EMAIL_FROM`.
    ///
    /// # Errors
    /// A sentence that names the setting and says what it takes.
    pub fn new(url: &SecretString, from: &str) -> Result<Self, String> {
        // What lettre says of an address may hold the password, so it is not repeated.
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| {
            "SMTP_URL: this is no address of a mail server; give smtps://USER:PASSWORD@HOST or smtp://HOST:PORT"
                .to_owned()
        })?;
        Ok(Self { url: url.clone(), from: mailbox("ALERT_EMAIL_FROM", from)? })
    }

    /// Sends one letter to all of these.
    ///
    /// # Errors
    /// [`MailError`] where it cannot be made, or the server does not take it in time.
    pub async fn send(&self, to: &[Mailbox], letter: Letter<'_>) -> Result<(), MailError> {
        let failed = |error: &dyn std::fmt::Display| MailError(error.to_string());
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(letter.subject)
            .message_id(Some(format!("<{}@flowhq>", letter.id)))
            .header(ContentType::TEXT_PLAIN);
        for to in to {
            message = message.to(to.clone());
        }
        let message = message.body(letter.body.to_owned()).map_err(|error| failed(&error))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(self.url.expose_secret())
            .map_err(|_| failed(&"SMTP_URL cannot be read"))?
            .timeout(Some(TIME))
            .build();
        transport.send(message).await.map(drop).map_err(|error| failed(&error))
    }
}

/// Reads an address that a setting holds.
///
/// # Errors
/// A sentence that names the setting and says what it takes.
pub fn mailbox(name: &str, text: &str) -> Result<Mailbox, String> {
    text.trim()
        .parse::<Mailbox>()
        .map_err(|error| format!("{name}: {text:?}: {error}; give an address like alerts@example.com"))
}
