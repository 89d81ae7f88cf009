//! Faults that tests switch on: at the wire, so that clients meet them as they would meet the real ones.

/// The faults that are switched on.
#[derive(Debug)]
pub(crate) struct FaultBoard;

impl FaultBoard {
    pub(crate) fn new(_seed: u64) -> Self {
        Self
    }
}
