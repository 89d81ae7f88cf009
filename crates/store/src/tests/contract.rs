//! What every method promises.

use domain::TenantId;

use super::support::{World, salon};
use crate::StoreError;

#[tokio::test]
async fn a_tenant_comes_with_its_one_to_one_rows() {
    let world = World::sqlite().await;
    let made = world.store.operator().create_tenant(&salon("Asha")).await.unwrap();
    let read = world.store.tenant(made.tenant.id).get().await.unwrap();
    assert_eq!(made, read);
    assert!(matches!(
        world.store.tenant(TenantId::generate()).get().await,
        Err(StoreError::NotFound("tenant"))
    ));
}
