//! One worker from its launch to its exit code.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use domain::{AheadClock, Clock, Confinement, Timestamp};
use link::{Exit, launch::Launch, launch::Start};
use tokio::{
    net::UnixListener,
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time::{Instant, interval, sleep, timeout},
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};
use vault::Files;

use crate::{
    acks::Acks,
    bot::{Bot, Orders},
    cell::{Cell, CellError},
    channel::Channel,
    chats::Chats,
    figures::Figures,
    journal::{Closing, Journal, JournalError, Opened},
    marks,
    pace::Pace,
    planted, session,
    standing::Standing,
    timers,
    uplink::{self, Uplink},
    view::Board,
    voice::KnownBusiness,
};

/// A session that is asked to close must do so within this.
const SESSION_CLOSED_WITHIN: Duration = Duration::from_secs(15);
/// After the last word on a session that is over, the control plane may still order something.
const LINGER: Duration = Duration::from_secs(2);
/// How often old messages are forgotten, how old they are, and how many at a time. WhatsApp keeps what was not
/// delivered for 30 days.
const PRUNE_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
const PRUNE_AFTER_DAYS: i64 = 60;
const PRUNE_ROWS: u32 = 500;

/// What this process knows of itself.
#[derive(Debug)]
pub struct Itself {
    /// Names the executable to the control plane.
    pub build: String,
    /// How far it has confined itself; `None` where it was not asked to.
    pub confinement: Option<Confinement>,
    /// What it costs.
    pub figures: Figures,
}

impl Itself {
    /// A process of this executable that has not confined itself yet.
    #[must_use]
    pub fn new(build: &str) -> Self {
        Self { build: build.to_owned(), confinement: None, figures: Figures::open() }
    }
}

/// How this worker's files are opened.
///
/// # Errors
/// Where SQLite cannot be told how.
pub fn files(launch: &Launch) -> rusqlite::Result<Files> {
    match &launch.files_key {
        Some(key) => Files::sealed(&vault::Key::new(key.expose())),
        None => Ok(Files::Plain),
    }
}

/// Runs one tenant's bot as `launch` says, on `channel`, until it is told to stop or cannot go on, and says with
/// which code the process should end. `start` is told whether the worker is ready. SIGTERM is an order to stop.
///
/// Must run on a tokio runtime with I/O and time; one thread is enough. The journal has a thread of its own.
pub async fn run(
    launch: Launch,
    start: Start,
    itself: Itself,
    channel: Arc<dyn Channel>,
    clock: Arc<dyn Clock>,
) -> Exit {
    let (wake, woken) = mpsc::unbounded_channel();
    let wake_chat = Arc::new(move |chat, quiet| {
        // A bot that ends leaves its chats to the next start.
        let _ = wake.send((chat, quiet));
    });
    let entered = Cell::enter(&launch.directory).map_err(Unfit::from).and_then(|cell| {
        let files = files(&launch).map_err(JournalError::from)?;
        planted::cell(&files, &cell.journal(), launch.generation);
        let journal =
            Journal::open(&files, &cell.journal(), launch.tenant, launch.generation, clock.now(), wake_chat)?;
        Ok((cell, journal))
    });
    let (cell, (journal, opened, closing)) = match entered {
        Ok(entered) => entered,
        Err(unfit) => {
            tracing::error!(error = %unfit, "the worker cannot start");
            let exit = unfit.exit();
            start.failed(exit, &unfit.to_string());
            return exit;
        }
    };
    let listener = match start.ready().map(UnixListener::from_std) {
        Ok(Ok(listener)) => listener,
        Ok(Err(error)) => return does_not_begin(&error),
        Err(error) => return does_not_begin(&error),
    };
    let exit =
        Box::pin(live(&launch, listener, itself, channel, clock, journal.clone(), opened, woken)).await;
    close(&journal, closing);
    drop(cell);
    tracing::info!(?exit, "the worker has ended");
    exit
}

/// Why a worker cannot start.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error(transparent)]
    Cell(#[from] CellError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Unfit {
    fn exit(&self) -> Exit {
        match self {
            Self::Cell(error) => error.exit(),
            Self::Journal(error) => error.exit_at_start(),
        }
    }
}

fn does_not_begin(error: &dyn std::error::Error) -> Exit {
    tracing::error!(%error, "the worker does not begin");
    Exit::Failed
}

fn close(journal: &Journal, closing: Closing) {
    journal.close();
    closing.wait();
}

/// The machine's clock, moved as a demo wants it.
fn ahead(clock: Arc<dyn Clock>, ahead_ms: i64) -> AheadClock {
    let clock = AheadClock::new(clock);
    clock.set_ahead(ahead_ms);
    clock
}

