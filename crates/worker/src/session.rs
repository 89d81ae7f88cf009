//! The one reconnection loop: opens connections, follows each to its end, and knows which ends are final.

use std::{sync::Arc, time::Duration};

use domain::SessionState;
use link::{
    Exit,
    message::{ProblemCode, SessionReport},
};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    backoff::{Backoff, LASTING},
    bot::Bot,
    channel::{Address, Linking, OpenError},
    connection::{self, Ended},
    marks, standing,
};

/// A ban whose end is not told is tried after this long.
const BAN_UNTOLD: Duration = Duration::from_secs(60 * 60);
/// What is said while the disk is short of room.
const NO_ROOM: &str = "this machine's disk is almost full: make room on it. Messages wait at WhatsApp meanwhile, and are \
                       answered as soon as there is room";
/// A round of codes lasts 160 s; one that ends sooner than this was none, and the next waits like any failure.
const ROUND_AT_LEAST: Duration = Duration::from_secs(20);
/// How long a logout may take altogether: whoever ordered it waits for its outcome.
const LOGGED_OUT_WITHIN: Duration = Duration::from_secs(20);

/// Keeps a session until `close`, a logout, or an end that is final; with which code the worker then ends.
pub(crate) async fn run(bot: Arc<Bot>, close: CancellationToken) -> Exit {
    let logged_out_in_time = async {
        bot.orders.log_out.cancelled().await;
        sleep(LOGGED_OUT_WITHIN).await;
    };
    let session =
        Session { bot: Arc::clone(&bot), close: close.clone(), backoff: Backoff::default(), rounds: 0 };
    let mut session = Box::pin(session.keep());
    let in_time = tokio::select! {
        exit = &mut session => Some(exit),
        () = logged_out_in_time => None,
    };
    let exit = match in_time {
        Some(exit) => exit,
        None => {
            tracing::error!("the device could not be unlinked in time; unlink it on the phone");
            close.cancel();
            session.await;
            Exit::Failed
        }
    };
    if bot.orders.log_out.is_cancelled() {
        bot.board.logged_out(log_out_outcome(&bot).await);
    }
    exit
}

/// Whether a logout that was ordered has come about: where it has, the device is not linked any more, as its own store
/// knows. It may also have ended before it was tried at all.
async fn log_out_outcome(bot: &Bot) -> Result<(), String> {
    match bot.channel.is_linked().await {
        Ok(false) => Ok(()),
        Ok(true) => Err(match bot.board.why_disconnected() {
            Some(reason) => format!("WhatsApp did not confirm it: {reason}"),
            None => "WhatsApp did not confirm it in time".to_owned(),
        }),
        Err(error) => Err(error.to_string()),
    }
}

struct Session {
    bot: Arc<Bot>,
    close: CancellationToken,
    backoff: Backoff,
    /// Rounds of codes that were asked for.
    rounds: u64,
}

impl Session {
    async fn keep(mut self) -> Exit {
        if self.until_welcomed().await.is_none() {
            return Exit::Done;
        }
        while let Err(error) = marks::renew(&self.bot).await {
            if let Some(exit) = self.cannot_open(error).await {
                return exit;
            }
        }
        loop {
            if self.until_room().await.is_none() {
                return Exit::Done;
            }
            let linked = match self.bot.channel.is_linked().await {
                Ok(linked) => linked,
                Err(error) => match self.cannot_open(error).await {
                    Some(exit) => return exit,
                    None => continue,
                },
            };
            if !linked {
                // Whoever wants it unlinked has what they want.
                if self.bot.orders.log_out.is_cancelled() {
                    return Exit::Done;
                }
                if self.may_ask_for_codes().await.is_none() {
                    return Exit::Done;
                }
                self.rounds += 1;
            }
            let linking = self.bot.linking();
            let begun = Instant::now();
            match connection::follow(&self.bot, linked, &linking, &self.close).await {
                Ok(ended) => {
                    let ended = self.code_used_up(&linking, ended);
                    if let Some(exit) = self.after(ended, begun).await {
                        return exit;
                    }
                }
                Err(error) => {
                    if let Some(exit) = self.cannot_open(error).await {
                        return exit;
                    }
                }
            }
        }
    }

    /// Waits for the first welcome of all, and until nothing is to be erased first; `None` where the end came first.
    async fn until_welcomed(&self) -> Option<()> {
        let mut standing = self.bot.standing.subscribe();
        let welcomed = async {
            self.bot.orders.connect.cancelled().await;
            standing.wait_for(|standing| standing.settings.is_some()).await.ok().map(|_| ())
        };
        tokio::select! {
            known = welcomed => known,
            () = self.close.cancelled() => None,
        }
    }

    /// Waits while the disk is short of room: what would come could not be kept. `None` where the end came first.
    async fn until_room(&mut self) -> Option<()> {
        let mut standing = self.bot.standing.subscribe();
        if !standing.borrow().limits.disk_short {
            return Some(());
        }
        tracing::error!("{NO_ROOM}");
        let board = &self.bot.board;
        board.session(
            SessionState::Disconnected,
            SessionReport::Disconnected { reason: NO_ROOM.to_owned(), unreachable: false },
        );
        board.problem(ProblemCode::Disk, NO_ROOM.to_owned());
        tokio::select! {
            () = standing::room(&mut standing, true) => {
                tracing::info!("there is room on the disk again");
                self.backoff.reset();
                Some(())
            }
            () = self.bot.orders.log_out.cancelled() => Some(()),
            () = self.close.cancelled() => None,
        }
    }

