//! Starts the worker that lies, again and again, with another lie each time; see [`super::worker`].

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use http::Method;
use tokio::time::timeout;

use super::{Terms, in_time, marks::Marks, measure, stage::Stage, worker::LIES};
use crate::watch::Watch;

/// No lie is told for a shorter time.
const SHORTEST: Duration = Duration::from_millis(150);
/// The lie that fills the directory, and how long it takes at least until the supervisor has looked.
const FILLS: &str = "files";
const FILLING: Duration = Duration::from_secs(4);
/// How long a lie may take to be told for the first time: its worker has to start and to be dialled.
const FIRST: Duration = Duration::from_secs(20);

/// Who starts it.
pub(super) struct Liar {
    lies: &'static [&'static str],
    next: usize,
    /// Whether the first, short round is over.
    warm: bool,
    time: Duration,
    starts: u64,
    refused: u64,
}

impl Liar {
    pub(super) fn new(stage: &Stage, terms: &Terms) -> Self {
        let cell = stage.liars_cell();
        std::fs::create_dir_all(&cell).expect("the place can be written");
        // Where a fault is planted, the lie that shows it has the time of all.
        let lies: &[_] = if terms.planted { &["numbers"] } else { LIES };
        Self { lies, next: 0, warm: false, time: terms.time, starts: 0, refused: 0 }
    }

    pub(super) async fn go(&mut self, stage: &Stage, time: Duration) {
        let slot = (self.time / u32::try_from(self.lies.len()).unwrap_or(1)).max(SHORTEST);
        let until = Instant::now() + time;
        let mut told = 0;
        // In the attack itself each lie is told once, however short the time.
        while Instant::now() < until || (self.warm && told < self.lies.len()) {
            let lie = self.lies[self.next % self.lies.len()];
            self.next += 1;
            told += 1;
            std::fs::write(stage.liars_cell().join("lie"), lie).expect("the cell can be written");
            self.starts += 1;
            if !self.order(stage, "start").await {
                self.refused += 1;
            }
            self.is_told(stage, lie).await;
            // The lie is told for as long as this, or until its worker was ended for it and is not started again.
            let filling = if lie == FILLS { FILLING } else { SHORTEST };
            let _told_for_long = timeout(slot.min(time).max(filling), self.is_given_up(stage)).await;
            self.order(stage, "stop").await;
        }
        self.warm = true;
    }

    /// Waits until the supervisor has given the liar up: nothing more comes of this lie.
    async fn is_given_up(&self, stage: &Stage) {
        let mut changes = stage.plane.admin().events("/admin/stream").await;
        while stage.plane.admin().tenant(&stage.liar).await["status"] != "ERROR" {
            if changes.next().await.is_none() {
                return std::future::pending().await;
            }
        }
    }

    /// Waits until the liar has written down that it lies.
    async fn is_told(&self, stage: &Stage, lie: &str) {
        let cell = stage.liars_cell();
        let watch = Watch::of(&[&cell]).expect("a folder can be watched");
        let told = async {
            while !cell.join(format!("told-{lie}")).exists() {
                watch.changed().await;
            }
        };
        // What was never told is missed by its control.
        let _ = timeout(FIRST, told).await;
    }

    async fn order(&self, stage: &Stage, verb: &str) -> bool {
        let path = format!("/admin/tenants/{}/worker/{verb}", stage.liar);
        in_time(&path, stage.plane.admin().call(Method::POST, &path, None)).await.0.is_success()
    }

    pub(super) async fn finish(self, stage: &Stage, marks: &mut Marks) -> Vec<(&'static str, u64)> {
        let told = told(stage);
        for lie in self.lies {
            marks.control(format!("the lie `{lie}` was told"), told.get(*lie).copied().unwrap_or_default());
        }
        let now = measure::figures(stage);
        marks.liars_log(&now);
        // An operator makes room, as the tenant's page says.
        super::worker::empty(&stage.liars_cell());
        // The control: with a worker that does not lie the same tenant comes to its code.
        std::fs::remove_file(stage.liars_cell().join("lie")).expect("it was written");
        let admin = stage.plane.admin();
        let started = self.order(stage, "start").await;
        let honest = started && timeout(crate::LIMIT, admin.qr(&stage.liar)).await.is_ok();
        marks.control("an honest worker of the same tenant comes to its code", u64::from(honest));
        self.order(stage, "stop").await;
        let gone = admin.call(Method::DELETE, &format!("/admin/tenants/{}", stage.liar), None).await;
        assert!(gone.0.is_success(), "the liar's tenant is deleted: {gone:?}");
        let left = measure::figures(stage);
        marks.at_most(
            "files of the liar's, once it is deleted, MB",
            0.0,
            left.liars_cell_mb + left.liars_log_mb,
            "",
        );
        vec![
            ("starts of the liar", self.starts),
            ("of them refused", self.refused),
            ("messages of the liar", told.values().sum()),
            ("log of the liar, kB", (now.liars_log_mb * 1e3) as u64),
        ]
    }
}

/// How often each lie was told, as the liar has written down.
fn told(stage: &Stage) -> BTreeMap<String, u64> {
    let mut told = BTreeMap::new();
    for entry in std::fs::read_dir(stage.liars_cell()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(lie) = name.strip_prefix("told-") else { continue };
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        told.insert(lie.to_owned(), text.trim().parse().unwrap_or_default());
    }
    told
}
