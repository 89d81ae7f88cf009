//! The same file under another key, page by page and without SQLite: what is in the pages is looked at by nobody, so that it may
//! be a stranger's.

use std::io::{self, Read, Write};

use crate::{
    Key, PLAIN,
    page::{Kind, Nonces, PAGE, PageKey},
    vfs::{FRAME_HEAD, JOURNAL_MAGIC},
};

/// The head of a write-ahead log.
const WAL_HEAD: usize = 32;
/// Where a rollback journal's head says how long it is, and bytes of what says it.
const SECTOR_AT: usize = 20;
/// What stands before and behind a page in a rollback journal.
const RECORD: usize = PAGE + 8;
/// No rollback journal is longer.
const LONGEST_JOURNAL: u64 = 256 * 1024 * 1024;

/// Which of SQLite's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The database itself.
    Main,
    /// Its write-ahead log.
    Wal,
    /// Its rollback journal.
    Journal,
}

impl Part {
    /// What a database consists of, by what its name has at its end.
    pub const ALL: [(&'static str, Self); 3] =
        [("", Self::Main), ("-wal", Self::Wal), ("-journal", Self::Journal)];
}

/// What was found in a file, in pages. Those that were never written count nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Under the former key, and now under the new one.
    pub anew: u64,
    /// Under the new one already.
    pub before: u64,
    /// Under neither: they stand as they stood. A power cut leaves such in a log, and in a database whose log has the page.
    pub foreign: u64,
    /// Whether the database is not sealed at all; nothing was written then.
    pub is_plain: bool,
}

impl std::ops::AddAssign for Resealed {
    fn add_assign(&mut self, other: Self) {
        self.anew += other.anew;
        self.before += other.before;
        self.foreign += other.foreign;
        self.is_plain |= other.is_plain;
    }
}

/// Takes pages from one key to another.
pub struct Resealer {
    from: PageKey,
    to: PageKey,
}

/// Leaves the keys out.
impl std::fmt::Debug for Resealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resealer")
    }
}

impl Resealer {
    /// From a key to another; nothing where the system takes none of them.
    #[must_use]
    pub fn new(from: &Key, to: &Key) -> Option<Self> {
        Some(Self { from: PageKey::new(&from.0)?, to: PageKey::new(&to.0)? })
    }

    /// Writes all of `from` to `into`, under the new key. Done twice it is the same as once. Nobody has the file open.
    ///
    /// # Errors
    /// Where one cannot be read or the other not written.
    pub fn copy(&self, part: Part, from: impl Read, into: impl Write) -> io::Result<Resealed> {
        let (mut from, mut into) = (io::BufReader::new(from), io::BufWriter::new(into));
        let found = match part {
            Part::Main => self.pages(Kind::Main, 0, 0, &mut from, &mut into)?,
            Part::Wal => self.pages(Kind::Wal, WAL_HEAD, FRAME_HEAD, &mut from, &mut into)?,
            Part::Journal => self.journal(&mut from, &mut into)?,
        };
        into.flush()?;
        Ok(found)
    }

    /// Pages one behind another: `head` bytes before the first of them, `between` before each.
    fn pages(
        &self,
        kind: Kind,
        head: usize,
        between: usize,
        from: &mut impl Read,
        into: &mut impl Write,
    ) -> io::Result<Resealed> {
        let (mut found, mut at) = (Resealed::default(), head as u64);
        let mut begin = vec![0; head];
        let got = fill(from, &mut begin)?;
        into.write_all(&begin[..got])?;
        if got < head {
            return Ok(found);
        }
        let mut whole = vec![0; between + PAGE];
        loop {
            let got = fill(from, &mut whole)?;
            if at == 0 && kind == Kind::Main && whole[..got].starts_with(PLAIN) {
                return Ok(Resealed { is_plain: true, ..found });
            }
            if got < whole.len() {
                into.write_all(&whole[..got])?;
                return Ok(found);
            }
            self.page(&mut whole[between..], kind, at + between as u64, &mut found)?;
            into.write_all(&whole)?;
            at += whole.len() as u64;
        }
    }

    /// A rollback journal: heads, each with records behind it up to where the next head may stand.
    fn journal(&self, from: &mut impl Read, into: &mut impl Write) -> io::Result<Resealed> {
        let (mut found, mut bytes) = (Resealed::default(), Vec::new());
        from.take(LONGEST_JOURNAL + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST_JOURNAL {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "it is longer than any rollback journal",
            ));
        }
        let mut at = 0;
        while let Some(sector) = sector_of(&bytes, at) {
            at += sector;
            // Behind the last record stands something else, or what an earlier journal has left, which is then as good as any.
            while let Some(page) = bytes.get_mut(at + 4..at + 4 + PAGE) {
                let before = found.foreign;
                self.page(page, Kind::Journal, (at + 4) as u64, &mut found)?;
                if found.foreign > before {
                    break;
                }
                at += RECORD;
            }
            at = at.next_multiple_of(sector);
        }
        into.write_all(&bytes)?;
        Ok(found)
    }

    fn page(&self, bytes: &mut [u8], kind: Kind, at: u64, found: &mut Resealed) -> io::Result<()> {
        let Ok(page) = <&mut [u8; PAGE]>::try_from(bytes) else { return Ok(()) };
        if page.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        if self.to.open(&mut page.clone(), kind, at).is_ok() {
            found.before += 1;
            return Ok(());
        }
        let mut opened = *page;
        if self.from.open(&mut opened, kind, at).is_err() {
            found.foreign += 1;
            return Ok(());
        }
        self.to
            .seal(&mut Nonces::new(), &mut opened, kind, at)
            .map_err(|_| io::Error::other("the system gives no random numbers"))?;
        *page = opened;
        found.anew += 1;
        Ok(())
    }
}

/// How far records are from the head of a rollback journal at `at`; nothing where there is no head.
fn sector_of(bytes: &[u8], at: usize) -> Option<usize> {
    let head = bytes.get(at..at.checked_add(SECTOR_AT + 4)?)?;
    let sector = head.strip_prefix(&JOURNAL_MAGIC)?.get(SECTOR_AT - JOURNAL_MAGIC.len()..)?;
    let sector = u32::from_be_bytes(sector.get(..4)?.try_into().ok()?);
    // As SQLite: a power of two from 32 to 65536.
    (sector.is_power_of_two() && (32..=65_536).contains(&sector)).then_some(sector as usize)
}

/// Reads as much as there is, up to all of it.
fn fill(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match from.read(&mut into[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}
