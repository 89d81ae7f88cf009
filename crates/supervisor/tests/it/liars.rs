//! Workers that lie harm only themselves: S15, and the third layer of isolation.

use std::os::unix::fs::PermissionsExt;

use crate::common::{World, forked};
use domain::{DesiredState, JournalId, LogId, TenantStatus};
use rustix::fs::{Mode, OFlags};
use store::PageRequest;

const HONEST: &str =
    "say {\"type\":\"session\",\"state\":\"connected\",\"number\":\"255712345678\",\"lid\":null}";

fn row(sequence: u64, id: LogId) -> String {
    format!(
        "{{\"sequence\":{sequence},\"id\":\"{id}\",\"direction\":\"IN\",\"contact\":\"255700000001\",\"text\":\"lie\",\
         \"wa_message_id\":\"3EB0\",\"at\":\"2026-01-02T03:04:05Z\",\"silence\":null}}"
    )
}

#[tokio::test]
async fn a_liar_is_ended_and_its_neighbour_notices_nothing() {
    let mut options = crate::common::impatient();
    options.restarts.loop_deaths = 2;
    let mut world = World::with(options).await;
    let honest = world.tenant_that(HONEST).await;
    world.handle.start(honest).await.unwrap();
    let before = world.until_status(honest, TenantStatus::Active).await.worker;

    let journal = JournalId::generate();
    let foreign = format!(
        "say {{\"type\":\"logs\",\"journal\":\"{journal}\",\"rows\":[{}]}}",
        row(1, LogId::generate())
    );
    let gap = format!(
        "say {{\"type\":\"logs\",\"journal\":\"$JOURNAL\",\"rows\":[{}]}}",
        row(7, LogId::generate())
    );
    let hello = "say {\"type\":\"hello\",\"journal\":\"$JOURNAL\",\"last_sequence\":0,\"build\":\"x\"}";
    let mut liars = Vec::new();
    for behaviour in [
        "lie-token",
        "lie-generation",
        "lie-tenant",
        "nonsense",
        hello,
        &foreign,
        &gap,
        "say {\"type\":\"session\",\"state\":\"connected\",\"number\":\"255712345678\",\"lid\":\"not digits\"}",
        "say {\"type\":\"pairing_code\",\"code\":\"<b>ABCD\",\"expires_in_ms\":1,\"number\":\"255712345678\"}",
        "say {\"type\":\"pairing_code\",\"code\":\"ABCD1234\",\"expires_in_ms\":1}",
    ] {
        let liar = world.tenant_that(behaviour).await;
        world.handle.start(liar).await.unwrap();
        liars.push((liar, behaviour));
    }
    for (liar, behaviour) in liars {
        let detail =
            world.until(liar, "ended", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
        assert_eq!(detail.tenant.status, TenantStatus::Error, "{behaviour}");
        assert_eq!(detail.session.linked_number, None, "{behaviour}");
        let rows = world.store.tenant(liar).logs(PageRequest::default()).await.unwrap().items;
        assert!(rows.is_empty(), "{behaviour}: {rows:?}");
    }
    let after = world.until_live(honest, "linked", |live| live.linked).await;
    assert_eq!((after.pid, after.generation), (before.pid, Some(1)));
    assert_eq!(world.get(honest).await.worker.restarts, 0);
    world.end().await;
}

#[tokio::test]
async fn somebody_elses_log_rows_stay_theirs() {
    let mut world = World::new().await;
    let id = LogId::generate();
    let say = format!("say {{\"type\":\"logs\",\"journal\":\"$JOURNAL\",\"rows\":[{}]}}", row(1, id));
    let (owner, thief) =
        (world.tenant_that(&say).await, world.tenant_that(&say.replace("lie", "stolen")).await);
    world.handle.start(owner).await.unwrap();
    world.until_told(owner, "acknowledged 1").await;
    world.handle.start(thief).await.unwrap();
    world.until_told(thief, "acknowledged 1").await;
    for (tenant, text) in [(owner, "lie"), (thief, "stolen")] {
        let rows = world.store.tenant(tenant).logs(PageRequest::default()).await.unwrap().items;
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].tenant_id, rows[0].message_text.as_str()), (tenant, text));
    }
    world.end().await;
}

