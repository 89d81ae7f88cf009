//! What all bots got and sent, counted at most every five minutes: whoever looks again gets the same count.

use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use jiff::SignedDuration;

use crate::App;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
const HOURS: usize = 24;
const DAYS: usize = 30;
/// How old a count may be.
const AGE: SignedDuration = SignedDuration::from_mins(5);

/// The last count, and when it was made.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Option<(Timestamp, api::Traffic)>>);

/// The last 24 hours and 30 days; `None` where there is more than can be counted in time.
pub(super) async fn of(app: &App) -> Option<api::Traffic> {
    let now = app.now();
    let young = |(at, _): &(Timestamp, api::Traffic)| now.duration_since(*at).abs() < AGE;
    let kept = app.traffic.0.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(young);
    if let Some((_, traffic)) = kept {
        return Some(traffic);
    }
    let operator = app.store.operator();
    let (hours, days) = (first(now, HOUR_MS, HOURS)?, first(now, DAY_MS, DAYS)?);
    let counted = async {
        let by_hour = operator.traffic_with_replies(hours, HOUR_MS, HOURS).await?;
        let by_day = operator.traffic(days, DAY_MS, DAYS).await?;
        Ok::<_, store::StoreError>((by_hour, by_day))
    };
    match counted.await {
        Ok((by_hour, by_day)) => {
            let traffic =
                api::Traffic { hours: steps(hours, HOUR_MS, by_hour), days: steps(days, DAY_MS, by_day) };
            let mut kept = app.traffic.0.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = Some((now, traffic.clone()));
            Some(traffic)
        }
        Err(error) => {
            tracing::warn!(%error, "messages of the last days were not counted");
            None
        }
    }
}

/// When the first of so many steps began, of which the last is the present one. Steps begin where they do in UTC.
fn first(now: Timestamp, step: i64, steps: usize) -> Option<Timestamp> {
    let before = i64::try_from(steps).ok()? - 1;
    let present = now.as_millisecond().div_euclid(step);
    Timestamp::from_millisecond((present - before) * step).ok()
}

fn steps(from: Timestamp, step: i64, counted: Vec<store::Traffic>) -> Vec<api::TrafficStep> {
    let begins = (0_i64..).map(|n| from.as_millisecond().saturating_add(n * step));
    let told = |(begin, one): (i64, store::Traffic)| api::TrafficStep {
        from: Timestamp::from_millisecond(begin).unwrap_or(from),
        received: one.received,
        sent: one.sent,
        reply_ms: one.reply_ms,
    };
    begins.zip(counted).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_the_present_one() {
        let now: Timestamp = "2026-01-10T12:34:56Z".parse().unwrap();
        assert_eq!(first(now, HOUR_MS, 24).unwrap().to_string(), "2026-01-09T13:00:00Z");
        assert_eq!(first(now, DAY_MS, 30).unwrap().to_string(), "2025-12-12T00:00:00Z");
    }
}
