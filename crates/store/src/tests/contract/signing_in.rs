//! How owners and staff sign in: one tenant for two at once, links that are used once, and what goes with a person.

use domain::{Language, LinkKind, MembershipStatus, Role, UserId, Via};
use jiff::SignedDuration;
use secrecy::SecretString;
use tokio::task::JoinSet;

use super::super::support::{World, member, now, salon, worlds};
use crate::{Actor, NewPortalSession, NewTenant, PortalLink, ProviderPerson, StoreError};

fn person(subject: &str, email: &str) -> ProviderPerson {
    ProviderPerson {
        provider: "google".to_owned(),
        issuer: "https://accounts.google.com".to_owned(),
        subject: subject.to_owned(),
        email: email.to_owned(),
        name: "Asha".to_owned(),
        language: Language::Sw,
    }
}

fn fresh() -> NewTenant {
    NewTenant { phone: None, ..salon("Asha") }
}

fn link(world: &World, id: &str, user: UserId, kind: LinkKind) -> PortalLink {
    PortalLink {
        id: id.to_owned(),
        kind,
        user,
        tenant: None,
        email: "new@example.com".to_owned(),
        proves: true,
        pair: None,
        made_by: (Actor::User(user), None),
        expires_at: now(world) + SignedDuration::from_mins(30),
    }
}

