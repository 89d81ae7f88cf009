//! What all bots got and sent, counted at most every five minutes: whoever looks again gets the same count.

use domain::Timestamp;
use jiff::SignedDuration;
use tokio::sync::Mutex;

use crate::App;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
const HOURS: usize = 24;
const DAYS: usize = 30;
/// How old a count may be.
const AGE: SignedDuration = SignedDuration::from_mins(5);

/// The last count, and when it was made; that there was none in time counts as well, and is not tried again at once.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Option<(Timestamp, Option<api::Traffic>)>>);

/// The last 24 hours and 30 days; `None` where there is more than can be counted in time.
pub(super) async fn of(app: &App) -> Option<api::Traffic> {
    // Whoever comes while it is counted waits here, and takes what was counted.
    let mut kept = app.traffic.0.lock().await;
    let now = app.now();
    if let Some((at, traffic)) = kept.as_ref()
        && now.duration_since(*at).abs() < AGE
    {
        return traffic.clone();
    }
    let counted = match count(app, now).await {
        Ok(counted) => counted,
        Err(error) => {
            tracing::warn!(%error, "messages of the last days were not counted");
            None
        }
    };
    *kept = Some((now, counted.clone()));
    counted
}

async fn count(app: &App, now: Timestamp) -> Result<Option<api::Traffic>, store::StoreError> {
    let operator = app.store.operator();
    let (Some(hours), Some(days)) = (first(now, HOUR_MS, HOURS), first(now, DAY_MS, DAYS)) else {
        return Ok(None);
    };
    let by_hour = operator.traffic_with_replies(hours, HOUR_MS, HOURS).await?;
    let by_day = operator.traffic(days, DAY_MS, DAYS).await?;
    Ok(Some(api::Traffic { hours: steps(hours, HOUR_MS, by_hour), days: steps(days, DAY_MS, by_day) }))
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
