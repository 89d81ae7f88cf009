//! Keys that change, and clocks that differ.

use std::sync::Arc;

use jiff::SignedDuration;
use oidc::OidcError;

use crate::forger::{Forger, Key};

/// From now on the provider signs with a new key.
fn rotate(forger: &Forger, id: &'static str, publishes: bool) -> Arc<Key> {
    let key = Arc::new(Key::new(id));
    let signs = Arc::clone(&key);
    forger.change(|says| {
        if publishes {
            says.keys = vec![key.jwk()];
        }
        says.header.insert("kid".to_owned(), id.into());
        says.sign = Box::new(move |message| signs.sign(message));
    });
    key
}

#[tokio::test]
async fn a_new_key_is_fetched_when_the_first_token_comes_with_it() {
    let forger = Forger::start().await;
    forger.sign_in().await.unwrap();
    forger.sign_in().await.unwrap();
    assert_eq!(forger.asked("/keys"), 1, "keys are kept");
    forger.clock.advance(SignedDuration::from_mins(2));
    rotate(&forger, "second", true);
    forger.sign_in().await.unwrap();
    assert_eq!(forger.asked("/keys"), 2);
    // The key of before is none any more.
    let old = Arc::clone(&forger.key);
    forger.change(|says| {
        says.header.insert("kid".to_owned(), "first".into());
        says.sign = Box::new(move |message| old.sign(message));
    });
    assert!(matches!(forger.sign_in().await.unwrap_err(), OidcError::Token(_)));
    // A key that changed under the same name is fetched too.
    forger.clock.advance(SignedDuration::from_mins(2));
    rotate(&forger, "second", true);
    forger.sign_in().await.unwrap();
}

#[tokio::test]
async fn tokens_with_keys_that_nobody_has_make_nobody_ask_in_a_storm() {
    let forger = Forger::start().await;
    forger.sign_in().await.unwrap();
    forger.clock.advance(SignedDuration::from_mins(2));
    rotate(&forger, "nobodys", false);
    for _ in 0..10 {
        assert!(matches!(forger.sign_in().await.unwrap_err(), OidcError::Token(_)));
    }
    assert_eq!(forger.asked("/keys"), 2);
}

#[tokio::test]
async fn what_a_provider_publishes_is_looked_at_again_after_an_hour() {
    let forger = Forger::start().await;
    forger.sign_in().await.unwrap();
    forger.clock.advance(SignedDuration::from_mins(59));
    forger.sign_in().await.unwrap();
    assert_eq!(forger.asked("/discovery"), 1);
    forger.clock.advance(SignedDuration::from_mins(2));
    forger.sign_in().await.unwrap();
    assert_eq!(forger.asked("/discovery"), 2);
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute_and_no_more() {
    for (name, by, taken) in [
        ("exp", -50, true),
        ("exp", -70, false),
        ("iat", 50, true),
        ("iat", 70, false),
        ("nbf", 50, true),
        ("nbf", 70, false),
    ] {
        let forger = Forger::start().await;
        let pending = forger.begin().await.unwrap();
        let now = domain::Clock::now(&*forger.clock).as_second();
        forger.change(|says| {
            says.claims.insert(name.to_owned(), (now + by).into());
        });
        let back = forger.back(&pending);
        let finished = forger.client.finish(pending, &back).await;
        assert_eq!(finished.is_ok(), taken, "{name} {by}: {finished:?}");
    }
}

#[tokio::test]
async fn ten_minutes_at_the_provider_are_enough() {
    let forger = Forger::start().await;
    for (minutes, taken) in [(9, true), (11, false)] {
        let pending = forger.begin().await.unwrap();
        forger.clock.advance(SignedDuration::from_mins(minutes));
        let now = domain::Clock::now(&*forger.clock).as_second();
        forger.change(|says| {
            says.claims.insert("iat".to_owned(), now.into());
        });
        let back = forger.back(&pending);
        assert_eq!(forger.client.finish(pending, &back).await.is_ok(), taken, "{minutes}");
    }
}
