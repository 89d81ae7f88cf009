//! The stress run from an empty directory to an empty directory.

use std::{path::Path, time::Instant};

use config::LogLevel;
use virtual_whatsapp::{Options, VirtualWhatsApp};

use super::{
    Stress, check, leak, report,
    scene::{self, Scene, failed},
};
use crate::{
    args::Place,
    error::CliError,
    host::{self, ControlPlane},
    logging::{self, LogFormat},
    output,
};

pub(super) fn run(stress: &Stress, place: &Place) -> Result<(), CliError> {
    let directory = std::env::temp_dir().join(format!("flowhq-stress-{}", domain::RecordId::generate()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(stress_in(&directory, stress, place));
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    if directory.exists() {
        std::fs::remove_dir_all(&directory).map_err(CliError::file(&directory))?;
    }
    done
}

async fn stress_in(directory: &Path, stress: &Stress, place: &Place) -> Result<(), CliError> {
    let end = host::asked_to_end()?;
    let server = VirtualWhatsApp::start(Options::default()).await;
    let server = server.map_err(failed("the virtual WhatsApp did not start"))?;
    let settings = scene::settings(directory, &server.url(), place, stress)?;
    host::make_directories(&settings)?;
    logging::for_control_plane(&settings.paths, &settings.logs, LogFormat::Text, LogLevel::Error)?;
    let plane = ControlPlane::start(&settings, false, host::Confined::not(), None).await?;
    let mut scene = Scene::new(plane, server, settings, stress)?;
    let done = tokio::select! {
        () = end => Err(CliError::Failed("cut short: nothing is shown".to_owned())),
        done = play(&mut scene, stress) => done,
    };
    // No tenant, process or row is left behind, whatever has become of it.
    let cleaned = delete_all(&scene).await;
    scene.plane.stop(false).await;
    scene.server.shutdown().await;
    done.and(cleaned)
}

async fn play(scene: &mut Scene, stress: &Stress) -> Result<(), CliError> {
    let waiting = output::Waiting::new(format!("Linking {} tenants", stress.tenants));
    scene.set_up(stress.tenants, stress.plant).await?;
    waiting.say(format!("{} customers write {} messages to each", scene.customers.len(), stress.messages));
    let began = Instant::now();
    let times = scene.converse().await?;
    let took = began.elapsed();
    waiting.say("Waiting for the record");
    scene.recorded().await?;
    let planted = match stress.plant {
        Some(leak) => leak::plant(scene, leak).await?,
        None => None,
    };
    waiting.say("Looking everywhere");
    let mut checks = check::all(scene).await?;
    drop(planted);
    waiting.say("Deleting all tenants");
    delete_all(scene).await?;
    leak::plant_after_deletion(scene, stress.plant)?;
    checks.push(check::nothing_left(scene).await?);
    drop(waiting);
    report::print(&checks, times, took)
}

/// Deletes what this run has made; a tenant that is gone already is fine.
async fn delete_all(scene: &Scene) -> Result<(), CliError> {
    for subject in &scene.subjects {
        let scope = scene.plane.store.tenant(subject.id);
        if scope.get().await.is_err() {
            continue;
        }
        scene.plane.supervisor.purge(subject.id).await.map_err(failed("ending a worker"))?;
        scope.delete("system").await.map_err(failed("deleting a tenant"))?;
    }
    Ok(())
}
