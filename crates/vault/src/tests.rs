#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use std::{fs, path::PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use tempfile::TempDir;

use super::*;

struct World {
    directory: TempDir,
    vault: Vault,
}

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE
    .union(OpenFlags::SQLITE_OPEN_CREATE)
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

impl World {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), vault: Vault::new(&Key::new([1; 32])).unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn open(&self, name: &str) -> Connection {
        let database = self.vault.open(&self.path(name), FLAGS).unwrap();
        database.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").unwrap();
        database
    }

    /// The bytes of all files there are.
    fn bytes(&self) -> Vec<u8> {
        let files = fs::read_dir(self.directory.path()).unwrap();
        files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

fn found(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|part| part == what.as_bytes())
}

fn fill(database: &Connection, from: i64, to: i64) {
    database.execute_batch("CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    for n in from..to {
        let text = format!("marker {n} {}", "habari ".repeat(usize::try_from(n % 300).unwrap()));
        database.execute("INSERT INTO said VALUES (?1, ?2)", params![n, text]).unwrap();
    }
}

fn count(database: &Connection) -> i64 {
    database.query_row("SELECT count(*) FROM said WHERE text LIKE 'marker %'", [], |row| row.get(0)).unwrap()
}

fn whole(database: &Connection) -> bool {
    let said: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    said == "ok"
}

#[test]
fn what_is_written_is_read_and_stands_in_no_file() {
    let world = World::new();
    let database = world.open("a.db");
    fill(&database, 0, 500);
    assert!(!found(&world.bytes(), "habari") && !found(&world.bytes(), "SQLite format"), "in the log");
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    assert!(!found(&world.bytes(), "habari") && !found(&world.bytes(), "said"), "in the database");
    drop(database);
    let database = world.open("a.db");
    assert_eq!(count(&database), 500);
    assert!(whole(&database));
    // The same without the key, as a control of the search.
    let plain = Connection::open(world.path("b.db")).unwrap();
    fill(&plain, 0, 5);
    assert!(found(&world.bytes(), "habari"));
}

#[test]
fn a_rollback_journal_is_sealed_too_and_rolls_back() {
    let world = World::new();
    let database = world.vault.open(&world.path("a.db"), FLAGS).unwrap();
    database.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 5").unwrap();
    fill(&database, 0, 200);
    database.execute_batch("BEGIN").unwrap();
    // More than the cache holds, so that pages are written before the end.
    database.execute("UPDATE said SET text = 'other ' || text", []).unwrap();
    let during = world.bytes();
    assert!(world.path("a.db-journal").exists() && !found(&during, "habari"));
    // As after a crash: another process finds database and journal.
    for file in ["a.db", "a.db-journal"] {
        fs::copy(world.path(file), world.path(&file.replacen('a', "c", 1))).unwrap();
    }
    let found = world.vault.open(&world.path("c.db"), FLAGS).unwrap();
    assert_eq!(count(&found), 200);
    assert!(whole(&found));
    database.execute_batch("ROLLBACK").unwrap();
    assert_eq!(count(&database), 200);
}

