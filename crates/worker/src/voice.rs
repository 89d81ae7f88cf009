//! By what the bot answers: the pack and the business profile that came down, with the settings; where none came, what
//! ships.

use std::{collections::BTreeMap, fmt, sync::Arc};

use domain::BotSettings;
use replies::{Bot, Business, Pack, Profile};

use crate::journal::KeptPack;

/// A bot that is ready to answer. Equal to itself alone.
#[derive(Clone)]
pub(crate) struct Voice(pub(crate) Arc<Bot>);

impl PartialEq for Voice {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Voice {}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Voice").field(&self.0.business().settings.version).finish()
    }
}

/// What the control plane has told of the business beside its settings.
#[derive(Debug, Default)]
pub(crate) struct KnownBusiness {
    /// The business profile, where one came.
    pub(crate) profile: Option<Arc<Profile>>,
    /// The pack, where one came.
    pub(crate) pack: Packed,
}

/// The pack that came down.
#[derive(Debug, Default)]
pub(crate) enum Packed {
    /// None did yet.
    #[default]
    None,
    /// This one.
    Sent(Arc<Pack>),
    /// This installation has the tenant's pack no more, or this build cannot read it.
    Gone,
}

impl KnownBusiness {
    /// What a journal holds. What this build cannot read will come down again.
    pub(crate) fn from_journal(profile: Option<&str>, pack: &KeptPack) -> Self {
        let profile = profile.and_then(|json| match serde_json::from_str(json) {
            Ok(profile) => Some(Arc::new(profile)),
            Err(error) => {
                tracing::warn!(%error, "the profile in the journal cannot be read by this build");
                None
            }
        });
        let pack = match pack {
            KeptPack::None => Packed::None,
            KeptPack::Gone => Packed::Gone,
            KeptPack::Files(files) => compiled(files).map_or(Packed::None, Packed::Sent),
        };
        Self { profile, pack }
    }

    /// The bot by these settings; `None` while the control plane has yet to tell its pack, or that there is none.
    pub(crate) fn voice(&self, settings: &BotSettings) -> Option<Voice> {
        let id = settings.pack.as_str();
        let pack = match &self.pack {
            _ if settings.pack.ships() => Pack::shipped(id),
            Packed::Sent(pack) if pack.version().id == id => Some(Arc::clone(pack)),
            Packed::Gone => None,
            Packed::Sent(_) | Packed::None => return None,
        };
        let profile = self.profile.clone().unwrap_or_else(|| Arc::new(Profile::for_pack(id)));
        Some(Voice(Arc::new(Bot::new(pack, Business { settings: settings.clone(), profile }))))
    }
}

/// The pack of these files, which the control plane has checked; `None` where this build cannot read them.
pub(crate) fn compiled(files: &str) -> Option<Arc<Pack>> {
    let files: BTreeMap<String, String> = match serde_json::from_str(files) {
        Ok(files) => files,
        Err(error) => {
            tracing::error!(%error, "a pack came whose files cannot be read");
            return None;
        }
    };
    let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    match Pack::compile(&files) {
        Ok(pack) => Some(Arc::new(pack)),
        Err(problems) => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(problem = first, "a pack came that this build cannot use");
            None
        }
    }
}
