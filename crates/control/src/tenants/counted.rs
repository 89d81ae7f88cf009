//! The counts of the tiles for pages that follow what changes: counted once for all who look, and again only when a tenant
//! may have moved from one tile to another. Hundreds of heartbeats a second must not be as many counts, times the pages
//! that are open.

use domain::Timestamp;
use jiff::SignedDuration;
use store::{Grouping, Overview};
use tokio::sync::Mutex;

use super::strip::{away_before, stale_before};
use crate::{App, error::Answer};

/// A count may be this old where nothing has told of a move: bots grow stale by time alone.
const AGE: SignedDuration = SignedDuration::from_secs(2);

/// The last count.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<Option<Count>>);

#[derive(Debug)]
struct Count {
    /// The last move that it has in it.
    moved: u64,
    at: Timestamp,
    overview: Overview,
}

impl Counted {
    /// How many tenants are in each group, with everything that the feed had told when it was asked for.
    pub(crate) async fn overview(&self, app: &App) -> Answer<Overview> {
        // Whoever comes while it is counted waits here, and takes what was counted.
        let mut last = self.0.lock().await;
        let (moved, at) = (app.feed.moved(), app.now());
        if let Some(count) = last.as_ref().filter(|count| count.moved == moved && count.is_young(at)) {
            return Ok(count.overview);
        }
        let overview = grouping(app).await?.overview;
        *last = Some(Count { moved, at, overview });
        Ok(overview)
    }
}

/// How tenants are grouped now.
pub(crate) async fn grouping(app: &App) -> Answer<Grouping> {
    Ok(app.store.operator().grouping(stale_before(app), away_before(app.now())).await?)
}

impl Count {
    fn is_young(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() < AGE
    }
}
