//! Log batches: idempotent, without gaps, by journal.

use domain::{Digits, Direction, JournalId, Writer};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    LinkedAccount, NewLog, PageRequest, StoreError,
    db::Access,
    tests::support::{World, journal_row, worlds},
};

fn rows(sequences: std::ops::RangeInclusive<u64>) -> Vec<NewLog> {
    sequences.map(journal_row).collect()
}

async fn total(world: &World, tenant: domain::TenantId) -> usize {
    let page = PageRequest { limit: 500, before: None };
    world.store.tenant(tenant).logs(page).await.unwrap().items.len()
}

#[tokio::test]
async fn a_batch_that_comes_twice_is_one_batch() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, journal) = (world.store.tenant(tenant), JournalId::generate());
        assert_eq!(scope.acknowledged(journal).await.unwrap(), 0);
        let first = rows(1..=3);
        assert_eq!(scope.append_logs(journal, &first).await.unwrap(), 3);
        assert_eq!(scope.append_logs(journal, &first).await.unwrap(), 3);
        let mut overlapping = first[1..].to_vec();
        overlapping.extend(rows(4..=5));
        assert_eq!(scope.append_logs(journal, &overlapping).await.unwrap(), 5);
        assert_eq!(scope.acknowledged(journal).await.unwrap(), 5);
        assert_eq!(total(&world, tenant).await, 5);
        assert_eq!(scope.append_logs(journal, &[]).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn a_journal_made_anew_starts_at_one_and_is_not_taken_for_the_old_one() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, old, new) = (world.store.tenant(tenant), JournalId::generate(), JournalId::generate());
        scope.append_logs(old, &rows(1..=4)).await.unwrap();
        assert_eq!(scope.acknowledged(new).await.unwrap(), 0);
        assert_eq!(scope.append_logs(new, &rows(1..=2)).await.unwrap(), 2);
        assert_eq!(scope.acknowledged(old).await.unwrap(), 4);
        assert_eq!(total(&world, tenant).await, 6);
    }
}

#[tokio::test]
async fn gaps_and_unruly_numbers_are_refused_whole() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, journal) = (world.store.tenant(tenant), JournalId::generate());
        let gap = scope.append_logs(journal, &rows(2..=3)).await;
        assert!(matches!(gap, Err(StoreError::LogGap { acknowledged: 0, first: 2 })), "{gap:?}");
        let unruly = [
            vec![journal_row(0)],
            vec![journal_row(1), journal_row(1)],
            vec![journal_row(1), journal_row(3)],
            vec![journal_row(2), journal_row(1)],
            vec![journal_row(u64::MAX)],
            vec![journal_row(u64::MAX), journal_row(0)],
        ];
        for batch in unruly {
            let refused = scope.append_logs(journal, &batch).await;
            assert!(matches!(refused, Err(StoreError::Invalid { field: "sequence", .. })), "{refused:?}");
        }
        assert_eq!((total(&world, tenant).await, scope.acknowledged(journal).await.unwrap()), (0, 0));
    }
}

#[tokio::test]
async fn a_row_keeps_what_was_written_and_who_with_whom() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let account = LinkedAccount { number: Digits::new("255700000009").unwrap(), lid: None };
        scope.link_number(&account).await.unwrap();
        let mut inbound = journal_row(1);
        inbound.text = "Habari! 'quoted' \\ \u{0} 😀\n".into();
        inbound.silence = Some("opted_out".into());
        let mut outbound = journal_row(2);
        outbound.direction = Direction::Out;
        scope.append_logs(JournalId::generate(), &[inbound.clone(), outbound.clone()]).await.unwrap();
        let page = scope.logs(PageRequest::default()).await.unwrap().items;
        let read = page.iter().find(|row| row.id == inbound.id).unwrap();
        assert_eq!(read.message_text, "Habari! 'quoted' \\ \u{FFFD} 😀\n");
        assert_eq!(
            (read.from_number.as_str(), read.to_number.as_str()),
            (inbound.contact.as_str(), "255700000009")
        );
        assert_eq!(read.silence.as_deref(), Some("opted_out"));
        assert_eq!(read.created_at, inbound.at);
        let read = page.iter().find(|row| row.id == outbound.id).unwrap();
        assert_eq!(
            (read.from_number.as_str(), read.to_number.as_str()),
            ("255700000009", outbound.contact.as_str())
        );
    }
}

