//! The fault that the crash driver plants where a cell is kept closed while it is carried away.

use std::{io, path::Path};

use crash::Canary;
use link::cell::CellLock;

use super::copied::lock_at_rest;

/// Keeps every worker out of a cell, or says that one is in it; with [`Canary::UnfencedMove`] neither.
pub(super) fn keep_out(cell: &Path) -> io::Result<Option<CellLock>> {
    if crash::canary(Canary::UnfencedMove) {
        return Ok(None);
    }
    lock_at_rest(cell).map(Some)
}
