//! A pack that does not ship goes down to the workers whose tenants have it: in parts, by its hash, whenever they answer by
//! another. So does that it is gone.

use domain::PackId;
use link::{
    DownSender,
    message::{DocumentKind, document_parts},
};

use super::Downlink;
use crate::{Stream, error::Cut};

/// What is known of a worker's pack on one connection.
#[derive(Debug, Default)]
pub(crate) struct PackTold {
    /// The tenant's, as the settings that were last told name it.
    pub(super) wanted: Option<PackId>,
    /// The hash of what its last heartbeat says it answers by; nothing before the first one and since it was told another.
    pub(super) known: Option<Option<String>>,
    /// The hash of what it was last told; empty where it was told that there is none.
    told: Option<String>,
}

impl PackTold {
    /// Another connection has begun: nothing is known of what was said on the last one.
    pub(super) fn forget(&mut self) {
        (self.known, self.told) = (None, None);
    }
}

impl Downlink {
    /// Tells the worker its tenant's pack, or that there is none, unless it has heard. One that it cannot use is not told
    /// again on this connection.
    pub(super) async fn tell_pack(&mut self, down: &mut DownSender<Box<dyn Stream>>) -> Result<(), Cut> {
        let Some(id) = self.pack.wanted.filter(|id| !id.ships()) else { return Ok(()) };
        let packs = self.shared.packs();
        let offered = packs.added_by_operator(id);
        let hash = offered.map(|offered| offered.pack.version().hash.as_str());
        let known = self.pack.known.as_ref().and_then(Option::as_deref);
        let has = match hash {
            Some(hash) => known == Some(hash),
            // Of one that cannot be used it is not known which it was to be: whoever answers goes on.
            None => !packs.is_whole() && known.is_some(),
        };
        let name = hash.unwrap_or_default();
        if has || self.pack.told.as_deref() == Some(name) {
            return Ok(());
        }
        for part in document_parts(DocumentKind::Pack, name, offered.map(|offered| &*offered.document)) {
            self.say(down, part).await?;
        }
        self.pack.told = Some(name.to_owned());
        self.pack.known = None;
        Ok(())
    }
}
