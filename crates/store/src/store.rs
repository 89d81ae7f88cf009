//! The way into the database.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::{Clock, TenantId, Timestamp};

use crate::{
    Engine, Lease, LeaseError, OpenError, Operator, People, StoreError, Target, TenantScope,
    db::{Access, Args, Db, Tx},
    error::is_overtaken,
    groups::Groups,
    lease::{Care, Turn},
    sql::Statement,
};
use sqlx::any::AnyRow;

/// One open database. Cheap to clone; all clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// How far a database's schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaStatus {
    /// The version that was found; 0 for an empty database.
    pub found: i64,
    /// The version of this program.
    pub known: i64,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    /// Of the lease that this store has taken; 0 where it has taken none and is not asked for one.
    epoch: AtomicI64,
    /// In which group each tenant stands, as far as somebody has asked.
    groups: Groups,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.0.db.engine()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database and brings its schema up to date; a SQLite file is made where there is none.
    ///
    /// # Errors
    /// See [`OpenError`]; a database that is refused is left untouched.
    pub async fn open(target: &Target, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let db = Db::open(target, clock.now()).await?;
        Ok(Self(Arc::new(Inner { db, clock, epoch: AtomicI64::new(0), groups: Groups::default() })))
    }

    /// Brings a database up to date and tells what was found. Two at once are safe: the second waits, and then finds
    /// nothing to do.
    ///
    /// # Errors
    /// See [`OpenError`]; a database that is refused is left untouched.
    pub async fn migrate(target: &Target, clock: &dyn Clock) -> Result<SchemaStatus, OpenError> {
        Db::migrate(target, clock.now()).await
    }

    /// Looks at a database and changes nothing; a SQLite file that is not there counts as empty.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn status(target: &Target) -> Result<SchemaStatus, OpenError> {
        Db::status(target).await
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.db.engine()
    }

    /// The rows of one tenant and nothing else. Whether there is such a tenant shows with the first call.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> TenantScope {
        TenantScope::new(self.clone(), tenant)
    }

    /// What crosses tenants: for operators and the supervisor only.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::new(self.clone())
    }

    /// How the people of tenants sign in: what belongs to a person and to no single tenant.
    #[must_use]
    pub fn people(&self) -> People {
        People::new(self.clone())
    }

    /// Takes the lease that one control plane may hold at a time. `holder` is shown to whoever comes second.
    ///
    /// # Errors
    /// [`LeaseError::Held`] where another control plane has it.
    pub async fn lease(&self, holder: &str) -> Result<Lease, LeaseError> {
        self.lease_with(holder, Care::default()).await
    }

    /// Waits until no other control plane has the lease of this database, and keeps it from others from then on: so a second one
    /// stands by. The database is not opened for it, and what it holds may still be another version's.
    ///
    /// # Errors
    /// [`LeaseError::OneMachine`] on SQLite.
    pub async fn wait_for_turn(target: &Target) -> Result<Turn, LeaseError> {
        Turn::wait(target, Care::of_two()).await
    }

    /// Takes the lease in one's turn. It ends by itself, and soon, where the database cannot be reached: another one stands by.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lease_in_turn(&self, turn: Turn, holder: &str) -> Result<Lease, LeaseError> {
        Lease::in_turn(self, turn, holder, Care::of_two()).await
    }

    /// The same, for tests that cannot wait that long.
    pub(crate) async fn lease_with(&self, holder: &str, care: Care) -> Result<Lease, LeaseError> {
        Lease::take(self, holder, care).await
    }

    /// Asks the database for an answer, and whether it takes changes; for `/readyz`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where it has none, [`StoreError::Unwritable`] where it refuses changes.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.0.db.ping(self.now()).await
    }

    /// Takes what was deleted out of the database's files, as far as the engine lets us.
    pub(crate) async fn forget_deleted(&self) -> Result<(), StoreError> {
        Ok(self.0.db.forget_deleted().await?)
    }

    /// Ends searches and the like that run, in the database itself, and begins none any more: for an end that must not wait
    /// for them.
    pub fn end_searches(&self) {
        self.0.db.seekers().end();
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        self.0.db.close().await;
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn groups(&self) -> &Groups {
        &self.0.groups
    }

    pub(crate) fn epoch(&self) -> i64 {
        self.0.epoch.load(Ordering::Acquire)
    }

    pub(crate) fn set_epoch(&self, epoch: i64) {
        self.0.epoch.store(epoch, Ordering::Release);
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// All rows that a statement gives which may take long: it is ended when nobody waits for it any more.
    pub(crate) async fn seek(
        &self,
        tenant: Option<TenantId>,
        statement: &'static Statement,
        args: Args,
    ) -> Result<Vec<AnyRow>, StoreError> {
        self.0.db.seek(Access { tenant, write: false }, statement, args).await
    }

    /// A transaction that sees and changes one tenant's rows, or everybody's.
    pub(crate) async fn begin(&self, access: Access) -> Result<Tx, StoreError> {
        self.0
            .db
            .begin_in(access, self.epoch())
            .await
            .map_err(|error| if is_overtaken(&error) { StoreError::LeaseLost } else { error.into() })
    }
}
