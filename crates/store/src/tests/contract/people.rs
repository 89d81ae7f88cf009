//! Members, operators and setup requests.

use domain::{MembershipStatus, PackId, Phone, Role, SetupRequestId, SetupStatus, TenantId, UserId};

use crate::{
    FirstProfile, NewSetupRequest, PageRequest, SetupDecision, StoreError,
    db::Access,
    tests::support::{member, raw, worlds},
};

#[tokio::test]
async fn one_person_may_belong_to_several_tenants_and_once_to_each() {
    for world in worlds().await {
        let (first, second) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let operator = world.store.operator();
        let owner =
            operator.add_member(Some(first), &member("Asha@Example.COM ", Role::Owner)).await.unwrap();
        let again =
            operator.add_member(Some(second), &member("asha@example.com", Role::Staff)).await.unwrap();
        assert_eq!(owner.user.id, again.user.id);
        assert_eq!(owner.user.email, "asha@example.com");
        let twice = operator.add_member(Some(first), &member("asha@example.com", Role::Staff)).await;
        assert!(matches!(twice, Err(StoreError::Conflict { field: "email", .. })), "{twice:?}");
        let nowhere =
            operator.add_member(Some(TenantId::generate()), &member("x@example.com", Role::Staff)).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound("tenant"))), "{nowhere:?}");
        assert!(
            operator.user_by_email("x@example.com").await.unwrap().is_none(),
            "nothing stays of a refusal"
        );
        assert_eq!(operator.user_by_email("ASHA@example.com").await.unwrap(), Some(owner.user.clone()));
        let all = operator.memberships(owner.user.id).await.unwrap();
        assert_eq!(all, [owner.membership.clone(), again.membership]);
        assert_eq!(world.store.tenant(first).members().await.unwrap(), [owner]);
    }
}

#[tokio::test]
async fn operators_belong_to_no_tenant() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let operator = world.store.operator();
        for (tenant, role) in [(Some(tenant), Role::Admin), (None, Role::Owner), (None, Role::Staff)] {
            let refused = operator.add_member(tenant, &member("a@example.com", role)).await;
            assert!(matches!(refused, Err(StoreError::Invalid { field: "role", .. })));
        }
        let admin = operator.add_member(None, &member("a@example.com", Role::Admin)).await.unwrap();
        let twice = operator.add_member(None, &member("a@example.com", Role::Admin)).await;
        assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
        assert_eq!(operator.operators().await.unwrap(), [admin]);
        assert_eq!(world.store.tenant(tenant).members().await.unwrap(), []);
    }
}

#[tokio::test]
async fn members_are_removed_by_their_own_tenant_only() {
    for world in worlds().await {
        let (own, foreign) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let one = world
            .store
            .operator()
            .add_member(Some(own), &member("a@example.com", Role::Staff))
            .await
            .unwrap();
        let refused = world.store.people().remove(foreign, one.user.id).await;
        assert!(matches!(refused, Err(StoreError::NotFound("member"))));
        world.store.people().remove(own, one.user.id).await.unwrap();
        let members = world.store.tenant(own).members().await.unwrap();
        assert_eq!(members[0].membership.status, MembershipStatus::Removed);
    }
}

fn request(user: UserId) -> NewSetupRequest {
    let number = Phone::parse("+255712345678").unwrap();
    NewSetupRequest {
        notes: Some("tafadhali".into()),
        ..NewSetupRequest::of(user, PackId::ECOMMERCE, number)
    }
}

fn decide(status: SetupStatus) -> SetupDecision {
    SetupDecision { status, notes: None, by: "admin".into() }
}

#[tokio::test]
async fn a_setup_request_is_decided_once() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, operator) = (world.store.tenant(tenant), world.store.operator());
        let owner = operator.add_member(Some(tenant), &member("a@example.com", Role::Owner)).await.unwrap();
        let made = scope.create_setup_request(&request(owner.user.id)).await.unwrap();
        assert_eq!((made.status, made.notes.as_deref()), (SetupStatus::Submitted, Some("tafadhali")));
        let active = scope.decide_setup_request(made.id, &decide(SetupStatus::Active)).await;
        assert!(matches!(active, Err(StoreError::Conflict { field: "status", .. })));
        scope.decide_setup_request(made.id, &decide(SetupStatus::Reviewing)).await.unwrap();
        let approved = scope.decide_setup_request(made.id, &decide(SetupStatus::Approved)).await.unwrap();
        assert_eq!(
            (approved.status, approved.reviewed_by.as_deref()),
            (SetupStatus::Approved, Some("admin"))
        );
        assert!(approved.decided_at.is_some() && approved.notes == made.notes);
        for other in
            [SetupStatus::Approved, SetupStatus::Rejected, SetupStatus::Reviewing, SetupStatus::Submitted]
        {
            let twice = scope.decide_setup_request(made.id, &decide(other)).await;
            assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
        }
        let linked = scope.decide_setup_request(made.id, &decide(SetupStatus::Active)).await.unwrap();
        assert_eq!(scope.setup_request(made.id).await.unwrap(), linked);
        let listed =
            operator.list_setup_requests(Some(SetupStatus::Active), PageRequest::default()).await.unwrap();
        assert_eq!(listed.items, std::slice::from_ref(&linked));
        assert_eq!(
            operator
                .list_setup_requests(Some(SetupStatus::Rejected), PageRequest::default())
                .await
                .unwrap()
                .items,
            []
        );
        assert_eq!(scope.setup_requests(PageRequest::default()).await.unwrap().items, [linked]);
        let missing = scope.setup_request(SetupRequestId::generate()).await;
        assert!(matches!(missing, Err(StoreError::NotFound("setup request"))));
    }
}

