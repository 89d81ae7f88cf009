//! The fault that the crash driver plants where a worker's words are taken.

use crash::Canary;
use link::{
    DownSender,
    message::{Down, Up},
};

use super::Downlink;
use crate::{Stream, error::Cut};

/// Takes one message; with [`Canary::AcknowledgeLogsBeforeCommit`], log rows are acknowledged first.
pub(super) async fn take(
    downlink: &mut Downlink,
    message: Up,
    down: &mut DownSender<Box<dyn Stream>>,
) -> Result<(), Cut> {
    if crash::canary(Canary::AcknowledgeLogsBeforeCommit)
        && let Up::Logs { journal, rows } = &message
        && let Some(last) = rows.last()
    {
        downlink.say(down, Down::Acknowledge { journal: *journal, sequence: last.sequence }).await?;
    }
    downlink.take(message, down).await
}
