//! Tenants and their configuration.

use domain::{
    Digits, Hours, Language, Limits, PackId, Phone, SessionState, TenantId, TenantStatus, WorkerStatus,
};
use jiff::SignedDuration;

use crate::{
    ConfigChange, NewTenant, PageRequest, StoreError, TenantChange, TenantFilter,
    tests::support::{journal_row, salon, worlds},
};

/// What the platform allows.
const LIMITS: Limits = Limits {
    contact_per_minute: 10,
    tenant_per_minute: 60,
    chat_queue: 20,
    heartbeat_interval_ms: 30_000,
    quiet_ms: 0,
    clock_ahead_ms: 0,
    neighbours: 0,
    disk_short: false,
};

#[tokio::test]
async fn a_tenant_comes_with_its_one_to_one_rows() {
    for world in worlds().await {
        let made = world.store.operator().create_tenant(&salon("Asha")).await.unwrap();
        let read = world.store.tenant(made.tenant.id).get().await.unwrap();
        assert_eq!(made, read);
        assert_eq!(made.tenant.status, TenantStatus::New);
        assert_eq!(made.session.state, SessionState::Disconnected);
        assert_eq!((made.worker.status, made.worker.generation), (WorkerStatus::Stopped, 0));
        assert_eq!(made.worker.process_name, format!("flowhq-worker-{}", made.tenant.id));
        assert_eq!(made.config.version, 1);
        let missing = world.store.tenant(TenantId::generate()).get().await;
        assert!(matches!(missing, Err(StoreError::NotFound("tenant"))));
    }
}

#[tokio::test]
async fn the_version_grows_with_what_an_operator_changes_and_with_nothing_else() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        let renamed = scope
            .update(TenantChange { name: Some("Asha 2".into()), ..TenantChange::default() })
            .await
            .unwrap();
        assert_eq!((renamed.tenant.name.as_str(), renamed.config.version), ("Asha 2", 2));

        let phone = Phone::parse("+254712345678").unwrap();
        let moved = scope
            .update(TenantChange {
                phone: Some(Some(phone.clone())),
                timezone: Some("Africa/Nairobi".into()),
                ..TenantChange::default()
            })
            .await
            .unwrap();
        assert_eq!(moved.config.version, 3);
        assert_eq!(moved.bot_settings().declared_number, Some(phone.digits()));

        let hours: Hours = serde_json::from_value(serde_json::json!({
            "week": [[[480, 1020]], [], [], [], [], [[540, 720], [780, 900]], []],
            "closed": [{ "from": "2026-12-25", "to": "2026-12-26", "name": { "sw": "Krismasi" } }],
        }))
        .unwrap();
        let change = ConfigChange {
            template_type: Some(PackId::SUPPORT),
            business_name: Some("Duka \"la\" Asha\n😀".into()),
            language: Some(Language::En),
            hours: Some(Some(hours.clone())),
            rate_limit_per_minute: Some(Some(3)),
            remove_deleted: Some(true),
        };
        let configured = scope.configure(change).await.unwrap();
        let settings = configured.bot_settings();
        assert_eq!((settings.version, settings.pack, settings.language), (4, PackId::SUPPORT, Language::En));
        assert_eq!(settings.hours, Some(hours));
        assert_eq!(configured.limits(LIMITS), Limits { contact_per_minute: 3, ..LIMITS });
        assert_eq!(settings.business_name, "Duka \"la\" Asha\n😀");
        assert_eq!(scope.get().await.unwrap(), configured);

        let emptied =
            scope.configure(ConfigChange { hours: Some(None), ..ConfigChange::default() }).await.unwrap();
        assert_eq!((emptied.config.version, emptied.config.hours), (5, None));
        let same = scope.configure(ConfigChange::default()).await.unwrap();
        assert_eq!(same.config.version, 5);
        let emptied =
            scope.update(TenantChange { phone: Some(None), ..TenantChange::default() }).await.unwrap();
        assert_eq!((emptied.tenant.phone_number, emptied.config.version), (None, 6));
        // Not a setting of the bot's, and yet something that its worker is told.
        let own = ConfigChange { rate_limit_per_minute: Some(None), ..ConfigChange::default() };
        let default = scope.configure(own).await.unwrap();
        assert_eq!((default.config.version, default.limits(LIMITS)), (7, LIMITS));
        let line = scope.events(PageRequest::default()).await.unwrap().items.remove(0);
        assert_eq!(
            line.payload["config.rate_limit_per_minute"],
            serde_json::json!({ "from": 3, "to": null })
        );
    }
}

