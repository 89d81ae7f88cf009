//! What people have a right to: logs that end, and contacts that are forgotten.

use domain::{JournalId, Role, Timestamp};

use crate::{
    Actor, NewLog, PageRequest, Target, TenantChange,
    tests::support::{World, journal_row, member, worlds},
};

#[tokio::test]
async fn old_rows_go_in_small_batches_and_only_those_of_the_tenant() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let rows: Vec<_> = (1..=10).map(journal_row).collect();
        let journal = JournalId::generate();
        for tenant in [own, other] {
            world.store.tenant(tenant).append_logs(journal, &rows).await.unwrap();
        }
        let scope = world.store.tenant(own);
        let before = rows[7].at;
        let mut deleted = Vec::new();
        loop {
            let batch = scope.prune_logs(before, 3).await.unwrap();
            deleted.push(batch);
            if batch == 0 {
                break;
            }
        }
        assert_eq!(deleted, [3, 3, 1, 0]);
        let left = scope.logs(PageRequest::default()).await.unwrap().items;
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[9].id, rows[8].id, rows[7].id]);
        assert_eq!(world.store.tenant(other).logs(PageRequest::default()).await.unwrap().items.len(), 10);
        // What has gone does not come back with a batch that was not heard of as acknowledged.
        assert_eq!(scope.append_logs(journal, &rows).await.unwrap(), 10);
        assert_eq!(scope.logs(PageRequest::default()).await.unwrap().items.len(), 3);
    }
}

#[tokio::test]
async fn a_contact_is_erased_whole_and_alone() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let mut rows: Vec<_> = (1..=6).map(journal_row).collect();
        rows[1].contact = "255712000002".into();
        rows[4].contact = "255712000002".into();
        scope.append_logs(JournalId::generate(), &rows).await.unwrap();
        let contact = &rows[0].contact;
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 3);
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 1);
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 0);
        let left = scope.logs(PageRequest::default()).await.unwrap().items;
        assert!(left.len() == 2 && left.iter().all(|row| row.contact == "255712000002"));
        assert!(!scope.has_written(contact).await.unwrap());
    }
}

#[tokio::test]
async fn an_erasure_waits_for_the_journal_keeps_its_names_and_is_audited_once() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let scope = world.store.tenant(own).by(Actor::Admin);
        let (first, added) = scope.order_erasure("255712000001").await.unwrap();
        assert!(added && first.names() == ["255712000001"]);
        let (again, added) = scope.clone().by(Actor::System).order_erasure("255712000001").await.unwrap();
        assert_eq!((added, &again), (false, &first), "ordered twice, it is one, and the first one's");
        let (second, _) = scope.order_erasure("lid:77").await.unwrap();
        assert_eq!(scope.get().await.unwrap().worker.erasures_waiting, 2);
        assert_eq!(world.store.tenant(other).get().await.unwrap().worker.erasures_waiting, 0);

        scope.name_erasure(first.id, Some("255712000001"), Some("99")).await.unwrap();
        // A journal that has forgotten it meanwhile knows no name any more.
        scope.name_erasure(first.id, None, None).await.unwrap();
        let waiting = scope.erasures().await.unwrap();
        assert_eq!(waiting[0].names(), ["255712000001", "lid:99"]);
        assert_eq!(waiting[1], second);
        let events = async || {
            let events = scope.events(PageRequest::default()).await.unwrap().items;
            let erased = events.into_iter().filter(|event| event.event_type == "CONTACT_ERASED");
            erased.map(|event| (event.actor, event.payload)).collect::<Vec<_>>()
        };
        let counts = serde_json::json!({ "journal_messages": 1, "log_rows": 2 });
        let by_itself = world.store.tenant(own);
        for _ in 0..2 {
            by_itself.finish_erasure(&waiting[0], &counts).await.unwrap();
        }
        assert_eq!(events().await, [("admin".to_owned(), counts)], "once, by who ordered it");
        scope.withdraw_erasure(&second).await.unwrap();
        assert_eq!((scope.erasures().await.unwrap().len(), events().await.len()), (0, 1));
        assert_eq!(scope.get().await.unwrap().worker.erasures_waiting, 0);
        let gone = world.store.tenant(domain::TenantId::generate()).order_erasure("1").await;
        assert!(gone.is_err(), "{gone:?}");
    }
}