    /// One round of codes comes with the start, later ones only while somebody looks or wants a pairing code. `None`
    /// where the end, or a logout, came first.
    async fn may_ask_for_codes(&self) -> Option<()> {
        if self.rounds == 0 {
            return Some(());
        }
        let mut wanted = self.bot.code_wanted_until.subscribe();
        let mut typed_on = self.bot.typed_on.subscribe();
        tokio::select! {
            number = typed_on.wait_for(Option::is_some) => number.ok().map(|_| ()),
            wanted = wanted.wait_for(|until| until.is_some_and(|until| until > Instant::now())) => wanted.ok().map(|_| ()),
            () = self.close.cancelled() => None,
            () = self.bot.orders.log_out.cancelled() => None,
        }
    }

    /// A connection for a pairing code has ended, and the code with it: whoever still waits for one is told why there
    /// is none, and QR codes follow. That WhatsApp refuses a code for this number is no refusal of the session.
    fn code_used_up(&self, linking: &Linking, ended: Ended) -> Ended {
        let Some(number) = linking.number() else { return ended };
        self.bot.back_to_qr(number);
        let why = match &ended {
            Ended::Lost { reason, .. } | Ended::Banned { reason, .. } | Ended::Refused(reason) => {
                reason.as_str()
            }
            Ended::RoundOver => "nobody typed the code in time",
            Ended::Restart => "a phone has been linked",
            _ => "another code is wanted, or the worker ends",
        };
        self.bot.board.no_pairing_code(number.clone(), why.to_owned());
        match ended {
            Ended::Refused(reason) => {
                tracing::warn!(reason, "no pairing code");
                Ended::RoundOver
            }
            ended => ended,
        }
    }

    /// What to do once a connection has ended: `None` is another one.
    async fn after(&mut self, ended: Ended, begun: Instant) -> Option<Exit> {
        let board = &self.bot.board;
        let disconnected = |report| board.session(SessionState::Disconnected, report);
        match ended {
            Ended::Closed => Some(Exit::Done),
            Ended::Unlinked => {
                board.logged_out(Ok(()));
                self.bot.linked_as(Address::default()).await;
                disconnected(SessionReport::LoggedOut);
                Some(Exit::Done)
            }
            // What is said of it, and the wait, come before the next connection.
            Ended::NoRoom => None,
            // A pairing ends with a restart: no failure.
            Ended::Restart => {
                self.backoff.reset();
                None
            }
            Ended::RoundOver => {
                disconnected(SessionReport::QrRoundExpired);
                if begun.elapsed() < ROUND_AT_LEAST {
                    return self.pause(None).await;
                }
                self.backoff.reset();
                None
            }
            Ended::OtherCodeWanted => {
                disconnected(SessionReport::QrRoundExpired);
                None
            }
            Ended::Lost { reason, connected_for, unreachable } => {
                tracing::warn!(reason, unreachable, "the connection to WhatsApp was lost");
                disconnected(SessionReport::Disconnected { reason, unreachable });
                if connected_for.is_some_and(|lasted| lasted >= LASTING) {
                    self.backoff.reset();
                }
                self.pause(None).await
            }
            Ended::Banned { for_time, reason } => {
                let until = for_time.and_then(|time| self.bot.clock.now().checked_add(time).ok());
                tracing::error!(reason, ?until, "WhatsApp has limited this number for a time");
                disconnected(SessionReport::TemporarilyBanned { until, reason });
                self.pause(Some(for_time.unwrap_or(BAN_UNTOLD))).await
            }
            Ended::LoggedOut => {
                // Whoever wants it unlinked meanwhile has what they want.
                board.logged_out(Ok(()));
                tracing::error!("the phone removed this device");
                self.bot.linked_as(Address::default()).await;
                disconnected(SessionReport::LoggedOut);
                Some(Exit::LoggedOut)
            }
            Ended::Replaced => {
                let reason = "another client has taken this session's place".to_owned();
                tracing::error!("{reason}");
                disconnected(SessionReport::Refused { reason });
                Some(Exit::Replaced)
            }
            Ended::Refused(reason) => {
                tracing::error!(reason, "WhatsApp refused the session");
                disconnected(SessionReport::Refused { reason });
                Some(Exit::Refused)
            }
        }
    }

    async fn cannot_open(&mut self, error: OpenError) -> Option<Exit> {
        tracing::error!(%error, "no connection can be opened");
        match error {
            OpenError::SessionCorrupt(_) | OpenError::Foreign(_) | OpenError::Stale(_) => {
                self.bot.board.problem(ProblemCode::SessionCorrupt, error.to_string());
                Some(Exit::SessionCorrupt)
            }
            OpenError::Other(_) => {
                self.bot.board.problem(ProblemCode::Other, error.to_string());
                self.pause(None).await
            }
        }
    }

    /// Waits before the next connection, for `at_least` where that is longer. The end cuts it short.
    async fn pause(&mut self, at_least: Option<Duration>) -> Option<Exit> {
        let neighbours = self.bot.standing.borrow().limits.neighbours;
        let pause = self.backoff.next(rand::random(), neighbours).max(at_least.unwrap_or_default());
        tokio::select! {
            () = sleep_until(Instant::now() + pause) => None,
            () = self.close.cancelled() => Some(Exit::Done),
            // Unlinking needs a connection now.
            () = self.bot.orders.log_out.cancelled() => timeout(Duration::from_secs(1), self.close.cancelled())
                .await
                .ok()
                .map(|()| Exit::Done),
        }
    }
}