#[tokio::test]
async fn many_first_sign_ins_at_once_make_one_person_and_one_tenant() {
    for world in worlds().await {
        let mut signs = JoinSet::new();
        for n in 0..8 {
            let people = world.store.people();
            let (subject, since) =
                (if n % 2 == 0 { "same".to_owned() } else { format!("s{n}") }, now(&world));
            signs.spawn(async move {
                people.sign_in_by_provider(&person(&subject, "asha@example.com"), &fresh(), since).await
            });
        }
        let signed: Vec<_> = signs.join_all().await.into_iter().map(Result::unwrap).collect();
        assert!(signed.iter().all(|one| one.user == signed[0].user));
        assert_eq!(signed.iter().filter(|one| one.created.is_some()).count(), 1);
        let seats = world.store.people().seats(signed[0].user).await.unwrap();
        assert_eq!(seats.len(), 1);
        assert_eq!((seats[0].role, seats[0].status), (Role::Owner, MembershipStatus::Active));
        // All of its one-to-one rows are there.
        world.store.tenant(seats[0].tenant).get().await.unwrap();
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_leaves_nothing() {
    for world in worlds().await {
        let operators = world.store.operator();
        operators.add_member(None, &member("juma@example.com", Role::Admin)).await.unwrap();
        let refused = world
            .store
            .people()
            .sign_in_by_provider(&person("juma", "juma@example.com"), &fresh(), now(&world))
            .await;
        assert!(matches!(refused, Err(StoreError::Conflict { field: "operator", .. })), "{refused:?}");
        let account = world.store.people().account_by_email("JUMA@example.com").await.unwrap().unwrap();
        assert!(!account.is_known, "nothing of it was kept");
    }
}

#[tokio::test]
async fn a_link_is_taken_once_whoever_tries_at_once() {
    for world in worlds().await {
        let tenant = world.tenant("Amina").await;
        let owner = member("a@example.com", Role::Owner);
        let user = world.store.operator().add_member(Some(tenant), &owner).await.unwrap().user.id;
        let people = world.store.people();
        people.make_links(&[link(&world, "one", user, LinkKind::SignIn)]).await.unwrap();
        let mut takes = JoinSet::new();
        for _ in 0..6 {
            let people = people.clone();
            takes.spawn(async move { people.take_link("one").await.unwrap() });
        }
        let taken = takes.join_all().await;
        assert_eq!(taken.iter().flatten().count(), 1);
        assert!(people.link("one").await.unwrap().is_none());
        people.make_links(&[link(&world, "two", user, LinkKind::SignIn)]).await.unwrap();
        world.clock.advance(SignedDuration::from_mins(30));
        assert!(people.take_link("two").await.unwrap().is_none(), "it is over at its second");
        // What is void is counted for an hour, however it became so.
        people.make_links(&[link(&world, "three", user, LinkKind::SignIn)]).await.unwrap();
        people.end_sessions(user).await.unwrap();
        assert!(people.link("three").await.unwrap().is_none());
        people.prune().await.unwrap();
        let ever = domain::Timestamp::UNIX_EPOCH;
        assert_eq!(people.links_since(user, ever).await.unwrap(), 3);
        world.clock.advance(SignedDuration::from_mins(61));
        people.prune().await.unwrap();
        assert_eq!(people.links_since(user, ever).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_address_changes_once_both_mailboxes_have_confirmed() {
    for world in worlds().await {
        let people = world.store.people();
        let user = people.sign_in_by_provider(&person("s", "old@example.com"), &fresh(), now(&world)).await;
        let user = user.unwrap().user;
        let pair = |id: &str, other: &str| PortalLink {
            pair: Some(other.to_owned()),
            ..link(&world, id, user, LinkKind::ChangeEmail)
        };
        let email = async || people.account(user).await.unwrap().unwrap().user.email;
        people.make_links(&[pair("a", "b"), pair("b", "a")]).await.unwrap();
        assert!(!people.confirm_email("b").await.unwrap().1);
        assert!(people.confirm_email("b").await.is_err(), "one of them twice is not both");
        assert_eq!(email().await, "old@example.com");
        assert!(people.confirm_email("a").await.unwrap().1);
        assert_eq!(email().await, "new@example.com");
        // Somebody else has it by now.
        let other =
            people.sign_in_by_provider(&person("t", "other@example.com"), &fresh(), now(&world)).await;
        let other = other.unwrap().user;
        let pair = |id: &str, with: &str| PortalLink { user: other, ..pair(id, with) };
        people.make_links(&[pair("c", "d"), pair("d", "c")]).await.unwrap();
        people.confirm_email("c").await.unwrap();
        let taken = people.confirm_email("d").await;
        assert!(matches!(taken, Err(StoreError::Conflict { field: "email", .. })), "{taken:?}");
    }
}

#[tokio::test]
async fn what_a_person_had_goes_with_them_and_with_the_tenant() {
    for world in worlds().await {
        let people = world.store.people();
        let signed =
            people.sign_in_by_provider(&person("s", "a@example.com"), &fresh(), now(&world)).await.unwrap();
        let (user, tenant) = (signed.user, signed.created.unwrap());
        let session = |id: &str| NewPortalSession {
            id: id.to_owned(),
            user,
            tenant: Some(tenant),
            via: Via::Password,
            looking: None,
            new_password: false,
            expires_at: now(&world) + SignedDuration::from_hours(1),
        };
        for id in ["one", "two"] {
            people.put_session(&session(id)).await.unwrap();
        }
        people.make_links(&[link(&world, "link", user, LinkKind::Reset)]).await.unwrap();
        let hash = SecretString::from("$argon2id$x".to_owned());
        people.set_password(user, &hash, "one").await.unwrap();
        assert!(
            people.session("one").await.unwrap().is_some() && people.session("two").await.unwrap().is_none()
        );
        assert!(people.link("link").await.unwrap().is_none(), "what was sent before is void");
        let gone = people.delete(user).await.unwrap();
        assert_eq!(gone.iter().map(|seat| seat.tenant).collect::<Vec<_>>(), [tenant]);
        assert!(
            people.account(user).await.unwrap().is_none() && people.session("one").await.unwrap().is_none()
        );
        // The same address is somebody new.
        let anew =
            people.sign_in_by_provider(&person("s", "a@example.com"), &fresh(), now(&world)).await.unwrap();
        assert_ne!((anew.user, anew.created), (user, Some(tenant)));
    }
}

#[tokio::test]
async fn only_an_invitation_in_force_is_accepted() {
    for world in worlds().await {
        let people = world.store.people();
        let tenant = world.tenant("Amina").await;
        people.invite(tenant, "Juma", "Juma@Example.com", Role::Staff).await.unwrap();
        let user = people.account_by_email("juma@example.com").await.unwrap().unwrap().user.id;
        let seat = async || people.seat(user, tenant).await.unwrap().unwrap().status;
        world.clock.advance(SignedDuration::from_hours(1));
        let later = now(&world);
        people.sign_in_known(user, false, Some(tenant), Language::Sw, later).await.unwrap();
        assert_eq!(seat().await, MembershipStatus::Invited, "it was from before");
        people.remove(tenant, user).await.unwrap();
        let since = domain::Timestamp::UNIX_EPOCH;
        people.sign_in_known(user, false, Some(tenant), Language::Sw, since).await.unwrap();
        assert_eq!(seat().await, MembershipStatus::Removed, "whoever was removed stays so");
        people.invite(tenant, "Juma", "juma@example.com", Role::Staff).await.unwrap();
        let joined =
            people.sign_in_known(user, false, Some(tenant), Language::Sw, since).await.unwrap().joined;
        assert_eq!((joined, seat().await), (vec![tenant], MembershipStatus::Active));
        let again = people.invite(tenant, "Juma", "juma@example.com", Role::Staff).await;
        assert!(matches!(again, Err(StoreError::Conflict { field: "email", .. })), "{again:?}");
    }
}

#[tokio::test]
async fn a_password_from_before_the_address_was_shown_opens_no_later_seat() {
    for world in worlds().await {
        let people = world.store.people();
        let (planted, real) = (world.tenant("Planted").await, world.tenant("Real").await);
        let since = domain::Timestamp::UNIX_EPOCH;
        people.invite(planted, "Asha", "asha@example.com", Role::Staff).await.unwrap();
        let user = people.account_by_email("asha@example.com").await.unwrap().unwrap().user.id;
        // Whoever holds the first link sets a password, without a word from the mailbox.
        people.sign_in_known(user, false, Some(planted), Language::Sw, since).await.unwrap();
        let hash = SecretString::from("$argon2id$planted".to_owned());
        people.set_password(user, &hash, "session").await.unwrap();
        people.invite(real, "Asha", "asha@example.com", Role::Owner).await.unwrap();
        let by_password = people.sign_in_known(user, false, None, Language::Sw, since).await.unwrap();
        assert!(by_password.joined.is_empty(), "nobody knows yet whose account it is");
        assert_eq!(people.seat(user, real).await.unwrap().unwrap().status, MembershipStatus::Invited);
        // The person of the address comes, and what was set before is gone.
        let signed =
            people.sign_in_by_provider(&person("asha", "asha@example.com"), &fresh(), since).await.unwrap();
        assert_eq!((signed.user, signed.joined, signed.dropped_password), (user, vec![real], true));
        assert!(people.account(user).await.unwrap().unwrap().password_hash.is_none());
        // From then on a password is theirs.
        people.set_password(user, &hash, "session").await.unwrap();
        let again = people.sign_in_known(user, true, None, Language::Sw, since).await.unwrap();
        assert!(!again.dropped_password);
    }
}

#[tokio::test]
async fn what_others_ask_for_a_person_is_not_counted_as_theirs() {
    for world in worlds().await {
        let people = world.store.people();
        let signed =
            people.sign_in_by_provider(&person("s", "a@example.com"), &fresh(), now(&world)).await.unwrap();
        let (user, since) = (signed.user, domain::Timestamp::UNIX_EPOCH);
        let other = Actor::User(UserId::generate());
        let by = |id: &str, actor| PortalLink {
            made_by: (actor, None),
            ..link(&world, id, user, LinkKind::Invitation)
        };
        people.make_links(&[by("one", other), by("two", other)]).await.unwrap();
        people.make_links(&[link(&world, "own", user, LinkKind::Reset)]).await.unwrap();
        assert_eq!(people.links_since(user, since).await.unwrap(), 1);
        assert_eq!(people.invitations_since(other, since).await.unwrap(), 2);
    }
}
