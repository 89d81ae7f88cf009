//! How many files and connections the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Enough for a full listener, the links of many workers and the database, several times over.
const WANTED: u64 = 65_536;

/// Raises what the system grants at first, often 1,024, as far as it lets us: else connections of strangers could use
/// up what the database and the workers need.
pub(super) fn allow_many() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
    {
        tracing::warn!(%error, "the limit of open files could not be raised to {wanted}; see `ulimit -n`");
    }
}
