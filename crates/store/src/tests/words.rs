//! Words of enums are checked by the database too, on both engines, and are the enums' own.

use domain::{
    Condition, CustomerState, Delivery, DesiredState, Direction, EndedBy, Language, LinkKind,
    MembershipStatus, PlaceStep, RecordKind, Role, SessionState, SetupStatus, Standing, TenantStatus, Via,
    WorkerStatus, Writer,
};
use strum::VariantNames as _;

use super::support::{raw, worlds};
use crate::db::Access;

#[tokio::test]
async fn a_word_that_is_no_enums_is_refused_by_the_database_itself() {
    let columns: &[(&str, &str, &[&str])] = &[
        ("tenants", "status", TenantStatus::VARIANTS),
        ("tenant_configs", "language", Language::VARIANTS),
        ("whatsapp_sessions", "state", SessionState::VARIANTS),
        ("worker_processes", "status", WorkerStatus::VARIANTS),
        ("worker_processes", "desired_state", DesiredState::VARIANTS),
        ("message_logs", "direction", Direction::VARIANTS),
        ("message_logs", "delivery", Delivery::VARIANTS),
        ("message_logs", "writer", Writer::VARIANTS),
        ("memberships", "status", MembershipStatus::VARIANTS),
        ("setup_requests", "status", SetupStatus::VARIANTS),
        ("setup_requests", "language", Language::VARIANTS),
        ("records", "kind", RecordKind::VARIANTS),
        ("portal_sessions", "via", Via::VARIANTS),
        ("portal_links", "kind", LinkKind::VARIANTS),
        ("customers", "state", CustomerState::VARIANTS),
        ("places", "step", PlaceStep::VARIANTS),
        ("standings", "standing", Standing::VARIANTS),
        ("standings", "was", Condition::VARIANTS),
        ("standings", "ended_by", EndedBy::VARIANTS),
    ];
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        world.fill(tenant).await;
        let access = Access { tenant: None, write: true };
        for (table, column, words) in columns {
            let key = if *table == "tenants" { "id" } else { "tenant_id" };
            let set = |word: &str| format!("UPDATE {table} SET {column} = '{word}' WHERE {key} = '{tenant}'");
            for word in *words {
                let mut tx = world.store.begin(access).await.unwrap();
                raw(&mut tx, &set(word))
                    .await
                    .unwrap_or_else(|error| panic!("{table}.{column} {word}: {error}"));
            }
            for wrong in ["", "NONSENSE", "active"] {
                let mut tx = world.store.begin(access).await.unwrap();
                let refused = raw(&mut tx, &set(wrong)).await.unwrap_err().to_string();
                assert!(refused.contains(&format!("{table}_words")), "{table}.{column}: {refused}");
            }
        }
        // A role goes with whether there is a tenant, so that its words are tried by a wrong one alone.
        let mut tx = world.store.begin(access).await.unwrap();
        let wrong = format!("UPDATE memberships SET role = 'BOSS' WHERE tenant_id = '{tenant}'");
        assert!(raw(&mut tx, &wrong).await.unwrap_err().to_string().contains("memberships_words"));
        drop(tx);
        assert_eq!(Role::VARIANTS, ["OWNER", "STAFF", "ADMIN"], "a new one needs a migration");
        // What is written anew is looked at like what is changed.
        let mut tx = world.store.begin(access).await.unwrap();
        let new = format!(
            "INSERT INTO tenants (id, name, status, timezone, currency, created_at, updated_at) \
             VALUES ('{}', 'x', 'NONSENSE', 'UTC', 'TZS', 0, 0)",
            domain::TenantId::generate()
        );
        assert!(raw(&mut tx, &new).await.unwrap_err().to_string().contains("tenants_words"));
    }
}
