//! Where a worker refuses to start, it says why and touches nothing.

use std::os::unix::fs::PermissionsExt;

use link::{
    Exit,
    launch::{self, LaunchError},
};

use crate::{
    rig::{Rig, Running},
    server::{both, text},
};

async fn refusal(mut running: Running) -> (Exit, String) {
    let error = launch::wait_ready(&mut running.pair).await.unwrap_err();
    let LaunchError::Failed { exit, reason } = error else { panic!("{error}") };
    assert_eq!(running.ended().await, exit);
    (exit, reason)
}

#[tokio::test]
async fn a_damaged_journal_is_named_and_left_untouched() {
    for damage in [
        b"this is no database, but long enough to look like a header of one....................".to_vec(),
        vec![0xff; 8192],
    ] {
        let mut rig = Rig::new();
        std::fs::write(rig.journal_path(), &damage).unwrap();
        let (exit, reason) = refusal(rig.start()).await;
        assert_eq!(exit, Exit::JournalCorrupt);
        assert!(reason.contains("journal.db"), "{reason}");
        assert_eq!(std::fs::read(rig.journal_path()).unwrap(), damage);
        assert_eq!(std::fs::read_dir(rig.cell.path()).unwrap().count(), 2, "the journal and the lock");
    }
}

#[tokio::test]
async fn a_journal_with_a_damaged_page_is_refused() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    let mut bytes = std::fs::read(rig.journal_path()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0x5a);
    std::fs::write(rig.journal_path(), &bytes).unwrap();
    let (exit, _) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::JournalCorrupt);
    assert_eq!(std::fs::read(rig.journal_path()).unwrap(), bytes);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let mut rig = Rig::new();
    rig.journal().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    let (exit, reason) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::JournalCorrupt);
    assert!(reason.contains("another program"), "{reason}");
}

#[tokio::test]
async fn a_journal_of_a_newer_build_is_refused() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    rig.journal().pragma_update(None, "user_version", 99).unwrap();
    let (exit, reason) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::BadConfiguration);
    assert!(reason.contains("99"), "{reason}");
}

#[tokio::test]
async fn a_journal_of_another_tenant_is_refused_and_left_untouched() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    let bytes = std::fs::read(rig.journal_path()).unwrap();
    let own = std::mem::replace(&mut rig.tenant, domain::TenantId::generate());
    let (exit, reason) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::BadConfiguration);
    assert!(reason.contains("another tenant's") && reason.contains("swapped"), "{reason}");
    assert_eq!(std::fs::read(rig.journal_path()).unwrap(), bytes);
    rig.tenant = own;
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_journal_of_the_first_schema_becomes_its_tenants() {
    let mut rig = Rig::new();
    let journal = rig.journal();
    journal.execute_batch(include_str!("../../src/journal/schema_1.sql")).unwrap();
    let row = "INSERT INTO meta (one, journal_id, generation, last_sequence) VALUES (1, ?1, 0, 0)";
    journal.execute(row, [domain::JournalId::generate().to_string()]).unwrap();
    journal.pragma_update(None, "application_id", 0x464c_4f57).unwrap();
    journal.pragma_update(None, "user_version", 1).unwrap();
    drop(journal);
    std::fs::set_permissions(rig.journal_path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    rig.tenant = domain::TenantId::generate();
    assert_eq!(refusal(rig.start()).await.0, Exit::BadConfiguration);
}

#[tokio::test]
async fn an_old_generation_is_refused() {
    let mut rig = Rig::new();
    rig.generation = 6;
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    rig.generation = 4;
    let (exit, reason) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::OldGeneration);
    assert!(reason.contains('5') && reason.contains('7'), "{reason}");
    rig.generation = 7;
    let mut running = rig.start_again();
    launch::wait_ready(&mut running.pair).await.unwrap();
    rig.crash(running).await;
}

#[tokio::test]
async fn two_workers_never_live_in_one_cell() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    let (exit, _) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::CellBusy);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_cell_that_others_can_look_into_is_refused() {
    let mut rig = Rig::new();
    std::fs::set_permissions(rig.cell.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
    let (exit, reason) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::BadConfiguration);
    assert!(reason.contains("0750") && reason.contains("0700"), "{reason}");
}

#[tokio::test]
async fn a_cell_that_is_a_link_is_refused() {
    let mut rig = Rig::new();
    let real = tempfile::tempdir().unwrap();
    std::fs::remove_dir(rig.cell.path()).unwrap();
    std::os::unix::fs::symlink(real.path(), rig.cell.path()).unwrap();
    let (exit, _) = refusal(rig.start()).await;
    assert_eq!(exit, Exit::BadConfiguration);
    assert_eq!(std::fs::read_dir(real.path()).unwrap().count(), 0);
    std::fs::remove_file(rig.cell.path()).unwrap();
    std::fs::create_dir(rig.cell.path()).unwrap();
}

#[tokio::test]
async fn a_journal_that_is_a_link_is_refused() {
    let mut rig = Rig::new();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("other.db"), rig.journal_path()).unwrap();
    refusal(rig.start()).await;
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// Whatever bit it is: the worker refuses the journal in words and leaves it untouched, or it takes what it was given and
/// answers; it never breaks down, and what it took in before stays as it is.
#[tokio::test]
async fn a_bit_that_was_flipped_anywhere_stops_it_in_words_or_harms_nothing() {
    let mut rig = Rig::in_memory();
    let (running, control) = rig.start_welcomed().await;
    for id in ["A1", "A2", "A3"] {
        rig.server.deliver(vec![text(id, both("255711111111"), "Habari")]).await.unwrap();
        rig.server.until(|state| state.read.contains(&id.to_owned()).then_some(())).await;
    }
    rig.stop(running, control).await;
    let whole = std::fs::read(rig.journal_path()).unwrap();
    let (mut refused, mut lived) = (0, 0);
    // A prime, so that it comes to every place within a page and to every bit; the first page more often.
    let places = (0..96).map(|n| n * 7).chain((0..200).map(|n| n * 7_919));
    for (number, at) in places.enumerate() {
        let (at, bit) = (at % whole.len(), 1_u8 << (number % 8));
        let mut bytes = whole.clone();
        bytes[at] ^= bit;
        std::fs::write(rig.journal_path(), &bytes).unwrap();
        for beside in ["journal.db-wal", "journal.db-shm"] {
            let _none = std::fs::remove_file(rig.cell.path().join(beside));
        }
        let mut running = rig.start();
        match launch::wait_ready(&mut running.pair).await {
            Err(LaunchError::Failed { exit, reason }) => {
                assert!(
                    matches!(exit, Exit::JournalCorrupt | Exit::BadConfiguration | Exit::OldGeneration),
                    "byte {at}, bit {bit}: {exit:?}: {reason}"
                );
                assert_eq!(running.ended().await, exit);
                refused += 1;
            }
            Err(error) => panic!("byte {at}, bit {bit}: {error}"),
            Ok(()) => {
                let control = rig.dial(0).await;
                rig.server.until_connected().await;
                drop(control);
                rig.crash(running).await;
                lived += 1;
            }
        }
    }
    assert!(refused > 15, "{refused} refused, {lived} lived on");
}
