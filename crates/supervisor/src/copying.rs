//! A tenant's journal for a backup, from its worker where one runs and from its directory where none does.

use std::{fs::File, io, time::Duration};

use domain::TenantId;
use link::message::{Answer, Question};
use tokio::time::{Instant, sleep};

use crate::{Error, Handle};

/// How long a worker that starts or ends is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at one.
const PAUSE: Duration = Duration::from_millis(100);

/// One file of a journal: its name, its bytes and what they are read from.
pub struct JournalFile {
    /// Its name within the cell.
    pub name: &'static str,
    /// How long it is.
    pub bytes: u64,
    /// What it holds: a worker's word, opened as a database by nobody but a worker.
    pub content: File,
}

impl Handle {
    /// The tenant's journal as it is at one instant, while all goes on; nothing where it has none yet. Everything that it has
    /// told as acknowledged is in the store already, so a copy of the store that is made later lacks nothing.
    ///
    /// # Errors
    /// [`Error::NotDone`] with the reason where the worker makes no copy, [`Error::NotLinked`] where it could not be asked in all
    /// that time, [`Error::Files`] where files cannot be read.
    pub async fn copy_journal(&self, tenant: TenantId) -> Result<Vec<JournalFile>, Error> {
        let until = Instant::now() + PATIENCE;
        loop {
            let live = self.live(tenant);
            if let Some(live) = live.as_ref().filter(|live| live.linked) {
                if live.build.as_deref() != Some(self.shared.options.build.as_str()) {
                    return Err(Error::NotDone("its worker runs another build; restart it".to_owned()));
                }
                match self.ask(tenant, None, Question::CopyJournal).await {
                    Ok(Ok(Answer::CopyJournal { .. })) => {
                        return sized(
                            self.shared.runtime.journal_copy(tenant).await.map_err(Error::of_files)?,
                        );
                    }
                    Ok(Err(why)) => return Err(Error::NotDone(why)),
                    // It went away meanwhile.
                    Ok(Ok(_)) | Err(_) => {}
                }
            } else {
                match self.shared.runtime.journal_at_rest(tenant).await {
                    Ok(files) => return sized(files),
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => {
                        return Err(Error::of_files(error));
                    }
                    Err(_) => {}
                }
            }
            if Instant::now() >= until {
                return Err(Error::NotLinked);
            }
            sleep(PAUSE).await;
        }
    }
}

/// The files with their lengths, which change no more: they are ours.
fn sized(files: Vec<(&'static str, File)>) -> Result<Vec<JournalFile>, Error> {
    let sized = |(name, content): (&'static str, File)| -> io::Result<JournalFile> {
        Ok(JournalFile { name, bytes: content.metadata()?.len(), content })
    };
    files.into_iter().map(sized).collect::<io::Result<_>>().map_err(Error::Files)
}
