//! Events change status, session and worker together or not at all.

use domain::{DesiredState, Digits, SessionState, TenantEvent, TenantStatus, WorkerStatus};
use proptest::{prelude::*, test_runner::TestRunner};
use strum::VariantArray as _;

use crate::{
    Actor, EventDetails, LinkedAccount, PageRequest, StoreError,
    tests::support::{World, worlds},
};

fn with_qr(code: &str) -> EventDetails {
    let expires = domain::Timestamp::from_millisecond(1_800_000_060_000).unwrap();
    EventDetails { qr: Some((code.into(), expires)), ..EventDetails::default() }
}

fn linked(number: &str, lid: Option<&str>) -> EventDetails {
    let account = LinkedAccount { number: Digits::new(number).unwrap(), lid: lid.map(str::to_owned) };
    EventDetails { linked: Some(account), ..EventDetails::default() }
}

#[tokio::test]
async fn a_tenant_links_works_and_is_logged_out() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let none = EventDetails::default();
        let change = scope.apply_event(TenantEvent::WorkerStarted, none.clone()).await.unwrap();
        assert_eq!((change.old, change.new), (TenantStatus::New, TenantStatus::QrPending));
        assert_eq!(change.worker, WorkerStatus::Running);

        scope.apply_event(TenantEvent::QrReceived, with_qr("secret-1")).await.unwrap();
        let session = scope.get().await.unwrap().session;
        assert_eq!((session.state, session.last_qr.as_deref()), (SessionState::QrReady, Some("secret-1")));
        assert!(session.qr_expires_at.is_some());
        assert!(
            !format!("{session:?}").contains("secret-1")
                && !format!("{:?}", with_qr("secret-1")).contains("secret")
        );

        let change = scope.apply_event(TenantEvent::QrRoundExpired, none.clone()).await.unwrap();
        assert_eq!((change.new, change.session), (TenantStatus::QrPending, SessionState::Disconnected));
        assert_eq!(scope.get().await.unwrap().session.last_qr, None);

        scope.apply_event(TenantEvent::QrReceived, with_qr("secret-2")).await.unwrap();
        let change =
            scope.apply_event(TenantEvent::Connected, linked("255700000001", Some("77"))).await.unwrap();
        assert_eq!((change.new, change.session), (TenantStatus::Active, SessionState::Connected));
        let session = scope.get().await.unwrap().session;
        assert_eq!(session.last_qr, None);
        assert_eq!(session.linked_number, Some(Digits::new("255700000001").unwrap()));
        assert!(session.last_seen_at.is_some() && session.linked_at.is_some());

        let crash = EventDetails { last_error: Some("exit code 70".into()), ..EventDetails::default() };
        let change = scope.apply_event(TenantEvent::WorkerCrashed, crash).await.unwrap();
        assert_eq!((change.new, change.session), (TenantStatus::Active, SessionState::Disconnected));
        assert_eq!(change.worker, WorkerStatus::Error);
        assert_eq!(scope.get().await.unwrap().worker.last_error.as_deref(), Some("exit code 70"));
        scope.apply_event(TenantEvent::WorkerStarted, none.clone()).await.unwrap();
        scope.apply_event(TenantEvent::Connected, linked("255700000001", None)).await.unwrap();
        let detail = scope.get().await.unwrap();
        assert_eq!((detail.worker.last_error, detail.session.linked_lid.as_deref()), (None, Some("77")));

        let out = EventDetails { last_error: Some("the phone removed this device".into()), ..none };
        let change = scope.apply_event(TenantEvent::LoggedOut, out).await.unwrap();
        assert_eq!(change.new, TenantStatus::Error);
        let detail = scope.get().await.unwrap();
        assert_eq!((detail.session.linked_number, detail.session.linked_lid), (None, None));
    }
}

#[tokio::test]
async fn a_refused_event_changes_nothing() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let before = scope.get().await.unwrap();
        let refused = scope.apply_event(TenantEvent::QrReceived, with_qr("late")).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        assert_eq!(scope.get().await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_worker_of_another_generation_is_not_heard() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let old = scope.begin_generation(false).await.unwrap();
        let current = scope.begin_generation(false).await.unwrap();
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        let late = EventDetails { generation: Some(old), ..with_qr("late") };
        let heard = scope.apply_event(TenantEvent::QrReceived, late).await;
        assert!(matches!(heard, Err(StoreError::OldGeneration { current: c, got: 1 }) if c == current));
        assert_eq!(scope.get().await.unwrap().tenant.status, TenantStatus::QrPending);
        let now = EventDetails { generation: Some(current), ..with_qr("now") };
        scope.apply_event(TenantEvent::QrReceived, now).await.unwrap();
    }
}

