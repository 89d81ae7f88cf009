//! Members, operators and setup requests.

use domain::{MembershipStatus, PackId, Phone, Role, SetupRequestId, SetupStatus, TenantId, UserId};

use crate::{
    NewSetupRequest, PageRequest, SetupDecision, StoreError,
    tests::support::{member, worlds},
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
async fn members_are_confirmed_and_removed_by_their_own_tenant_only() {
    for world in worlds().await {
        let (own, foreign) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let one = world
            .store
            .operator()
            .add_member(Some(own), &member("a@example.com", Role::Staff))
            .await
            .unwrap();
        let refused =
            world.store.tenant(foreign).set_member_status(one.user.id, MembershipStatus::Removed).await;
        assert!(matches!(refused, Err(StoreError::NotFound("member"))));
        world.store.tenant(own).set_member_status(one.user.id, MembershipStatus::Removed).await.unwrap();
        let members = world.store.tenant(own).members().await.unwrap();
        assert_eq!(members[0].membership.status, MembershipStatus::Removed);
    }
}

fn request(user: UserId) -> NewSetupRequest {
    NewSetupRequest {
        user_id: user,
        template_type: PackId::ECOMMERCE,
        whatsapp_number: Phone::parse("+255712345678").unwrap(),
        notes: Some("tafadhali".into()),
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
