//! R9: one tenant of many goes mad, in one way after the other: its worker dies again and again, computes for nothing, fills
//! its directory, and is flooded with messages. The customers of all others notice nothing.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use http::Method;
use serde::Serialize;
use virtual_whatsapp::{Options, Server, VirtualWhatsApp};

use super::{Terms, crowd::Crowd, database::until_ready};
use crate::{
    Admin, Bot, ControlPlane, Flavour, Place, attack::worker, binaries, delegated::Delegated, events::Events,
    process, process::Signal,
};

/// Between an answer and the next message.
const PAUSE: Duration = Duration::from_millis(1_000);
/// How long it takes a person to see that a bot was given up, and to try it again.
const PERSON: Duration = Duration::from_secs(10);
/// Messages of the flood, in a second at most.
const FLOOD_PER_SECOND: u64 = 1_000;

/// How it is mad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Madness {
    CrashLoops,
    Spins,
    Fills,
    Floods,
}

impl Madness {
    pub(super) const ALL: [Self; 4] = [Self::CrashLoops, Self::Spins, Self::Fills, Self::Floods];

    const fn name(self) -> &'static str {
        match self {
            Self::CrashLoops => "crash-loops",
            Self::Spins => "spins",
            Self::Fills => "fills its directory",
            Self::Floods => "is flooded",
        }
    }
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Neighbours {
    /// Tenants beside the mad one.
    pub neighbours: usize,
    /// Messages that their customers wrote.
    pub messages: u64,
    /// Messages without an answer.
    pub lost: u64,
    /// Second answers.
    pub doubled: u64,
    /// Neighbours whose worker is not the process that it was.
    pub restarted: u64,
    /// Messages of the flood.
    pub flood: u64,
    /// How often the kernel has held back a worker that took the processors; nothing where this machine has no groups for that.
    pub held_back: Option<u64>,
    /// The time within which 99 of 100 answers came while nobody was mad, in milliseconds.
    pub quiet_p99_ms: f64,
    /// The same by kind of madness.
    pub p99_ms: Vec<(&'static str, f64)>,
    /// The worst of these as a multiple of the quiet one.
    pub ratio: f64,
}

impl Neighbours {
    /// Marks that were missed, in words; `most` is the highest ratio that is good, where it is looked at.
    #[must_use]
    pub fn missed(&self, most: Option<f64>) -> Vec<String> {
        let mut missed = Vec::new();
        for (what, count) in [("lost", self.lost), ("doubled", self.doubled), ("restarted", self.restarted)] {
            if count > 0 {
                missed.push(format!("{count} {what}"));
            }
        }
        if let Some(most) = most.filter(|most| self.ratio > *most) {
            missed.push(format!("answers took {:.2} times as long, and {most} is the mark", self.ratio));
        }
        if self.held_back == Some(0) {
            missed.push("whoever took the processors was not held back".to_owned());
        }
        if self.messages == 0 {
            missed.push("nothing was tried".to_owned());
        }
        missed
    }
}

/// Runs it: a fifth of the time is quiet, and each madness has another. `driver` is a program whose `worker` is a liar.
///
/// # Panics
/// Where what is tried cannot be set up.
pub async fn run(neighbours: u16, flood: u64, driver: &Path, terms: Terms) -> Neighbours {
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(terms.seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let mut place = Place::new()
        .with("LOG_LEVEL", "info")
        .with("WORKER_STOP_GRACE_MS", "1000")
        .with("WORKER_DIRECTORY_MAX_MB", "60");
    place.set("WORKER_EXECUTABLE", worker::executable(&place, driver, binaries::binary(Flavour::Virtual)));
    // As under systemd, which gives the service its group.
    let group = Delegated::make();
    let url = whatsapp.url();
    let begins = ControlPlane::start(&place, Flavour::Virtual, &url);
    let plane = match &group {
        Some(group) => group.run(begins).await,
        None => begins.await,
    };
    let admin = plane.admin();
    let (mad, _device) = Bot::linked(admin, &whatsapp, 999).await;
    let (mut bots, mut pids) = (Vec::new(), Vec::new());
    for n in 1..=neighbours {
        let (bot, _device) = Bot::linked(admin, &whatsapp, n).await;
        pids.push(bot.pid(admin).await);
        bots.push(bot);
    }
    let pairs = Crowd::gather(&whatsapp, &bots).await;
    let mut found = Neighbours { neighbours: bots.len(), ..Neighbours::default() };
    // As many answers as come in a fifth of the time where nobody is mad.
    let phase = (terms.time.as_millis() / 5 / PAUSE.as_millis()) as u64 * u64::from(neighbours);

    let crowd = Crowd::begin(&pairs, PAUSE);
    crowd.hears(phase).await;
    let quiet = crowd.end().await;
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    found.messages += quiet.messages;
    found.lost += quiet.lost;
    found.quiet_p99_ms = ms(quiet.within(0.99));

    for madness in Madness::ALL {
        let crowd = Crowd::begin(&pairs, PAUSE);
        let it = Mad { madness, bot: &mad, plane: &plane, place: &place, whatsapp: &whatsapp };
        let mut sent = 0;
        tokio::select! {
            () = crowd.hears(phase) => {}
            () = it.rages(flood, &mut sent) => {}
        }
        it.calms().await;
        found.flood += sent;
        let heard = crowd.end().await;
        found.messages += heard.messages;
        found.lost += heard.lost;
        found.doubled += heard.doubled;
        found.p99_ms.push((madness.name(), ms(heard.within(0.99))));
    }
    let worst = found.p99_ms.iter().map(|(_, ms)| *ms).fold(0.0, f64::max);
    found.ratio = (worst / found.quiet_p99_ms.max(0.1) * 100.0).round() / 100.0;
    for (bot, pid) in bots.iter().zip(&pids) {
        let tenant = bot.is_active(admin).await;
        found.restarted += u64::from(tenant["worker_process"]["pid"].as_u64() != Some(u64::from(*pid)));
    }
    found.held_back = group.as_ref().map(Delegated::held_back);
    plane.stop().await;
    place.end_all();
    if let Some(group) = &group {
        group.left().await;
    }
    whatsapp.shutdown().await;
    found
}

/// How a worker stands.
enum Stands {
    Runs(u32),
    /// It is not started again without a person.
    GivenUp,
    /// It is about to be started, or nobody knows.
    Waits,
}

/// A tenant that is mad.
pub(super) struct Mad<'a> {
    pub(super) madness: Madness,
    pub(super) bot: &'a Bot,
    pub(super) plane: &'a ControlPlane,
    pub(super) place: &'a Place,
    pub(super) whatsapp: &'a Server,
}

impl Mad<'_> {
    /// Is mad for ever, and looks at itself whenever anything has changed; counts the messages of a flood.
    pub(super) async fn rages(&self, flood: u64, sent: &mut u64) {
        let mut changes = Changes::of(self.plane.admin(), &self.bot.id).await;
        match self.madness {
            Madness::CrashLoops => loop {
                match self.stands().await {
                    Stands::Runs(pid) => {
                        process::signal(pid, Signal::KILL);
                        process::ended(pid).await;
                    }
                    Stands::GivenUp => self.tried_again().await,
                    Stands::Waits => {}
                }
                changes.next().await;
            },
            Madness::Spins | Madness::Fills => {
                self.asked("stop").await;
                let what = if self.madness == Madness::Spins { "spin" } else { "files" };
                std::fs::write(self.lie(), what).expect("the cell can be written");
                self.asked("start").await;
                loop {
                    if let Stands::GivenUp = self.stands().await {
                        self.tried_again().await;
                    }
                    changes.next().await;
                }
            }
            Madness::Floods => {
                self.asked("restart").await;
                self.bot.is_active(self.plane.admin()).await;
                let customer = self.whatsapp.customer("255714000001", "Flood").expect("a customer");
                let mut turns = tokio::time::interval(Duration::from_millis(100));
                while *sent < flood {
                    turns.tick().await;
                    for _ in 0..(FLOOD_PER_SECOND / 10).min(flood - *sent) {
                        customer.send_text(&self.bot.number, "menu").expect("it is sent");
                        *sent += 1;
                    }
                }
                std::future::pending::<()>().await;
            }
        }
    }

    /// Sound again, or given up: it is somebody else's turn.
    pub(super) async fn calms(&self) {
        if self.madness != Madness::Floods {
            self.asked("stop").await;
            let _gone = std::fs::remove_file(self.lie());
            self.cleared();
            self.asked("start").await;
        }
    }

    fn lie(&self) -> PathBuf {
        self.place.cell(&self.bot.id).join("lie")
    }

    /// Its worker, as far as can be known: the database may be away.
    async fn stands(&self) -> Stands {
        let path = format!("/admin/tenants/{}", self.bot.id);
        let (_, document) = self.plane.admin().call(Method::GET, &path, None).await;
        let tenant = &document["tenant"];
        match tenant["worker_process"]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()) {
            Some(pid) => Stands::Runs(pid),
            // Its worker is in ERROR between two tries of the supervisor's too.
            None if tenant["status"] == "ERROR" => Stands::GivenUp,
            None => Stands::Waits,
        }
    }

    /// A person sees that it was given up, and tries it again: not before, or the supervisor's own waits would never be seen, and
    /// at the pace of people.
    async fn tried_again(&self) {
        tokio::time::sleep(PERSON).await;
        self.asked("restart").await;
        self.asked("start").await;
    }

    /// Asks for it; what is refused is refused, since the mad one may be in any state.
    async fn asked(&self, verb: &str) {
        let path = format!("/admin/tenants/{}/worker/{verb}", self.bot.id);
        let _either_way = self.plane.admin().call(Method::POST, &path, None).await;
    }

    /// What the liar has written goes.
    fn cleared(&self) {
        let cell = self.place.cell(&self.bot.id);
        for entry in std::fs::read_dir(cell).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("filled-") {
                let _gone = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// What changes of one tenant, also where the database goes away meanwhile and the stream ends. Not what its neighbours do: asked
/// at each of their messages, the control plane would have more to do than they give it.
struct Changes<'a> {
    admin: &'a Admin,
    of: &'a str,
    events: Events,
}

impl<'a> Changes<'a> {
    async fn of(admin: &'a Admin, of: &'a str) -> Self {
        until_ready(admin).await;
        Self { admin, of, events: admin.events("/admin/stream").await }
    }

    async fn next(&mut self) {
        loop {
            match self.events.next().await {
                Some((name, change)) if name == "lost" || change["tenant"] == self.of => return,
                Some(_) => {}
                None => {
                    *self = Self::of(self.admin, self.of).await;
                    return;
                }
            }
        }
    }
}
