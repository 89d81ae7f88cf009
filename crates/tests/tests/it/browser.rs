//! The dashboard and the portal in a real browser (Debian's chromium), with the real control plane, real workers and the virtual WhatsApp:
//! the flows in `browser/*.test.mjs`. `scripts/test` installs what they need and names the browser by
//! `FLOWHQ_TEST_CHROMIUM`; `off` leaves them out.

use std::{path::PathBuf, process::Stdio, time::Duration};

use tests::{
    Flavour,
    binaries::binary,
    process::{Signal, signal},
};
use tokio::{io::AsyncReadExt, process::Command};

/// Each step gives up by itself long before.
const LIMIT: Duration = Duration::from_mins(30);

/// Runs one file, and fails with what it says.
#[expect(clippy::print_stderr, clippy::panic, clippy::disallowed_methods, reason = "part of each test below")]
async fn run(file: &str) {
    let chromium = std::env::var("FLOWHQ_TEST_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if chromium == "off" {
        assert!(
            std::env::var_os("CI").is_none(),
            "FLOWHQ_TEST_CHROMIUM is off; scripts/test installs a browser"
        );
        eprintln!("FLOWHQ_TEST_CHROMIUM is off: {file} was NOT run in a browser");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser");
    assert!(
        folder.join("node_modules/playwright-core").exists(),
        "run `npm ci --ignore-scripts` in {}, or set FLOWHQ_TEST_CHROMIUM=off",
        folder.display()
    );
    let mut node = Command::new("node")
        .args(["--test-reporter=spec", file])
        .current_dir(folder)
        .env("FLOWHQ_TEST_CHROMIUM", chromium)
        .env("FLOWHQ_VIRTUAL_BIN", binary(Flavour::Virtual))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut output = node.stdout.take().unwrap();
    let mut said = String::new();
    let ended = async {
        output.read_to_string(&mut said).await.unwrap();
        node.wait().await.unwrap()
    };
    let Ok(status) = tokio::time::timeout(LIMIT, ended).await else {
        // It ends what it has started, which killing it would leave behind.
        signal(node.id().unwrap(), Signal::TERM);
        drop(tokio::time::timeout(tests::LIMIT, node.wait()).await);
        panic!("{file} did not end: {said}");
    };
    assert!(status.success(), "{said}");
    assert!(said.contains("pass") && !said.contains("pass 0"), "it has tested something: {said}");
}

#[tokio::test]
async fn an_operator_creates_links_watches_and_mends_tenants() {
    run("tenants.test.mjs").await;
}

#[tokio::test]
async fn a_fleet_shows_each_trouble_and_its_remedy_in_sight() {
    run("fleet.test.mjs").await;
}

#[tokio::test]
async fn live_means_live_and_nothing_typed_is_lost() {
    run("live.test.mjs").await;
}

#[tokio::test]
async fn an_operator_notes_tags_and_moves_tenants_as_tables() {
    run("tables.test.mjs").await;
}

#[tokio::test]
async fn a_tenant_moves_to_another_installation_by_the_pages_of_both() {
    run("moves.test.mjs").await;
}

#[tokio::test]
async fn a_tenant_moves_between_hosts_and_one_is_given_up_by_its_name() {
    run("hosts.test.mjs").await;
}

#[tokio::test]
async fn a_booking_appears_while_its_page_is_looked_at() {
    run("bookings.test.mjs").await;
}

#[tokio::test]
async fn setup_requests_are_approved_and_rejected() {
    run("setup_requests.test.mjs").await;
}

#[tokio::test]
async fn operators_sign_in_and_out() {
    run("signing_in.test.mjs").await;
}

#[tokio::test]
async fn every_page_is_readable_in_both_themes_and_widths() {
    run("pages.test.mjs").await;
}

#[tokio::test]
async fn an_owner_goes_from_the_link_to_an_answering_bot_alone() {
    run("portal.test.mjs").await;
}

#[tokio::test]
async fn owners_sign_in_by_a_provider_and_see_their_own_business_alone() {
    run("portal_oidc.test.mjs").await;
}

#[tokio::test]
async fn owners_and_staff_get_in_by_letters_through_a_real_mail_server() {
    run("portal_letters.test.mjs").await;
}
