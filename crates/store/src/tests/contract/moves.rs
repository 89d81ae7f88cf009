//! A tenant goes from one database to another, of whichever engine.

use domain::{DesiredState, TenantEvent, TenantStatus};
use serde_json::Value;

use crate::{
    Actor, CarriedRow, ConfigChange, EventDetails, Member, NotesChange, StoreError, WorkerOrder,
    db::Access,
    tests::support::{World, raw, tags, worlds},
};

async fn rows(world: &World, tenant: domain::TenantId) -> Vec<CarriedRow> {
    let mut rows = Vec::new();
    let take = |row| {
        rows.push(row);
        Ok(())
    };
    world.store.operator().rows_to_move(tenant, take).await.unwrap();
    rows
}

/// What stays the same on the way.
fn lasting(rows: Vec<CarriedRow>) -> Vec<CarriedRow> {
    let here = ["moved_at", "moved_by", "moved_run", "updated_at", "desired_state", "last_error", "pid"];
    let keep = |mut row: CarriedRow| {
        row.values.retain(|name, _| !here.contains(&name.as_str()));
        row
    };
    let moves =
        |row: &CarriedRow| row.values.get("event_type").and_then(Value::as_str) == Some("TENANT_MOVED_IN");
    rows.into_iter().filter(|row| !moves(row)).map(keep).collect()
}

fn as_they_came(rows: &[CarriedRow]) -> impl Iterator<Item = Result<CarriedRow, StoreError>> + Send {
    rows.iter().cloned().map(Ok)
}

#[tokio::test]
async fn a_tenant_goes_with_all_its_rows_once_and_never_runs_where_it_was() {
    let (from, to) = (worlds().await, worlds().await);
    for (from, to) in from.iter().flat_map(|from| to.iter().map(move |to| (from, to))) {
        let tenant = from.tenant("Asha").await;
        from.fill(tenant).await;
        let (scope, operator) = (from.store.tenant(tenant), to.store.operator());
        let noted = NotesChange { tags: Some(tags("vip")), note: Some("pays late".into()) };
        scope.save_notes(None, noted).await.unwrap();
        scope.order(WorkerOrder::Start).await.unwrap();
        scope.fence("key 1").await.unwrap();
        scope.fence("key 1").await.unwrap();
        let other = scope.fence("key 2").await;
        assert!(matches!(other, Err(StoreError::Conflict { field: "key", .. })), "{other:?}");
        assert!(matches!(scope.begin_generation(true).await, Err(StoreError::Moved)));
        assert!(matches!(scope.order(WorkerOrder::Start).await, Err(StoreError::Moved)));
        assert!(matches!(scope.clear_error().await, Err(StoreError::Moved)));
        let gone = scope.get().await.unwrap();
        assert!(
            gone.tenant.moved_at.is_some()
                && gone.worker.last_error.unwrap().contains("another installation")
        );
        assert_ne!(gone.tenant.status, TenantStatus::Active);
        // What somebody changed here from now on would be lost.
        let by = scope.clone().by(Actor::Admin);
        let refused = [
            by.order_erasure("255712000001").await.map(drop),
            by.save_profile(1, "{}", &Value::Null).await.map(drop),
            by.configure(ConfigChange::default()).await.map(drop),
            by.save_notes(None, NotesChange::default()).await.map(drop),
            by.set_suspended(Some("unpaid".to_owned())).await.map(drop),
        ];
        for (which, refused) in refused.into_iter().enumerate() {
            assert!(matches!(refused, Err(StoreError::Moved)), "{which}: {refused:?}");
        }
        by.order(WorkerOrder::Stop).await.unwrap();
        by.fence("key 1").await.unwrap();
        let late = scope.apply_event(TenantEvent::Connected, EventDetails::default()).await;
        assert!(late.is_err(), "what its worker says late wakes nothing up");

        let carried = rows(from, tenant).await;
        let strange = operator.move_in("never made", tenant, as_they_came(&carried)).await;
        assert!(matches!(strange, Err(StoreError::Conflict { field: "key", .. })), "{strange:?}");
        operator.keep_move_key("key 1", "sealed").await.unwrap();
        assert_eq!(operator.move_key("key 1").await.unwrap(), "sealed");
        // A row of somebody else's, a table and a column that are none, or a foreign number: nothing of it comes.
        let refused = [("tenant_id", "another"), ("id) --", "x"), ("table", "settings")];
        for (name, value) in refused {
            let mut spoiled = carried.clone();
            let last = spoiled.last_mut().unwrap();
            match name {
                "table" => last.table = value.to_owned(),
                _ => drop(last.values.insert(name.to_owned(), value.into())),
            }
            let spoiled = operator.move_in("key 1", tenant, as_they_came(&spoiled)).await;
            assert!(matches!(spoiled, Err(StoreError::Invalid { .. })), "{name}: {spoiled:?}");
            assert!(
                !operator.is_tenant(tenant).await.unwrap()
                    && operator.arrived_with("key 1").await.unwrap().is_none()
            );
        }
        operator.move_in("key 1", tenant, as_they_came(&carried)).await.unwrap();
        assert_eq!(lasting(rows(to, tenant).await), lasting(carried.clone()), "all of it is there");
        let arrived = to.store.tenant(tenant).get().await.unwrap();
        assert_eq!(
            (arrived.worker.desired_state, arrived.tenant.moved_at, arrived.worker.last_error),
            (DesiredState::Run, None, None)
        );
        assert_eq!(
            to.store.tenant(tenant).begin_generation(false).await.unwrap(),
            arrived.worker.generation + 1
        );
        assert_eq!(operator.arrived_with("key 1").await.unwrap(), Some(tenant));
        assert!(
            operator.move_key("key 1").await.is_err()
                && operator.move_in("key 1", tenant, as_they_came(&carried)).await.is_err()
        );
        // Nothing of one tenant comes twice, and what was not used is void after a backup was put back.
        operator.keep_move_key("key 3", "sealed").await.unwrap();
        let twice = operator.move_in("key 3", tenant, as_they_came(&carried)).await;
        assert!(matches!(twice, Err(StoreError::Conflict { field: "phone_number", .. })), "{twice:?}");
        operator.void_move_keys().await.unwrap();
        assert!(operator.move_key("key 3").await.is_err());
        assert_eq!(operator.arrived_with("key 1").await.unwrap(), Some(tenant), "what was used is known on");
        for world in [from, to] {
            world.store.tenant(tenant).by(Actor::Admin).delete("admin").await.unwrap();
        }
        operator.delete_setting(&crate::move_key_setting("key 1")).await.unwrap();
    }
}

