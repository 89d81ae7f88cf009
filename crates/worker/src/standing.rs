//! By what the bot answers now: settings, limits, and under which account it is linked.

use std::sync::Arc;

use domain::{BotSettings, Digits, Limits, Timestamp};
use tokio::{sync::watch, time::Instant};

use crate::{channel::Address, voice::Voice};

/// What is known so far. Nobody is answered before enough is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The tenant's bot; `None` until the first welcome.
    pub(crate) settings: Option<Arc<BotSettings>>,
    /// How fast it may act.
    pub(crate) limits: Limits,
    /// Under which account the device is linked; nothing set until it is.
    pub(crate) account: Address,
    /// By what it answers; `None` as long as there are no settings, or their pack is to come.
    pub(crate) voice: Option<Voice>,
    /// Whether the tenant's open records are still to come: nothing is booked before.
    pub(crate) awaits_records: bool,
    /// The linking of the device, where it was linked since the worker began.
    pub(crate) linked: Option<Linked>,
}

/// A linking, and what the phone still has to tell of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Linked {
    /// When it was.
    pub(crate) at: Timestamp,
    /// Until when the phone may tell of its earlier chats; `None` once it has, or has not.
    pub(crate) chats_due: Option<Instant>,
}

/// Waits until there is room on the disk, or none.
pub(crate) async fn room(standing: &mut watch::Receiver<Standing>, is_there: bool) {
    // An error means that the bot is gone, and whoever waits with it.
    let _ = standing.wait_for(|standing| standing.limits.disk_short != is_there).await;
}

impl Standing {
    /// The linked number, where it is neither the declared one nor confirmed by an operator. Nobody is answered then.
    pub(crate) fn held_number(&self) -> Option<&Digits> {
        let settings = self.settings.as_deref()?;
        let (declared, linked) = (settings.declared_number.as_ref()?, self.account.number.as_ref()?);
        let is_known = declared == linked
            || settings.confirmed_number.as_ref() == Some(linked)
            || settings.number_forms.contains(linked);
        (!is_known).then_some(linked)
    }

    /// Whether the linked number may be another's: it is, or too little is known yet.
    pub(crate) fn may_be_anothers(&self) -> bool {
        let Some(settings) = self.settings.as_deref() else { return true };
        settings.declared_number.is_some() && self.account.number.is_none() || self.held_number().is_some()
    }

    /// The settings, once it is known what to answer and as whom. Messages wait until then.
    pub(crate) fn ready(&self) -> Option<&BotSettings> {
        let waits = self.awaits_records || self.awaits_chats() || self.voice.is_none();
        let settings = self.settings.as_deref().filter(|_| !waits)?;
        (settings.declared_number.is_none() || self.account.number.is_some()).then_some(settings)
    }

    /// Whether it matters who had chatted with the phone before, and the phone is still to tell.
    fn awaits_chats(&self) -> bool {
        let told = self.linked.as_ref().is_none_or(|linked| linked.chats_due.is_none());
        !told && self.voice.as_ref().is_some_and(|voice| voice.0.business().profile.manners.only_new_people)
    }

    /// Whether a suspended tenant's bot may say that the business is away.
    pub(crate) fn may_say_so(&self) -> bool {
        self.ready().is_some() && self.held_number().is_none()
    }

    /// Whether anything may leave: the bot is ready, not suspended and not held.
    pub(crate) fn may_speak(&self) -> bool {
        self.ready().is_some_and(|settings| !settings.suspended) && self.held_number().is_none()
    }
}
