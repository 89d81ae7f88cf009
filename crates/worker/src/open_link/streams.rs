//! What goes up in order and is acknowledged: log rows, records, how far messages have come; and the list of chats with a
//! person.

use std::time::Duration;

use link::{
    LinkError,
    message::{LogRow, Up},
};
use tokio::{sync::watch, time::Instant};

use super::OpenLink;
use crate::journal::JournalError;

/// Rows of one batch, and the text in it after which no other row is added: a frame takes 1 MiB, and JSON makes up to
/// six bytes of one.
const BATCH_ROWS: usize = 100;
const BATCH_BYTES: usize = 64 * 1024;
/// How long more is waited for before it is told how far messages have come: a reply that is taken, arrives and is read within
/// moments is one row, and a busy bot's are one frame.
const GATHERED_FOR: Duration = Duration::from_millis(300);
/// Chats with a person that are named to the control plane.
const HAND_OFFS_MOST: u32 = 200;

impl OpenLink<'_> {
    /// Sends the next batch, unless one is on its way.
    pub(super) async fn send_logs(&mut self, logged: &mut watch::Receiver<u64>) -> Result<(), LinkError> {
        let last = *logged.borrow_and_update();
        if !self.logged.has_news(last) {
            return Ok(());
        }
        let read = self.uplink.bot.journal.logs(self.logged.after(), BATCH_ROWS, BATCH_BYTES).await;
        let rows = match read {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.logged.unread();
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row: &LogRow| row.sequence) else {
            self.logged.gone(last);
            return Ok(());
        };
        crash::point("logs_before_send");
        self.send(Up::Logs { journal: self.journal, rows }).await?;
        crash::point("logs_after_send");
        self.logged.sent(highest);
        Ok(())
    }

    pub(super) async fn acknowledge(&mut self, sequence: u64) {
        let last = *self.uplink.bot.journal.logged().borrow();
        if sequence > last {
            tracing::error!(sequence, last, "rows were acknowledged that this journal never had");
        }
        let sequence = sequence.min(last);
        if self.logged.confirmed(sequence) {
            crash::point("logs_acknowledged");
            self.noted(self.uplink.bot.journal.forget_logs(sequence).await);
        }
    }

    /// Sends the next batch of records, unless one is on its way.
    pub(super) async fn send_records(&mut self, last: u64) -> Result<(), LinkError> {
        if !self.recorded.has_news(last) {
            return Ok(());
        }
        let read = self.uplink.bot.journal.records(self.recorded.after(), BATCH_ROWS, BATCH_BYTES).await;
        let rows = match read {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.recorded.unread();
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row| row.sequence) else {
            self.recorded.gone(last);
            return Ok(());
        };
        crash::point("records_before_send");
        self.send(Up::Records { journal: self.journal, rows }).await?;
        crash::point("records_after_send");
        self.recorded.sent(highest);
        Ok(())
    }

    pub(super) async fn acknowledge_records(&mut self, sequence: u64) {
        let sequence = sequence.min(self.uplink.bot.journal.marks().borrow().recorded);
        if self.recorded.confirmed(sequence) {
            crash::point("records_acknowledged");
            self.noted(self.uplink.bot.journal.acknowledge_records(sequence).await);
        }
    }

    /// Sends how far messages have come, unless that is on its way, a moment after there is something new; with `now` at once.
    /// The rows of the log go first: what they have not told of yet waits for their acknowledgement.
    pub(super) async fn send_deliveries(&mut self, last: u64, now: bool) -> Result<(), LinkError> {
        if !self.delivered.has_news(last) || self.logged.is_on_its_way() || self.sender.is_before() {
            return Ok(());
        }
        let due = *self.delivers_at.get_or_insert_with(|| Instant::now() + GATHERED_FOR);
        if due > Instant::now() && !now {
            return Ok(());
        }
        self.delivers_at = None;
        let read = self.uplink.bot.journal.deliveries(self.delivered.after(), BATCH_ROWS).await;
        let (rows, more) = match read {
            Ok(found) => found,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.delivered.unread();
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row| row.sequence) else {
            if !more {
                self.delivered.gone(last);
            }
            return Ok(());
        };
        crash::point("deliveries_before_send");
        self.send(Up::Deliveries { journal: self.journal, rows }).await?;
        crash::point("deliveries_after_send");
        self.delivered.sent(highest);
        Ok(())
    }

    pub(super) async fn acknowledge_deliveries(&mut self, sequence: u64) {
        let sequence = sequence.min(self.uplink.bot.journal.marks().borrow().delivered);
        if self.delivered.confirmed(sequence) {
            crash::point("deliveries_acknowledged");
            self.noted(self.uplink.bot.journal.acknowledge_deliveries(sequence).await);
        }
    }

    fn noted(&self, result: Result<(), JournalError>) {
        if let Err(error) = result {
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
