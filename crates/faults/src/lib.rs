//! Faults of the disk beneath SQLite: the Nth call of a kind on a named file fails, once or until it is lifted. For the
//! tests of whoever keeps a database, and in no release: nothing but tests and their builds depend on it.
//!
//! It stands between SQLite and its own file system, as SQLite's own tests do it: what is above is the code that ships, and
//! what is below are real files.

mod armed;
mod rules;
mod vfs;

pub use armed::{ArmError, LIFTED, arm};
pub use rules::{Failure, Planned, Rule, plan};
pub use vfs::{InstallError, install};
