//! How far one stream of numbered rows has gone up: what was sent, what was acknowledged, and when it goes up again.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A batch that is not acknowledged goes up again.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);

/// A stream of rows.
#[derive(Debug)]
pub(super) struct Stream {
    /// Of what, in words.
    what: &'static str,
    /// The highest number that the control plane has.
    acknowledged: u64,
    /// The highest number that was sent, and until when its acknowledgement is waited for.
    in_flight: Option<(u64, Instant)>,
}

impl Stream {
    pub(super) const fn of(what: &'static str) -> Self {
        Self { what, acknowledged: 0, in_flight: None }
    }

    /// The highest number that the control plane has, behind which the next batch begins.
    pub(super) const fn after(&self) -> u64 {
        self.acknowledged
    }

    /// Whether a batch waits for its acknowledgement.
    pub(super) const fn is_on_its_way(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Whether there is something to send, up to the number `last`, and nothing on its way.
    pub(super) const fn has_news(&self, last: u64) -> bool {
        !self.is_on_its_way() && last > self.acknowledged
    }

    /// A batch up to this number is on its way.
    pub(super) fn sent(&mut self, highest: u64) {
        self.in_flight = Some((highest, Instant::now() + ACKNOWLEDGED_WITHIN));
    }

    /// Nothing could be read: it is tried again like what is not acknowledged.
    pub(super) fn unread(&mut self) {
        self.sent(self.acknowledged);
    }

    /// What there was up to `last` is gone: an earlier connection had it acknowledged.
    pub(super) const fn gone(&mut self, last: u64) {
        self.acknowledged = last;
    }

    /// The control plane has all up to this number; whether that is news.
    pub(super) fn confirmed(&mut self, sequence: u64) -> bool {
        let news = sequence > self.acknowledged;
        if news {
            self.acknowledged = sequence;
            self.in_flight = self.in_flight.filter(|(highest, _)| *highest > sequence);
        }
        news
    }

    /// Waits until what is on its way has waited for its acknowledgement for too long: it goes up again from then on.
    pub(super) async fn unanswered(&mut self) {
        let Some((_, until)) = self.in_flight else { return std::future::pending().await };
        sleep_until(until).await;
        tracing::warn!("{} were not acknowledged; they go up again", self.what);
        self.in_flight = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_batch_is_on_its_way_until_all_of_it_is_acknowledged_or_it_took_too_long() {
        let mut stream = Stream::of("rows");
        assert!(stream.has_news(5) && !stream.has_news(0));
        stream.sent(5);
        assert!(!stream.has_news(9));
        assert!(stream.confirmed(3) && stream.is_on_its_way(), "a part of it");
        assert!(!stream.confirmed(3) && !stream.confirmed(2), "no news");
        assert!(stream.confirmed(5) && stream.has_news(9) && stream.after() == 5);
        let sent = Instant::now();
        stream.sent(9);
        stream.unanswered().await;
        assert_eq!(sent.elapsed(), ACKNOWLEDGED_WITHIN);
        assert!(stream.has_news(9) && stream.after() == 5);
    }
}