#[tokio::test]
async fn who_saves_over_what_somebody_else_has_saved_is_told_and_changes_nothing() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let named = |name: &str| TenantChange { name: Some(name.to_owned()), ..TenantChange::default() };
        let first = scope.update_both(Some(1), named("First"), ConfigChange::default()).await.unwrap();
        let second = scope.update_both(Some(1), named("Second"), ConfigChange::default()).await;
        assert!(matches!(second, Err(StoreError::Conflict { field: "version", .. })), "{second:?}");
        assert_eq!(scope.get().await.unwrap(), first);
        scope.update_both(Some(2), named("Second"), ConfigChange::default()).await.unwrap();
    }
}

#[tokio::test]
async fn a_declared_number_is_one_tenants_and_a_shared_name_is_counted() {
    for world in worlds().await {
        let (operator, asha) = (world.store.operator(), salon("Asha"));
        let first = operator.create_tenant(&asha).await.unwrap().tenant;
        let taken = |outcome: &Result<_, StoreError>| {
            matches!(outcome, Err(StoreError::Conflict { field: "phone_number", .. }))
        };
        let same = NewTenant { name: "asha".to_owned(), ..asha.clone() };
        assert!(taken(&operator.create_tenant(&same).await));
        let other = operator.create_tenant(&NewTenant { phone: None, ..same }).await.unwrap().tenant.id;
        let number = asha.phone.clone().unwrap();
        let declare = TenantChange { phone: Some(Some(number.clone())), ..TenantChange::default() };
        assert!(taken(&world.store.tenant(other).update(declare.clone()).await));
        assert_eq!(world.store.tenant(other).get().await.unwrap().tenant.phone_number, None);
        let free: Phone = "+255754999999".parse().unwrap();
        let whose = operator.declared_by(&[&free, &number]).await.unwrap();
        assert_eq!(whose.len(), 1);
        assert_eq!(whose[number.as_str()], (first.id, "Asha".to_owned()));
        let names = operator.names_among(&["ASHA", "Juma", "aSHa"]).await.unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["asha"]);
        assert_eq!(operator.namesakes("ASHA", other).await.unwrap(), 1);
        assert_eq!(operator.namesakes("Juma", other).await.unwrap(), 0);
        // Given up by one, it is free for the other.
        let none = TenantChange { phone: Some(None), ..TenantChange::default() };
        world.store.tenant(first.id).update(none).await.unwrap();
        world.store.tenant(other).update(declare).await.unwrap();
    }
}

#[tokio::test]
async fn suspending_is_no_status_and_reaches_the_worker() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let suspended = scope.set_suspended(Some("unpaid".into())).await.unwrap();
        assert!(suspended.bot_settings().suspended);
        assert_eq!(suspended.tenant.status, TenantStatus::New);
        assert_eq!(suspended.config.version, 2);
        world.clock.advance(SignedDuration::from_mins(5));
        let again = scope.set_suspended(Some("still unpaid".into())).await.unwrap();
        assert_eq!(again.tenant.suspended_at, suspended.tenant.suspended_at);
        assert_eq!(again.tenant.suspended_reason.as_deref(), Some("still unpaid"));
        let lifted = scope.set_suspended(None).await.unwrap();
        assert!(!lifted.bot_settings().suspended);
        assert_eq!(lifted.tenant.suspended_reason, None);
    }
}

