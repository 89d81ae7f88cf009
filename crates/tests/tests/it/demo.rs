//! `flowhq demo`.

use std::process::Stdio;

use tests::{Flavour, LIMIT, Place};

#[tokio::test]
async fn once_it_shows_a_conversation_exits_0_and_leaves_nothing_behind() {
    let place = Place::new();
    let output = place.command(Flavour::Virtual).args(["demo", "--once"]).stdin(Stdio::null()).output();
    let output = tokio::time::timeout(LIMIT * 2, output).await.expect("it ends by itself").unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Habari"), "the customer's message is shown: {said}");
    assert!(said.contains("Karibu"), "the bot's answer is shown: {said}");
    assert_eq!(place.processes(), Vec::<u32>::new(), "no process is left");
}

#[tokio::test]
async fn a_default_build_says_which_command_to_run() {
    let place = Place::new();
    let output = place.command(Flavour::Default).args(["demo", "--once"]).output().await.unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cargo demo --once"), "{said}");
}

#[tokio::test]
async fn each_build_says_which_it_is() {
    let place = Place::new();
    let version = async |flavour| {
        let output = place.command(flavour).arg("--version").output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(version(Flavour::Virtual).await.contains("virtual"));
    assert!(!version(Flavour::Default).await.contains("virtual"));
}
