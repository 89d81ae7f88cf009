//! What can go wrong in the store, by name. Causes are kept.

pub(crate) mod class;

use domain::Refusal;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or it belongs to another tenant: the two cannot be told apart.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It contradicts what is there.
    #[error("{field}: {reason}")]
    Conflict {
        /// The field at fault.
        field: &'static str,
        /// What it contradicts.
        reason: String,
    },
    /// The number or account is linked to another tenant.
    #[error("this WhatsApp number is linked to another tenant; unlink it there first")]
    NumberTaken,
    /// The event does not apply to the tenant in its status.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A worker of an older generation spoke.
    #[error("generation {got} speaks, but {current} is the current one")]
    OldGeneration {
        /// The current generation.
        current: i64,
        /// Who spoke.
        got: i64,
    },
    /// A batch of log rows that does not join what is committed.
    #[error("log rows up to {acknowledged} are here, so the next batch starts at or below {}; it starts at {first}", acknowledged + 1)]
    LogGap {
        /// The highest sequence number that is committed.
        acknowledged: u64,
        /// The batch's first.
        first: u64,
    },
    /// The tenant was moved to another installation: it never runs here again.
    #[error(
        "this tenant was moved to another installation of Flow HQ and never runs here again; delete it here once it answers there"
    )]
    Moved,
    /// The tenant is on its way from one host to another: nothing of it begins before it is there.
    #[error("this tenant is being moved to another host; it goes on there in a moment")]
    Leaving,
    /// Another control plane has taken the lease: this one must supervise no more.
    #[error("another control plane runs this database now; this one supervises no more")]
    LeaseLost,
    /// What was given cannot be stored.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field at fault.
        field: &'static str,
        /// What is wrong and what to give instead.
        reason: String,
    },
    /// The database holds something that this program does not understand.
    #[error("the database holds a value in {column} that cannot be read: {reason}")]
    Corrupt {
        /// Which column.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database cannot be reached or failed; the same call may succeed later.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The database can be read, and takes no changes.
    #[error("the database takes no changes: {0}")]
    Unwritable(String),
    /// A search took longer than it may, or whoever waited for it has gone: the database has ended it.
    #[error("the search took too long and was ended; narrow it")]
    TookTooLong,
    /// As many searches as may be are under way.
    #[error("other searches are under way; try again in a moment")]
    Searching,
    /// The database refuses this very statement, and will refuse it again: it is not to be repeated.
    #[error("the database refuses this: {0}")]
    Broken(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the database takes no changes, as its disk is full or fails, or it may only be read: somebody has to see to
    /// it.
    #[must_use]
    pub fn refuses_writes(&self) -> bool {
        match self {
            Self::Unavailable(cause) => class::refuses_writes(cause),
            Self::Unwritable(_) => true,
            _ => false,
        }
    }
}

/// Why the store could not be opened. Nothing in the database was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address of the database cannot be read.
    #[error("DATABASE_URL: {0}")]
    Address(String),
    /// The file or its directory cannot be used.
    #[error("the database file {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A newer version of this program has been here.
    #[error(
        "the database has schema version {found}, which only programs that know version {needed} may open; this one knows up to {known}: use the newer program, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// What the database has.
        found: i64,
        /// What a program has to know, at least, to go on with it.
        needed: i64,
        /// What this program knows.
        known: i64,
    },
    /// The schema is behind, and migrating was not asked for.
    #[error(
        "the database has schema version {found}, this program needs {needed}: run `flowhq db migrate`, or set DATABASE_MIGRATE_URL"
    )]
    OlderSchema {
        /// What the database has; 0 where it is empty.
        found: i64,
        /// What this program needs.
        needed: i64,
    },
    /// PostgreSQL is to be migrated by the role that must own nothing.
    #[error(
        "DATABASE_MIGRATE_URL is not set: give the address of the role that owns the tables, another than that of DATABASE_URL"
    )]
    NoMigrateUrl,
    /// The server is too old.
    #[error("PostgreSQL {found} is too old; Flow HQ needs 15 or newer")]
    OldServer {
        /// Its version.
        found: String,
    },
    /// The role or the tables would not keep tenants apart.
    #[error(
        "the database would not keep tenants apart: {problem}. As an administrator of the database, run: {mend}"
    )]
    Unsafe {
        /// What is wrong.
        problem: String,
        /// The SQL that mends it.
        mend: String,
    },
    /// A migration that was applied is not the one this program has.
    #[error(
        "migration {version} in the database is not the one of this program; was it edited? Restore the program that made it"
    )]
    ChangedMigration {
        /// Which.
        version: i64,
    },
    /// Tables with our names that this program has not made.
    #[error(
        "the database has tables of the same names ({tables}) that Flow HQ has not made; nothing was touched. Give Flow HQ a database of its own"
    )]
    Foreign {
        /// Their names.
        tables: String,
    },
    /// The database cannot be reached or failed.
    #[error("the database cannot be opened: {0}")]
    Database(#[source] sqlx::Error),
}

/// Why the lease was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Another control plane runs this database.
    #[error("another control plane runs this database: {holder}. Stop it first; only one may")]
    Held {
        /// How it named itself.
        holder: String,
    },
    /// A second control plane cannot stand by at a file.
    #[error(
        "a second control plane can stand by at a PostgreSQL alone; this database is a SQLite file, which is of one machine: leave          --standby out, or set DATABASE_URL to a PostgreSQL"
    )]
    OneMachine,
    /// The lock file beside the database cannot be used.
    #[error("the lock file {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether a transaction was refused at its beginning since another control plane has the lease.
pub(crate) fn is_overtaken(error: &sqlx::Error) -> bool {
    // division_by_zero: nothing else of ours divides where a transaction begins.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "22012")
}

/// Whether the database ended a statement because it was told to, or because its time was over.
pub(crate) fn is_interrupted(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| matches!(&*code, "57014" | "9"))
}

/// Whether the database refused a statement for a unique index.
pub(crate) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether the database refused a statement for a reference to what is not there.
pub(crate) fn is_foreign_key_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}

impl From<sqlx::Error> for StoreError {
    /// Where a caller knows better what a violated constraint means, it looks before it comes here.
    fn from(error: sqlx::Error) -> Self {
        if is_foreign_key_violation(&error) {
            Self::NotFound("tenant")
        } else if class::passes(&error) {
            Self::Unavailable(error)
        } else {
            Self::Broken(error)
        }
    }
}
