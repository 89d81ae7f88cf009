//! A server that is started again from its file is the same server.

use virtual_whatsapp::{Error, EventKind, Options, Pattern, StateError, VirtualWhatsApp};

use crate::bot::{ASHA, BUSINESS, EchoBot, LIMIT, World, texts, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_keys_queues_and_transcripts_outlive_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("state.json");
    let options = Options { state_file: Some(file.clone()), ..Options::default() };
    let world = World::linked_with(options.clone()).await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.settled().await;
    let root = world.server.root_key();
    let bind = world.server.address();
    world.bot.stop().await;
    world.asha.send_text(BUSINESS, "while both were away").unwrap();
    world.server.shutdown().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let again = VirtualWhatsApp::start(Options { bind, ..options }).await.unwrap();
    assert_eq!(again.root_key(), root);
    let bot = EchoBot::start(&again, &world.directory).await;
    wait(&again, 0, |e| matches!(e, EventKind::LoggedIn { pattern: Pattern::Ik, .. })).await;
    let asha = again.customer(ASHA, "Asha").unwrap();
    let answers = asha.wait_for_reply(BUSINESS, 2, LIMIT).await.unwrap();
    assert_eq!(texts(&answers), ["echo: hello", "echo: while both were away"]);
    asha.send_text(BUSINESS, "after").unwrap();
    asha.wait_for_reply(BUSINESS, 3, LIMIT).await.unwrap();
    bot.stop().await;
}

#[tokio::test]
async fn a_file_of_another_version_or_a_damaged_one_stops_the_start_and_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("state.json");
    let start = || VirtualWhatsApp::start(Options { state_file: Some(file.clone()), ..Options::default() });
    for bad in ["", "{", r#"{"format":"virtual-whatsapp","version":1}"#, r#"["format"]"#] {
        std::fs::write(&file, bad).unwrap();
        assert!(matches!(start().await.err(), Some(Error::State(StateError::Form { .. }))), "{bad}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), bad);
    }
    std::fs::write(&file, r#"{"format":"virtual-whatsapp","version":2}"#).unwrap();
    assert!(matches!(start().await.err(), Some(Error::State(StateError::Version { version: 2, .. }))));
}
