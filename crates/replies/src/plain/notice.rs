//! What a bot says outside its dialogue.

use domain::BotSettings;

use super::{engine::fill, pack::common};

/// Why a customer is told something without having asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// More messages in a minute than are answered; said once a window.
    RateLimited,
    /// More messages wait than the chat's queue takes; said once while it is full.
    PleaseWait,
    /// An operator has suspended the tenant.
    Suspended,
    /// A message could not be read; said once for all that come in a while.
    Unreadable,
    /// A message can be looked at once and only on the phone; likewise.
    ViewOnce,
}

/// The text of a notice in the tenant's language.
#[must_use]
pub fn notice(settings: &BotSettings, notice: Notice) -> String {
    let notices = &common(settings.language).notices;
    let text = match notice {
        Notice::RateLimited => &notices.rate_limited,
        Notice::PleaseWait => &notices.please_wait,
        Notice::Suspended => &notices.suspended,
        Notice::Unreadable => &notices.unreadable,
        Notice::ViewOnce => &notices.view_once,
    };
    fill(text, settings)
}