#[tokio::test]
async fn only_who_wrote_has_written_and_chats_hold_one_contact() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let mut rows = rows(1..=4);
        rows[1].contact = "lid:4455".into();
        rows[2].contact = "255711111111".into();
        rows[2].direction = Direction::Out;
        scope.append_logs(JournalId::generate(), &rows).await.unwrap();
        assert!(scope.has_written(&rows[0].contact).await.unwrap());
        assert!(scope.has_written("lid:4455").await.unwrap());
        assert!(!scope.has_written("255711111111").await.unwrap());
        assert!(!scope.has_written("").await.unwrap());
        let chat = scope.chat("lid:4455", PageRequest::default()).await.unwrap();
        assert_eq!(chat.items.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[1].id]);
    }
}

#[tokio::test]
async fn pages_of_the_log_hold_each_row_once_though_new_ones_come() {
    for world in worlds().await {
        let (scope, journal) = (world.store.tenant(world.tenant("Asha").await), JournalId::generate());
        let mut batch = rows(1..=50);
        // Many rows of one instant: the id decides then.
        for row in &mut batch {
            row.at = domain::Timestamp::from_millisecond(row.at.as_millisecond() / 5_000 * 5_000).unwrap();
        }
        scope.append_logs(journal, &batch).await.unwrap();
        let (mut seen, mut page) = (Vec::new(), PageRequest { limit: 7, before: None });
        loop {
            let got = scope.logs(page).await.unwrap();
            seen.extend(got.items.iter().map(|row| (row.created_at, row.id)));
            let Some(next) = got.next else { break };
            page.before = Some(next);
            let last = scope.acknowledged(journal).await.unwrap();
            let mut late = journal_row(last + 1);
            late.at = domain::Timestamp::from_millisecond(1_900_000_000_000).unwrap();
            scope.append_logs(journal, &[late]).await.unwrap();
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
        assert_eq!(seen.len(), 50);
    }
}

/// Batches cut anywhere, in any overlap and repetition: each row is there once, in the end.
#[test]
fn however_batches_are_cut_each_row_is_there_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for world in runtime.block_on(worlds()) {
        let cuts = prop::collection::vec((0usize..30, 1usize..12), 1..12);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(16));
        runner.run(&cuts, |cuts| runtime.block_on(deliver(&world, &cuts))).unwrap();
    }
}

