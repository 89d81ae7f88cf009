//! Calls of the disk that fail in a try's processes, and the disk that is mended.

use std::{path::Path, time::Duration};

use crash::Process;
use faults::Failure;
use http::Method;

use crate::{Admin, watch::Watch};

/// How long the disk fails from the first failure on, where it does not fail once alone.
const MENDED_AFTER: Duration = Duration::from_millis(1_500);

/// Which call fails.
#[derive(Debug, Clone, Copy)]
pub struct Failing {
    /// In which process.
    pub process: Process,
    /// A part of the file's path.
    pub file: &'static str,
    /// How.
    pub failure: Failure,
    /// The how manieth that can fail so, from 1, in each process of that kind until the disk is mended.
    pub nth: u32,
    /// Whether those after it fail too.
    pub lasting: bool,
}

impl Failing {
    /// Writes the plan that a process reads at its start.
    pub(super) fn plan(&self, run: &Path) {
        let Self { file, nth, .. } = self;
        let how = if self.lasting { "lasting" } else { "once" };
        let line = format!("{file} {} {nth} {how}\n", self.failure.name());
        std::fs::write(run.join(format!("{}.faults", self.process.name())), line)
            .expect("the folder can be written");
    }
}

/// Where it is kept why a tenant was given up.
const GIVEN_UP: &str = "given.up";

/// Why the tenant was called damaged, where it was: nothing is damaged by a disk that fails.
pub(super) fn called_damaged(run: &Path) -> Option<String> {
    std::fs::read_to_string(run.join(GIVEN_UP)).ok().filter(|why| why.contains("cannot be read"))
}

/// How many calls have failed.
pub(super) fn failed(run: &Path) -> usize {
    let lines = |process: Process| {
        let text = std::fs::read_to_string(run.join(format!("{}.failed", process.name())));
        text.unwrap_or_default().lines().count()
    };
    lines(Process::Worker) + lines(Process::Control)
}

/// Mends the disk soon after it has failed. A tenant that was given up for it is started once more, as its owner would.
pub(super) async fn mends(run: std::path::PathBuf, admin: Admin, tenant: String) {
    let watch = Watch::of(&[&run]).expect("the folder can be looked at");
    while failed(&run) == 0 {
        watch.changed().await;
    }
    tokio::time::sleep(MENDED_AFTER).await;
    std::fs::write(run.join(faults::LIFTED), "").expect("the folder can be written");
    loop {
        tokio::time::sleep(MENDED_AFTER).await;
        let path = format!("/admin/tenants/{tenant}");
        // Nobody may answer just now.
        let Ok((_, found)) = admin.try_call(Method::GET, &path, None).await else { continue };
        if found["tenant"]["status"] == "ERROR" && found["tenant"]["worker_process"]["pid"].is_null() {
            // Kept, for whoever asks whether that was right.
            let why = found["tenant"]["worker_process"]["last_error"].as_str().unwrap_or_default().to_owned();
            std::fs::write(run.join(GIVEN_UP), why).expect("the folder can be written");
            let _ = admin.try_call(Method::POST, &format!("{path}/worker/restart"), None).await;
        }
    }
}
