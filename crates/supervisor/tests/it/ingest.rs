//! What workers say, and what becomes of it.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use crate::common::{World, hosted, lives};
use domain::{DesiredState, LogId, SessionState, TenantStatus};
use store::PageRequest;
use supervisor::{ChangeKind, Error};

fn row(sequence: u64, id: LogId, text: &str) -> String {
    format!(
        "{{\"sequence\":{sequence},\"id\":\"{id}\",\"direction\":\"IN\",\"contact\":\"255700000001\",\"text\":\"{text}\",\
         \"wa_message_id\":\"3EB{sequence}\",\"at\":\"2026-01-02T03:04:05Z\",\"silence\":null}}"
    )
}

fn logs(rows: &[String]) -> String {
    format!("say {{\"type\":\"logs\",\"journal\":\"$JOURNAL\",\"rows\":[{}]}}", rows.join(","))
}

fn connected(number: &str) -> String {
    format!(
        "say {{\"type\":\"session\",\"state\":\"connected\",\"number\":\"{number}\",\"lid\":\"{number}9\"}}"
    )
}

#[tokio::test]
async fn a_code_comes_expires_and_the_session_connects() {
    let mut world = World::new().await;
    let tenant = world.tenant_that("say {\"type\":\"qr\",\"code\":\"2@abc\",\"expires_in_ms\":20000}").await;
    world.handle.start(tenant).await.unwrap();
    let detail = world.until_status(tenant, TenantStatus::QrReady).await;
    assert_eq!(detail.session.last_qr.as_deref(), Some("2@abc"));
    world.handle.qr_wanted(tenant).unwrap();
    world.until_told(tenant, "wanted 30000").await;

    world.behave(tenant, "say {\"type\":\"session\",\"state\":\"qr_round_expired\"}");
    world.handle.restart(tenant).await.unwrap();
    let detail = world.until_status(tenant, TenantStatus::QrPending).await;
    assert_eq!(detail.session.last_qr, None);

    world.behave(tenant, &connected("255712345678"));
    world.handle.restart(tenant).await.unwrap();
    let detail = world.until_status(tenant, TenantStatus::Active).await;
    assert_eq!(detail.session.state, SessionState::Connected);
    assert_eq!(detail.session.linked_number.unwrap().as_str(), "255712345678");
    world.end().await;
}

#[tokio::test]
async fn a_pairing_code_takes_the_place_of_qr_codes_until_it_is_void() {
    let mut world = World::new().await;
    let number = domain::Digits::new("255712345678").unwrap();
    let tenant = world.tenant_that("say {\"type\":\"qr\",\"code\":\"2@abc\",\"expires_in_ms\":20000}").await;
    assert!(matches!(world.handle.pairing_code(tenant, number.clone()).await, Err(Error::NotRunning)));
    world.handle.start(tenant).await.unwrap();
    world.until_status(tenant, TenantStatus::QrReady).await;
    let (once, twice) = tokio::join!(
        world.handle.pairing_code(tenant, number.clone()),
        world.handle.pairing_code(tenant, number.clone())
    );
    let code = once.unwrap();
    assert_eq!((code.code.as_str(), &code.number, &twice.unwrap()), ("WXYZ9876", &number, &code));
    let live = world.handle.live(tenant).unwrap();
    assert_eq!(live.pairing_code.as_ref(), Some(&code));
    assert!(!format!("{live:?} {code:?}").contains("WXYZ"));
    let detail = world.store.tenant(tenant).get().await.unwrap();
    assert_eq!((detail.tenant.status, detail.session.last_qr), (TenantStatus::QrReady, None));

    world.handle.stop(tenant).await.unwrap();
    assert!(world.handle.live(tenant).is_none_or(|live| live.pairing_code.is_none()), "a stop ends it");

    let round = "say {\"type\":\"pairing_code\",\"code\":\"ABCD1234\",\"expires_in_ms\":60000,\"number\":\"255712345678\"}";
    world.behave(tenant, round);
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "a pairing code", |live| live.pairing_code.is_some()).await;
    world.behave(
        tenant,
        &format!("{round}\nsay {{\"type\":\"session\",\"state\":\"qr_round_expired\"}}\nrefuse-code"),
    );
    let mut changes = world.handle.changes();
    world.handle.restart(tenant).await.unwrap();
    // The code of the worker that ends is forgotten, one comes, and its round is over.
    for _ in 0..3 {
        while changes.recv().await.unwrap().kind != ChangeKind::PairingCode {}
    }
    let live = world.handle.live(tenant).unwrap();
    assert_eq!((live.pairing_code, world.get(tenant).await.tenant.status), (None, TenantStatus::QrPending));
    let refused = world.handle.pairing_code(tenant, number).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no pairing code: too many were asked for");
    world.end().await;
}

