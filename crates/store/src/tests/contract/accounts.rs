//! Operators' accounts, sessions, idempotency keys, and that changes and their audit lines stand or fall together.

use domain::{SetupStatus, TenantEvent, UserId};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    AccountChange, Actor, CodeTry, EventDetails, EventFilter, Idempotency, PageRequest, SecondFactor,
    SetupDecision, StoreError, TenantChange, WebSession,
    tests::support::{World, now, worlds},
};

fn hash(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn audit(world: &World) -> Vec<(String, String)> {
    let page = world.store.operator().list_events(&EventFilter::default(), PageRequest::default()).await;
    page.unwrap().items.into_iter().rev().map(|event| (event.event_type, event.actor)).collect()
}

#[tokio::test]
async fn an_operator_is_added_changed_and_removed_and_each_is_written_down() {
    for world in worlds().await {
        let operator = world.store.operator().by(Actor::Admin);
        let added = operator.add_operator("Juma", "Juma@example.com", &hash("one")).await.unwrap();
        let twice = operator.add_operator("Juma", "juma@example.com", &hash("two")).await;
        assert!(matches!(twice, Err(StoreError::Conflict { field: "email", .. })), "{twice:?}");
        let id = added.user.id;
        let account = operator.operator_by_email(" JUMA@example.com").await.unwrap().unwrap();
        assert_eq!((account.user_id(), account.password_hash.expose_secret()), (id, "one"));
        operator.change_account(id, &AccountChange::Password(hash("three"))).await.unwrap();
        let totp = AccountChange::Totp { secret: hash("JBSW"), recovery: vec!["a".into(), "b".into()] };
        operator.change_account(id, &totp).await.unwrap();
        let changed = operator.operator_by_id(id).await.unwrap().unwrap();
        assert_eq!(changed.password_version, account.password_version + 2, "older sessions no longer fit");
        assert_eq!(changed.recovery, ["a", "b"]);
        let listed = operator.list_operators().await.unwrap();
        assert!(listed[0].has_password && listed[0].has_totp);
        world.store.operator().by(Actor::User(id)).remove_operator(id).await.unwrap();
        assert!(operator.operator_by_id(id).await.unwrap().is_none());
        assert!(matches!(operator.remove_operator(id).await, Err(StoreError::NotFound("operator"))));
        let nobody = operator.change_account(UserId::generate(), &AccountChange::NoTotp).await;
        assert!(matches!(nobody, Err(StoreError::NotFound("operator"))));
        let by_admin = |event: &str| (event.to_owned(), "admin".to_owned());
        assert_eq!(
            audit(&world).await,
            [
                by_admin("OPERATOR_ADDED"),
                by_admin("OPERATOR_PASSWORD_CHANGED"),
                by_admin("OPERATOR_SECOND_FACTOR_SET"),
                ("OPERATOR_REMOVED".to_owned(), id.to_string()),
            ]
        );
        // Whoever comes back is given a version that no session of before has.
        world.clock.advance(SignedDuration::from_secs(1));
        operator.add_operator("Juma", "juma@example.com", &hash("four")).await.unwrap();
        let again = operator.operator_by_id(id).await.unwrap().unwrap();
        assert!(again.password_version > changed.password_version);
    }
}

#[tokio::test]
async fn a_second_factor_counts_once() {
    for world in worlds().await {
        let operator = world.store.operator();
        let id = operator.add_operator("Juma", "j@example.com", &hash("one")).await.unwrap().user.id;
        let totp = AccountChange::Totp { secret: hash("JBSW"), recovery: vec!["a".into(), "b".into()] };
        operator.change_account(id, &totp).await.unwrap();
        let mut taken = Vec::new();
        for factor in [
            SecondFactor::Step(7),
            SecondFactor::Step(7),
            SecondFactor::Step(6),
            SecondFactor::Step(8),
            SecondFactor::Recovery("a".into()),
            SecondFactor::Recovery("a".into()),
            SecondFactor::Recovery("x".into()),
        ] {
            taken.push(operator.use_second_factor(id, &factor).await.unwrap());
        }
        assert_eq!(taken, [true, false, false, true, true, false, false]);
        assert_eq!(operator.operator_by_id(id).await.unwrap().unwrap().recovery, ["b"]);
    }
}

#[tokio::test]
async fn sessions_end_and_are_forgotten() {
    for world in worlds().await {
        let operator = world.store.operator();
        let expires_at = now(&world) + SignedDuration::from_secs(60);
        let session = WebSession { id: "h".into(), data: "{}".into(), expires_at };
        operator.put_session(&session).await.unwrap();
        assert_eq!(operator.session("h").await.unwrap(), Some(session.clone()));
        world.clock.advance(SignedDuration::from_secs(61));
        assert_eq!(operator.session("h").await.unwrap(), None);
        operator.prune_sessions(now(&world)).await.unwrap();
        let renewed = WebSession { expires_at: now(&world) + SignedDuration::from_secs(60), ..session };
        operator.put_session(&renewed).await.unwrap();
        operator.update_session(&WebSession { data: "{\"a\":1}".into(), ..renewed.clone() }).await.unwrap();
        assert_eq!(operator.session("h").await.unwrap().unwrap().data, "{\"a\":1}");
        operator.delete_session("h").await.unwrap();
        operator.update_session(&renewed).await.unwrap();
        assert_eq!(operator.session("h").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_request_and_keeps_its_answer() {
    for world in worlds().await {
        let operator = world.store.operator();
        assert_eq!(operator.take_key("k", "r").await.unwrap(), Idempotency::New);
        assert_eq!(operator.take_key("k", "r").await.unwrap(), Idempotency::UnderWay);
        assert_eq!(operator.take_key("k", "other").await.unwrap(), Idempotency::OtherRequest);
        operator.answer_key("k", 201, Some("/x"), "{}", &[]).await.unwrap();
        let answered = Idempotency::Answered { status: 201, location: Some("/x".into()), body: "{}".into() };
        assert_eq!(operator.take_key("k", "r").await.unwrap(), answered);
        operator.drop_key("k").await.unwrap();
        assert_eq!(operator.take_key("k", "other").await.unwrap(), Idempotency::New);
        world.clock.advance(SignedDuration::from_hours(25));
        operator.prune_sessions(now(&world)).await.unwrap();
        assert_eq!(operator.take_key("k", "r").await.unwrap(), Idempotency::New);
    }
}

#[tokio::test]
async fn a_change_and_its_line_stand_or_fall_together() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant).by(Actor::Admin);
        let number = domain::Digits::new("255712000009").unwrap();
        assert!(scope.confirm_number(number).await.is_err(), "nothing is held");
        scope.update(TenantChange { name: Some("Asha".into()), ..TenantChange::default() }).await.unwrap();
        scope.set_suspended(Some("unpaid".into())).await.unwrap();
        scope.set_suspended(None).await.unwrap();
        let events: Vec<_> = audit(&world).await.into_iter().map(|(event, _)| event).collect();
        assert_eq!(events, ["TENANT_CREATED", "TENANT_SUSPENDED", "TENANT_SUSPENSION_LIFTED"]);
    }
}

#[tokio::test]
async fn an_approved_request_becomes_active_when_the_phone_is_linked() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let filled = world.fill(tenant).await;
        let scope = world.store.tenant(tenant);
        let connected = || scope.apply_event(TenantEvent::Connected, EventDetails::default());
        connected().await.unwrap();
        let request = scope.setup_request(filled.request).await.unwrap();
        assert_eq!(request.status, SetupStatus::Submitted, "only an approved one does");
        let approved = SetupDecision { status: SetupStatus::Approved, notes: None, by: "admin".into() };
        scope.decide_setup_request(filled.request, &approved).await.unwrap();
        connected().await.unwrap();
        let request = scope.setup_request(filled.request).await.unwrap();
        assert_eq!((request.status, request.reviewed_by.as_deref()), (SetupStatus::Active, Some("admin")));
        let operator = world.store.operator();
        let found = operator.find_setup_request(filled.request).await.unwrap();
        assert_eq!((found.request, found.tenant_name.as_str()), (request, "Asha"));
        let listed = operator.list_setup_requests_named(None, PageRequest::default()).await.unwrap();
        assert_eq!((listed.items.len(), operator.count_waiting_requests().await.unwrap()), (1, 0));
        let events: Vec<_> = audit(&world).await.into_iter().map(|(event, _)| event).collect();
        assert_eq!(events.iter().filter(|event| *event == "SESSION_CONNECTED").count(), 1);
        assert_eq!(events.last().unwrap(), "SETUP_REQUEST_ACTIVE");
    }
}