#[tokio::test]
async fn a_person_whose_id_is_somebody_elses_there_comes_under_another_one() {
    let (from, to) = (worlds().await, worlds().await);
    for (from, to) in from.iter().zip(&to) {
        let tenant = from.tenant("Asha").await;
        let user = from.fill(tenant).await.user;
        let carried = rows(from, tenant).await;
        let mut tx = to.store.begin(Access { tenant: None, write: true }).await.unwrap();
        let somebody = format!(
            "INSERT INTO users (id, name, email, created_at, updated_at) VALUES ('{user}', 'Neema', 'neema@example.org', 1, 1)"
        );
        raw(&mut tx, &somebody).await.unwrap();
        tx.commit().await.unwrap();
        to.store.operator().keep_move_key("key", "sealed").await.unwrap();
        to.store.operator().move_in("key", tenant, as_they_came(&carried)).await.unwrap();
        let there = from.store.tenant(tenant).members().await.unwrap();
        let here = to.store.tenant(tenant).members().await.unwrap();
        let emails = |members: &[Member]| members.iter().map(|it| it.user.email.clone()).collect::<Vec<_>>();
        assert_eq!(emails(&here), emails(&there));
        assert!(here.iter().all(|it| it.user.id != user) && here.len() == 1, "{here:?}");
        let all = to.store.operator();
        all.void_old_move_keys(to.store.now()).await.unwrap();
        assert_eq!(all.arrived_with("key").await.unwrap(), Some(tenant), "what was used is known on");
        all.keep_move_key("other", "sealed").await.unwrap();
        all.void_old_move_keys(to.store.now()).await.unwrap();
        assert!(all.move_key("other").await.is_ok(), "it is young");
        let later = to.store.now().checked_add(std::time::Duration::from_secs(1)).unwrap();
        all.void_old_move_keys(later).await.unwrap();
        assert!(all.move_key("other").await.is_err());
    }
}