#[tokio::test]
async fn log_rows_are_kept_once_and_acknowledged() {
    let mut world = World::new().await;
    let (a, b, c) = (LogId::generate(), LogId::generate(), LogId::generate());
    let first = logs(&[row(1, a, "moja"), row(2, b, "mbili")]);
    let tenant = world.tenant_that(&first).await;
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged 2").await;
    // The same rows again, as after a lost acknowledgement, and one more.
    world.behave(tenant, &format!("{first}\n{}", logs(&[row(2, b, "mbili"), row(3, c, "tatu")])));
    world.handle.restart(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged 3").await;
    let page = world.store.tenant(tenant).logs(PageRequest::default()).await.unwrap();
    let texts: Vec<_> = page.items.iter().map(|row| row.message_text.as_str()).collect();
    assert_eq!(texts, ["tatu", "mbili", "moja"]);
    world.end().await;
}

#[tokio::test]
async fn a_session_that_is_over_needs_a_person() {
    let mut world = World::new().await;
    for (report, word) in [
        ("{\"type\":\"session\",\"state\":\"logged_out\"}", "removed this device"),
        ("{\"type\":\"session\",\"state\":\"refused\",\"reason\":\"401\"}", "refused this session: 401"),
        (
            "{\"type\":\"problem\",\"code\":\"session_corrupt\",\"detail\":\"not a database\"}",
            "not a database",
        ),
    ] {
        let tenant = world.tenant_that(&format!("say {report}")).await;
        world.handle.start(tenant).await.unwrap();
        let detail = world
            .until(tenant, "given up", |detail| {
                detail.worker.desired_state == DesiredState::Stopped && detail.worker.pid.is_none()
            })
            .await;
        assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1), "{report}");
        let error = detail.worker.last_error.unwrap();
        assert!(error.contains(word), "{error}");
    }
    world.end().await;
}

#[tokio::test]
async fn last_words_are_heard_before_the_exit_code() {
    let mut world = World::new().await;
    let said =
        format!("{}\n{}\nexit 1", connected("255712345678"), logs(&[row(1, LogId::generate(), "kwaheri")]));
    let tenant =
        world.tenant_that(&format!("{said}\nsay {{\"type\":\"session\",\"state\":\"logged_out\"}}")).await;
    world.handle.start(tenant).await.unwrap();
    let detail = world
        .until(tenant, "given up", |detail| {
            detail.worker.desired_state == DesiredState::Stopped && detail.worker.pid.is_none()
        })
        .await;
    assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1));
    assert_eq!(world.store.tenant(tenant).logs(PageRequest::default()).await.unwrap().items.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_number_belongs_to_one_tenant() {
    let mut world = World::new().await;
    // What was linked in this run has shown a code before.
    let scanned = format!(
        "say {{\"type\":\"qr\",\"code\":\"2@abc\",\"expires_in_ms\":20000}}\n{}",
        connected("255712345678")
    );
    let (first, second) = (world.tenant_that(&scanned).await, world.tenant_that(&scanned).await);
    world.handle.start(first).await.unwrap();
    let first_pid = world.until_status(first, TenantStatus::Active).await.worker.pid;
    world.handle.start(second).await.unwrap();
    let detail = world
        .until(second, "refused", |detail| {
            detail.worker.desired_state == DesiredState::Stopped && detail.worker.pid.is_none()
        })
        .await;
    assert_eq!(detail.tenant.status, TenantStatus::Error);
    assert!(detail.worker.last_error.unwrap().contains("linked to another tenant"));
    assert_eq!(detail.session.linked_number, None);
    assert!(world.log(second).contains("logged out"), "its device is unlinked: {}", world.log(second));
    let detail = world.get(first).await;
    assert_eq!((detail.tenant.status, detail.worker.pid), (TenantStatus::Active, first_pid));
    world.end().await;
}

#[tokio::test]
async fn a_number_that_was_not_declared_waits_for_a_person() {
    let mut world = World::new().await;
    let tenant = world
        .tenant_that(&format!(
            "{}\nsay {{\"type\":\"session\",\"state\":\"held\",\"number\":\"255712345678\"}}",
            connected("255712345678")
        ))
        .await;
    world.handle.start(tenant).await.unwrap();
    let detail = world.until(tenant, "held", |detail| detail.tenant.held_number.is_some()).await;
    assert_eq!(detail.tenant.status, TenantStatus::Active);
    world.end().await;
}

#[tokio::test]
async fn a_limited_number_is_not_started_again_by_itself() {
    let mut world = World::new().await;
    let tenant = world
        .tenant_that("say {\"type\":\"session\",\"state\":\"temporarily_banned\",\"until\":null,\"reason\":\"too many\"}\nexit 1")
        .await;
    world.handle.start(tenant).await.unwrap();
    let detail =
        world.until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
    assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1));
    assert!(detail.worker.last_error.unwrap().contains("limited this number"));
    world.end().await;
}

