//! What goes up in order and is acknowledged: log rows, records, how far messages have come; and the list of chats with a
//! person.

use std::time::Duration;

use link::{
    LinkError,
    message::{LogRow, Up},
};
use tokio::{sync::watch, time::Instant};

use super::OpenLink;

/// Rows of one batch, and the text in it after which no other row is added: a frame takes 1 MiB, and JSON makes up to
/// six bytes of one.
const BATCH_ROWS: usize = 100;
const BATCH_BYTES: usize = 64 * 1024;
/// A batch that is not acknowledged goes up again.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);
/// How long more is waited for before it is told how far messages have come: a reply that is taken, arrives and is read within
/// moments is one row, and a busy bot's are one frame.
const GATHERED_FOR: Duration = Duration::from_millis(300);
/// Chats with a person that are named to the control plane.
const HAND_OFFS_MOST: u32 = 200;

impl OpenLink<'_> {
    /// Sends the next batch, unless one is on its way.
    pub(super) async fn send_logs(&mut self, logged: &mut watch::Receiver<u64>) -> Result<(), LinkError> {
        let last = *logged.borrow_and_update();
        if self.logged.in_flight.is_some() || last <= self.logged.acknowledged {
            return Ok(());
        }
        let rows = match self.uplink.bot.journal.logs(self.logged.acknowledged, BATCH_ROWS, BATCH_BYTES).await
        {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.logged.in_flight =
                    Some((self.logged.acknowledged, Instant::now() + ACKNOWLEDGED_WITHIN));
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row: &LogRow| row.sequence) else {
            // Rows that are gone were acknowledged by an earlier connection.
            self.logged.acknowledged = last;
            return Ok(());
        };
        crash::point("logs_before_send");
        self.send(Up::Logs { journal: self.journal, rows }).await?;
        crash::point("logs_after_send");
        self.logged.in_flight = Some((highest, Instant::now() + ACKNOWLEDGED_WITHIN));
        Ok(())
    }

    pub(super) async fn acknowledge(&mut self, sequence: u64) {
        let last = *self.uplink.bot.journal.logged().borrow();
        if sequence > last {
            tracing::error!(sequence, last, "rows were acknowledged that this journal never had");
        }
        let sequence = sequence.min(last);
        if sequence <= self.logged.acknowledged {
            return;
        }
        crash::point("logs_acknowledged");
        self.logged.acknowledged = sequence;
        self.logged.in_flight = self.logged.in_flight.filter(|(highest, _)| *highest > sequence);
        if let Err(error) = self.uplink.bot.journal.forget_logs(sequence).await {
            self.uplink.bot.trouble(&error);
        }
    }

    /// Sends the next batch of records, unless one is on its way.
    pub(super) async fn send_records(&mut self, last: u64) -> Result<(), LinkError> {
        if self.recorded.in_flight.is_some() || last <= self.recorded.acknowledged {
            return Ok(());
        }
        let (after, until) = (self.recorded.acknowledged, Instant::now() + ACKNOWLEDGED_WITHIN);
        let rows = match self.uplink.bot.journal.records(after, BATCH_ROWS, BATCH_BYTES).await {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.recorded.in_flight = Some((after, until));
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row| row.sequence) else {
            // Those that were changed last are gone.
            self.recorded.acknowledged = last;
            return Ok(());
        };
        crash::point("records_before_send");
        self.send(Up::Records { journal: self.journal, rows }).await?;
        crash::point("records_after_send");
        self.recorded.in_flight = Some((highest, until));
        Ok(())
    }

    pub(super) async fn acknowledge_records(&mut self, sequence: u64) {
        let last = self.uplink.bot.journal.marks().borrow().recorded;
        let sequence = sequence.min(last);
        if sequence <= self.recorded.acknowledged {
            return;
        }
        crash::point("records_acknowledged");
        self.recorded.acknowledged = sequence;
        self.recorded.in_flight = self.recorded.in_flight.filter(|(highest, _)| *highest > sequence);
        if let Err(error) = self.uplink.bot.journal.acknowledge_records(sequence).await {
            self.uplink.bot.trouble(&error);
        }
    }

    /// Sends how far messages have come, unless that is on its way, a moment after there is something new; with `now` at once.
    /// The rows of the log go first: what they have not told of yet waits for their acknowledgement.
    pub(super) async fn send_deliveries(&mut self, last: u64, now: bool) -> Result<(), LinkError> {
        if self.delivered.in_flight.is_some()
            || self.logged.in_flight.is_some()
            || last <= self.delivered.acknowledged
            || self.sender.is_before()
        {
            return Ok(());
        }
        let due = *self.delivers_at.get_or_insert_with(|| Instant::now() + GATHERED_FOR);
        if due > Instant::now() && !now {
            return Ok(());
        }
        self.delivers_at = None;
        let (after, until) = (self.delivered.acknowledged, Instant::now() + ACKNOWLEDGED_WITHIN);
        let (rows, more) = match self.uplink.bot.journal.deliveries(after).await {
            Ok(found) => found,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.delivered.in_flight = Some((after, until));
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row| row.sequence) else {
            if !more {
                // What was changed last is gone, or was acknowledged by an earlier connection.
                self.delivered.acknowledged = last;
            }
            return Ok(());
        };
        crash::point("deliveries_before_send");
        self.send(Up::Deliveries { journal: self.journal, rows }).await?;
        crash::point("deliveries_after_send");
        self.delivered.in_flight = Some((highest, until));
        Ok(())
    }

    pub(super) async fn acknowledge_deliveries(&mut self, sequence: u64) {
        let last = self.uplink.bot.journal.marks().borrow().delivered;
        let sequence = sequence.min(last);
        if sequence <= self.delivered.acknowledged {
            return;
        }
        crash::point("deliveries_acknowledged");
        self.delivered.acknowledged = sequence;
        self.delivered.in_flight = self.delivered.in_flight.filter(|(highest, _)| *highest > sequence);
        if let Err(error) = self.uplink.bot.journal.acknowledge_deliveries(sequence).await {
            self.uplink.bot.trouble(&error);
        }
    }

    /// Sends the chats that a person has, where they have changed since.
    pub(super) async fn send_hand_offs(&mut self, changes: u64) -> Result<(), LinkError> {
        if self.handed == Some(changes) {
            return Ok(());
        }
        let bot = &self.uplink.bot;
        match bot.journal.hand_offs(bot.clock.now(), HAND_OFFS_MOST).await {
            Ok((rows, total)) => {
                self.handed = Some(changes);
                self.send(Up::HandOffs { rows, total }).await
            }
            // Tried again with whatever comes next, a heartbeat at the latest.
            Err(error) => {
                bot.trouble(&error);
                Ok(())
            }
        }
    }
}
