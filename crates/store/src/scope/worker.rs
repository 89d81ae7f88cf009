//! The tenant's worker process: what is wanted, and what the supervisor observes.

use domain::{DesiredState, SessionState, TenantId, Timestamp, WorkerStatus};
use serde_json::json;

use super::{TENANT, TenantScope, found, is_moved, lifecycle::check_generation};
use crate::{
    Actor, StoreError, Versions, WorkerFigures, WorkerOrder, actor::note, db::Tx, lease, rows::Reader,
    sql::workers, together::Change,
};

impl TenantScope {
    /// Sets what an operator wants of the worker.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn set_desired(&self, state: DesiredState) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().label(state).time(self.store.now());
        found(tx.execute(&workers::SET_DESIRED, args).await?)?;
        Ok(tx.commit().await?)
    }

    /// Sets what is wanted of the worker, and writes down in the same transaction who ordered it: an order that
    /// nobody can be named for is not carried out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn order(&self, order: WorkerOrder) -> Result<(), StoreError> {
        let mut tx = self.write_of_moved().await?;
        write_order(&mut tx, self.actor, order, self.store.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Begins a new generation and commits it: call it before the process is spawned. `automatic` says that the
    /// supervisor starts again by itself, which counts as a restart; an operator's start resets that count.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant, [`StoreError::Moved`] where it runs elsewhere,
    /// [`StoreError::Leaving`] where it is on its way between two hosts, [`StoreError::LeaseLost`] where this store took a lease that another control plane has now.
    pub async fn begin_generation(&self, automatic: bool) -> Result<i64, StoreError> {
        let change =
            Begin { tenant: self.tenant, automatic, epoch: self.store.epoch(), now: self.store.now() };
        self.store.together(change).await
    }

    /// Notes that the process of this generation runs.
    ///
    /// # Errors
    /// [`StoreError::OldGeneration`] where a newer generation has begun.
    pub async fn record_started(&self, generation: i64, pid: u32) -> Result<(), StoreError> {
        let change = Started { tenant: self.tenant, generation, pid, now: self.store.now() };
        self.store.together(change).await
    }

    /// Notes that the process of this generation has ended: in good order (STOPPED), or with an error (ERROR).
    ///
    /// # Errors
    /// [`StoreError::OldGeneration`] where a newer generation has begun.
    pub async fn record_exit(&self, generation: i64, error: Option<&str>) -> Result<(), StoreError> {
        let status = if error.is_some() { WorkerStatus::Error } else { WorkerStatus::Stopped };
        let mut tx = self.write().await?;
        let args = tx.args().int(generation).label(status).opt_text(error).time(self.store.now());
        if tx.execute(&workers::EXITED, args).await? == 0 {
            check_generation(&mut tx, generation).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Notes a heartbeat, and tells the versions of what the tenant's bot is told now. Its time is that of the control plane's
    /// clock: a worker's may be wrong, or lie.
    ///
    /// # Errors
    /// [`StoreError::OldGeneration`] where a worker of another generation speaks.
    pub async fn heartbeat(&self, figures: &WorkerFigures) -> Result<Versions, StoreError> {
        let change = Beat { tenant: self.tenant, figures: *figures, now: self.store.now() };
        self.store.together(change).await
    }

    /// Clears the worker's last error; part of a forced restart.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant, [`StoreError::Moved`] where it runs elsewhere.
    pub async fn clear_error(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        stays(&mut tx).await?;
        let args = tx.args().time(self.store.now());
        found(tx.execute(&workers::CLEAR_ERROR, args).await?)?;
        Ok(tx.commit().await?)
    }
}

/// A new generation.
struct Begin {
    tenant: TenantId,
    automatic: bool,
    epoch: i64,
    now: Timestamp,
}

impl Change for Begin {
    /// Which.
    type Done = i64;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        lease::check(tx, self.epoch).await?;
        let args = tx.args().flag(self.automatic).time(self.now);
        let Some(row) = tx.row(&workers::BEGIN_GENERATION, args).await? else {
            stays(tx).await?;
            return Err(StoreError::Leaving);
        };
        Reader::new(&row).int()
    }
}

/// That the process of a generation runs.
struct Started {
    tenant: TenantId,
    generation: i64,
    pid: u32,
    now: Timestamp,
}

impl Change for Started {
    type Done = ();

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let args = tx.args().int(self.generation).int(self.pid.into());
        let args = args.time(self.now).label(WorkerStatus::Running);
        if tx.execute(&workers::STARTED, args).await? == 0 {
            check_generation(tx, self.generation).await?;
        }
        Ok(())
    }
}

/// A heartbeat.
struct Beat {
    tenant: TenantId,
    figures: WorkerFigures,
    now: Timestamp,
}

impl Change for Beat {
    type Done = Versions;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<Versions, StoreError> {
        let figures = &self.figures;
        // The session's row first, as everywhere: two orders of locking would end in a deadlock.
        if figures.session == SessionState::Connected {
            let args = tx.args().time(self.now);
            found(tx.execute(&workers::SEEN, args).await?)?;
        }
        let args = tx
            .args()
            .int(figures.generation)
            .time(self.now)
            .opt_count(figures.memory_bytes)
            .count(figures.cpu_ms)
            .count(figures.queued)
            .count(figures.unsent)
            .count(figures.unlogged)
            .opt_time(figures.last_message_at)
            .count(figures.unreadable)
            .opt_int(figures.clock_behind_ms)
            .count(figures.hand_offs);
        let Some(row) = tx.row(&workers::HEARTBEAT, args).await? else {
            check_generation(tx, figures.generation).await?;
            return Err(TENANT);
        };
        let mut row = Reader::new(&row);
        Ok(Versions { settings: row.int()?, profile: row.int()? })
    }
}

/// Refuses for a tenant that was moved to another installation, whatever is asked to run of it.
async fn stays(tx: &mut Tx) -> Result<(), StoreError> {
    if is_moved(tx).await?.ok_or(TENANT)? { Err(StoreError::Moved) } else { Ok(()) }
}

/// Sets what is wanted and notes who wants it. The line names the generation that is to begin, or to end.
pub(super) async fn write_order(
    tx: &mut Tx,
    actor: Actor,
    order: WorkerOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    let desired = order.desired_state();
    if desired == DesiredState::Run {
        stays(tx).await?;
    }
    let args = tx.args().label(desired).time(now);
    found(tx.execute(&workers::SET_DESIRED, args).await?)?;
    let args = tx.args();
    let row = tx.row(&workers::GENERATION, args).await?.ok_or(TENANT)?;
    let current = Reader::new(&row).int()?;
    let generation = if desired == DesiredState::Run { current + 1 } else { current };
    note(tx, actor, order.event_type(), &json!({ "generation": generation }), now).await.map(drop)
}
