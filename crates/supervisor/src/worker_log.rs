//! A tenant's log of what its worker said on standard output and error, as it is read: a part of its end, in bytes. What is
//! in it is the worker's word, and whoever shows it makes it harmless first.

use domain::TenantId;

use crate::{Error, Handle};

/// The end of a tenant's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogTail {
    /// The newest bytes, in order; whole lines but for the last, which may still be being written.
    pub text: Vec<u8>,
    /// Whether there is more before them.
    pub more: bool,
    /// Where the log's file ends, for whoever goes on reading there.
    pub end: u64,
    /// Whether it was being cut while it was read, so that something may be missing.
    pub rotating: bool,
}

impl Handle {
    /// The end of a tenant's log, of at most so many bytes; from a place in its file on, where `after` names one that has
    /// not been cut away since. `None` where there is no log: its worker has never said anything.
    ///
    /// # Errors
    /// [`Error::Files`] where it cannot be read.
    pub async fn worker_log(
        &self,
        tenant: TenantId,
        most: u64,
        after: Option<u64>,
    ) -> Result<Option<LogTail>, Error> {
        match self.shared.runtime.log_tail(tenant, most, after).await {
            Ok(tail) => Ok(Some(tail)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::of_files(error)),
        }
    }
}