async fn deliver(world: &World, cuts: &[(usize, usize)]) -> Result<(), TestCaseError> {
    let tenant = world.tenant("Asha").await;
    let (scope, journal, all) = (world.store.tenant(tenant), JournalId::generate(), rows(1..=40));
    let mut acknowledged = 0;
    for (from, length) in cuts {
        let batch = &all[*from..(*from + *length).min(all.len())];
        match scope.append_logs(journal, batch).await {
            Ok(highest) => {
                acknowledged = acknowledged.max(*from + batch.len());
                prop_assert_eq!(highest, acknowledged as u64);
            }
            Err(StoreError::LogGap { .. }) => prop_assert!(*from > acknowledged),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
        prop_assert_eq!(total(world, tenant).await, acknowledged);
    }
    Ok(())
}

#[tokio::test]
async fn a_row_that_can_never_be_stored_does_not_stop_the_log() {
    for world in worlds().await {
        let (tenant, poison) = (world.tenant("Asha").await, world.poison().await);
        let (scope, journal) = (world.store.tenant(tenant), JournalId::generate());
        let mut batch = rows(1..=6);
        for poisoned in [1, 2, 5] {
            batch[poisoned].contact.clone_from(&poison);
        }
        assert_eq!(scope.append_logs(journal, &batch).await.unwrap(), 6);
        assert_eq!(total(&world, tenant).await, 3);
        assert_eq!(
            scope.append_logs(journal, &batch).await.unwrap(),
            6,
            "what was refused is not tried again"
        );
        assert_eq!(scope.append_logs(journal, &rows(7..=7)).await.unwrap(), 7);
        assert_eq!(total(&world, tenant).await, 4);
        assert_eq!(scope.get().await.unwrap().worker.refused_log_rows, 3);
    }
}

/// Nothing was wrong with the database: the statement itself is.
#[tokio::test]
async fn what_the_database_refuses_is_no_outage() {
    for world in worlds().await {
        let mut tx = world.store.begin(Access { tenant: None, write: false }).await.unwrap();
        let error = sqlx::raw_sql("SELEC 1").execute(tx.connection()).await.unwrap_err();
        assert!(matches!(StoreError::from(error), StoreError::Broken(_)));
        drop(tx);
        world.store.close().await;
        let closed = world.store.ping().await;
        assert!(matches!(closed, Err(StoreError::Unavailable(_))), "{closed:?}");
    }
}

/// The clocks of worker, sender and WhatsApp may say what they like.
#[tokio::test]
async fn the_log_has_the_order_in_which_rows_came_whatever_their_times() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let at = |second: i64| domain::Timestamp::from_second(second).unwrap();
        // A question dated a second after its answer, one dated in the far future, one of the past; then a journal made anew.
        let times = [at(1_800_000_001), at(1_800_000_000), at(4_000_000_000), at(1_000_000_000)];
        let (old, new) = (JournalId::generate(), JournalId::generate());
        let dated = |n: u64, at| NewLog { at, sent_at: Some(at), ..journal_row(n) };
        let first: Vec<_> = (1..).zip(times).map(|(n, at)| dated(n, at)).collect();
        let second: Vec<_> = (1..).zip(times).map(|(n, at)| dated(n, at)).collect();
        scope.append_logs(old, &first).await.unwrap();
        scope.append_logs(new, &second).await.unwrap();
        let wanted: Vec<_> = first.iter().chain(&second).rev().map(|row| row.id).collect();
        let contact = first[0].contact.clone();
        for limit in [500, 3, 1] {
            for chat in [false, true] {
                let (mut seen, mut page) = (Vec::new(), PageRequest { limit, before: None });
                loop {
                    let got = if chat {
                        scope.chat(&contact, page).await.unwrap()
                    } else {
                        scope.logs(page).await.unwrap()
                    };
                    seen.extend(got.items.iter().map(|row| row.id));
                    let Some(next) = got.next else { break };
                    page.before = Some(next);
                }
                assert_eq!(seen, wanted, "pages of {limit}");
            }
        }
        let filter = crate::LogFilter { text: Some("message".into()), ..Default::default() };
        let found = scope.search_logs(&filter, PageRequest::default()).await.unwrap();
        assert_eq!(found.items.iter().map(|row| row.id).collect::<Vec<_>>(), wanted);
        assert_eq!(found.items[0].sent_at, Some(times[3]));
    }
}

#[tokio::test]
async fn what_is_taken_back_loses_its_text_and_that_of_its_corrections_and_nothing_else_does() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Juma").await);
        let about = |sequence, of: &str| NewLog { about: Some(of.to_owned()), ..journal_row(sequence) };
        let mut rows = vec![journal_row(1), journal_row(2), about(3, "A1"), about(4, "A1")];
        rows[0].wa_message_id = "A1".into();
        rows[3].text = "[deleted a message]".into();
        rows[3].removes = true;
        let theirs = NewLog { id: domain::LogId::generate(), ..rows[0].clone() };
        world.store.tenant(other).append_logs(JournalId::generate(), &[theirs]).await.unwrap();
        let scope = world.store.tenant(own);
        scope.append_logs(JournalId::generate(), &rows).await.unwrap();
        let all = scope.logs(PageRequest::default()).await.unwrap().items;
        let texts: Vec<_> = all.iter().map(|row| row.message_text.as_str()).collect();
        assert_eq!(texts, ["[deleted a message]", "[deleted]", "message 2", "[deleted]"]);
        let kept = world.store.tenant(other).logs(PageRequest::default()).await.unwrap().items;
        assert_eq!(kept[0].message_text, "message 1", "another tenant's");
    }
}