#[tokio::test]
async fn a_limited_number_is_seen_until_it_connects_again() {
    let limited =
        "say {\"type\":\"session\",\"state\":\"temporarily_banned\",\"until\":null,\"reason\":\"too many\"}";
    let mut world = World::new().await;
    let tenant = world.tenant_that(limited).await;
    world.handle.start(tenant).await.unwrap();
    let live = world.until_live(tenant, "limited", |live| live.limited.is_some()).await;
    assert_eq!(live.limited.as_deref(), Some("WhatsApp has limited this number: too many"));
    let all = world.handle.glance(|id, worker| Some((id, worker.limited?.to_owned())));
    assert_eq!(all, [(tenant, live.limited.unwrap())]);
    // A host's processes are none of this machine's, whatever numbers they have.
    let here = if hosted() { None } else { live.pid };
    assert_eq!(world.handle.workers_here().into_iter().next(), here);
    assert!(live.pid.is_some());
    let again = world.tenant_that(&format!("{limited}\n{}", connected("255712345679"))).await;
    world.handle.start(again).await.unwrap();
    world.until_status(again, TenantStatus::Active).await;
    world.until_live(again, "connected", |live| live.session == Some(SessionState::Connected)).await;
    world.until_live(again, "not limited any more", |live| live.limited.is_none()).await;
    world.end().await;
}

#[tokio::test]
async fn a_person_writes_configures_and_unlinks() {
    let mut world = World::new().await;
    let tenant = world.tenant_that(&connected("255712345678")).await;
    let send = |text: &str| {
        world.handle.send_text(tenant, "r1".to_owned(), "255700000001".to_owned(), text.to_owned())
    };
    assert!(matches!(send("hi").await, Err(Error::NotRunning)));
    world.handle.configure(tenant).unwrap();
    world.handle.start(tenant).await.unwrap();
    world.until_status(tenant, TenantStatus::Active).await;
    let send = |text: &str| {
        world.handle.send_text(tenant, "r1".to_owned(), "255700000001".to_owned(), text.to_owned())
    };
    assert_eq!(send("hi").await.unwrap(), "r1");
    assert!(matches!(send("refuse").await, Err(Error::NotSent(why)) if why == "not a contact"));

    let change = store::ConfigChange { business_name: Some("Duka".to_owned()), ..Default::default() };
    world.store.tenant(tenant).configure(change).await.unwrap();
    world.handle.configure(tenant).unwrap();
    world.until_told(tenant, "configured Duka").await;

    let pid = world.get(tenant).await.worker.pid.unwrap();
    world.handle.unlink(tenant).await.unwrap();
    assert!(!lives(pid));
    let detail = world.get(tenant).await;
    assert_eq!((detail.tenant.status, detail.session.linked_number), (TenantStatus::Paused, None));
    assert!(world.log(tenant).contains("logged out"));
    world.end().await;
}

/// What the audit log has on a tenant, newest first.
async fn audited(world: &World, tenant: domain::TenantId) -> Vec<String> {
    let page = world.store.tenant(tenant).events(PageRequest::default()).await.unwrap();
    page.items.into_iter().map(|event| event.event_type).collect()
}