#[tokio::test]
async fn retention_is_the_tenants_own_and_whoever_saves_over_it_is_told() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let set = scope
            .update(TenantChange { retention_days: Some(Some(30)), ..TenantChange::default() })
            .await
            .unwrap();
        assert_eq!((set.tenant.retention_days, set.config.version), (Some(30), 2));
        assert_eq!(scope.get().await.unwrap(), set);
        let kept = scope
            .update(TenantChange { retention_days: Some(None), ..TenantChange::default() })
            .await
            .unwrap();
        assert_eq!(kept.tenant.retention_days, None);
        assert_eq!(scope.prune_logs(Timestamp::UNIX_EPOCH, 100).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn retention_is_carried_out_for_those_who_asked_for_it_and_for_nobody_else() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let now = crate::tests::support::now(&world);
        let day = jiff::SignedDuration::from_hours(24);
        let rows: Vec<_> = (1..=10)
            .map(|n| NewLog { at: now - day * (12 - i32::try_from(n).unwrap()), ..journal_row(n) })
            .collect();
        for tenant in [own, other] {
            world.store.tenant(tenant).append_logs(JournalId::generate(), &rows).await.unwrap();
        }
        assert_eq!(world.store.operator().carry_out_retention_by(3).await.unwrap(), 0);
        let five = TenantChange { retention_days: Some(Some(5)), ..TenantChange::default() };
        world.store.tenant(own).update(five).await.unwrap();
        // 11, 10, 9, 8, 7 and 6 days old; what is exactly 5 days old stays.
        assert_eq!(world.store.operator().carry_out_retention_by(3).await.unwrap(), 6);
        assert_eq!(world.store.operator().carry_out_retention_by(3).await.unwrap(), 0);
        let left =
            async |tenant| world.store.tenant(tenant).logs(PageRequest::default()).await.unwrap().items.len();
        assert_eq!((left(own).await, left(other).await), (4, 10));
    }
}

#[tokio::test]
async fn with_a_tenant_go_its_rows_and_the_people_who_belonged_to_it_alone() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        world.fill(own).await;
        world.fill(other).await;
        let operator = world.store.operator();
        for tenant in [own, other] {
            operator.add_member(Some(tenant), &member("both@example.com", Role::Staff)).await.unwrap();
        }
        assert!(operator.rows_left(own).await.unwrap().len() >= 8, "every table that is filled has some");
        world.store.tenant(own).delete("admin").await.unwrap();
        assert_eq!(operator.rows_left(own).await.unwrap(), []);
        assert!(operator.rows_left(other).await.unwrap().len() >= 8);
        let known = async |email: String| operator.user_by_email(&email).await.unwrap().is_some();
        assert!(!known(format!("{own}@example.com")).await, "nobody knows this person any more");
        assert!(known("both@example.com".to_owned()).await && known(format!("{other}@example.com")).await);
        let events = world.store.tenant(own).events(PageRequest::default()).await.unwrap().items;
        assert_eq!(
            (events[0].event_type.as_str(), &events[0].payload),
            ("TENANT_DELETED", &serde_json::json!({}))
        );
    }
}

/// What was deleted is in no file of the database any more: not in the file itself, nor in what lies beside it.
#[tokio::test]
async fn deleted_words_are_in_no_byte_of_the_files() {
    let world = World::sqlite().await;
    let Target::Sqlite(path) = &world.target else { unreachable!("it is SQLite") };
    let bytes_with = |word: &str| {
        let mut found = Vec::new();
        for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
            let file = file.unwrap().path();
            let bytes = std::fs::read(&file).unwrap();
            if bytes.windows(word.len()).any(|part| part == word.as_bytes()) {
                found.push(file.file_name().unwrap().to_owned());
            }
        }
        found
    };
    let text = |word: &str, sequence| NewLog { text: format!("{word} said"), ..journal_row(sequence) };
    let (kept, gone) = (world.tenant("Kept").await, world.tenant("MarkerName").await);
    let journal = JournalId::generate();
    let rows = [text("MarkerErased", 1), NewLog { contact: "255712000002".into(), ..text("MarkerOld", 2) }];
    world.store.tenant(kept).append_logs(journal, &rows).await.unwrap();
    world.store.tenant(gone).append_logs(JournalId::generate(), &[text("MarkerDeleted", 1)]).await.unwrap();
    // What a request was answered is a tenant's too, whichever of the ids in it is the tenant's.
    let (keys, other) = (world.store.operator(), domain::TenantId::generate());
    for (key, of) in [("made", vec![gone]), ("approved", vec![other, gone])] {
        keys.take_key(key, "r").await.unwrap();
        let body = format!("{{\"name\":\"MarkerAnswer of {key}\"}}");
        keys.answer_key(key, 201, Some("/x"), &body, &of).await.unwrap();
    }
    for word in ["MarkerName", "MarkerErased", "MarkerOld", "MarkerDeleted", "MarkerAnswer"] {
        assert!(!bytes_with(word).is_empty(), "{word} was written: the search finds what is there");
    }

    world.store.tenant(gone).delete("admin").await.unwrap();
    assert_eq!(bytes_with("MarkerDeleted"), Vec::<std::ffi::OsString>::new());
    assert_eq!(bytes_with("MarkerName"), Vec::<std::ffi::OsString>::new());
    assert_eq!(bytes_with("MarkerAnswer"), Vec::<std::ffi::OsString>::new());
    assert_eq!(keys.take_key("made", "r").await.unwrap(), crate::Idempotency::New);
    assert_eq!(world.store.tenant(kept).erase_contact("255712000001", 10).await.unwrap(), 1);
    assert_eq!(bytes_with("MarkerErased"), Vec::<std::ffi::OsString>::new());
    let days = TenantChange { retention_days: Some(Some(1)), ..TenantChange::default() };
    world.store.tenant(kept).update(days).await.unwrap();
    world.clock.advance(jiff::SignedDuration::from_hours(24 * 10_000));
    assert_eq!(world.store.operator().carry_out_retention().await.unwrap(), 1);
    assert_eq!(bytes_with("MarkerOld"), Vec::<std::ffi::OsString>::new());
}
