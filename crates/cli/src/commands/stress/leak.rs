//! Leaks that are planted on purpose, one for each check, to see that it finds them.

use std::{fs::File, io::Write};

use domain::{Direction, JournalId, LogId};
use store::NewLog;

use super::{
    Leak,
    scene::{Scene, failed},
};
use crate::error::CliError;

/// Plants a leak after the conversation. What is returned is to be kept until the checks are done.
pub(super) async fn plant(scene: &Scene, leak: Leak) -> Result<Option<File>, CliError> {
    let (one, other) = (&scene.subjects[0], &scene.subjects[1]);
    let cell = scene.settings.paths.sessions.join(one.id.to_string());
    let scope = scene.plane.store.tenant(one.id);
    match leak {
        // Planted before, and after.
        Leak::Answers | Leak::Leftovers => {}
        Leak::Rows => {
            let row = NewLog {
                sequence: 1,
                id: LogId::generate(),
                direction: Direction::In,
                contact: "255712000001".to_owned(),
                text: format!("{} 0", other.marker),
                wa_message_id: "PLANTED".to_owned(),
                at: domain::Clock::now(&domain::SystemClock),
                silence: None,
                sent_at: None,
                about: None,
                removes: false,
                delivery: None,
                writer: None,
                opted_out: false,
            };
            scope.append_logs(JournalId::generate(), &[row]).await.map_err(failed("planting a row"))?;
        }
        Leak::Sessions => scope.unlink_number().await.map_err(failed("planting a session"))?,
        Leak::Workers => {
            let path = cell.join(link::cell::LOCK);
            return Ok(Some(File::open(&path).map_err(CliError::file(&path))?));
        }
        Leak::Files => {
            let path = cell.join("planted");
            std::fs::write(&path, &other.marker).map_err(CliError::file(&path))?;
        }
        Leak::Logs => {
            let path = scene.settings.paths.logs.join("control-plane.log");
            let file = File::options().append(true).open(&path);
            let written = file.and_then(|mut file| writeln!(file, "from 255712000001"));
            written.map_err(CliError::file(&path))?;
        }
    }
    Ok(None)
}

/// Plants what a deletion leaves behind.
pub(super) fn plant_after_deletion(scene: &Scene, leak: Option<Leak>) -> Result<(), CliError> {
    if leak == Some(Leak::Leftovers) {
        let path = scene.settings.paths.sessions.join(scene.subjects[0].id.to_string());
        std::fs::create_dir(&path).map_err(CliError::file(&path))?;
    }
    Ok(())
}
