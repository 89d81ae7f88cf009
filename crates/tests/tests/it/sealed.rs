//! What lies on the disk tells nothing without the master key, and is lost to nobody who has it.

use std::{fs, path::Path};

use tests::{
    Bot, ControlPlane, Flavour, Place,
    place::{files, holds},
    process,
    sealed::{self, found},
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

const FILES: [&str; 2] = ["journal.db", "session.db"];
const PLAIN: &str = "SQLite format 3";

async fn stopped(plane: &ControlPlane, bot: &Bot) {
    let pid = bot.pid(plane.admin()).await;
    plane.admin().worker(&bot.id, "stop").await;
    process::ended(pid).await;
}

#[tokio::test]
async fn a_thief_of_the_files_of_a_worker_reads_nothing_in_them() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, _device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Zawadi Push Name").unwrap();
    bot.answers(&asha, "my secret is kipepeo").await;
    plane.admin().wait_for_logs(&bot.id, "on record", |logs| logs.len() == 2).await;
    let cell = place.cell(&bot.id);
    let words = [
        "kipepeo",
        "Zawadi",
        asha.number(),
        asha.lid(),
        bot.number.as_str(),
        "Shop 1",
        PLAIN,
        "CREATE TABLE",
    ];
    let told = || {
        let all = files(&cell);
        assert!(FILES.iter().all(|name| all.iter().any(|file| file.ends_with(name))), "{all:?}");
        let told = |file: &Path| words.iter().filter(|words| holds(file, words)).count();
        all.into_iter().filter(|file| told(file) > 0).collect::<Vec<_>>()
    };
    assert_eq!(told(), Vec::<std::path::PathBuf>::new(), "while it runs");
    stopped(&plane, &bot).await;
    assert_eq!(told(), Vec::<std::path::PathBuf>::new(), "once its files are closed");
    // The control: with the key all of it is there.
    let (journal, session) = (sealed::bytes(&cell.join(FILES[0])), sealed::bytes(&cell.join(FILES[1])));
    assert!(["kipepeo", "Zawadi", "Shop 1", PLAIN].iter().all(|words| found(&journal, words)));
    assert!([bot.number.as_str(), PLAIN].iter().all(|words| found(&session, words)));
    // Nor does the key itself lie anywhere.
    let key = sealed::key_of(&cell.join(FILES[0])).unwrap();
    for file in files(&place.data()) {
        let bytes = fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(32).any(|part| part == key), "{}", file.display());
    }
}

#[tokio::test]
async fn files_of_an_earlier_version_are_sealed_and_no_phone_links_again() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    stopped(&plane, &bot).await;
    for name in FILES {
        let path = place.cell(&bot.id).join(name);
        let bytes = sealed::bytes(&path);
        let _none = fs::remove_file(path.with_file_name(format!("{name}-wal")));
        fs::write(&path, bytes).unwrap();
        assert!(holds(&path, PLAIN));
    }
    plane.admin().worker(&bot.id, "start").await;
    bot.is_active(plane.admin()).await;
    assert!(device.is_linked());
    assert!(bot.answers(&asha, "Hello again").await.last().unwrap().contains("Shop 1"));
    for file in files(&place.cell(&bot.id)) {
        assert!(!holds(&file, PLAIN) && !holds(&file, "Hello"), "{}", file.display());
    }
}

#[tokio::test]
async fn with_another_master_key_nothing_starts_and_with_the_right_one_all_goes_on() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    stopped(&plane, &bot).await;
    plane.stop().await;
    let path = place.data().join("master.key");
    let key = fs::read(&path).unwrap();
    fs::write(&path, format!("{}\n", "5a".repeat(32))).unwrap();
    let before: Vec<_> = FILES.map(|name| fs::read(place.cell(&bot.id).join(name)).unwrap()).into();
    let refused = place.command(Flavour::Virtual).arg("serve").output().await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("master.key, or MASTER_KEY"), "{said}");
    let after: Vec<_> = FILES.map(|name| fs::read(place.cell(&bot.id).join(name)).unwrap()).into();
    assert_eq!(before, after, "nothing was touched");
    fs::write(&path, key).unwrap();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    plane.admin().worker(&bot.id, "start").await;
    bot.is_active(plane.admin()).await;
    assert!(device.is_linked());
    assert!(bot.answers(&asha, "Hello again").await.last().unwrap().contains("Shop 1"));
}
