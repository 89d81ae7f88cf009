//! Flow HQ as it is measured: a control plane and its workers as processes. Sessions are linked with the build that has
//! `virtual`; whatever else is measured runs on the build that ships, which takes the sessions over.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use virtual_whatsapp::Server;

use super::service::{Linking, Part, linked, logged_in};
use crate::{Bot, ControlPlane, Flavour, LIMIT, Place, Postgres, process};

/// Users for workers: more than any size here, of a range that nothing else of this repository takes.
const USERS: u32 = 4_096;

/// A control plane and its bots.
pub struct Flow {
    // In this order they end: the control plane, what it has started, its database.
    plane: Option<ControlPlane>,
    place: Place,
    postgres: Option<Postgres>,
    whatsapp: Server,
    bots: Vec<Bot>,
    flavour: Flavour,
}

impl Flow {
    /// One without tenants, on SQLite or on a PostgreSQL of its own that syncs as in production.
    ///
    /// # Errors
    /// Where there is no PostgreSQL.
    pub async fn start(whatsapp: &Server, directory: TempDir, postgres: bool) -> Result<Self, String> {
        let first = 1_500_000_000 + std::process::id() % 50_000 * USERS;
        let mut place = Place::within(directory)
            .with("WORKER_USERS", format!("{first}-{}", first + USERS - 1))
            .with("LOG_LEVEL", "info")
            .with("HEARTBEAT_INTERVAL_MS", "30000");
        let mut database = None;
        if postgres {
            let server = Postgres::durable().ok_or("PostgreSQL is left out (FLOWHQ_TEST_POSTGRES=off)")?;
            place = server.place(place, true);
            database = Some(server);
        }
        let mut flow = Self {
            plane: None,
            place,
            postgres: database,
            whatsapp: whatsapp.clone(),
            bots: Vec::new(),
            flavour: Flavour::Virtual,
        };
        flow.up().await;
        Ok(flow)
    }

    /// Links bots one after the other until there are so many.
    pub(super) async fn grow(&mut self, to: usize) -> Result<Linking, String> {
        if self.flavour != Flavour::Virtual {
            self.down();
            self.flavour = Flavour::Virtual;
            self.up().await;
            for bot in &self.bots {
                bot.is_active(self.plane()?.admin()).await;
            }
        }
        let mut times = Linking::default();
        while self.bots.len() < to {
            let n = u16::try_from(self.bots.len() + 1).map_err(|_| "too many bots")?;
            let admin = self.plane()?.admin().clone();
            let bot = Bot::create(&admin, n).await;
            let mut codes = admin.events(&format!("/admin/tenants/{}/qr/stream", bot.id)).await;
            let (seen, began) = (self.whatsapp.events().last(), Instant::now());
            admin.worker(&bot.id, "start").await;
            let code = admin.qr_of(&mut codes, LIMIT).await.ok_or("no QR code came")?;
            times.to_qr.push(began.elapsed());
            times.to_linked.push(linked(&self.whatsapp, seen, &bot.number, &code).await?);
            bot.is_active(&admin).await;
            self.bots.push(bot);
        }
        Ok(times)
    }

    pub(super) async fn show_codes(&mut self, more: usize) -> Result<(), String> {
        let first = self.bots.len() + 1;
        for n in first..first + more {
            let admin = self.plane()?.admin();
            let bot = Bot::create(admin, u16::try_from(n).map_err(|_| "too many bots")?).await;
            admin.worker(&bot.id, "start").await;
            admin.qr(&bot.id).await;
        }
        Ok(())
    }

    /// Ends everything at once, as a machine does that loses its power.
    pub(super) fn down(&mut self) {
        self.place.end_all();
        self.plane = None;
    }

    /// Starts the control plane, which starts its workers.
    pub(super) async fn up(&mut self) {
        self.plane = Some(ControlPlane::start(&self.place, self.flavour, &self.whatsapp.url()).await);
    }

    /// From now on the build that ships, from the next start on.
    pub(super) fn ship(&mut self) {
        self.flavour = Flavour::Default;
    }

    /// Ends one worker and starts it again: until it is logged in.
    pub(super) async fn again(&mut self, n: usize) -> Result<Duration, String> {
        let bot = &self.bots[n];
        let admin = self.plane()?.admin();
        let pid = bot.pid(admin).await;
        admin.worker(&bot.id, "stop").await;
        process::ended(pid).await;
        let (seen, began) = (self.whatsapp.events().last(), Instant::now());
        admin.worker(&bot.id, "start").await;
        logged_in(&self.whatsapp, seen, &bot.number).await?;
        Ok(began.elapsed())
    }

    /// Ends the control plane alone, by SIGKILL.
    pub(super) async fn behead(&mut self) {
        if let Some(plane) = self.plane.take() {
            plane.kill().await;
        }
    }

    /// Waits until so many rows are in the log of all tenants together.
    pub(super) async fn has_rows(&self, rows: u64) -> Result<(), String> {
        let mut changes = self.plane()?.admin().events("/admin/stream").await;
        let waiting = async {
            while self.rows()? < rows {
                // Whatever is taken into a log is told, but not each row for itself.
                let _none_came = tokio::time::timeout(Duration::from_millis(20), changes.next()).await;
            }
            Ok(())
        };
        tokio::time::timeout(3 * LIMIT, waiting)
            .await
            .map_err(|_| format!("{rows} rows did not come, there are {:?}", self.rows()))?
    }

    /// Rows in the log of all tenants.
    fn rows(&self) -> Result<u64, String> {
        let count = "SELECT count(*) FROM message_logs";
        if let Some(postgres) = &self.postgres {
            return postgres.sql("flowhq", count).parse().map_err(|_| "no count".to_owned());
        }
        let read_only = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let failed = |error: rusqlite::Error| error.to_string();
        let opened = rusqlite::Connection::open_with_flags(self.place.data().join("flowhq.db"), read_only);
        let opened = opened.map_err(failed)?;
        opened.busy_timeout(LIMIT).map_err(failed)?;
        let rows: i64 = opened.query_row(count, [], |row| row.get(0)).map_err(failed)?;
        u64::try_from(rows).map_err(|error| error.to_string())
    }

    /// Its processes by what they are.
    pub(super) fn parts(&self) -> Vec<(Part, Vec<u32>)> {
        let plane = self.plane.as_ref().map(ControlPlane::pid);
        let (mut zygote, mut bots) = (Vec::new(), Vec::new());
        for pid in self.place.processes().into_iter().filter(|pid| Some(*pid) != plane) {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let words = line.split(|byte| *byte == 0).nth(1).unwrap_or_default();
            if words == b"zygote" { zygote.push(pid) } else { bots.push(pid) }
        }
        vec![(Part::Control, plane.into_iter().collect()), (Part::Zygote, zygote), (Part::Bots, bots)]
    }

    /// Numbers of its bots.
    pub(super) fn numbers(&self) -> Vec<String> {
        self.bots.iter().map(|bot| bot.number.clone()).collect()
    }

    fn plane(&self) -> Result<&ControlPlane, String> {
        self.plane.as_ref().ok_or_else(|| "the control plane does not run".to_owned())
    }
}
