//! One tenant's way, step by step.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
};

use domain::TenantId;
use sha2::{Digest as _, Sha256};
use store::{Place, StoreError};
use tokio::time::{Duration, Instant, sleep};

use super::{away, planted};
use crate::{CellMark, CellState, Error, Handle, Places, carrying::CellFile};

/// How long a worker that ends is waited for.
const PATIENCE: Duration = Duration::from_secs(45);
/// Between two looks at one.
const PAUSE: Duration = Duration::from_millis(100);

/// Does something that a lock may stand in the way of for a moment: a process that is being forked has it too until it is one of
/// its own.
macro_rules! patiently {
    ($what:expr) => {{
        let until = Instant::now() + PATIENCE;
        loop {
            match $what {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < until => {}
                done => break done.map_err(Error::of_files),
            }
            sleep(PAUSE).await;
        }
    }};
}

impl Handle {
    /// Carries a tenant that leaves to where it goes. Where it cannot be laid there, it stays where it was.
    pub(super) async fn carry(&self, places: &Places, place: &Place) -> Result<(), Error> {
        let carried = self.carried(places, place).await;
        let Err(error) = carried else { return self.arrived(places, place).await };
        if matches!(error, Error::Away(_)) && places.at(place.host.as_deref()).is_err() {
            // Neither here nor there can anything be said: it goes on when both answer.
            return Err(error);
        }
        tracing::warn!(tenant = %place.tenant, %error, "a tenant could not be moved and stays where it was");
        let why = error.to_string();
        match self.turn_back(places, place).await {
            Ok(()) => Err(match error {
                Error::Away(_) => error,
                _ => Error::NotDone(format!("the tenant stays where it was: {why}")),
            }),
            Err(_) => Err(error),
        }
    }

    async fn carried(&self, places: &Places, place: &Place) -> Result<(), Error> {
        let (tenant, version) = (place.tenant, place.version);
        let target = places.at(place.other.as_deref()).map_err(away)?;
        let files = self.taken(places, place).await?;
        crash::point("place_copied");
        let (files, sums) = summed(files).await?;
        let arriving = CellMark { version, state: CellState::Arriving };
        patiently!(target.mark_cell(tenant, arriving).await)?;
        patiently!(target.lay_cell(tenant, None, again(&files).map_err(Error::Files)?).await)?;
        let laid = patiently!(target.cell_at_rest(tenant, None).await)?;
        if summed(laid).await?.1 != sums {
            return Err(Error::NotDone("what was laid there is not what was here".to_owned()));
        }
        crash::point("place_laid");
        let open = CellMark { version, state: CellState::Open };
        patiently!(target.mark_cell(tenant, open).await)
    }

    /// All of the cell, once nothing runs in it and it is closed for good; nothing of one that is lost.
    async fn taken(&self, places: &Places, place: &Place) -> Result<Vec<CellFile>, Error> {
        if places.is_lost(place.host.as_deref()) {
            // Where nobody could look for it yet, there is nothing to let go.
            let _unseen = self.leave(place.tenant, true).await;
            return Ok(Vec::new());
        }
        let (tenant, source) = (place.tenant, places.at(place.host.as_deref()).map_err(away)?);
        let left = CellMark { version: place.version, state: CellState::Left };
        let until = Instant::now() + PATIENCE;
        loop {
            match self.leave(tenant, planted::is_left_running()).await {
                // It may be looked for still, or be ending.
                Ok(()) | Err(Error::Busy | Error::Overtaken) => {}
                Err(error) => return Err(error),
            }
            match source.mark_cell(tenant, left).await {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < until => {}
                marked => {
                    marked.map_err(Error::of_files)?;
                    crash::point("place_left");
                    return patiently!(source.cell_at_rest(tenant, None).await);
                }
            }
            sleep(PAUSE).await;
        }
    }

    async fn arrived(&self, places: &Places, place: &Place) -> Result<(), Error> {
        let arrived = match self.shared.store.operator().by(self.actor).arrive(place).await {
            // It was deleted meanwhile; nothing of it stays.
            Err(error @ StoreError::Conflict { .. }) if self.is_gone(place.tenant).await => {
                let target = places.at(place.other.as_deref()).map_err(away)?;
                target.purge(place.tenant).await.map_err(Error::of_files)?;
                return Err(Error::Store(error));
            }
            arrived => arrived.map_err(Error::Store)?,
        };
        crash::point("place_arrived");
        places.expected(place.host.as_deref(), false);
        self.placed(places, &arrived);
        // It is there; what is left where it was is removed now or later.
        if let Err(error) = self.clear(places, &arrived).await {
            tracing::warn!(tenant = %place.tenant, %error, "what a tenant has left behind is removed later");
        }
        Ok(())
    }

    /// The tenant stays where it was.
    pub(super) async fn turn_back(&self, places: &Places, place: &Place) -> Result<(), Error> {
        let source = places.at(place.host.as_deref()).map_err(away)?;
        let open = CellMark { version: place.version, state: CellState::Open };
        source.mark_cell(place.tenant, open).await.map_err(Error::of_files)?;
        let back =
            self.shared.store.operator().by(self.actor).turn_back(place).await.map_err(Error::Store)?;
        places.expected(place.other.as_deref(), false);
        self.placed(places, &back);
        if let Err(error) = self.clear(places, &back).await {
            tracing::warn!(tenant = %place.tenant, %error, "what a move has left behind is removed later");
        }
        Ok(())
    }

    /// Removes what is left where the tenant is not.
    pub(super) async fn clear(&self, places: &Places, place: &Place) -> Result<Place, Error> {
        if !places.is_lost(place.other.as_deref()) {
            let other = places.at(place.other.as_deref()).map_err(away)?;
            let left = CellMark { version: place.version, state: CellState::Left };
            patiently!(other.mark_cell(place.tenant, left).await)?;
            other.purge(place.tenant).await.map_err(Error::of_files)?;
        }
        crash::point("place_cleared");
        self.shared.store.operator().by(self.actor).cleared(place).await.map_err(Error::Store)
    }

    async fn is_gone(&self, tenant: TenantId) -> bool {
        matches!(self.shared.store.operator().is_tenant(tenant).await, Ok(false))
    }
}

/// The same files, to be read once more.
fn again(files: &[CellFile]) -> io::Result<Vec<CellFile>> {
    files.iter().map(|(name, file)| Ok((name.clone(), file.try_clone()?))).collect()
}

/// A file's name and the checksum of what it holds.
type Sum = (String, [u8; 32]);

/// The files, to be read from their beginnings, and what they come to.
async fn summed(files: Vec<CellFile>) -> Result<(Vec<CellFile>, Vec<Sum>), Error> {
    let summed = move || -> io::Result<_> {
        let (mut files, mut sums) = (files, Vec::new());
        for (name, file) in &mut files {
            sums.push((name.clone(), sum(file)?));
        }
        sums.sort_unstable();
        Ok((files, sums))
    };
    let summed = tokio::task::spawn_blocking(summed).await.map_err(io::Error::other);
    summed.and_then(|summed| summed).map_err(Error::Files)
}

fn sum(file: &mut File) -> io::Result<[u8; 32]> {
    const PIECE: usize = 64 * 1024;
    file.rewind()?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        // A reader never says more than there is room for.
        hash.update(piece.get(..read).unwrap_or_default());
    }
    file.rewind()?;
    Ok(hash.finalize().into())
}
