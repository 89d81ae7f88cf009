//! A session database that cannot be read: said, in ERROR, and not touched.

use std::{fs, path::PathBuf};

use link::cell::SESSION_DATABASE;
use tests::{Bot, ControlPlane, Flavour, Place, process};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn a_corrupt_session_is_said_and_left_as_it_is() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let pid = bot.pid(admin).await;
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;

    let damaged = damage(place.cell(&bot.id).join(SESSION_DATABASE));
    admin.worker(&bot.id, "start").await;
    let tenant =
        admin.wait_for(&bot.id, "the tenant is in ERROR", |tenant| tenant["status"] == "ERROR").await;
    let error = tenant["worker_process"]["last_error"].as_str().unwrap_or_default().to_owned();
    assert!(error.contains("session"), "it names the session database: {error}");
    for (path, bytes) in damaged {
        assert_eq!(fs::read(&path).unwrap_or_default(), bytes, "{} was touched", path.display());
    }
    let linked = whatsapp.phone(&bot.number).unwrap().linked_devices();
    assert!(linked.iter().all(virtual_whatsapp::LinkedDevice::is_linked), "the phone still has its device");
}

/// Overwrites the database's pages and returns what lies there now.
fn damage(database: PathBuf) -> Vec<(PathBuf, Vec<u8>)> {
    let mut bytes = fs::read(&database).unwrap();
    let length = bytes.len().min(8192);
    bytes[..length].fill(0x5a);
    fs::write(&database, &bytes).unwrap();
    let wal = PathBuf::from(format!("{}-wal", database.display()));
    let beside = fs::read(&wal).map(|bytes| (wal, bytes)).ok();
    std::iter::once((database, bytes)).chain(beside).collect()
}
