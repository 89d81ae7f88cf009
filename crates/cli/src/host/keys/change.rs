//! A change of the master key, from the first thing that is sealed anew to the last; or the rest of one that was interrupted.
//!
//! Cells first, then the database in one transaction, then the key's file. Until the end `KeyChange` has both keys, so that
//! whatever interrupts it, the same is done again and finds what is done already. No worker lives meanwhile, and none can be
//! started, since the control plane finishes this before anything else.

use std::{io, path::Path};

use accounts::Sealed;
use config::Settings;
use domain::TenantId;
use link::cell::{CellLock, LockError};
use seal::{KeyChange, MasterKey};
use serde_json::json;
use store::Store;

use super::cells;
use crate::error::CliError;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Tenants whose files were looked at.
    pub(crate) tenants: u64,
    /// Files that were sealed anew by this run.
    pub(crate) files: u64,
    /// Secrets of the database that were.
    pub(crate) secrets: u64,
    /// What opens with neither key, and stands as it stood.
    pub(crate) foreign: Vec<String>,
}

/// Finishes a change that was begun and interrupted, where there is one.
pub(crate) async fn taken_up(settings: &Settings, store: &Store) -> Result<(), CliError> {
    let path = settings.paths.master_key_change();
    let set = if path.exists() { super::set(settings).await? } else { None };
    let change = KeyChange::under_way(&path, set.as_ref()).map_err(failed)?;
    let Some(change) = change else { return Ok(()) };
    tracing::warn!("a change of the master key was interrupted: it goes on");
    let done = carry_out(settings, store, change).await?;
    tracing::info!(
        tenants = done.tenants,
        files = done.files,
        secrets = done.secrets,
        "the master key is changed"
    );
    for what in &done.foreign {
        tracing::error!(
            what,
            "this opens with neither the former nor the new master key, or is no file of ours, and was left as it is"
        );
    }
    Ok(())
}

/// Does all of it. Nobody else uses the data directory and the database.
pub(crate) async fn carry_out(
    settings: &Settings,
    store: &Store,
    change: KeyChange,
) -> Result<Done, CliError> {
    let mut done = Done::default();
    let cells = Cells::lock(&settings.paths.sessions)?;
    done.foreign.extend(cells.strange.iter().cloned());
    for (tenant, path) in &cells.tenants {
        let resealer = supervisor::resealer(*tenant, &change.from, &change.to);
        let resealer = resealer.map_err(|error| CliError::Failed(error.to_string()))?;
        done.tenants += 1;
        let found = match cells::reseal(path, &resealer) {
            Err(error) if !cells::is_of_all(&error) => {
                done.foreign.push(format!("{} ({error})", path.display()));
                continue;
            }
            found => found.map_err(CliError::file(path))?,
        };
        done.files += found.files;
        done.foreign.extend(found.foreign.iter().map(|name| path.join(name).display().to_string()));
    }
    crash::point("key_cells_done");
    let sealed = look(store, &change.from, &change.to).await?;
    let payload = json!({ "tenants": done.tenants });
    sealed.keep(store, payload).await.map_err(|error| CliError::Failed(error.to_string()))?;
    done.secrets = sealed.former() as u64;
    done.foreign.extend(sealed.foreign.iter().map(|whose| format!("the secret of {whose} in the database")));
    crash::point("key_database_done");
    if change.is_file() {
        change.to.replace(&settings.paths.master_key()).map_err(failed)?;
        crash::point("key_replaced");
    }
    change.end().map_err(failed)?;
    crash::point("key_changed");
    Ok(done)
}

/// What is sealed in the database, and by which of the two.
pub(crate) async fn look(store: &Store, from: &MasterKey, to: &MasterKey) -> Result<Sealed, CliError> {
    let sealer =
        |key: &MasterKey| key.sealer(accounts::PURPOSE).map_err(|error| CliError::Failed(error.to_string()));
    let sealed = Sealed::look(store, &sealer(from)?, &sealer(to)?).await;
    sealed.map_err(|error| CliError::Failed(error.to_string()))
}

/// All cells, with nobody in any of them as long as this lives.
pub(crate) struct Cells {
    tenants: Vec<(TenantId, std::path::PathBuf)>,
    /// What has a tenant's name and is no cell, with why.
    strange: Vec<String>,
    locks: Vec<CellLock>,
}

impl Cells {
    /// Takes the lock of each.
    pub(crate) fn lock(sessions: &Path) -> Result<Self, CliError> {
        let entries = std::fs::read_dir(sessions).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut tenants = Vec::new();
        for entry in entries.map_err(CliError::file(sessions))? {
            let name = entry.file_name();
            // Whatever else lies there is none of ours.
            let Some(tenant) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            tenants.push((tenant, entry.path()));
        }
        tenants.sort();
        let mut cells = Self { tenants: Vec::new(), strange: Vec::new(), locks: Vec::new() };
        for (tenant, path) in tenants {
            match CellLock::take(&path) {
                Ok(lock) => {
                    cells.locks.push(lock);
                    cells.tenants.push((tenant, path));
                }
                // No worker could have begun there.
                Err(LockError::Io(error)) if !cells::is_of_all(&error) => {
                    cells.strange.push(format!("{} ({error})", path.display()));
                }
                Err(error) => {
                    return Err(CliError::Failed(format!(
                        "{}: {error}; end its worker first (flowhq stop, or serve --stop-workers)",
                        path.display()
                    )));
                }
            }
        }
        Ok(cells)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn failed(error: seal::KeyError) -> CliError {
    CliError::Failed(error.to_string())
}
