//! Which failures of a database pass by themselves, and which never will: told by SQLSTATE on PostgreSQL and by the
//! extended result code on SQLite.
//!
//! What is waited for and cannot pass is waited for for ever; what is given up and would have passed is lost. So each
//! code that is named here as passing is one of the database's own state, and every other is one of the statement's.

use sqlx::Error;

/// Whether the same call may succeed later, with nobody doing anything about it or once the machine is mended.
pub(super) fn passes(error: &Error) -> bool {
    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed => true,
        Error::Database(cause) => cause.code().is_some_and(|code| code_passes(&code)),
        // What we ask for and what comes back do not fit: a fault of this program.
        _ => false,
    }
}

/// Whether the database takes no changes while it can still be read: its disk is full or fails, or it may only be read. An
/// outage that only a person ends.
pub(crate) fn refuses_writes(error: &Error) -> bool {
    let Error::Database(cause) = error else { return false };
    cause.code().is_some_and(|code| match code.len() {
        SQLSTATE_CHARS => matches!(&*code, "53100" | "58030" | READ_ONLY),
        _ => matches!(primary(&code), Some(8 | 10 | 13)),
    })
}

/// Whether it is what was to be written that the database refuses, and would refuse whenever it came: the wrong form, a
/// constraint, too large.
pub(crate) fn is_of_the_row(error: &Error) -> bool {
    let Error::Database(cause) = error else { return false };
    cause.code().is_some_and(|code| row_is_refused(&code))
}

fn row_is_refused(code: &str) -> bool {
    match code.len() {
        // Data, integrity, program limits.
        SQLSTATE_CHARS => matches!(code.get(..2), Some("22" | "23" | "54")),
        // TOOBIG, CONSTRAINT, MISMATCH
        _ => matches!(primary(code), Some(18..=20)),
    }
}

/// `read_only_sql_transaction`: the server is a replica, or was told to take no changes.
const READ_ONLY: &str = "25006";
/// `SQLITE_READONLY_DBMOVED`: the file was moved away beneath us, and never comes back.
const MOVED: &str = "1032";

/// An SQLSTATE has five characters, SQLite's highest code four.
const SQLSTATE_CHARS: usize = 5;

fn code_passes(code: &str) -> bool {
    if code.len() == SQLSTATE_CHARS { sqlstate_passes(code) } else { result_code_passes(code) }
}

/// Appendix A of PostgreSQL's manual.
fn sqlstate_passes(code: &str) -> bool {
    match code.get(..2) {
        // Connection, rollback (serialization, deadlock), resources (disk full, memory, too many connections), and the
        // system beneath.
        Some("08" | "40" | "53" | "58") => true,
        // Operator intervention: a shutdown, a start, a cancelled statement; not a database that was dropped.
        Some("57") => code != "57P04",
        // Locked or in use, and a transaction that was ended for idling.
        // And one that takes no changes for now.
        _ => matches!(code, "55006" | "55P03" | "25P03" | READ_ONLY),
    }
}

/// sqlite.org/rescode.html: the low byte is the primary code.
fn result_code_passes(code: &str) -> bool {
    matches!(
        primary(code),
        // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL (of locking), SCHEMA
        Some(5..=10 | 13 | 14 | 15 | 17)
    ) && code != MOVED
}

fn primary(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

#[cfg(test)]
mod tests {
    use super::{code_passes, passes, row_is_refused};

    #[test]
    fn what_passes_is_waited_for_and_what_cannot_is_not() {
        for passing in [
            "08006", "08001", "40001", "40P01", "53100", "53200", "53300", "55P03", "57P01", "57P02",
            "57P03", "57014", "58030", "25006", "5", "6", "261", "517", "7", "8", "776", "9", "10", "266",
            "778", "13", "14", "15",
        ] {
            assert!(code_passes(passing), "{passing}");
        }
        for broken in [
            // not null, foreign key, unique, check; too long, a number out of range, no UTF-8, an index row too large
            "23502", "23503", "23505", "23514", "22001", "22003", "22021", "54000",
            // syntax, no such table, datatype, no right, read-only, corrupt, dropped
            "42601", "42P01", "42804", "42501", "XX001", "XX002", "57P04",
            // ERROR, PERM, a file that was moved, CORRUPT, CONSTRAINT and its kinds, MISMATCH, TOOBIG, AUTH, NOTADB
            "1", "3", "1032", "11", "267", "19", "275", "787", "1299", "1811", "2067", "3091", "20", "18",
            "23", "26", "nonsense", "",
        ] {
            assert!(!code_passes(broken), "{broken}");
        }
    }

    #[test]
    fn a_row_is_left_out_for_its_own_sake_alone() {
        for row in ["22021", "22001", "23502", "23505", "54000", "18", "19", "275", "20"] {
            assert!(row_is_refused(row), "{row}");
        }
        for database in [
            "25006", "53100", "XX001", "XX000", "42P01", "42501", "58030", "1", "8", "10", "11", "13", "26",
            "",
        ] {
            assert!(!row_is_refused(database), "{database}: another row would fare no better");
        }
    }

    #[test]
    fn without_a_code_it_is_the_connection_or_this_program() {
        assert!(passes(&sqlx::Error::PoolTimedOut));
        assert!(passes(&sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into())));
        assert!(!passes(&sqlx::Error::RowNotFound));
        assert!(!passes(&sqlx::Error::ColumnIndexOutOfBounds { index: 1, len: 0 }));
    }
}
