//! A control plane that was taken over: in builds for tests alone, and only where its data directory says what is to be
//! attacked (the file `attempts`) and SIGUSR2 comes. What it then tries, `confine::attempts` has; how it went it writes into
//! `attempts.told`.

use std::path::Path;

use confine::attempts::{self, Taken, Target};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};

use crate::error::CliError;

/// Waits for the signal as long as the answer lives.
pub(crate) fn attacker(data_dir: &Path) -> Result<JoinSet<()>, CliError> {
    let mut asked = signal(SignalKind::user_defined2())?;
    let data_dir = data_dir.to_owned();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while asked.recv().await.is_some() {
            let data_dir = data_dir.clone();
            // A thread like any other of this process's: whoever has one has them all.
            let tried = tokio::task::spawn_blocking(move || attack(&data_dir)).await;
            tracing::info!(?tried, "the attacker is done");
        }
    });
    Ok(tasks)
}

fn attack(data_dir: &Path) -> std::io::Result<()> {
    let target = std::fs::read_to_string(data_dir.join("attempts"))?;
    std::fs::write(data_dir.join("attempts.told"), attempts::run(Taken::Plane, &Target::of_text(&target)))
}
