//! One control plane at a time: a lock that ends with its holder, and an epoch that grows with every taking.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, Row as _};
use tokio::{sync::watch, task::JoinSet, time::Instant};

use crate::{
    LeaseError, Store, StoreError, Target,
    db::{Access, Args, LockPlace, Tx},
    rows::Reader,
    sql::leases,
};

/// The one lease that there is.
const NAME: &str = "control";
/// How long a server may take to say that the lock's connection lives.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

const TRY_LOCK: &str = "SELECT CAST(pg_try_advisory_lock(7163948211270413132) AS INT)";

/// How closely a lock in a server is looked after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Care {
    /// The pause between two looks: a connection that is gone is noticed within this and [`ANSWER_WITHIN`].
    pub(crate) look_every: Duration,
    /// The pause between two tries to take the lock again.
    pub(crate) try_every: Duration,
    /// Where another one stands by: after how long without a word from us the server frees the lock, and after how long without
    /// one from the server we give the lease up, which is earlier.
    pub(crate) two: Option<Two>,
}

/// Times of two control planes of which one stands by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Two {
    /// After so long without a word from its holder the server frees the lock, whatever has become of the holder.
    pub(crate) freed_after: Duration,
    /// After so long without a word from the server its holder gives it up; shorter than the other.
    pub(crate) given_up_after: Duration,
}

impl Default for Care {
    fn default() -> Self {
        Self { look_every: Duration::from_secs(5), try_every: Duration::from_secs(1), two: None }
    }
}

impl Care {
    /// One of two: the other is to take over within 15 s, its own start included.
    pub(crate) fn of_two() -> Self {
        Self {
            look_every: Duration::from_secs(1),
            try_every: Duration::from_millis(500),
            two: Some(Two { freed_after: Duration::from_secs(8), given_up_after: Duration::from_secs(6) }),
        }
    }

    /// How long an answer may take.
    fn answer_within(&self) -> Duration {
        self.two.map_or(ANSWER_WITHIN, |two| two.given_up_after.min(ANSWER_WITHIN))
    }
}

/// That it is one's turn to take the lease: the lock is held, and nothing is written down yet.
#[derive(Debug)]
pub struct Turn(AnyConnection);

impl Turn {
    pub(crate) async fn wait(target: &Target, care: Care) -> Result<Self, LeaseError> {
        let Target::Postgres { url, .. } = target else { return Err(LeaseError::OneMachine) };
        sqlx::any::install_default_drivers();
        let mut told = false;
        loop {
            match lock_server(url, None, care.answer_within()).await {
                Ok(Some(connection)) => return Ok(Self(connection)),
                Ok(None) if told => {}
                Ok(None) => {
                    tracing::info!("another control plane has the lease; standing by");
                    told = true;
                }
                Err(error) => tracing::warn!(%error, "the database does not answer; standing by"),
            }
            tokio::time::sleep(care.try_every).await;
        }
    }
}

/// The right to supervise. Ends when it is dropped, when the process ends, or when another control plane takes it
/// while the server cannot be reached. An outage alone does not end it: nothing can be started without the database
/// anyway, and whoever comes first afterwards is told apart by the epoch.
#[derive(Debug)]
pub struct Lease {
    epoch: i64,
    lost: watch::Receiver<bool>,
    _lock: Lock,
}

#[derive(Debug)]
enum Lock {
    /// The file is locked while it is open; nobody ever says that it is lost.
    File { _file: File, _never: watch::Sender<bool> },
    /// The task holds the connection whose end is the lock's end. It ends with the lease.
    Connection { _keeper: JoinSet<()> },
}

impl Lease {
    /// Takes the lease. `holder` is what another control plane is told: host, process id, since when.
    pub(crate) async fn take(store: &Store, holder: &str, care: Care) -> Result<Self, LeaseError> {
        match store.db().lock_place() {
            LockPlace::File(path) => {
                let (lost, lost_here) = watch::channel(false);
                let lock = Lock::File { _file: lock_file(path, holder)?, _never: lost };
                Ok(Self { epoch: next_epoch(store, holder).await?, lost: lost_here, _lock: lock })
            }
            LockPlace::Server(url) => {
                let Some(connection) =
                    lock_server(url, care.two, care.answer_within()).await.map_err(StoreError::from)?
                else {
                    return Err(LeaseError::Held { holder: recorded_holder(store).await? });
                };
                Self::kept(store, holder, care, url, connection).await
            }
        }
    }