#[tokio::test]
async fn what_whatsapp_has_not_confirmed_is_not_called_unlinked() {
    let mut world = World::new().await;
    let linked = connected("255712345678");
    let tenant = world.tenant_that(&format!("{linked}\nnot-confirmed")).await;
    world.handle.start(tenant).await.unwrap();
    world.until_status(tenant, TenantStatus::Active).await;
    let error = world.handle.unlink(tenant).await.unwrap_err();
    assert!(matches!(&error, Error::UnlinkUnconfirmed(why) if why == "WhatsApp is away"), "{error}");
    assert!(error.to_string().contains("Linked devices"), "{error}");
    let detail = world.get(tenant).await;
    assert_eq!(detail.tenant.status, TenantStatus::Paused);
    assert_eq!(detail.session.linked_number.unwrap().as_str(), "255712345678", "it is kept");
    assert!(detail.worker.last_error.unwrap().contains("Linked devices") && detail.worker.pid.is_none());
    assert_eq!(audited(&world, tenant).await[..2], ["UNLINK_UNCONFIRMED", "UNLINK_ORDERED"]);

    // Nothing runs: a worker is started for it, and ends with it.
    world.behave(tenant, &linked);
    world.handle.unlink(tenant).await.unwrap();
    let detail = world.get(tenant).await;
    assert_eq!((detail.tenant.status, detail.session.linked_number), (TenantStatus::Paused, None));
    assert_eq!((detail.worker.pid, detail.worker.desired_state), (None, DesiredState::Stopped));
    assert_eq!(audited(&world, tenant).await[..2], ["DEVICE_UNLINKED", "UNLINK_ORDERED"]);
    assert!(matches!(world.handle.unlink(tenant).await, Err(Error::NothingLinked)));
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_says_nothing_of_its_unlinking_has_not_unlinked() {
    let mut options = crate::common::impatient();
    options.unlink_grace = std::time::Duration::from_millis(200);
    let mut world = World::with(options).await;
    let tenant = world.tenant_that(&format!("{}\nignore-stop", connected("255712345678"))).await;
    world.handle.start(tenant).await.unwrap();
    world.until_status(tenant, TenantStatus::Active).await;
    let error = world.handle.unlink(tenant).await.unwrap_err();
    assert!(matches!(error, Error::UnlinkUnconfirmed(_)), "{error}");
    assert!(world.get(tenant).await.session.linked_number.is_some());
    world.end().await;
}

#[tokio::test]
async fn an_unlink_that_comes_while_the_worker_is_being_stopped_unlinks() {
    let mut world = World::new().await;
    let linked = connected("255712345678");
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("let-go");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    let tenant = world.tenant_that(&format!("{linked}\nslow-stop {}", pipe.display())).await;
    world.handle.start(tenant).await.unwrap();
    world.until_status(tenant, TenantStatus::Active).await;
    let handle = world.handle.clone();
    let stop = tokio::spawn(async move { handle.stop(tenant).await });
    world.until(tenant, "being stopped", |detail| detail.tenant.status == TenantStatus::Paused).await;
    world.behave(tenant, &linked);
    // The worker ends once the unlink has been asked for, and no sooner: the first of both is polled first.
    let let_go =
        async { tokio::task::spawn_blocking(move || std::fs::File::options().write(true).open(pipe)).await };
    let (unlinked, let_go) = tokio::join!(biased; world.handle.unlink(tenant), let_go);
    unlinked.unwrap();
    let_go.unwrap().unwrap();
    stop.await.unwrap().unwrap();
    let detail = world.get(tenant).await;
    assert_eq!((detail.session.linked_number, detail.worker.generation), (None, 2));
    assert!(world.log(tenant).contains("logged out"), "{}", world.log(tenant));
    world.end().await;
}

#[tokio::test]
async fn settings_that_changed_unseen_are_sent_when_a_heartbeat_shows_it() {
    let mut world = World::new().await;
    let tenant = world.tenant_that("old-settings").await;
    world.handle.start(tenant).await.unwrap();
    // Nobody has told the worker: only its heartbeat shows that it knows older ones.
    world.until_told(tenant, "configured").await;
    world.end().await;
}

#[tokio::test]
async fn what_a_worker_calls_its_number_is_held_against_what_was_declared_and_claims_nothing() {
    let mut world = World::new().await;
    let owner = world.tenant_that(&connected("255712345678")).await;
    let liar = world.tenant_that(&connected("255712345678")).await;
    let declare = |tenant, number: &str| {
        let phone = Some(Some(domain::Phone::parse(number).unwrap()));
        let (scope, change) =
            (world.store.tenant(tenant), store::TenantChange { phone, ..Default::default() });
        async move { scope.update(change).await.unwrap() }
    };
    declare(owner, "+255712345678").await;
    declare(liar, "+255787654321").await;
    world.handle.start(liar).await.unwrap();
    let detail = world.until(liar, "held", |detail| detail.tenant.held_number.is_some()).await;
    assert_eq!(detail.session.linked_number, None);
    world.handle.start(owner).await.unwrap();
    world.until_status(owner, TenantStatus::Active).await;
    assert!(world.get(owner).await.session.linked_number.is_some());
    world.end().await;
}

#[tokio::test]
async fn a_claim_does_not_outlast_its_session() {
    let mut world = World::new().await;
    let (liar, owner) = (
        world.tenant_that(&connected("255712345678")).await,
        world.tenant_that(&connected("255712345678")).await,
    );
    world.handle.start(liar).await.unwrap();
    world.until_status(liar, TenantStatus::Active).await;
    world.handle.stop(liar).await.unwrap();
    world.handle.start(owner).await.unwrap();
    world.until_status(owner, TenantStatus::Active).await;
    assert_eq!(world.get(liar).await.session.linked_number, None);
    assert_eq!(audited(&world, liar).await[0], "NUMBER_CLAIM_ENDED");
    world.end().await;
}

#[tokio::test]
async fn a_tenant_whose_files_are_gone_is_not_started_again() {
    let world = World::with(crate::common::impatient()).await;
    let tenant = world.tenant_that("").await;
    world.handle.start(tenant).await.unwrap();
    world.handle.purge(tenant).await.unwrap();
    assert_eq!(world.get(tenant).await.worker.desired_state, DesiredState::Stopped);
    world.end().await;
}

#[tokio::test]
async fn a_disconnection_that_lasts_is_an_error_and_mends_itself() {
    let mut options = crate::common::options();
    options.disconnected_too_long = std::time::Duration::from_millis(100);
    let mut world = World::with(options).await;
    let tenant = world
        .tenant_that(&format!("{}\nsay {{\"type\":\"session\",\"state\":\"disconnected\",\"reason\":\"network\"}}\nno-heartbeat", connected("255712345678")))
        .await;
    world.handle.start(tenant).await.unwrap();
    let detail = world.until_status(tenant, TenantStatus::Error).await;
    assert!(detail.worker.pid.is_some(), "the worker goes on trying");
    assert!(detail.worker.last_error.unwrap().contains("goes on trying"));

    // One that was never linked is disconnected as well, and that is no error.
    let waiting =
        world.tenant_that("say {\"type\":\"session\",\"state\":\"qr_round_expired\"}\nno-heartbeat").await;
    world.handle.start(waiting).await.unwrap();
    world.until_live(waiting, "known", |live| live.session.is_some()).await;
    world.until_status(tenant, TenantStatus::Error).await;
    assert_eq!(world.get(waiting).await.tenant.status, TenantStatus::QrPending);
    world.end().await;
}

#[tokio::test]
async fn a_linked_tenant_whose_worker_shows_a_code_has_lost_its_session_and_a_plain_restart_links_it_anew() {
    let qr = "say {\"type\":\"qr\",\"code\":\"2@abc\",\"expires_in_ms\":20000}";
    let code = "say {\"type\":\"pairing_code\",\"code\":\"WXYZ9876\",\"expires_in_ms\":20000,\"number\":\"255712345678\"}";
    for shown in [qr, code] {
        let mut world = World::new().await;
        let tenant = world.tenant_that(&connected("255712345678")).await;
        world.handle.start(tenant).await.unwrap();
        world.until_status(tenant, TenantStatus::Active).await;
        world.behave(tenant, shown);
        world.handle.restart(tenant).await.unwrap();
        let detail = world.until_status(tenant, TenantStatus::Error).await;
        let why = detail.worker.last_error.unwrap();
        assert!(why.contains("session.db") && why.contains("link the phone again"), "{why}");
        assert_eq!(detail.session.last_qr, None, "no code is shown that nobody asked for");
        world.until(tenant, "at rest", |detail| detail.worker.pid.is_none()).await;

        world.behave(tenant, qr);
        world.handle.restart(tenant).await.unwrap();
        let detail = world.until_status(tenant, TenantStatus::QrReady).await;
        assert_eq!(detail.session.last_qr.as_deref(), Some("2@abc"));
        world.end().await;
    }
}
