//! A database for a test, of the engine that was asked for.

use std::sync::Arc;

use domain::{Language, ManualClock, PackType, Phone, Timestamp};
use tempfile::TempDir;

use crate::{NewTenant, Store, Target};

/// A store of its own, and the clock that it reads.
pub(super) struct World {
    pub(super) store: Store,
    pub(super) clock: Arc<ManualClock>,
    /// Keeps the directory until the test is over.
    pub(super) dir: TempDir,
}

impl World {
    /// An empty SQLite database in a directory of its own.
    pub(super) async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_millisecond(1_800_000_000_000).unwrap()));
        let target = Target::Sqlite(dir.path().join("flow hq%?.db"));
        let store = Store::open(&target, clock.clone()).await.unwrap();
        Self { store, clock, dir }
    }
}

/// A salon in Swahili.
pub(super) fn salon(name: &str) -> NewTenant {
    NewTenant {
        name: name.to_owned(),
        phone: Some(Phone::parse("+255712345678").unwrap()),
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: format!("{name} Saluni"),
        template_type: PackType::Booking,
        language: Language::Sw,
        hours: None,
    }
}