    /// Takes the lease with a lock that is held already.
    pub(crate) async fn in_turn(
        store: &Store,
        turn: Turn,
        holder: &str,
        care: Care,
    ) -> Result<Self, LeaseError> {
        let LockPlace::Server(url) = store.db().lock_place() else { return Err(LeaseError::OneMachine) };
        let Turn(mut connection) = turn;
        freed_after(&mut connection, care.two).await.map_err(StoreError::from)?;
        Self::kept(store, holder, care, url, connection).await
    }

    async fn kept(
        store: &Store,
        holder: &str,
        care: Care,
        url: &str,
        connection: AnyConnection,
    ) -> Result<Self, LeaseError> {
        let (lost, lost_here) = watch::channel(false);
        let epoch = next_epoch(store, holder).await?;
        let mut keeper = JoinSet::new();
        let keeping = Keeper { store: store.clone(), url: url.to_owned(), care, epoch, lost };
        keeper.spawn(keeping.keep(connection));
        Ok(Self { epoch, lost: lost_here, _lock: Lock::Connection { _keeper: keeper } })
    }

    /// Grows with every taking.
    #[must_use]
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Whether it is lost.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        // Where the keeper has panicked, the lock went with its connection.
        *self.lost.borrow() || self.lost.has_changed().is_err()
    }

    /// Returns when the lease is lost: then supervise no more, and leave the workers as they are. A lock on a file
    /// is never lost.
    pub async fn lost(&self) {
        // An error says that the keeper has ended without a word.
        let _ = self.lost.clone().wait_for(|lost| *lost).await;
    }
}

/// Refuses to go on where another control plane has taken the lease since. A store without a lease is not asked.
pub(crate) async fn check(tx: &mut Tx, epoch: i64) -> Result<(), StoreError> {
    if epoch == 0 {
        return Ok(());
    }
    let current = tx.number(&leases::IS_CURRENT, Args::default().text(NAME).int(epoch)).await?;
    if current == 0 { Err(StoreError::LeaseLost) } else { Ok(()) }
}

async fn recorded_holder(store: &Store) -> Result<String, StoreError> {
    let mut tx = store.begin(Access { tenant: None, write: false }).await?;
    let args = tx.args().text(NAME);
    let row = tx.row(&leases::HOLDER, args).await?;
    row.map_or_else(|| Ok("it has not said who it is".to_owned()), |row| Reader::new(&row).text())
}

fn lock_file(database: &Path, holder: &str) -> Result<File, LeaseError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let failed = |source| LeaseError::File { path: path.display().to_string(), source };
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let read = file.take(512).read_to_string(&mut text);
            let named = read.is_ok() && !text.trim().is_empty();
            let holder = if named { text.trim().to_owned() } else { "it has not said who it is".to_owned() };
            return Err(LeaseError::Held { holder });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{holder}")).map_err(failed)?;
    Ok(file)
}

/// A connection that holds the lock, or `None` where another one does. A server that takes a question and never answers, as
/// where the way to it was cut, is asked no longer than others: whoever waits for it would never have its turn.
async fn lock_server(
    url: &str,
    two: Option<Two>,
    within: Duration,
) -> Result<Option<AnyConnection>, sqlx::Error> {
    let locked = async {
        let mut connection = AnyConnection::connect(url).await?;
        freed_after(&mut connection, two).await?;
        let row = sqlx::query(TRY_LOCK).fetch_one(&mut connection).await?;
        if row.try_get::<i32, _>(0)? != 0 {
            return Ok(Some(connection));
        }
        connection.close().await?;
        Ok(None)
    };
    let late = |_| sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "it does not answer"));
    tokio::time::timeout(within, locked).await.map_err(late)?
}