#[test]
fn without_the_key_it_is_no_database() {
    let world = World::new();
    fill(&world.open("a.db"), 0, 5);
    let other = Vault::new(&Key::new([2; 32])).unwrap();
    let refused = |opened: rusqlite::Result<Connection>| {
        let read = opened.and_then(|database| {
            database.query_row("SELECT count(*) FROM said", [], |row| row.get::<_, i64>(0))
        });
        match read {
            Err(rusqlite::Error::SqliteFailure(error, _)) => error.code,
            other => panic!("{other:?}"),
        }
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    assert_eq!(refused(other.open(&world.path("a.db"), flags)), ErrorCode::NotADatabase);
    assert_eq!(refused(Connection::open_with_flags(world.path("a.db"), flags)), ErrorCode::NotADatabase);
}

#[test]
fn a_byte_that_was_flipped_is_found_by_whoever_reads_it() {
    let world = World::new();
    let database = world.open("a.db");
    fill(&database, 0, 400);
    drop(database);
    let path = world.path("a.db");
    let pages = fs::metadata(&path).unwrap().len() / 4096;
    let mut bytes = fs::read(&path).unwrap();
    let at = usize::try_from(pages / 2 * 4096 + 100).unwrap();
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let database = world.vault.open(&path, FLAGS).unwrap();
    let read = database.query_row("SELECT count(*), max(text) FROM said", [], |row| row.get::<_, i64>(0));
    let Err(rusqlite::Error::SqliteFailure(error, _)) = read else { panic!("{read:?}") };
    assert_eq!(error.code, ErrorCode::DatabaseCorrupt);
}

/// A full disk or a power cut in the middle of a checkpoint leaves half a page, the first one too, and the log has all of it.
#[test]
fn pages_that_were_torn_while_the_log_has_them_harm_nothing() {
    let world = World::new();
    let database = world.open("a.db");
    fill(&database, 0, 100);
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    database.execute_batch("CREATE TABLE more (a); UPDATE said SET text = text || '!'").unwrap();
    let (mut main, log) = (fs::read(world.path("a.db")).unwrap(), fs::read(world.path("a.db-wal")).unwrap());
    for page in main.chunks_mut(4096) {
        page[..2048].fill(0xa5);
    }
    fs::write(world.path("b.db"), main).unwrap();
    fs::write(world.path("b.db-wal"), log).unwrap();
    let found = world.vault.open(&world.path("b.db"), FLAGS).unwrap();
    assert_eq!(count(&found), 100);
    let ended: i64 =
        found.query_row("SELECT count(*) FROM said WHERE text LIKE '%!'", [], |row| row.get(0)).unwrap();
    assert_eq!(ended, 100);
    assert!(whole(&found));
}

/// What was not synced when the power went: the log ends anywhere, or in bytes of something else.
#[test]
fn a_log_that_was_torn_ends_before_the_tear() {
    let world = World::new();
    let database = world.open("a.db");
    fill(&database, 0, 50);
    let (main, log) = (fs::read(world.path("a.db")).unwrap(), fs::read(world.path("a.db-wal")).unwrap());
    let mut seen = Vec::new();
    for cut in (0..log.len()).step_by(1021).chain([log.len()]) {
        for spoiled in [false, true] {
            let mut log = log[..cut].to_vec();
            if spoiled && cut > 40 {
                let last = log.len() - 1;
                log[last] ^= 0x55;
            }
            fs::write(world.path("b.db"), &main).unwrap();
            fs::write(world.path("b.db-wal"), &log).unwrap();
            let _none = fs::remove_file(world.path("b.db-shm"));
            let found = world.vault.open(&world.path("b.db"), FLAGS).unwrap();
            let rows = found.query_row("SELECT count(*) FROM said", [], |row| row.get(0)).unwrap_or(0);
            assert!(whole(&found), "cut at {cut}");
            seen.push(rows);
        }
    }
    assert_eq!(seen.iter().max(), Some(&50), "the whole log has everything");
    assert!(seen.contains(&20), "a log of which a part is left has that part: {seen:?}");
}

/// A transaction that does not fit into the cache writes pages to the log twice, and then the checksums of all frames between
/// anew: heads without pages. Whoever is killed right after the commit has all of them in the file. Two connections take turns,
/// so that each finds a log that the other has lengthened or begun anew.
#[test]
fn what_is_committed_stands_in_the_log_without_a_sync() {
    let world = World::new();
    let connections = [world.open("a.db"), world.open("a.db")];
    for connection in &connections {
        connection
            .execute_batch(
                "PRAGMA synchronous = NORMAL; PRAGMA cache_size = 5; PRAGMA wal_autocheckpoint = 0",
            )
            .unwrap();
    }
    fill(&connections[0], 0, 300);
    for turn in 0..12_u8 {
        let connection = &connections[usize::from(turn % 2)];
        connection.execute_batch("BEGIN").unwrap();
        for _ in 0..2 {
            connection.execute("UPDATE said SET text = text || ?1 WHERE id % 7 = 0", [turn]).unwrap();
        }
        if turn % 4 == 3 {
            connection.execute_batch("ROLLBACK").unwrap();
        } else {
            connection.execute_batch("COMMIT").unwrap();
        }
        let killed = World::new();
        for end in ["", "-wal"] {
            fs::copy(world.path(&format!("a.db{end}")), killed.path(&format!("a.db{end}"))).unwrap();
        }
        let text = |database: &Connection| -> String {
            database.query_row("SELECT group_concat(text) FROM said", [], |row| row.get(0)).unwrap()
        };
        let left = killed.open("a.db");
        assert!(whole(&left) && text(&left) == text(connection), "turn {turn}");
        if turn % 5 == 4 {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        }
    }
}

#[test]
fn a_plain_file_is_sealed_with_all_that_is_in_it() {
    let world = World::new();
    let path = world.path("a.db");
    let plain = Connection::open(&path).unwrap();
    plain
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA application_id = 77; PRAGMA user_version = 5; CREATE TABLE one (a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO one VALUES (x'00ff', NULL)")
        .unwrap();
    fill(&plain, 0, 300);
    // As after a crash: all of it is in the log.
    let (main, log) = (fs::read(&path).unwrap(), fs::read(world.path("a.db-wal")).unwrap());
    drop(plain);
    fs::write(&path, main).unwrap();
    fs::write(world.path("a.db-wal"), log).unwrap();
    // And as after a conversion that was interrupted.
    fs::write(world.path("a.db.sealed"), "half of it").unwrap();
    assert!(is_plain(&path).unwrap());
    for _ in 0..2 {
        convert::seal_in_place(&world.vault, &path).unwrap();
        assert!(!is_plain(&path).unwrap());
        assert!(!found(&world.bytes(), "habari"), "nothing is left beside it");
        let database = world.open("a.db");
        assert_eq!(count(&database), 300);
        assert!(whole(&database));
        let pragma = |name: &str| {
            database.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!((pragma("application_id"), pragma("user_version")), (77, 5));
        database.execute("INSERT INTO one VALUES ('new', 1)", []).unwrap();
        database.execute("DELETE FROM one WHERE a = 'new'", []).unwrap();
    }
    convert::seal_in_place(&world.vault, &world.path("none.db")).unwrap();
    assert!(!world.path("none.db").exists());
}

/// Another library of SQLite's in the process goes by the address.
#[test]
fn a_file_is_opened_by_its_address() {
    let world = World::new();
    let path = world.path("a ?#%b.db");
    let address = Files::Sealed(world.vault.clone()).address(&path).unwrap();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
    fill(&Connection::open_with_flags(address, flags).unwrap(), 0, 5);
    assert!(!found(&world.bytes(), "habari"));
    assert_eq!(count(&world.vault.open(&path, FLAGS).unwrap()), 5);
    // Twice is as once.
    Files::Sealed(world.vault.clone()).address(&path).unwrap();
    assert_eq!(Files::Plain.address(&path).unwrap(), path.to_str().unwrap());
}

/// The same in a sealed file and in one that is not, whatever is done.
#[test]
fn it_does_what_a_plain_file_does() {
    let world = World::new();
    let plain = Connection::open(world.path("plain.db")).unwrap();
    let sealed = world.open("sealed.db");
    let mut seed = 1_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for database in [&plain, &sealed] {
        database
            .execute_batch("CREATE TABLE t (k INTEGER PRIMARY KEY, v BLOB); CREATE INDEX i ON t (v)")
            .unwrap();
    }
    for step in 0..1500 {
        let (what, key, size) = (next(12), next(200), next(9000));
        let sql = match what {
            0..6 => format!("INSERT OR REPLACE INTO t VALUES ({key}, zeroblob({size}) || '{step}')"),
            6..8 => format!("DELETE FROM t WHERE k BETWEEN {key} AND {key} + 5"),
            8 => "PRAGMA wal_checkpoint(PASSIVE)".to_owned(),
            9 => format!("SAVEPOINT s; UPDATE t SET v = v || 'x' WHERE k < {key}; ROLLBACK TO s; RELEASE s"),
            10 => "VACUUM".to_owned(),
            _ => format!("UPDATE t SET v = v || 'y' WHERE k % 7 = {}", key % 7),
        };
        for database in [&plain, &sealed] {
            database.execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        if step % 100 == 0 {
            let all = |database: &Connection| {
                let mut statement =
                    database.prepare("SELECT k, length(v), hex(substr(v, -8)) FROM t ORDER BY k").unwrap();
                let rows =
                    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
                rows.collect::<Result<Vec<(i64, i64, String)>, _>>().unwrap()
            };
            assert_eq!(all(&plain), all(&sealed), "step {step}");
        }
    }
    assert!(whole(&sealed));
}

/// Wherever a conversion is interrupted, the next start goes on with all that was there.
#[test]
fn a_conversion_that_is_interrupted_is_taken_up_again() {
    let world = World::new();
    let path = world.path("a.db");
    let plain = Connection::open(&path).unwrap();
    fill(&plain, 0, 40);
    drop(plain);
    let before = fs::read(&path).unwrap();
    convert::seal_in_place(&world.vault, &path).unwrap();
    let sealed = fs::read(&path).unwrap();
    let copy = world.path("a.db.sealed");
    // The copy was whole, and the file itself: as it was, gone, a part of it written anew, written whole.
    for there in [Some(&before[..]), None, Some(&[]), Some(&sealed[..5000]), Some(&sealed[..])] {
        fs::write(&copy, &sealed).unwrap();
        match there {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        convert::seal_in_place(&world.vault, &path).unwrap();
        assert!(!copy.exists());
        let database = world.vault.open(&path, FLAGS).unwrap();
        assert_eq!(count(&database), 40);
        assert!(whole(&database));
    }
}

#[test]
fn a_copy_is_sealed_as_what_it_is_of() {
    let world = World::new();
    let files = Files::Sealed(world.vault.clone());
    let database = world.open("a.db");
    fill(&database, 0, 40);
    files.copy(&database, &world.path("copy.db")).unwrap();
    assert!(!found(&world.bytes(), "habari"));
    assert_eq!(count(&files.open(&world.path("copy.db"), FLAGS).unwrap()), 40);
    let plain = Connection::open(world.path("plain.db")).unwrap();
    fill(&plain, 0, 40);
    Files::Plain.copy(&plain, &world.path("same.db")).unwrap();
    assert_eq!(count(&Connection::open(world.path("same.db")).unwrap()), 40);
}

/// The files of a database as they lie, taken to another key in a folder of their own.
fn resealed(world: &World, name: &str, into: &World) -> Resealed {
    let resealer = Resealer::new(&Key::new([1; 32]), &Key::new([2; 32])).unwrap();
    let mut all = Resealed::default();
    for (ending, part) in Part::ALL {
        let Ok(from) = fs::File::open(world.path(&format!("{name}{ending}"))) else { continue };
        let to = fs::File::create(into.path(&format!("{name}{ending}"))).unwrap();
        all += resealer.copy(part, from, to).unwrap();
    }
    all
}

fn other() -> World {
    World { vault: Vault::new(&Key::new([2; 32])).unwrap(), ..World::new() }
}

#[test]
fn what_was_taken_to_another_key_is_read_by_that_key_alone_with_its_log() {
    let (world, other) = (World::new(), other());
    let database = world.open("a.db");
    fill(&database, 0, 200);
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    // Some of it stands in the log alone, which is never closed.
    fill(&database, 200, 300);
    let found = resealed(&world, "a.db", &other);
    assert!(found.anew > 20 && found.before == 0 && found.foreign == 0, "{found:?}");
    let taken = other.vault.open(&other.path("a.db"), FLAGS).unwrap();
    assert_eq!(count(&taken), 300);
    assert!(whole(&taken));
    drop(taken);
    let refused = world.vault.open(&other.path("a.db"), FLAGS).unwrap();
    let refused = refused.query_row("SELECT 1 FROM said", [], |_| Ok(())).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::NotADatabase));
    // Once more changes nothing of it.
    let again = other_again(&other);
    assert!(again.anew == 0 && again.before > 0 && again.foreign == 0, "{again:?}");
}

fn other_again(world: &World) -> Resealed {
    let third = other();
    let found = resealed(world, "a.db", &third);
    for name in ["a.db", "a.db-wal"].map(|name| (world.path(name), third.path(name))) {
        assert_eq!(fs::read(name.0).unwrap_or_default(), fs::read(name.1).unwrap_or_default());
    }
    found
}

#[test]
fn a_transaction_that_was_interrupted_is_rolled_back_under_the_other_key() {
    let (world, other) = (World::new(), other());
    let database = world.vault.open(&world.path("a.db"), FLAGS).unwrap();
    database.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 5").unwrap();
    fill(&database, 0, 300);
    // So large that pages are written before it ends, in several pieces of the rollback journal.
    database.execute_batch("BEGIN; UPDATE said SET text = 'marker ' || upper(text) || text").unwrap();
    assert!(
        fs::metadata(world.path("a.db-journal")).unwrap().len() > 100_000,
        "there is something to roll back"
    );
    let found = resealed(&world, "a.db", &other);
    assert!(found.anew > 100, "{found:?}");
    let taken = other.vault.open(&other.path("a.db"), FLAGS).unwrap();
    assert_eq!(count(&taken), 300);
    let long: i64 = taken
        .query_row("SELECT count(*) FROM said WHERE text LIKE 'marker MARKER%'", [], |row| row.get(0))
        .unwrap();
    assert!(whole(&taken) && long == 0, "{long} rows of it stand");
}

#[test]
fn what_is_not_sealed_or_of_a_third_key_is_told_and_left() {
    let (world, other) = (World::new(), other());
    let plain = Connection::open(world.path("plain.db")).unwrap();
    fill(&plain, 0, 5);
    drop(plain);
    assert!(resealed(&world, "plain.db", &other).is_plain);
    let third = World { vault: Vault::new(&Key::new([3; 32])).unwrap(), ..World::new() };
    let database = third.open("a.db");
    fill(&database, 0, 50);
    drop(database);
    let found = resealed(&third, "a.db", &other);
    assert!(found.anew == 0 && found.before == 0 && found.foreign > 1, "{found:?}");
    assert_eq!(fs::read(third.path("a.db")).unwrap(), fs::read(other.path("a.db")).unwrap());
}

/// What the process has of a file's mapping, in KiB.
#[cfg(target_os = "linux")]
fn resident(name: &str) -> u64 {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut lines = maps.lines().skip_while(|line| !line.ends_with(name));
    let line = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn what_connections_share_is_taken_out_of_memory_and_nothing_of_it_is_lost() {
    let world = World::new();
    let (one, other) = (world.open("rests.db"), world.open("rests.db"));
    fill(&one, 0, 50);
    let shared = world.path("rests.db-shm");
    let name = shared.to_str().unwrap();
    assert_eq!((count(&other), resident(name)), (50, 32));
    rest();
    assert_eq!(resident(name), 0);
    fill(&other, 50, 80);
    assert_eq!((count(&one), whole(&one)), (80, true));
    drop(one);
    // The piece is still mapped by the other one.
    rest();
    assert_eq!((count(&other), whole(&other)), (80, true));
    drop(other);
    rest();
    assert_eq!(count(&world.open("rests.db")), 80);
}
