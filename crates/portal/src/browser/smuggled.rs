//! Headers by which the portal itself speaks to the control plane, sent by a browser: they are taken off before anything
//! reads them, and it is logged, since nobody sends them by mistake.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::Timestamp;

use crate::Portal;

/// What the portal API reads.
const OURS: [&str; 3] = ["x-user-email", "x-portal-key", "x-portal-claim"];
/// Whoever goes on sending them shall not fill the log.
const SECONDS_BETWEEN_LINES: i64 = 60;

/// When it was last logged, and how many were not.
#[derive(Debug, Default)]
pub(crate) struct Smuggled {
    logged_at: AtomicI64,
    not_logged: AtomicU64,
}

impl Smuggled {
    /// How many requests the next line stands for, where it is time for one.
    fn count(&self, now: Timestamp) -> Option<u64> {
        let (now, before) = (now.as_second(), self.logged_at.load(Ordering::Relaxed));
        let mine = now.saturating_sub(before) >= SECONDS_BETWEEN_LINES
            && self.logged_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if mine {
            return Some(self.not_logged.swap(0, Ordering::Relaxed) + 1);
        }
        self.not_logged.fetch_add(1, Ordering::Relaxed);
        None
    }
}

/// Takes them off.
pub(crate) async fn strip(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let mut found = false;
    for name in OURS {
        found |= request.headers_mut().remove(name).is_some();
    }
    if found && let Some(requests) = portal.smuggled.count(portal.now()) {
        // Neither name nor value: both are the sender's.
        tracing::warn!(
            requests,
            "a browser sent headers of the portal API (x-user-email, x-portal-key or x-portal-claim); they were taken off"
        );
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_one_line_that_counts_those_before() {
        let smuggled = Smuggled::default();
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        assert_eq!(smuggled.count(at(0)), Some(1));
        assert_eq!((smuggled.count(at(1)), smuggled.count(at(59))), (None, None));
        assert_eq!(smuggled.count(at(60)), Some(3));
    }
}
