//! Fence and copy: the one way by which a session goes to where another control plane, or another machine, runs it.
//!
//! First the fence is committed: from then on no generation begins here. Then whatever runs is ended, and only what nobody has
//! open is read, under the cell's lock. So a session is never copied while it is used, and never used where it was copied from:
//! Signal's ratchets must not run twice. Whatever interrupts this, the same is asked again and goes on; it ends here or there.

use std::{fs::File, io, sync::Arc};

use domain::TenantId;
use seal::MasterKey;
use tokio::time::{Duration, Instant, sleep};
use vault::{Key, Resealer};

use crate::{Error, Handle, StartError};

/// How long a worker that ends is waited for.
const PATIENCE: Duration = Duration::from_secs(45);
/// Between two looks at one.
const PAUSE: Duration = Duration::from_millis(100);

/// One file of a cell on its way: its name in the cell, and what it holds under the key of the way.
pub type CellFile = (String, File);

impl Handle {
    /// Fences the tenant for good, ends what runs of it, and copies all of its cell under a key of the way's own. `way` names
    /// where it goes: another one is refused from then on.
    ///
    /// # Errors
    /// [`Error::Store`] where it was fenced for another way; [`Error::Files`] where its files cannot be read. Fenced it stays.
    pub async fn fence_and_copy(
        &self,
        tenant: TenantId,
        way: &str,
        key: &MasterKey,
    ) -> Result<Vec<CellFile>, Error> {
        let resealer = self.resealer(tenant, key, false)?;
        self.shared.store.tenant(tenant).by(self.actor).fence(way).await?;
        crash::point("move_fenced");
        let until = Instant::now() + PATIENCE;
        loop {
            match self.stop(tenant).await {
                // It may be looked for still; and a stop that came in between is as good.
                Ok(()) | Err(Error::NotRunning | Error::Busy | Error::Overtaken) => {}
                Err(error) => return Err(error),
            }
            match self.shared.runtime.cell_at_rest(tenant, Some(Arc::clone(&resealer))).await {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < until => {}
                copied => {
                    let files = copied.map_err(Error::of_files)?;
                    crash::point("move_copied");
                    return Ok(files);
                }
            }
            sleep(PAUSE).await;
        }
    }

    /// Lays a cell that has come on such a way where the tenant's first worker here finds it. The tenant's rows come after it: as
    /// long as they are not here, nothing starts it, and the same may be laid again.
    ///
    /// # Errors
    /// [`Error::Files`] where it cannot be written.
    pub async fn lay_cell(
        &self,
        tenant: TenantId,
        key: &MasterKey,
        files: Vec<CellFile>,
    ) -> Result<(), Error> {
        let resealer = self.resealer(tenant, key, true)?;
        self.shared.runtime.lay_cell(tenant, Some(resealer), files).await.map_err(Error::of_files)
    }

    /// From the tenant's key here to that of the way, or back.
    fn resealer(&self, tenant: TenantId, way: &MasterKey, arrives: bool) -> Result<Arc<Resealer>, Error> {
        let here = self.shared.options.master_key.as_ref();
        let here = here.ok_or_else(|| Error::NotDone("this place has no master key".to_owned()))?;
        let (from, to) = if arrives { (way, here) } else { (here, way) };
        resealer(tenant, from, to).map(Arc::new)
    }
}

/// What takes a tenant's files from its key under one master key to that under another.
///
/// # Errors
/// Where the system cannot seal.
pub fn resealer(tenant: TenantId, from: &MasterKey, to: &MasterKey) -> Result<Resealer, Error> {
    let key = |master: &MasterKey| {
        let key = master.tenant_key(&tenant.to_string());
        key.map(Key::new).map_err(|error| Error::Start(StartError::Key(error)))
    };
    let made = Resealer::new(&key(from)?, &key(to)?);
    made.ok_or_else(|| Error::NotDone("the system cannot seal a tenant's files".to_owned()))
}