#[tokio::test]
async fn only_the_number_that_is_held_can_be_confirmed() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let (held, other) = (Digits::new("255700000001").unwrap(), Digits::new("255700000002").unwrap());
        assert!(matches!(
            scope.confirm_number(held.clone()).await,
            Err(StoreError::Conflict { field: "number", .. })
        ));
        scope.set_hold(Some(held.clone())).await.unwrap();
        assert!(matches!(scope.confirm_number(other).await, Err(StoreError::Conflict { .. })));
        let confirmed = scope.confirm_number(held.clone()).await.unwrap();
        assert_eq!(confirmed.bot_settings().confirmed_number, Some(held));
        assert_eq!((confirmed.tenant.held_number, confirmed.config.version), (None, 2));
    }
}

#[tokio::test]
async fn deleting_takes_everything_but_the_audit_log() {
    for world in worlds().await {
        let (gone, stays) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        for tenant in [gone, stays] {
            world.fill(tenant).await;
        }
        let before = world.count_rows(gone).await;
        assert!(before.iter().all(|(_, rows)| *rows > 0), "the test fills every table: {before:?}");
        let kept = world.count_rows(stays).await;
        world.store.tenant(gone).delete("admin").await.unwrap();
        for (table, rows) in world.count_rows(gone).await {
            let logged = before.iter().find(|(name, _)| *name == table).unwrap().1;
            let expected = if table == "portal_event_logs" { logged + 1 } else { 0 };
            assert_eq!(rows, expected, "{table}");
        }
        assert_eq!(world.count_rows(stays).await, kept);
        let events = world.store.tenant(gone).events(PageRequest::default()).await.unwrap();
        assert_eq!(events.items[0].event_type, "TENANT_DELETED");
        assert_eq!(events.items[0].payload, serde_json::json!({}));
        assert!(matches!(
            world.store.tenant(gone).delete("admin").await,
            Err(StoreError::NotFound("tenant"))
        ));
        // A worker that was told late writes nothing into a void.
        let late =
            world.store.tenant(gone).append_logs(domain::JournalId::generate(), &[journal_row(1)]).await;
        assert!(matches!(late, Err(StoreError::NotFound("tenant"))));
    }
}

#[tokio::test]
async fn pages_hold_every_tenant_once_and_filters_filter() {
    for world in worlds().await {
        let mut all = Vec::new();
        for number in 0..7 {
            all.push(world.tenant(&format!("Duka {number}_%")).await);
            if number % 2 == 0 {
                world.clock.advance(SignedDuration::from_secs(1));
            }
        }
        all.sort_unstable();
        let (mut seen, mut page) = (Vec::new(), PageRequest { limit: 3, before: None });
        loop {
            let got = world.store.operator().list_tenants(&TenantFilter::default(), page).await.unwrap();
            assert!(got.items.len() <= 3);
            seen.extend(got.items.iter().map(|detail| detail.tenant.id));
            let Some(next) = got.next else { break };
            page.before = Some(next.to_string().parse().unwrap());
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first");
        seen.reverse();
        assert_eq!(seen, all);

        let find = async |text: &str| {
            let filter = TenantFilter { search: Some(text.into()), ..TenantFilter::default() };
            world.store.operator().list_tenants(&filter, PageRequest::default()).await.unwrap().items.len()
        };
        assert_eq!(find("DUKA 3").await, 1);
        assert_eq!(find("_%").await, 7);
        assert_eq!(find("%_").await, 0);
        assert_eq!(find("25571").await, 7);
        assert_eq!(find("'; DROP TABLE tenants; --").await, 0);
        let filter = TenantFilter { status: Some(TenantStatus::Active), ..TenantFilter::default() };
        assert_eq!(world.store.operator().list_tenants(&filter, page).await.unwrap().items.len(), 0);
        assert_eq!(world.store.operator().count_by_status().await.unwrap(), [(TenantStatus::New, 7)]);
    }
}
