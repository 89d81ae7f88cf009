//! The page in a real browser (Debian's chromium), with a real client behind it. `FLOWHQ_TEST_CHROMIUM` names the
//! browser; set to `off` it leaves this test out. `scripts/test` installs what it needs.

use std::path::PathBuf;

use tokio::process::Command;
use virtual_whatsapp::{Control, ControlOptions, Options, VirtualWhatsApp};

use crate::bot::{EchoBot, LIMIT};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_links_a_bot_and_chats_with_it_from_the_page() {
    #[expect(clippy::disallowed_methods, reason = "tests are told by variables what they may use")]
    let chromium = std::env::var("FLOWHQ_TEST_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if chromium == "off" {
        eprintln!("FLOWHQ_TEST_CHROMIUM is off: the page was NOT looked at in a browser");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    assert!(
        folder.join("node_modules/playwright-core").exists(),
        "run `npm ci --ignore-scripts` in {folder:?}, or set FLOWHQ_TEST_CHROMIUM=off"
    );
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let control = Control::start(server.clone(), ControlOptions::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&server, &directory).await;
    let newcomer = Command::new("node")
        .arg("newcomer.mjs")
        .current_dir(folder)
        .env("PAGE", control.url())
        .env("CODE", bot.qr().await)
        .env("CHROMIUM", chromium)
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT * 3, newcomer).await.expect("it ends").unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    bot.stop().await;
}
