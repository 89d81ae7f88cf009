//! A provider that is away.

use jiff::SignedDuration;
use oidc::{OidcError, Start, Trouble};

use crate::forger::Forger;

#[tokio::test]
async fn a_provider_that_is_away_is_told_from_one_that_lies() {
    let mut forger = Forger::start().await;
    forger.stop().await;
    let error = forger.client.start(Start::default()).await.unwrap_err();
    assert!(matches!(error, OidcError::Away(_)), "{error:?}");
    assert_eq!(error.trouble(), Trouble::Away);
    // Those who come next do not wait for it again, until a moment has passed.
    assert!(matches!(forger.client.start(Start::default()).await.unwrap_err(), OidcError::AwayStill));
    forger.clock.advance(SignedDuration::from_secs(6));
    assert!(matches!(forger.client.start(Start::default()).await.unwrap_err(), OidcError::Away(_)));
}

#[tokio::test]
async fn what_a_provider_said_is_used_for_a_day_while_it_is_away() {
    let mut forger = Forger::start().await;
    forger.sign_in().await.unwrap();
    forger.stop().await;
    forger.clock.advance(SignedDuration::from_hours(2));
    // The browser gets its page, which may answer where this machine's network is what is broken.
    let pending = forger.begin().await.unwrap();
    let back = forger.back(&pending);
    let error = forger.client.finish(pending, &back).await.unwrap_err();
    assert!(matches!(error, OidcError::Away(_)), "{error:?}");
    forger.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(forger.client.start(Start::default()).await.unwrap_err().trouble(), Trouble::Away);
}