#[tokio::test]
async fn traffic_is_counted_step_by_step_with_the_time_that_replies_took() {
    for world in worlds().await {
        let (asha, juma) = (world.tenant("Asha").await, world.tenant("Juma").await);
        let from: domain::Timestamp = "2026-01-10T10:00:00Z".parse().unwrap();
        let row = |sequence, direction, minutes: i64, seconds: i64| NewLog {
            direction,
            at: from + jiff::SignedDuration::from_secs(minutes * 60 + seconds),
            ..journal_row(sequence)
        };
        use Direction::{In, Out};
        let of_asha = [row(1, In, 1, 0), row(2, Out, 1, 2), row(3, Out, 1, 40), row(4, In, 70, 0)];
        // Neither what the owner writes on the phone nor a reminder is a reply, although they come right behind a message.
        let late = |sequence, writer, minutes| NewLog {
            contact: format!("25571200009{sequence}"),
            writer: Some(writer),
            ..row(sequence, Out, minutes, 9)
        };
        let asks =
            |sequence| NewLog { contact: format!("25571200009{}", sequence + 1), ..row(sequence, In, 9, 0) };
        let late = [asks(6), late(7, Writer::Phone, 9), asks(8), late(9, Writer::Timer, 9)];
        let of_asha: Vec<_> = of_asha.into_iter().chain([row(5, In, 150, 0)]).chain(late).collect();
        let of_juma =
            [row(1, In, 5, 0), row(2, Out, 5, 1), row(3, In, 200, 0), row(4, In, 3, 0), row(5, Out, 3, 3)];
        for (tenant, rows) in [(asha, &of_asha[..]), (juma, &of_juma[..])] {
            world.store.tenant(tenant).append_logs(JournalId::generate(), rows).await.unwrap();
        }
        let hour = 3_600_000;
        let traffic = world.store.operator().traffic_with_replies(from, hour, 3).await.unwrap();
        let told: Vec<_> = traffic.iter().map(|one| (one.received, one.sent, one.reply_ms)).collect();
        // Who writes on after a reply is no reply to anybody; what lies behind the last step is not counted.
        assert_eq!(told, [(5, 4, Some(2_000)), (1, 0, None), (1, 0, None)]);
        let plain = world.store.operator().traffic(from, hour, 3).await.unwrap();
        assert_eq!(plain[0], crate::Traffic { received: 5, sent: 4, reply_ms: None });
    }
}

#[tokio::test]
async fn a_chat_is_read_around_a_message_of_it() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        // Every other one is of another contact.
        let row = |n: u64| match n % 2 {
            0 => journal_row(n),
            _ => NewLog { contact: "255712000002".to_owned(), ..journal_row(n) },
        };
        let rows: Vec<_> = (1..=20).map(row).collect();
        scope.append_logs(JournalId::generate(), &rows).await.unwrap();
        let all = scope.chat("255712000001", PageRequest::default()).await.unwrap().items;
        let around = async |place: u64, up_to, behind| {
            let around = scope.chat_around("255712000001", place, up_to, behind).await.unwrap();
            let numbers: Vec<_> = around.page.items.iter().map(|log| log.seq).collect();
            (numbers, around.page.next.is_some(), around.newer)
        };
        let place = all[5].seq;
        let expected = |from: usize, to: usize| all[from..to].iter().map(|log| log.seq).collect::<Vec<_>>();
        assert_eq!(around(place, 3, 2).await, (expected(3, 8), true, true));
        assert_eq!(around(place, 50, 50).await, (expected(0, 10), false, false));
        assert_eq!(around(all[0].seq, 1, 5).await, (expected(0, 1), true, false));
    }
}
