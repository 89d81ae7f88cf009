//! Sending one message of ours: in its place, at the tenant's pace, until the server says what became of it.

use std::{sync::atomic::Ordering, time::Duration};

use domain::{Timestamp, delivery};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::{
    acks::{Ack, Expected},
    bot::{Bot, Live},
    channel::{Address, SendError},
    chat::AFTER_TROUBLE,
    journal::{Fate, JournalError, Outgoing},
    standing::Standing,
};

/// How long the server's acknowledgement is waited for.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(15);
/// A send that has not returned by then hangs; the channel promises 20 s.
const SENT_WITHIN: Duration = Duration::from_secs(25);
/// What adorns a message must not hold it up.
const ADORNED_WITHIN: Duration = Duration::from_secs(2);
/// Pauses between tries: 5 s doubled to 10 min; the second try comes at once.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// A message that the server passes over for a day, in so many tries, is given up.
const GIVEN_UP_AFTER_MS: i64 = 24 * 60 * 60 * 1000;
const GIVEN_UP_AFTER_TRIES: u32 = 20;

/// Characters that are typed in a quiet time, how many quiet times typing takes at most, and how long.
const CHARS_OF_A_QUIET_TIME: u32 = 100;
const TYPED_WITHIN_QUIET_TIMES: u32 = 2;
const TYPED_WITHIN_MS: u32 = 5_000;

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The message's story has ended; the chat may go on.
    Settled,
    /// It stays first in its chat and is tried again after this pause.
    Later(Duration),
    /// Nothing can be sent now. Whatever ends that wakes the chat.
    Parked,
}

/// Tries to send `outgoing`, the first of its chat.
pub(crate) async fn send(bot: &Bot, outgoing: &Outgoing) -> Result<Tried, JournalError> {
    let per_minute = {
        let standing = bot.standing.borrow();
        if !may_leave(&standing, outgoing) || bot.live.borrow().is_none() {
            return Ok(Tried::Parked);
        }
        standing.limits.tenant_per_minute
    };
    let place = bot.pace.take(per_minute, Instant::now());
    if !place.wait.is_zero() {
        tokio::select! {
            () = sleep(place.wait) => {}
            () = bot.orders.stop.cancelled() => return Ok(Tried::Parked),
        }
    }
    let Some(live) = bot.live.borrow().clone() else { return Ok(Tried::Parked) };
    if !may_leave(&bot.standing.borrow(), outgoing) {
        return Ok(Tried::Parked);
    }

    place.fill();

    if !types(bot, &live, outgoing).await {
        return Ok(Tried::Parked);
    }
    let mut expected = bot.acks.expect(&outgoing.wa_id);
    let Outgoing { wa_id, to, text, quote, .. } = outgoing;
    let sending = async {
        typing(&live, to, true).await;
        crash::point("send_before");
        let sent = timeout(SENT_WITHIN, live.connection.send_text(wa_id, to, text, quote.as_ref())).await;
        crash::point("send_after");
        (sent, Instant::now() + ACKNOWLEDGED_WITHIN)
    };
    // That it is tried is written meanwhile: what is counted is no more than how long the next try waits, and a message that was
    // sent and not marked goes out again under the same id, as one that was marked would.
    let marking = async {
        let marked = bot.journal.mark_sent(wa_id.clone()).await;
        bot.marks_first.store(marked.is_err(), Ordering::Relaxed);
        marked
    };
    let (sent, overdue_at) = if bot.marks_first.load(Ordering::Relaxed) {
        marking.await?;
        sending.await
    } else {
        let (marked, sent) = tokio::join!(marking, sending);
        marked?;
        sent
    };
    match sent {
        Ok(Ok(())) | Ok(Err(SendError::TimedOut)) | Err(_) => {}
        Ok(Err(SendError::Refused(reason))) => return settle(bot, outgoing, Fate::Failed(reason)).await,
        Ok(Err(SendError::NotConnected)) if !is_current(bot, &live) => return Ok(Tried::Parked),
        Ok(Err(error @ (SendError::NotConnected | SendError::Failed(_)))) => {
            tracing::warn!(id = outgoing.wa_id, %error, "a reply was not sent; it will be tried again");
            return again(bot, outgoing).await;
        }
        Ok(Err(error @ SendError::NotKept(_))) => {
            tracing::warn!(id = outgoing.wa_id, %error, "a reply was not sent; it will be tried again");
            return Ok(Tried::Later(until_mended(outgoing.attempts)));
        }
    }
    match acknowledgement(bot, &live, &mut expected, overdue_at).await {
        Said::Acknowledged(ack) => {
            crash::point("send_acknowledged");
            let fate = match ack {
                None => Fate::Acked,
                Some(code) => Fate::Failed(delivery::refused(code)),
            };
            settle(bot, outgoing, fate).await
        }
        Said::Nothing => again(bot, outgoing).await,
        Said::Gone => Ok(Tried::Parked),
    }
}

