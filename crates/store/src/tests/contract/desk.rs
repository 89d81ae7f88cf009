//! What people of a business note of customers, what they are told, and their browsers.

use domain::{CustomerState, JournalId, Role, Timestamp, UserId};

use crate::{
    CustomerChange, CustomerFilter, NewLog, NewRecord, PageRequest, StoreError, TenantChange, TenantScope,
    Told,
    tests::support::{World, browser, journal_row, member, now, record_row, worlds},
};

const CONTACT: &str = "255712000001";

/// Three customers, the second of whom wrote last; the first has an open booking and the third a closed one.
async fn salon(world: &World) -> TenantScope {
    let scope = world.store.tenant(world.tenant("Asha").await);
    let row = |n: u64, contact: &str| NewLog { contact: contact.into(), ..journal_row(n) };
    let rows = [row(1, CONTACT), row(2, "255712000003"), row(3, "255712000002"), row(4, "255712000002")];
    scope.append_logs(JournalId::generate(), &rows).await.unwrap();
    let closed = NewRecord { open: false, contact: Some("255712000003".into()), ..record_row(2) };
    scope.append_records(JournalId::generate(), &[record_row(1), closed]).await.unwrap();
    scope
}

#[tokio::test]
async fn who_wants_no_messages_is_known_whatever_was_written_last() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let journal = JournalId::generate();
        let wants_none = async || {
            let page = scope.customers(&CustomerFilter::default(), PageRequest::default()).await.unwrap();
            let one = scope.customer(CONTACT).await.unwrap().unwrap();
            assert_eq!(page.items[0].opted_out, one.opted_out);
            one.opted_out
        };
        let silent = |n: u64, why: &str| NewLog { silence: Some(why.into()), ..journal_row(n) };
        let out = |n: u64| NewLog { direction: domain::Direction::Out, ..journal_row(n) };
        scope.append_logs(journal, &[journal_row(1), out(2)]).await.unwrap();
        assert!(!wants_none().await);
        scope.append_logs(journal, &[silent(3, "opted_out")]).await.unwrap();
        assert!(wants_none().await);
        // A person of the business writes, a picture comes that nobody can read: neither changes it.
        scope.append_logs(journal, &[out(4), silent(5, "unreadable")]).await.unwrap();
        assert!(wants_none().await, "the newest line says nothing of it");
        scope.append_logs(journal, &[journal_row(6)]).await.unwrap();
        assert!(!wants_none().await, "the bot answers again");
        // The bot says that it keeps quiet from now on.
        scope.append_logs(journal, &[NewLog { opted_out: true, ..journal_row(7) }, out(8)]).await.unwrap();
        assert!(wants_none().await, "at once, and not with the next message");
    }
}

async fn found(scope: &TenantScope, filter: CustomerFilter) -> Vec<String> {
    let page = scope.customers(&filter, PageRequest::default()).await.unwrap();
    page.items.into_iter().map(|one| one.contact).collect()
}

#[tokio::test]
async fn customers_are_who_has_written_and_their_state_follows_until_it_is_set() {
    for world in worlds().await {
        let scope = salon(&world).await;
        let all = found(&scope, CustomerFilter::default()).await;
        assert_eq!(all, ["255712000002", "255712000003", CONTACT], "who wrote last comes first");
        let of = |state| CustomerFilter { state: Some(state), ..CustomerFilter::default() };
        assert_eq!(found(&scope, of(CustomerState::Confirmed)).await, [CONTACT]);
        assert_eq!(found(&scope, of(CustomerState::Done)).await, ["255712000003"]);
        assert_eq!(found(&scope, of(CustomerState::New)).await, ["255712000002"]);
        let change = CustomerChange {
            state: Some(Some(CustomerState::Lost)),
            note: Some(Some("100% of the time late".into())),
            name: Some(Some("Neema".into())),
        };
        let noted = scope.note_customer(CONTACT, &change).await.unwrap();
        assert_eq!((noted.state, noted.state_set), (CustomerState::Lost, Some(CustomerState::Lost)));
        assert_eq!((noted.noted_name.as_deref(), noted.open_records), (Some("Neema"), 1));
        assert!(!format!("{noted:?}").contains("Neema"), "nothing of a customer is shown in a log");
        assert_eq!(noted.last_record.unwrap()["name"], "Asha");
        let events = scope.events(PageRequest::default()).await.unwrap().items;
        assert_eq!(events[0].payload.to_string(), r#"{"changed":["name","state","note"]}"#);
        let text = |text: &str, in_texts| CustomerFilter {
            text: Some(text.into()),
            in_texts,
            ..CustomerFilter::default()
        };
        for (words, in_texts, expected) in [
            ("neema", false, 1),
            ("0% of", false, 1),
            ("braids", false, 2),
            ("000002", false, 1),
            ("message 3", false, 0),
            ("message 3", true, 1),
        ] {
            assert_eq!(found(&scope, text(words, in_texts)).await.len(), expected, "{words}");
        }
        let again = CustomerChange { state: Some(None), ..CustomerChange::default() };
        assert_eq!(scope.note_customer(CONTACT, &again).await.unwrap().state, CustomerState::Confirmed);
        let stranger = scope.note_customer("255799999999", &again).await;
        assert!(matches!(stranger, Err(StoreError::NotFound("customer"))), "{stranger:?}");

        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = PageRequest { limit: 2, before };
            let page = scope.customers(&CustomerFilter::default(), page).await.unwrap();
            seen.extend(page.items.into_iter().map(|one| one.contact));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, all, "in pages it is the same");
    }
}