#[tokio::test]
async fn a_request_needs_a_member_of_that_very_tenant() {
    for world in worlds().await {
        let (own, foreign) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let stranger = world
            .store
            .operator()
            .add_member(Some(foreign), &member("b@example.com", Role::Owner))
            .await
            .unwrap();
        for user in [stranger.user.id, UserId::generate()] {
            let refused = world.store.tenant(own).create_setup_request(&request(user)).await;
            assert!(matches!(refused, Err(StoreError::NotFound("member"))), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn one_request_of_a_tenant_is_open_and_it_outlives_who_sent_it() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let (scope, operator) = (world.store.tenant(own), world.store.operator());
        assert!(scope.latest_setup_request().await.unwrap().is_none());
        let new = member("a@example.com", Role::Owner);
        let owner = operator.add_member(Some(own), &new).await.unwrap().user.id;
        operator.add_member(Some(other), &new).await.unwrap();
        let first = scope.create_setup_request(&request(owner)).await.unwrap();
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        for status in [None, Some(SetupStatus::Reviewing)] {
            if let Some(status) = status {
                scope.decide_setup_request(first.id, &decide(status)).await.unwrap();
            }
            let twice = scope.create_setup_request(&request(owner)).await;
            assert!(matches!(twice, Err(StoreError::Conflict { field: "setup_request", .. })), "{twice:?}");
        }
        world.store.tenant(other).create_setup_request(&request(owner)).await.unwrap();
        scope.decide_setup_request(first.id, &decide(SetupStatus::Rejected)).await.unwrap();
        let second = scope.create_setup_request(&request(owner)).await.unwrap();
        let latest = scope.latest_setup_request().await.unwrap().unwrap();
        assert_eq!((latest.request, latest.user_email.as_str()), (second.clone(), "a@example.com"));

        let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
        raw(&mut tx, &format!("UPDATE memberships SET status = 'REMOVED' WHERE user_id = '{owner}'"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let refused = scope.create_setup_request(&request(owner)).await;
        assert!(matches!(refused, Err(StoreError::NotFound("member"))), "{refused:?}");
        let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
        raw(&mut tx, &format!("DELETE FROM users WHERE id = '{owner}'")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scope.setup_request(second.id).await.unwrap(), second, "its sender is gone");
        let listed = operator.find_setup_request(second.id).await.unwrap();
        assert_eq!((listed.request, listed.user_name.as_str()), (second, ""));
        let all = operator.list_setup_requests_named(None, PageRequest::default()).await.unwrap().items;
        assert_eq!(all.len(), 3);
    }
}

#[tokio::test]
async fn a_request_changes_nothing_before_it_is_approved_and_all_at_once_then() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, operator) = (world.store.tenant(tenant), world.store.operator());
        let owner = operator.add_member(Some(tenant), &member("a@example.com", Role::Owner)).await.unwrap();
        // What a bot is told; that a request waits is told of the worker.
        let in_force = async || {
            let detail = scope.get().await.unwrap();
            (detail.tenant, detail.config)
        };
        let before = in_force().await;
        let hours = domain::Hours { week: [const { Vec::new() }; 7], ..domain::Hours::default() };
        let new = NewSetupRequest {
            business_name: Some("Duka la Asha".into()),
            business_type: Some("duka".into()),
            language: Some(domain::Language::En),
            hours: Some(hours.clone()),
            ..request(owner.user.id)
        };
        let made = scope.create_setup_request(&new).await.unwrap();
        assert_eq!((made.business_type.as_deref(), made.hours.as_ref()), (Some("duka"), Some(&hours)));
        assert_eq!(in_force().await, before, "nothing of it is in force");
        let first = |over: i64| FirstProfile { over, document: format!("{{\"version\":{}}}", over + 1) };
        scope.approve_setup_request(made.id, &decide(SetupStatus::Approved), Some(&first(1))).await.unwrap();
        let after = scope.get().await.unwrap();
        assert_eq!(
            (after.tenant.name.as_str(), after.config.business_name.as_str()),
            ("Duka la Asha", "Duka la Asha")
        );
        assert_eq!(
            (after.config.template_type, after.config.language),
            (PackId::ECOMMERCE, domain::Language::En)
        );
        assert_eq!(after.config.hours, Some(hours));
        assert_eq!(after.tenant.phone_number.unwrap().as_str(), "+255712345678");
        assert_eq!(after.config.version, before.1.version + 1);
        assert_eq!(scope.profile().await.unwrap().version, 2);

        // What says less keeps what stands, and a profile that somebody has touched stays.
        let again = scope.create_setup_request(&request(owner.user.id)).await.unwrap();
        scope.approve_setup_request(again.id, &decide(SetupStatus::Approved), Some(&first(1))).await.unwrap();
        let kept = scope.get().await.unwrap();
        assert_eq!((kept.tenant.name.as_str(), kept.config.language), ("Duka la Asha", domain::Language::En));
        assert_eq!(scope.profile().await.unwrap().version, 2);

        // A number that another tenant has declared: nothing of the approval stays.
        let other = world.tenant("Baraka").await;
        let taken = world.store.tenant(other).get().await.unwrap().tenant.phone_number.unwrap();
        let wants = NewSetupRequest { whatsapp_number: taken, business_name: Some("X".into()), ..new };
        let wants = scope.create_setup_request(&wants).await.unwrap();
        let refused = scope.approve_setup_request(wants.id, &decide(SetupStatus::Approved), None).await;
        assert!(matches!(refused, Err(StoreError::Conflict { field: "phone_number", .. })), "{refused:?}");
        assert_eq!(scope.setup_request(wants.id).await.unwrap().status, SetupStatus::Submitted);
        assert_eq!(scope.get().await.unwrap().tenant.name, "Duka la Asha");
    }
}