#[tokio::test]
async fn a_worker_moves_its_own_tenants_ticks_alone() {
    let mut world = World::new().await;
    let id = LogId::generate();
    let out = row(1, id)
        .replace("\"IN\"", "\"OUT\"")
        .replace("\"silence\":null", "\"silence\":null,\"delivery\":\"WAITING\",\"writer\":\"BOT\"");
    let logs = format!("say {{\"type\":\"logs\",\"journal\":\"$JOURNAL\",\"rows\":[{out}]}}");
    let come = |state: &str, sequence: u64| {
        format!(
            "say {{\"type\":\"deliveries\",\"journal\":\"$JOURNAL\",\"rows\":[{{\"sequence\":{sequence},\
             \"log\":\"{id}\",\"delivery\":\"{state}\"}}]}}"
        )
    };
    let owner = world.tenant_that(&format!("{logs}\n{}", come("SENT", 3))).await;
    world.handle.start(owner).await.unwrap();
    world.until_told(owner, "acknowledged deliveries 3").await;
    // A thief who knows the very row says that it was read: acknowledged, and nobody's.
    let thief = world.tenant_that(&come("READ", 9)).await;
    world.handle.start(thief).await.unwrap();
    world.until_told(thief, "acknowledged deliveries 9").await;
    let kept = world.store.tenant(owner).logs(PageRequest::default()).await.unwrap().items;
    assert_eq!(kept[0].delivery, Some(domain::Delivery::Sent));
    assert!(world.store.tenant(thief).logs(PageRequest::default()).await.unwrap().items.is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_flood_does_not_drown_the_others() {
    let mut world = World::with(crate::common::impatient()).await;
    let flooder = world.tenant_that("flood\nignore-term").await;
    world.handle.start(flooder).await.unwrap();
    world.until_status(flooder, TenantStatus::QrReady).await;
    let honest = world.tenant_that(HONEST).await;
    world.handle.start(honest).await.unwrap();
    world.until_status(honest, TenantStatus::Active).await;
    world.handle.stop(flooder).await.unwrap();
    assert_eq!(world.get(flooder).await.tenant.status, TenantStatus::Paused);
    world.end().await;
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_and_one_without_end_do_no_harm() {
    let mut world = World::new().await;
    let unasked = "say {\"type\":\"answer\",\"request\":\"r\",\"result\":{\"Ok\":{\"kind\":\"erase_contact\",\"messages\":1}}}";
    let confused = world.tenant_that(unasked).await;
    world.handle.start(confused).await.unwrap();
    world.until_live(confused, "linked", |live| live.linked).await;
    let answer = world.handle.read_contact(confused, "255712000001").await;
    assert!(matches!(answer, Err(supervisor::Error::NoAnswer)), "another kind of answer is none: {answer:?}");
    let sent =
        world.handle.send_text(confused, "r1".to_owned(), "255712000001".to_owned(), "hi".to_owned()).await;
    assert_eq!(sent.unwrap(), "r1", "what is answered by its own kind is an answer");

    let endless = world.tenant_that("endless").await;
    world.handle.start(endless).await.unwrap();
    world.until_live(endless, "linked", |live| live.linked).await;
    let whole = world.handle.read_contact(endless, "255712000001").await.unwrap().unwrap();
    assert!(whole.more && whole.messages.len() == 500, "it is cut off, and says so");
    world.end().await;
}

#[tokio::test]
async fn a_process_has_nothing_of_ours() {
    // As if whoever started us had left it open.
    let secret = tempfile::NamedTempFile::with_suffix(".inherited").unwrap();
    let _inherited = rustix::fs::open(secret.path(), OFlags::RDONLY, Mode::empty()).unwrap();
    let world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    let pid = world.get(tenant).await.worker.pid.unwrap();
    let proc = std::path::PathBuf::from(format!("/proc/{pid}"));
    let environment = String::from_utf8(std::fs::read(proc.join("environ")).unwrap()).unwrap();
    let cell = world.cell(tenant);
    // glibc parts them where they stand.
    let environment = environment.replace("\0glibc.", ":glibc.");
    // Of a process that was forked this is what its zygote was started with.
    let wanted = match forked() {
        true => "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.pthread.stack_cache_size=0\0".to_owned(),
        false => format!("SQLITE_TMPDIR={}\0", cell.display()),
    };
    assert_eq!(environment, wanted, "where files belong, and nothing else");
    let arguments = std::fs::read_to_string(proc.join("cmdline")).unwrap();
    let arguments: Vec<_> = arguments.split_terminator('\0').skip(1).collect();
    assert_eq!(arguments, ["worker", &tenant.to_string()]);
    assert_eq!(std::fs::read_link(proc.join("cwd")).unwrap(), world.cell(tenant));
    for entry in std::fs::read_dir(proc.join("fd")).unwrap() {
        let target = std::fs::read_link(entry.unwrap().path()).unwrap_or_default();
        let text = target.to_string_lossy().into_owned();
        let ours = text.contains("flowhq.db") || text.ends_with("/key") || text.contains(".inherited");
        assert!(!ours, "a worker holds {text}");
    }
    for (path, mode) in [("sessions", 0o700), ("logs", 0o700), ("run", 0o700), ("key", 0o600)] {
        let found = std::fs::metadata(world.directory.path().join(path)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{path}");
    }
    let log = world.directory.path().join("logs").join(format!("{tenant}.log"));
    assert_eq!(std::fs::metadata(log).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(world.cell(tenant)).unwrap().permissions().mode() & 0o777, 0o700);
    world.end().await;
}

#[tokio::test]
async fn a_cell_that_is_a_symbolic_link_is_refused() {
    let world = World::new().await;
    let (tenant, other) = (world.tenant().await, world.tenant().await);
    std::fs::remove_dir_all(world.cell(tenant)).unwrap();
    std::os::unix::fs::symlink(world.cell(other), world.cell(tenant)).unwrap();
    let error = world.handle.start(tenant).await.unwrap_err().to_string();
    assert!(error.contains("symbolic link"), "{error}");
    world.handle.stop(tenant).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn a_worker_with_anothers_session_is_told_to_log_out_only_where_it_was_linked_in_its_own_run() {
    let mut world = World::new().await;
    let honest = world.tenant_that(HONEST).await;
    world.handle.start(honest).await.unwrap();
    world.until_status(honest, TenantStatus::Active).await;
    // A copy of the first one's session: a logout would unlink the first one's device.
    let copy = world.tenant_that(HONEST).await;
    world.handle.start(copy).await.unwrap();
    let ended = world.until_status(copy, TenantStatus::Error).await;
    assert!(ended.worker.last_error.unwrap().contains("was not linked here"));
    // A phone that is linked to another tenant scans this one's code: the new device has to go.
    let qr = "say {\"type\":\"qr\",\"code\":\"2@code\",\"expires_in_ms\":60000}";
    let linked = world.tenant_that(&format!("{qr}\n{HONEST}")).await;
    world.handle.start(linked).await.unwrap();
    let ended = world.until_status(linked, TenantStatus::Error).await;
    assert!(!ended.worker.last_error.unwrap().contains("was not linked here"));
    for (tenant, logged_out) in [(copy, false), (linked, true)] {
        world.until(tenant, "ended", |detail| detail.worker.pid.is_none()).await;
        assert_eq!(world.log(tenant).contains("logged out"), logged_out, "{}", world.log(tenant));
    }
    assert_eq!(world.get(honest).await.tenant.status, TenantStatus::Active);
    world.end().await;
}