#[tokio::test]
async fn what_is_noted_goes_with_the_customer() {
    for world in worlds().await {
        let scope = salon(&world).await;
        let note = CustomerChange { note: Some(Some("likes tea".into())), ..CustomerChange::default() };
        for contact in [CONTACT, "255712000002", "255712000003"] {
            scope.note_customer(contact, &note).await.unwrap();
        }
        let noted = async || {
            let tenants = world.count_rows(scope.id()).await;
            tenants.into_iter().find(|(table, _)| *table == "customers").unwrap().1
        };
        assert_eq!(noted().await, 3);
        scope.erase_contact("255712000002", 500).await.unwrap();
        assert_eq!(noted().await, 2, "one who is forgotten");
        let days = TenantChange { retention_days: Some(Some(5)), ..TenantChange::default() };
        scope.update(days).await.unwrap();
        world.clock.advance(jiff::SignedDuration::from_hours(24 * 400));
        world.store.operator().carry_out_retention_by(1).await.unwrap();
        assert_eq!(noted().await, 1, "one with an open booking stays, since something is still to happen");
        assert_eq!(scope.customer("255712000003").await.unwrap(), None);
    }
}

#[tokio::test]
async fn people_in_force_are_told_what_they_chose_and_nothing_twice() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, operator) = (world.store.tenant(tenant), world.store.operator());
        let add = async |email: &str, role| {
            operator.add_member(Some(tenant), &member(email, role)).await.unwrap().user.id
        };
        let (owner, staff) =
            (add("a@example.com", Role::Owner).await, add("b@example.com", Role::Staff).await);
        assert!(scope.notices().await.unwrap().iter().all(|one| one.choices.is_none()));
        let at = now(&world);
        scope.told(staff, Told { hand_off: Some(at), ..Told::default() }).await.unwrap();
        scope.choose_notices(staff, "{\"x\":1}", Some(at)).await.unwrap();
        let later = at.checked_add(std::time::Duration::from_secs(60)).unwrap();
        scope.told(staff, Told { removed: Some(later), ..Told::default() }).await.unwrap();
        let people = scope.notices().await.unwrap();
        let choices = people[1].choices.clone().unwrap();
        assert_eq!((people[0].user_id, people[1].user_id), (owner, staff));
        assert_eq!((choices.json.as_str(), choices.daily_due), ("{\"x\":1}", Some(at)));
        assert_eq!((choices.told_hand_off, choices.told_removed), (at, later));
        let early = Timestamp::from_millisecond(at.as_millisecond() - 1).unwrap();
        assert_eq!(operator.summaries_due(early, 10).await.unwrap(), []);
        assert_eq!(operator.summaries_due(at, 10).await.unwrap(), [tenant]);
        scope.told(staff, Told { daily_due: Some(later), ..Told::default() }).await.unwrap();
        assert_eq!(operator.summaries_due(at, 10).await.unwrap(), []);
        world.store.people().remove(tenant, staff).await.unwrap();
        assert_eq!(scope.notices().await.unwrap().len(), 1);
        let nobody = scope.choose_notices(UserId::generate(), "{}", None).await;
        assert!(nobody.is_err(), "one who is none of the tenant's");
    }
}

#[tokio::test]
async fn browsers_are_told_as_long_as_their_person_belongs_to_the_tenant() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let (scope, operator) = (world.store.tenant(tenant), world.store.operator());
        let add = async |email: &str| {
            operator.add_member(Some(tenant), &member(email, Role::Staff)).await.unwrap().user.id
        };
        let (one, other) = (add("a@example.com").await, add("b@example.com").await);
        let at = |n: u32| format!("https://push.example.com/{n}");
        for n in 0..10 {
            scope.subscribe_push(&browser(one, &at(n))).await.unwrap();
        }
        scope.subscribe_push(&browser(one, &at(3))).await.unwrap();
        let full = scope.subscribe_push(&browser(one, &at(10))).await;
        assert!(matches!(full, Err(StoreError::Conflict { field: "endpoint", .. })), "{full:?}");
        scope.subscribe_push(&browser(other, &at(3))).await.unwrap();
        let count = async |user| scope.push_subscriptions(user).await.unwrap().len();
        assert_eq!((count(Some(one)).await, count(Some(other)).await, count(None).await), (9, 1, 10));
        let shown = format!("{:?}", scope.push_subscriptions(None).await.unwrap());
        assert!(!shown.contains("push.example.com") && !shown.contains("secret"), "{shown}");
        scope.unsubscribe_push(Some(other), &at(1)).await.unwrap();
        assert_eq!(count(Some(one)).await, 9, "it is another's");
        scope.unsubscribe_push(Some(one), &at(1)).await.unwrap();
        scope.unsubscribe_push(None, &at(2)).await.unwrap();
        assert_eq!(count(Some(one)).await, 7);
        world.store.people().remove(tenant, one).await.unwrap();
        assert_eq!((count(Some(one)).await, count(None).await), (0, 1));
    }
}
