//! What lies on the disk tells nothing without the master key, and is lost to nobody who has it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tests::{
    ControlPlane, Flavour, Linked, Place,
    place::{contains, files, holds},
    sealed,
};

const FILES: [&str; 2] = ["journal.db", "session.db"];
const PLAIN: &str = "SQLite format 3";

#[tokio::test]
async fn a_thief_of_the_files_of_a_worker_reads_nothing_in_them() {
    let linked = Linked::who_says(Place::new(), "Zawadi Push Name", "my secret is kipepeo").await;
    let (bot, asha, cell) = (&linked.bot, &linked.asha, linked.place.cell(&linked.bot.id));
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
        let tells = |file: &PathBuf| words.iter().any(|words| holds(file, words));
        all.into_iter().filter(tells).collect::<Vec<_>>()
    };
    assert_eq!(told(), Vec::<PathBuf>::new(), "while it runs");
    linked.stop_worker().await;
    assert_eq!(told(), Vec::<PathBuf>::new(), "once its files are closed");
    // The control: with the key all of it is there.
    let [journal, session] = FILES.map(|name| sealed::bytes(&cell.join(name)));
    assert!(["kipepeo", "Zawadi", "Shop 1", PLAIN].iter().all(|words| contains(&journal, words)));
    assert!([bot.number.as_str(), PLAIN].iter().all(|words| contains(&session, words)));
    // Nor does the key itself lie anywhere.
    let key = sealed::key_of(&cell.join(FILES[0])).unwrap();
    for file in files(&linked.place.data()) {
        let bytes = fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(32).any(|part| part == key), "{}", file.display());
    }
}

#[tokio::test]
async fn files_of_an_earlier_version_are_sealed_and_no_phone_links_again() {
    let linked = Linked::begin(Place::new()).await;
    linked.stop_worker().await;
    let cell = linked.place.cell(&linked.bot.id);
    for name in FILES {
        let path = cell.join(name);
        let bytes = sealed::bytes(&path);
        let _none = fs::remove_file(cell.join(format!("{name}-wal")));
        fs::write(&path, bytes).unwrap();
        assert!(holds(&path, PLAIN));
    }
    goes_on(&linked).await;
    for file in files(&cell) {
        assert!(!holds(&file, PLAIN) && !holds(&file, "Hello"), "{}", file.display());
    }
}

#[tokio::test]
async fn with_another_master_key_nothing_starts_and_with_the_right_one_all_goes_on() {
    let mut linked = Linked::begin(Place::new()).await;
    linked.stop_worker().await;
    assert!(linked.plane.stop().await.success());
    let (cell, path) = (linked.place.cell(&linked.bot.id), linked.place.data().join("master.key"));
    let all = |cell: &Path| FILES.map(|name| fs::read(cell.join(name)).unwrap());
    let (key, before) = (fs::read(&path).unwrap(), all(&cell));
    fs::write(&path, format!("{}\n", "5a".repeat(32))).unwrap();
    let refused = linked.place.command(Flavour::Virtual).arg("serve").output().await.unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("master.key, or MASTER_KEY"), "{said}");
    assert_eq!(before, all(&cell), "nothing was touched");
    fs::write(&path, key).unwrap();
    linked.plane = ControlPlane::start(&linked.place, Flavour::Virtual, &linked.whatsapp.url()).await;
    goes_on(&linked).await;
}

/// The bot is started, and answers by the device that it had.
async fn goes_on(linked: &Linked) {
    linked.admin().worker(&linked.bot.id, "start").await;
    linked.bot.is_active(linked.admin()).await;
    assert!(linked.device.is_linked());
    assert!(linked.bot.answers(&linked.asha, "Hello again").await.last().unwrap().contains("Shop 1"));
}