#[expect(clippy::too_many_arguments, reason = "called once, with the parts that `run` has made")]
async fn live(
    launch: &Launch,
    listener: UnixListener,
    itself: Itself,
    channel: Arc<dyn Channel>,
    clock: Arc<dyn Clock>,
    journal: Journal,
    opened: Opened,
    woken: mpsc::UnboundedReceiver<(domain::ContactId, Duration)>,
) -> Exit {
    let told = KnownBusiness::from_journal(opened.profile.as_deref(), &opened.pack);
    let voice = opened.settings.as_ref().and_then(|settings| told.voice(settings));
    let standing = Standing {
        settings: opened.settings.map(Arc::new),
        limits: launch.limits,
        account: opened.account,
        voice,
        awaits_records: !opened.knows_records,
        linked: None,
    };
    let live = watch::Sender::new(None);
    let bot = Arc::new(Bot {
        outcomes: planted::outcomes(journal.clone(), &live),
        journal,
        clock: ahead(planted::clock(clock), launch.limits.clock_ahead_ms),
        channel: planted::channel(channel),
        standing: watch::Sender::new(standing),
        live,
        board: Board::new(),
        acks: Acks::default(),
        pace: Pace::default(),
        marks_first: AtomicBool::new(false),
        code_wanted_until: watch::Sender::new(None),
        typed_on: watch::Sender::new(None),
        clock_behind_ms: watch::Sender::new(None),
        orders: Orders::default(),
        configuring: tokio::sync::Mutex::new(told),
        marking: tokio::sync::Mutex::default(),
        fatal: watch::Sender::new(None),
    });
    if !launch.wait {
        bot.orders.connect.cancel();
    }
    let link = Arc::new(Uplink {
        bot: Arc::clone(&bot),
        identity: launch.identity(),
        build: itself.build,
        confinement: itself.confinement,
        orphan_after: launch.orphan_after_ms.map(Duration::from_millis),
        figures: itself.figures,
        started: Instant::now(),
        newest: watch::Sender::new(0),
        told: watch::Sender::new(0),
        done: CancellationToken::new(),
    });
    let close_session = CancellationToken::new();
    // Dropping a worker ends its parts.
    let parts = TaskTracker::new();
    let mut uplink = AbortOnDropHandle::new(parts.spawn(uplink::serve(Arc::clone(&link), listener)));
    let mut chats = AbortOnDropHandle::new(parts.spawn(Chats::new(Arc::clone(&bot), woken).run()));
    let _timers = AbortOnDropHandle::new(parts.spawn(timers::run(Arc::clone(&bot))));
    let mut session =
        AbortOnDropHandle::new(parts.spawn(session::run(Arc::clone(&bot), close_session.clone())));

    let mut fatal = bot.fatal.subscribe();
    let fatal_exit = async { fatal.wait_for(Option::is_some).await.ok().and_then(|exit| *exit) };
    let (exit, session_is_over) = tokio::select! {
        () = bot.orders.stop.cancelled() => (Exit::Done, false),
        () = terminated() => (Exit::Done, false),
        Some(exit) = fatal_exit => (exit, false),
        exit = &mut session => (exit.unwrap_or_else(|error| panicked("session", &error)), true),
        ended = &mut chats => (ended.map_or_else(|error| panicked("chats", &error), |()| Exit::Done), false),
        ended = &mut uplink => (ended.map_or_else(|error| panicked("link", &error), |()| Exit::Failed), false),
        () = keep_up(&bot) => (Exit::Failed, false),
        () = marks::keep_new(&bot) => (Exit::Failed, false),
    };

    // Chats first, since they still need the connection; then the session; then the link, which has the last word.
    bot.orders.stop.cancel();
    if !chats.is_finished() {
        let _ = (&mut chats).await;
    }
    close_session.cancel();
    let mut exit = exit;
    if !session_is_over {
        match timeout(SESSION_CLOSED_WITHIN, &mut session).await {
            // How an ordered logout went is the answer; an end that came by itself meanwhile is news as well.
            Ok(Ok(ended)) if exit == Exit::Done => exit = ended,
            Ok(_) => {}
            Err(_) => tracing::error!("the session did not close in time"),
        }
    }
    let needs_a_person =
        matches!(exit, Exit::LoggedOut | Exit::Refused | Exit::Replaced | Exit::SessionCorrupt);
    if needs_a_person && !uplink.is_finished() {
        tell_the_end(&bot, &link).await;
    }
    link.done.cancel();
    if !uplink.is_finished() {
        let _ = (&mut uplink).await;
    }
    exit
}

fn panicked(part: &str, error: &tokio::task::JoinError) -> Exit {
    tracing::error!(part, %error, "a part of the worker failed");
    Exit::Failed
}

/// A session that is over must be known to the control plane, which may have been restarted and then cannot see the
/// exit code: the worker stays until it was told, or is ended.
async fn tell_the_end(bot: &Bot, link: &Uplink) {
    let view = bot.board.watch().borrow().clone();
    let last = [view.report.map(|report| report.number), view.problem.map(|problem| problem.number)];
    let last = last.into_iter().flatten().max().unwrap_or_default();
    let mut told = link.told.subscribe();
    let was_told = async {
        if told.wait_for(|told| *told >= last).await.is_ok() {
            sleep(LINGER).await;
        }
    };
    tokio::select! {
        () = was_told => {}
        () = terminated() => {}
    }
}

/// Waits for SIGTERM.
async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
            tracing::info!("SIGTERM: stopping");
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

/// Forgets old messages, in small batches.
async fn keep_up(bot: &Bot) {
    let mut turns = interval(PRUNE_EVERY);
    loop {
        turns.tick().await;
        loop {
            match bot.journal.prune(days_before(bot.clock.now(), PRUNE_AFTER_DAYS), PRUNE_ROWS).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    bot.trouble(&error);
                    break;
                }
            }
        }
    }
}

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_millisecond(now.as_millisecond().saturating_sub(days * 24 * 60 * 60 * 1000))
        .unwrap_or(Timestamp::MIN)
}