#[tokio::test]
async fn a_number_and_an_account_belong_to_one_tenant_until_they_are_let_go() {
    for world in worlds().await {
        let first = world.store.tenant(world.tenant("Asha").await);
        let second = world.store.tenant(world.tenant("Baraka").await);
        let account = |number: &str, lid: &str| LinkedAccount {
            number: Digits::new(number).unwrap(),
            lid: Some(lid.to_owned()),
        };
        first.link_number(&account("255700000001", "77")).await.unwrap();
        first.link_number(&account("255700000001", "77")).await.unwrap();
        for taken in [account("255700000001", "88"), account("255700000002", "77")] {
            assert!(matches!(second.link_number(&taken).await, Err(StoreError::NumberTaken)));
        }
        second.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        let refused = second.apply_event(TenantEvent::Connected, linked("255700000001", None)).await;
        assert!(matches!(refused, Err(StoreError::NumberTaken)));
        assert_eq!(second.get().await.unwrap().tenant.status, TenantStatus::QrPending);

        let operator = world.store.operator();
        let number = Digits::new("255700000001").unwrap();
        assert_eq!(operator.tenant_by_linked_number(&number).await.unwrap(), Some(first.id()));
        assert_eq!(operator.tenant_by_linked_lid("77").await.unwrap(), Some(first.id()));
        first.unlink_number().await.unwrap();
        assert_eq!(operator.tenant_by_linked_number(&number).await.unwrap(), None);
        second.apply_event(TenantEvent::Connected, linked("255700000001", Some("77"))).await.unwrap();
        assert_eq!(operator.tenant_by_linked_number(&number).await.unwrap(), Some(second.id()));
    }
}

/// Random events: what the store holds is what the pure functions say.
#[test]
fn the_store_walks_as_the_domain_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for world in runtime.block_on(worlds()) {
        let events = prop::collection::vec(prop::sample::select(TenantEvent::VARIANTS), 1..20);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
        runner.run(&events, |events| runtime.block_on(walk(&world, &events))).unwrap();
    }
}

async fn walk(world: &World, events: &[TenantEvent]) -> Result<(), TestCaseError> {
    let scope = world.store.tenant(world.tenant("Asha").await);
    let (mut status, mut state, mut code) = (TenantStatus::New, SessionState::Disconnected, None);
    for (number, event) in events.iter().enumerate() {
        let details = with_qr(&number.to_string());
        let applied = scope.apply_event(*event, details).await;
        match status.after(*event) {
            Ok(next) => {
                let change = applied.map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!((change.old, change.new), (status, next));
                status = next;
                state = event.session_state().unwrap_or(state);
                if *event == TenantEvent::QrReceived {
                    code = Some(number.to_string());
                } else if event.clears_qr() {
                    code = None;
                }
            }
            Err(refusal) => match applied {
                Err(StoreError::Refused(got)) => prop_assert_eq!(got, refusal),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            },
        }
        let detail = scope.get().await.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!((detail.tenant.status, detail.session.state), (status, state));
        prop_assert_eq!(&detail.session.last_qr, &code);
    }
    Ok(())
}

#[tokio::test]
async fn a_number_is_forgotten_where_whatsapp_has_confirmed_it_and_nowhere_else() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        world.fill(tenant).await;
        let scope = world.store.tenant(tenant).by(Actor::Admin);
        scope.unlinked(Some("WhatsApp is away".to_owned())).await.unwrap();
        let kept = scope.get().await.unwrap();
        assert!(kept.session.linked_number.is_some());
        let error = kept.worker.last_error.unwrap();
        assert!(error.contains("WhatsApp is away") && error.contains("Linked devices"), "{error}");
        scope.unlinked(None).await.unwrap();
        assert_eq!(scope.get().await.unwrap().session.linked_number, None);
        let events = scope.events(PageRequest::default()).await.unwrap().items;
        let names: Vec<&str> = events.iter().take(2).map(|event| event.event_type.as_str()).collect();
        assert_eq!(names, ["DEVICE_UNLINKED", "UNLINK_UNCONFIRMED"]);
        assert!(events.iter().take(2).all(|event| event.actor == "admin"));
    }
}

#[tokio::test]
async fn a_claim_to_a_number_ends_with_the_session_or_yields_to_who_has_declared_it() {
    for world in worlds().await {
        let (liar, owner) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let declared = world.store.tenant(owner).get().await.unwrap().tenant.phone_number.unwrap().digits();
        let account = LinkedAccount { number: declared, lid: Some("77".to_owned()) };
        let release = |owned| {
            let (operator, account) = (world.store.operator(), account.clone());
            async move { operator.release_claims(owner, &account, owned).await.unwrap() }
        };
        let claim = || async {
            world.store.tenant(liar).set_desired(DesiredState::Run).await.unwrap();
            world.store.tenant(liar).link_number(&account).await.unwrap();
        };
        claim().await;
        assert_eq!(release(false).await, 0, "it runs, and first come is first served");
        assert_eq!(release(true).await, 1, "nobody but its owner has declared it");
        claim().await;
        world.store.tenant(liar).set_desired(DesiredState::Stopped).await.unwrap();
        assert_eq!(release(false).await, 1, "it is stopped");
        world.store.tenant(owner).link_number(&account).await.unwrap();
        assert_eq!(world.store.tenant(liar).get().await.unwrap().session.linked_number, None);
    }
}
