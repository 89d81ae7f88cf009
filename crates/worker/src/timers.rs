//! Wakes chats in which a time has come. What is then said is decided in the chat's turn.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::{bot::Bot, chat};

/// The clock may be set: no wait is longer.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Wakes chats until the worker is to stop.
pub(crate) async fn run(bot: Arc<Bot>) {
    let (mut marks, mut live, mut standing) =
        (bot.journal.marks(), bot.live.subscribe(), bot.standing.subscribe());
    loop {
        let now = bot.clock.now();
        let known = marks.borrow_and_update().due;
        let pause = match bot.journal.due(now).await {
            Ok((chats, next)) => {
                // Who cannot be written to now is woken with the connection.
                if bot.live.borrow().is_some() {
                    chats.iter().for_each(|chat| bot.journal.wake(*chat));
                }
                next.map(|next| {
                    let milliseconds = next.as_millisecond().saturating_sub(now.as_millisecond());
                    Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default()).min(LOOK_AGAIN)
                })
            }
            Err(error) => {
                bot.trouble(&error);
                Some(chat::AFTER_TROUBLE)
            }
        };
        let more = async {
            // An error means that the journal is closed, and the worker ends.
            let _ = marks.wait_for(|marks| marks.due != known).await;
        };
        tokio::select! {
            () = bot.orders.stop.cancelled() => return,
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
            () = more => {}
            Ok(()) = live.changed() => {}
            Ok(()) = standing.changed() => {}
        }
    }
}