/// Whether it may be said now.
fn may_leave(standing: &Standing, outgoing: &Outgoing) -> bool {
    standing.may_speak() || outgoing.away && standing.may_say_so()
}

/// Shows "typing…" for as long as a person would type this, within bounds that follow the quiet time: where that is
/// nothing, so is this. `false` where the worker is to stop.
async fn types(bot: &Bot, live: &Live, outgoing: &Outgoing) -> bool {
    let quiet_ms = bot.standing.borrow().limits.quiet_ms;
    if quiet_ms == 0 || !outgoing.is_bots || outgoing.attempts > 0 {
        return true;
    }
    let most = quiet_ms.saturating_mul(TYPED_WITHIN_QUIET_TIMES).min(TYPED_WITHIN_MS);
    let time = replies::typing_ms(&outgoing.text, quiet_ms.div_ceil(CHARS_OF_A_QUIET_TIME), most);
    typing(live, &outgoing.to, true).await;
    tokio::select! {
        () = sleep(Duration::from_millis(u64::from(time))) => true,
        () = bot.orders.stop.cancelled() => false,
    }
}

/// Shows or hides "typing…".
pub(crate) async fn typing(live: &Live, to: &Address, on: bool) {
    // Failing is of no matter.
    let _ = timeout(ADORNED_WITHIN, live.connection.typing(to, on)).await;
}

/// Marks messages as read.
pub(crate) async fn mark_read(live: &Live, from: &Address, ids: &[String]) {
    let _ = timeout(ADORNED_WITHIN, live.connection.mark_read(from, ids)).await;
}

enum Said {
    Acknowledged(Ack),
    Nothing,
    /// The connection has ended: whatever it has not acknowledged goes over the next one.
    Gone,
}

async fn acknowledgement(bot: &Bot, live: &Live, expected: &mut Expected<'_>, overdue_at: Instant) -> Said {
    let mut connections = bot.live.subscribe();
    let gone = async {
        // An error means that the bot itself is gone.
        let _ = connections.wait_for(|now| now.as_ref().is_none_or(|now| now.number != live.number)).await;
    };
    tokio::select! {
        biased;
        ack = expected.arrived() => Said::Acknowledged(ack),
        () = gone => Said::Gone,
        () = sleep_until(overdue_at) => Said::Nothing,
    }
}

fn is_current(bot: &Bot, live: &Live) -> bool {
    bot.live.borrow().as_ref().is_some_and(|now| now.number == live.number)
}

async fn settle(bot: &Bot, outgoing: &Outgoing, fate: Fate) -> Result<Tried, JournalError> {
    if let Fate::Failed(reason) = &fate {
        tracing::warn!(id = outgoing.wa_id, reason, "a reply will never arrive");
    }
    crash::point("send_before_mark");
    bot.journal.settle(outgoing.wa_id.clone(), fate).await?;
    crash::point("send_after_mark");
    Ok(Tried::Settled)
}

/// When to try again, unless it has been tried for too long.
async fn again(bot: &Bot, outgoing: &Outgoing) -> Result<Tried, JournalError> {
    let tries = outgoing.attempts + 1;
    if tries >= GIVEN_UP_AFTER_TRIES && age_ms(outgoing.created_at, bot.clock.now()) >= GIVEN_UP_AFTER_MS {
        return settle(bot, outgoing, Fate::Failed(delivery::UNANSWERED.to_owned())).await;
    }
    Ok(Tried::Later(pause(tries)))
}

fn pause(tries: u32) -> Duration {
    match tries.checked_sub(2) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_PAUSE.saturating_mul(1 << doublings.min(16)).min(LONGEST_PAUSE),
    }
}

/// The pause after a try that our own disk has spoilt, by those before it: nobody is spared by a longer one, and the customer
/// waits for it once the disk is mended.
const fn until_mended(attempts: u32) -> Duration {
    if attempts == 0 { Duration::ZERO } else { AFTER_TROUBLE }
}

fn age_ms(since: Timestamp, now: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(since.as_millisecond())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_second_try_comes_at_once_and_later_ones_ever_later() {
        let pauses: Vec<_> = (1..12).map(|tries| super::pause(tries).as_secs()).collect();
        assert_eq!(pauses, [0, 5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
    }

    #[test]
    fn however_often_the_disk_has_failed_the_next_try_is_near() {
        let pauses = [0, 1, 5, 50].map(|attempts| super::until_mended(attempts).as_secs());
        assert_eq!(pauses, [0, 5, 5, 5]);
    }
}
