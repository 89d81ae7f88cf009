//! What operators note of a tenant for themselves, and the tags by which they find it again.

use domain::Sort;
use serde_json::json;

use crate::{
    Actor, NotesChange, PageRequest, StoreError, TenantFilter,
    tests::support::{World, salon, tags, worlds},
};

fn tagged(typed: &str) -> NotesChange {
    NotesChange { tags: Some(tags(typed)), note: None }
}

async fn found(world: &World, filter: &TenantFilter, page: PageRequest) -> Vec<String> {
    let page = world.store.operator().list_tenants(filter, page).await.unwrap();
    page.items.into_iter().map(|detail| detail.tenant.name).collect()
}

#[tokio::test]
async fn notes_are_saved_over_the_version_that_was_seen_and_told_without_a_word_of_them() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await).by(Actor::Admin);
        let before = scope.get().await.unwrap();
        assert_eq!(scope.notes().await.unwrap(), crate::TenantNotes::default());
        let change = NotesChange { tags: Some(tags("vip, Kariakoo")), note: Some("pays late".into()) };
        let first = scope.save_notes(Some(0), change.clone()).await.unwrap();
        assert_eq!((first.version, first.tags.join(" ")), (1, "kariakoo vip".to_owned()));
        assert_eq!(scope.notes().await.unwrap(), first);
        let late = scope.save_notes(Some(0), tagged("late")).await;
        assert!(matches!(late, Err(StoreError::Conflict { field: "version", .. })), "{late:?}");
        // The same again changes nothing, and what is not named stays.
        assert_eq!(scope.save_notes(None, change).await.unwrap(), first);
        let second = scope.save_notes(Some(1), tagged("")).await.unwrap();
        assert_eq!((second.version, second.tags.len(), second.note.as_str()), (2, 0, "pays late"));
        let events = scope.events(PageRequest { limit: 2, before: None }).await.unwrap().items;
        let told: Vec<_> = events.iter().map(|event| (event.event_type.as_str(), &event.payload)).collect();
        let [newer, older] = [json!({ "tags": "changed" }), json!({ "tags": "changed", "note": "changed" })];
        assert_eq!(told, [("TENANT_NOTED", &newer), ("TENANT_NOTED", &older)]);
        assert!(!format!("{first:?}").contains("late"), "nothing of it is shown in a log");
        // The bot is told nothing of it, not even that something has changed.
        assert_eq!(scope.get().await.unwrap().config, before.config);
        scope.delete("admin").await.unwrap();
        assert_eq!(world.store.operator().rows_left(scope.id()).await.unwrap(), []);
        let gone = scope.save_notes(None, tagged("x")).await;
        assert!(matches!(gone, Err(StoreError::NotFound("tenant"))), "{gone:?}");
    }
}

#[tokio::test]
async fn tenants_are_found_by_a_tag_in_every_order_and_page_by_page() {
    for world in worlds().await {
        let mut ids = Vec::new();
        for name in ["Asha", "Baraka", "Neema", "Zawadi"] {
            let id = world.tenant(name).await;
            world.clock.advance(jiff::SignedDuration::from_secs(1));
            let typed = if name == "Baraka" { "other" } else { "vip, 100%_!" };
            world.store.tenant(id).save_notes(None, tagged(typed)).await.unwrap();
            ids.push(id);
        }
        let vip = TenantFilter { tag: Some("vip".parse().unwrap()), ..TenantFilter::default() };
        let all = PageRequest::default();
        assert_eq!(found(&world, &vip, all).await, ["Zawadi", "Neema", "Asha"]);
        let by = |sort| TenantFilter { sort, ..vip.clone() };
        assert_eq!(found(&world, &by(Sort::Name), all).await, ["Asha", "Neema", "Zawadi"]);
        assert_eq!(found(&world, &by(Sort::Need), all).await, ["Zawadi", "Neema", "Asha"]);
        let other = TenantFilter { tag: Some("100%_!".parse().unwrap()), ..TenantFilter::default() };
        assert_eq!(found(&world, &other, all).await.len(), 3, "no sign of it is a pattern's");
        let none = TenantFilter { tag: Some("vi".parse().unwrap()), ..TenantFilter::default() };
        assert_eq!(found(&world, &none, all).await, Vec::<String>::new());
        let searched = TenantFilter { search: Some("nee".into()), ..vip.clone() };
        assert_eq!(found(&world, &searched, all).await, ["Neema"]);
        let among = TenantFilter { ids: Some(vec![ids[0], ids[1]]), ..vip.clone() };
        assert_eq!(found(&world, &among, all).await, ["Asha"]);
        let operator = world.store.operator();
        let first = operator.list_tenants(&vip, PageRequest { limit: 2, before: None }).await.unwrap();
        let rest = found(&world, &vip, PageRequest { limit: 2, before: first.next }).await;
        assert_eq!((first.items.len(), rest), (2, vec!["Asha".to_owned()]));
        let most = operator.most_used_tags(2).await.unwrap();
        assert_eq!(most, [("100%_!".to_owned(), 3), ("vip".to_owned(), 3)]);
        let of = operator.tags_of(&ids[..2]).await.unwrap();
        assert_eq!((of[&ids[0]].join(" "), of[&ids[1]].join(" ")), ("100%_! vip".into(), "other".into()));
        assert!(operator.notes_of(&ids).await.unwrap().values().all(String::is_empty));
    }
}

#[tokio::test]
async fn many_tenants_are_made_with_their_tags_or_none_of_them() {
    for world in worlds().await {
        let operator = world.store.operator().by(Actor::Admin);
        let new = |name| (salon(name), NotesChange { tags: Some(tags("vip")), note: Some("new".into()) });
        let plain = (salon("Chiku"), NotesChange::default());
        let ids = operator.create_tenants(&[new("Asha"), new("Baraka"), plain]).await.unwrap();
        let scope = world.store.tenant(ids[1]);
        assert_eq!(scope.get().await.unwrap().tenant.name, "Baraka");
        let noted = scope.notes().await.unwrap();
        assert_eq!((noted.version, noted.tags.join(" "), noted.note.as_str()), (1, "vip".into(), "new"));
        assert_eq!(world.store.tenant(ids[2]).notes().await.unwrap(), crate::TenantNotes::default());
        let events = scope.events(PageRequest::default()).await.unwrap().items;
        let told: Vec<_> =
            events.iter().map(|event| (event.event_type.as_str(), event.actor.as_str())).collect();
        assert_eq!(told, [("TENANT_NOTED", "admin"), ("TENANT_CREATED", "admin")]);
        let mut taken = salon("Dawa");
        taken.phone = scope.get().await.unwrap().tenant.phone_number;
        let refused = operator.create_tenants(&[new("Eliya"), (taken, NotesChange::default())]).await;
        assert!(matches!(refused, Err(StoreError::Conflict { field: "phone_number", .. })), "{refused:?}");
        assert_eq!(found(&world, &TenantFilter::default(), PageRequest::default()).await.len(), 3);
    }
}
