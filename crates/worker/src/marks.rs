//! The mark by which a session's database is told from an older copy of itself. Signal's ratchets must never run backwards:
//! a session from a backup would use keys a second time, and WhatsApp would take the account for another's.
//!
//! The journal knows the mark that the session has and the one that it is about to get, so that a crash between the two
//! leaves it with a known one. A copy is refused that has neither; one of journal and session together is not told from them.

use std::time::Duration;

use domain::RecordId;
use tokio::time::sleep;

use crate::{bot::Bot, channel::OpenError, journal::JournalError};

/// How long a copy of a running worker's session may pass for the session itself.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Refuses a session that is an older copy, and gives the one that is there, or will be, another mark.
///
/// # Errors
/// [`OpenError::Stale`]; where journal or session cannot be read or written.
pub(crate) async fn renew(bot: &Bot) -> Result<(), OpenError> {
    let journal = |error: JournalError| {
        bot.trouble(&error);
        OpenError::Other(error.to_string())
    };
    // One after the other: of two at once, the journal could end with the marks of one and the session with the other's.
    let _alone = bot.marking.lock().await;
    let known = bot.journal.session_marks().await.map_err(journal)?;
    // Until its first mark was surely written, a session may have none.
    let must = known[0].is_some();
    let known: Vec<String> = known.into_iter().flatten().collect();
    let found = bot.channel.marked(&known, must).await?;
    let before = found.or_else(|| known.into_iter().next_back());
    let mark = RecordId::generate().to_string();
    bot.journal.put_session_marks(before, mark.clone()).await.map_err(journal)?;
    bot.channel.mark(mark).await
}

/// Renews it now and then.
pub(crate) async fn keep_new(bot: &Bot) {
    loop {
        sleep(EVERY).await;
        if bot.standing.borrow().account != crate::channel::Address::default()
            && let Err(error) = renew(bot).await
        {
            tracing::warn!(%error, "the session's mark could not be renewed; tried again");
        }
    }
}