/// Has the server end a connection of which it has not heard for so long: one that was cut off, or whose process hangs.
async fn freed_after(connection: &mut AnyConnection, two: Option<Two>) -> Result<(), sqlx::Error> {
    let Some(two) = two else { return Ok(()) };
    // A number of our own.
    let sql = format!("SET idle_session_timeout = {}", two.freed_after.as_millis());
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)
}

/// Looks after a lock in a server.
struct Keeper {
    store: Store,
    url: String,
    care: Care,
    epoch: i64,
    /// Told where another control plane was quicker.
    lost: watch::Sender<bool>,
}

impl Keeper {
    /// Holds the connection. One that is gone is made anew.
    async fn keep(self, mut connection: AnyConnection) {
        let mut answered = Instant::now();
        loop {
            tokio::time::sleep(self.care.look_every).await;
            let asked = Instant::now();
            let within =
                self.given_up(answered).map_or(self.care.answer_within(), |left| left.min(ANSWER_WITHIN));
            if matches!(tokio::time::timeout(within, connection.ping()).await, Ok(Ok(()))) {
                // Not when it came: the server has counted from the question on.
                answered = asked;
                continue;
            }
            tracing::error!(
                "the connection that holds the lease is gone; the bots go on, and the lease is taken again"
            );
            let again = match self.given_up(answered) {
                None => self.retake().await,
                Some(left) => tokio::time::timeout(left, self.retake()).await.ok().flatten(),
            };
            let Some(again) = again else {
                tracing::error!(
                    "another control plane has taken the lease, or may take it by now; supervising stops, the bots go on"
                );
                // Nobody may be there to be told.
                let _: Result<(), _> = self.lost.send(true);
                return;
            };
            tracing::warn!("the lease is held again");
            answered = Instant::now();
            connection = again;
        }
    }

    /// How long is left before the lease is given up without an answer, where another one stands by.
    fn given_up(&self, answered: Instant) -> Option<Duration> {
        Some(self.care.two?.given_up_after.saturating_sub(answered.elapsed()))
    }

    /// Takes the lock again, however long the server is away; `None` where another control plane has taken the lease
    /// meanwhile. A lock that is held under our own epoch is that of our own last connection, whose end the server has
    /// not noticed yet, or of somebody whose epoch follows in a moment.
    async fn retake(&self) -> Option<AnyConnection> {
        loop {
            let locked = lock_server(&self.url, self.care.two, self.care.answer_within()).await;
            match is_current(&self.store, self.epoch).await {
                Ok(false) => return None,
                Ok(true) => {
                    if let Ok(Some(connection)) = locked {
                        return Some(connection);
                    }
                }
                Err(error) => tracing::debug!(%error, "the lease cannot be looked at yet"),
            }
            tokio::time::sleep(self.care.try_every).await;
        }
    }
}

async fn is_current(store: &Store, epoch: i64) -> Result<bool, StoreError> {
    let mut tx = store.begin(Access { tenant: None, write: false }).await?;
    let args = tx.args().text(NAME).int(epoch);
    Ok(tx.number(&leases::IS_CURRENT, args).await? > 0)
}

/// Writes down who has the lease now.
async fn next_epoch(store: &Store, holder: &str) -> Result<i64, StoreError> {
    // Whichever was taken before: this is the next one.
    let mut tx = store.db().begin(Access { tenant: None, write: true }).await?;
    let args = tx.args().text(NAME).text(holder).time(store.now());
    let row = tx.row(&leases::TAKE, args).await?.ok_or(StoreError::NotFound("lease"))?;
    let epoch = Reader::new(&row).int()?;
    tx.commit().await?;
    store.set_epoch(epoch);
    Ok(epoch)
}

#[cfg(test)]
mod tests {
    use tokio::{sync::watch, task::JoinSet};

    use super::{Lease, Lock};

    #[tokio::test]
    async fn a_lease_whose_keeper_has_panicked_is_lost() {
        let (lost, lost_here) = watch::channel(false);
        let mut keeper = JoinSet::new();
        keeper.spawn(async move {
            let _held = lost;
            panic!("a fault of ours");
        });
        let lease = Lease { epoch: 1, lost: lost_here, _lock: Lock::Connection { _keeper: keeper } };
        lease.lost().await;
        assert!(lease.is_lost());
    }
}
