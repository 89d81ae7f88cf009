//! The fault that the crash driver plants where a host takes over what ran before its start.

use std::sync::Arc;

use crash::Canary;
use supervisor::Process;

/// Workers that were found; none of them with [`Canary::ForgottenWorkers`].
pub(super) fn found(workers: Vec<Arc<dyn Process>>) -> Vec<Arc<dyn Process>> {
    if crash::canary(Canary::ForgottenWorkers) { Vec::new() } else { workers }
}