#[tokio::test]
async fn usage_counts_each_tenants_messages_of_the_time_alone() {
    for world in worlds().await {
        let (one, idle) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let rows: Vec<_> = (1..=3).map(crate::tests::support::journal_row).collect();
        world.store.tenant(one).append_logs(domain::JournalId::generate(), &rows).await.unwrap();
        let used = world.store.operator().usage(rows[0].at, rows[2].at).await.unwrap();
        let figures: Vec<_> =
            used.iter().map(|usage| (usage.tenant_id, usage.received, usage.sent)).collect();
        assert_eq!(figures, [(one, 2, 0), (idle, 0, 0)], "until is no part of it");
    }
}

#[tokio::test]
async fn codes_are_counted_on_the_account_by_one_statement_and_the_wait_grows() {
    for world in worlds().await {
        let operator = world.store.operator();
        let person = Actor::User(UserId::generate());
        // Many at once, as if from many sessions and addresses.
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let operator = world.store.operator();
            tries.spawn(async move { operator.count_code(person).await.unwrap() });
        }
        let outcomes = tries.join_all().await;
        let mut counted: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                CodeTry::Counted(number) => Some(*number),
                CodeTry::NotBefore(_) => None,
            })
            .collect();
        counted.sort_unstable();
        assert_eq!(counted, [1, 2, 3, 4, 5], "five are free, however many come at once");
        for (number, wait) in [(6, 30), (7, 120), (8, 480), (9, 1800), (10, 3600), (11, 3600)] {
            let next = now(&world) + SignedDuration::from_secs(wait);
            assert_eq!(operator.count_code(person).await.unwrap(), CodeTry::NotBefore(next));
            world.clock.advance(SignedDuration::from_secs(wait));
            assert_eq!(operator.count_code(person).await.unwrap(), CodeTry::Counted(number));
        }
        assert_eq!(operator.count_code(Actor::Admin).await.unwrap(), CodeTry::Counted(1), "another account");
        let since = now(&world) - SignedDuration::from_hours(1);
        assert_eq!(operator.codes_tried(5, since).await.unwrap(), [(person, 11)]);
        operator.forget_codes(person).await.unwrap();
        assert_eq!(operator.count_code(person).await.unwrap(), CodeTry::Counted(1));
        world.clock.advance(SignedDuration::from_hours(25));
        assert_eq!(operator.count_code(person).await.unwrap(), CodeTry::Counted(1), "a day later all is new");
    }
}

