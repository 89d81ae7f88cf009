//! Directories that belong to us alone.

use std::{io, os::unix::fs::DirBuilderExt, path::Path};

/// Makes a directory with mode 0700, and what is missing above it. One that is there stays as it is.
pub(super) fn make(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
