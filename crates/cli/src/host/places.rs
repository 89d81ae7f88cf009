//! The hosts on which bots run beside this machine, where the settings name some, or the database knows some.

use std::sync::Arc;

use config::Settings;
use domain::Clock;
use store::Store;
use supervisor::{HostCare, Places, Runtime};

use super::machines;
use crate::error::CliError;

/// Knows them; nothing where all bots run on this machine.
pub(super) async fn open(
    settings: &Settings,
    here: Arc<dyn Runtime>,
    store: &Store,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<Places>>, CliError> {
    let failed = |error: store::StoreError| CliError::Failed(error.to_string());
    let hosts = machines::runtimes(settings)?;
    let known = !store.operator().hosts().await.map_err(failed)?.is_empty();
    let moving = !store.operator().moves_under_way().await.map_err(failed)?.is_empty();
    if hosts.is_empty() && !known && !moving {
        return Ok(None);
    }
    let places = Places::open(here, hosts, store.clone(), Arc::clone(clock), care());
    Ok(Some(Arc::new(places.await.map_err(failed)?)))
}

/// How closely they are looked after.
fn care() -> HostCare {
    let HostCare { ask_every, answer_within, away_after } = HostCare::default();
    HostCare {
        ask_every: crash::hurried(ask_every),
        answer_within: crash::hurried(answer_within),
        away_after: crash::hurried(away_after),
    }
}
