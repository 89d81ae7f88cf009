//! The fault that the crash driver plants where a tenant leaves its host.

use crash::Canary;

/// Whether nobody waits for the end of a worker that leaves: [`Canary::UnfencedMove`]. `false` in every release.
pub(super) fn is_left_running() -> bool {
    crash::canary(Canary::UnfencedMove)
}
