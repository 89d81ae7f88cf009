//! R11: another build takes the place of the one before while customers write, again and again; each takes over the database,
//! journals, sessions and running workers of the other, and replaces the workers one after another.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde::Serialize;
use virtual_whatsapp::{LinkedDevice, Options, VirtualWhatsApp};

use super::{
    counted,
    crowd::{Crowd, Heard},
};
use crate::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place, binaries};

/// Bots whose customers write.
const BOTS: u16 = 3;
/// Between an answer and the next message: faster than people are, and as much as a phone remembers in a hundred cycles.
const PAUSE: Duration = Duration::from_millis(100);

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Upgrades {
    /// How often a build took the place of the other.
    pub cycles: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// Messages without an answer.
    pub lost: u64,
    /// Second answers.
    pub doubled: u64,
    /// Rows that are not on record, and rows that are there twice.
    pub unrecorded: u64,
    /// Devices that a phone had to link anew.
    pub linked_again: u64,
    /// Replacements that were refused, or of fewer workers than there are.
    pub refused: u64,
    /// The longest wait for an answer, in milliseconds.
    pub worst_ms: u64,
    /// How long it took, in seconds.
    pub seconds: u64,
}

impl Upgrades {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut missed = counted(&[
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("not recorded once", self.unrecorded),
            ("linked again", self.linked_again),
            ("replacements refused", self.refused),
        ]);
        if self.messages < self.cycles * u64::from(BOTS) {
            missed.push("there was no load".to_owned());
        }
        missed
    }
}

/// The two flavours of this tree: two builds. The virtual one is first, since the other pairs with no virtual WhatsApp.
#[must_use]
pub fn flavours() -> [&'static Path; 2] {
    [Flavour::Virtual, Flavour::Default].map(binaries::binary)
}

/// Runs so many cycles, from the first of two builds to the second, and back.
///
/// # Panics
/// Where what is tried cannot be set up.
pub async fn run(builds: [&Path; 2], cycles: u64, seed: u64) -> Upgrades {
    let (began, mut found) = (Instant::now(), Upgrades::default());
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let place = Place::new().with("LOG_LEVEL", "info");
    let mut plane = ControlPlane::start_of(&place, builds[0], &whatsapp.url()).await;
    let (mut bots, mut devices) = (Vec::new(), Vec::new());
    for n in 1..=BOTS {
        let (bot, device) = Bot::linked(plane.admin(), &whatsapp, n).await;
        bots.push(bot);
        devices.push(device);
    }
    let pairs = Crowd::gather(&whatsapp, &bots).await;
    let mut last = Heard::default();
    for build in builds.into_iter().cycle().skip(1) {
        if found.cycles == cycles || found.lost > 0 {
            break;
        }
        let crowd = Crowd::begin(&pairs, PAUSE);
        found.refused += u64::from(!plane.stop().await.success());
        plane = ControlPlane::start_of(&place, build, &whatsapp.url()).await;
        let mut command = place.command_of(build);
        let done = command.args(["restart", "--all", "--rolling"]).output().await.expect("it can be run");
        let all = String::from_utf8_lossy(&done.stdout).trim() == format!("{BOTS} workers restarted");
        found.refused += u64::from(!all);
        let heard = crowd.end().await;
        found.cycles += 1;
        found.messages += heard.messages;
        found.lost += heard.lost;
        found.worst_ms = found.worst_ms.max(heard.within(1.0).as_millis() as u64);
        last = heard;
        for bot in &bots {
            bot.is_active(plane.admin()).await;
        }
    }
    found.doubled = last.doubled;
    found.linked_again = devices.iter().filter(|device| !is_same(device)).count() as u64;
    found.unrecorded = unrecorded(plane.admin(), &place, &last).await;
    found.seconds = began.elapsed().as_secs();
    plane.stop().await;
    place.end_all();
    whatsapp.shutdown().await;
    found
}

/// A phone's first device is the one that it had at the beginning.
fn is_same(device: &LinkedDevice) -> bool {
    device.is_linked() && device.id() == 1
}

/// How many rows are missing or there twice, once nothing more comes.
async fn unrecorded(admin: &Admin, place: &Place, heard: &Heard) -> u64 {
    let wrong = || -> u64 {
        let rows = heard.rows.iter().map(|(tenant, &expected)| of(place, tenant).abs_diff(expected as u64));
        rows.sum()
    };
    let mut changes = admin.events("/admin/stream").await;
    let recorded = async { while wrong() > 0 && changes.next().await.is_some() {} };
    let _counted_anyway = tokio::time::timeout(LIMIT, recorded).await;
    wrong()
}

/// The rows of a tenant's log; one that is there twice counts for as much as nobody expects.
fn of(place: &Place, tenant: &str) -> u64 {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(place.data().join("flowhq.db"), flags);
    let database = database.expect("the database can be read");
    let sql = "SELECT count(*), count(DISTINCT wa_message_id) FROM message_logs WHERE tenant_id = ?1";
    let counted = database.query_row(sql, [tenant], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
    let (rows, distinct) = counted.expect("the log can be counted");
    if rows == distinct { rows.cast_unsigned() } else { rows.cast_unsigned() + u64::from(u32::MAX) }
}
