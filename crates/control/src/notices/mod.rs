//! What people of a business are told beside their pages: that a customer waits, that the phone has removed the bot, and how a
//! day went. By web push and by email; nobody is told the same twice.

pub(crate) mod choices;
pub(crate) mod push;
mod tell;
pub(crate) mod watch;

use std::sync::Arc;

use tokio::sync::Semaphore;

pub use self::{
    push::{PushError, PushKey},
    watch::watch,
};
use crate::App;

/// What is sent at once; more waits its turn.
const AT_ONCE: usize = 16;

/// How web push is sent.
#[derive(Debug, Clone)]
pub struct PushOptions {
    /// The key by which push services know this installation.
    pub key: Arc<PushKey>,
    /// Whom a push service may write to where something is wrong: `mailto:` or `https:`.
    pub contact: String,
    /// Push services to which anything is sent, by the beginnings of their addresses, such as `https://fcm.googleapis.com/`; a
    /// star stands for the first part of a name. A browser that names another one is refused: nobody may have the control
    /// plane ask an address of theirs.
    pub services: Vec<String>,
}

/// The push services of the browsers there are: Chrome, Firefox, Edge and Safari.
pub const PUSH_SERVICES: [&str; 4] = [
    "https://fcm.googleapis.com/",
    "https://updates.push.services.mozilla.com/",
    "https://*.notify.windows.com/",
    "https://*.push.apple.com/",
];

impl PushOptions {
    /// For the browsers there are.
    #[must_use]
    pub fn new(key: PushKey, contact: String) -> Self {
        Self { key: Arc::new(key), contact, services: PUSH_SERVICES.map(str::to_owned).to_vec() }
    }
}

/// What of it an [`App`] has.
#[derive(Debug)]
pub(crate) struct Notices {
    places: Arc<Semaphore>,
}

impl Default for Notices {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Whether email can be sent to people of a business.
pub(crate) fn email_works(app: &App) -> bool {
    app.portal.mailer.is_some()
}