#[tokio::test]
async fn the_admin_password_has_a_second_factor_of_its_own() {
    for world in worlds().await {
        let operator = world.store.operator().by(Actor::Admin);
        assert!(operator.admin_factor().await.unwrap().totp_secret.is_none());
        let totp = AccountChange::Totp { secret: hash("JBSW"), recovery: vec!["a".into(), "b".into()] };
        operator.change_admin_factor(&totp).await.unwrap();
        let factor = operator.admin_factor().await.unwrap();
        assert_eq!(factor.totp_secret.as_ref().map(ExposeSecret::expose_secret), Some("JBSW"));
        for (factor, taken) in [
            (SecondFactor::Step(7), true),
            (SecondFactor::Step(7), false),
            (SecondFactor::Step(6), false),
            (SecondFactor::Recovery("a".into()), true),
            (SecondFactor::Recovery("a".into()), false),
        ] {
            assert_eq!(operator.use_admin_factor(&factor).await.unwrap(), taken, "{factor:?}");
        }
        operator.change_admin_factor(&AccountChange::NoTotp).await.unwrap();
        let without = operator.admin_factor().await.unwrap();
        assert!(
            without.totp_secret.is_none() && without.version > factor.version,
            "sessions from before end"
        );
        let events: Vec<_> = audit(&world).await.into_iter().map(|(event, _)| event).collect();
        assert_eq!(events, ["OPERATOR_SECOND_FACTOR_SET", "OPERATOR_SECOND_FACTOR_REMOVED"]);
    }
}

#[tokio::test]
async fn a_key_whose_request_never_ended_is_taken_anew_after_a_while() {
    for world in worlds().await {
        let keys = world.store.operator();
        assert_eq!(keys.take_key("k", "one").await.unwrap(), Idempotency::New);
        world.clock.advance(SignedDuration::from_mins(9));
        assert_eq!(keys.take_key("k", "one").await.unwrap(), Idempotency::UnderWay);
        world.clock.advance(SignedDuration::from_mins(2));
        assert_eq!(keys.take_key("k", "two").await.unwrap(), Idempotency::New);
        keys.answer_key("k", 201, None, "{}", &[]).await.unwrap();
        world.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(keys.take_key("k", "one").await.unwrap(), Idempotency::OtherRequest, "an answer stays");
    }
}
