//! Sign-in as a whole, on a database.

use std::sync::Arc;

use domain::{Clock, ManualClock};
use http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use store::{AccountChange, Actor, Store, Target};

use tower_sessions::{Session, session::Id};

use crate::{Accounts, BrowserSessions, Gate, Options, Passed, Proved, Source, password};

struct World {
    accounts: Accounts,
    store: Store,
    _directory: tempfile::TempDir,
}

async fn world() -> World {
    let directory = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new("2026-01-10T12:00:00Z".parse().unwrap()));
    let store = Store::open(&Target::Sqlite(directory.path().join("db")), Arc::clone(&clock)).await.unwrap();
    let gate = Gate::plain(&SecretString::from("right horse"), "epoch".to_owned());
    let idle = std::time::Duration::from_secs(3600);
    let options = Options { idle, https: true, device_key: [9; 32] };
    World { accounts: Accounts::new(store.clone(), gate, options, clock), store, _directory: directory }
}

impl World {
    async fn person(&self, email: &str, password: &str) -> Actor {
        let hash = SecretString::from(password::hash(&SecretString::from(password)).unwrap());
        Actor::User(self.store.operator().add_operator("Juma", email, &hash).await.unwrap().user.id)
    }

    async fn sign_in(&self, email: &str, password: &str) -> Proved {
        let asker = self.accounts.asker(None, &HeaderMap::new());
        match self.accounts.sign_in(email, &SecretString::from(password), &asker).await.unwrap() {
            Passed::Enough(proved) | Passed::NeedsCode(proved) => proved,
        }
    }
}

/// What a browser sends with the cookie that it was given.
fn with(set: &HeaderValue) -> HeaderMap {
    let set = set.to_str().unwrap();
    assert!(set.starts_with("__Host-flowhq_device=") && set.ends_with("; Secure"), "{set}");
    let pair = format!("a=b; {}", set.split(';').next().unwrap());
    HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())])
}

#[tokio::test]
async fn a_known_browser_is_known_for_its_own_account_alone_and_as_long_as_that_stays() {
    let world = world().await;
    let accounts = &world.accounts;
    let (juma, asha) =
        (world.person("juma@x.example", "one two").await, world.person("asha@x.example", "three").await);
    let proved = world.sign_in("juma@x.example", "one two").await;
    let nobody = accounts.asker(None, &HeaderMap::new());
    let cookie = accounts.device_cookie(&nobody, &proved).unwrap();
    let address = Some("192.0.2.1".parse().unwrap());
    let browser = accounts.asker(address, &with(&cookie));
    let is_known = |of: Option<(Actor, &str)>| matches!(browser.source(accounts, of), Source::Device(_));
    assert!(is_known(Some((juma, &proved.version))));
    // Harvested ones are of no use against anybody else, nor where nobody has the name.
    let other = accounts.account(asha).await.unwrap().unwrap();
    assert!(!is_known(Some((asha, &other.version))));
    assert!(!is_known(Some((asha, &proved.version))) && !is_known(None));
    assert_eq!(browser.source(accounts, None), Source::from(address), "counted against its address then");
    // One that is known keeps its id, so that signing in again and again makes no second one.
    let again = accounts.asker(None, &with(&accounts.device_cookie(&browser, &proved).unwrap()));
    let of = Some((juma, proved.version.as_str()));
    assert_eq!(again.source(accounts, of), browser.source(accounts, of));
    // It goes with the password, and with the account.
    let changed = AccountChange::Password(SecretString::from(password::hash(&"x".into()).unwrap()));
    accounts.change(juma, juma, &changed).await.unwrap();
    let now = accounts.account(juma).await.unwrap().unwrap();
    assert!(!is_known(Some((juma, &now.version))));
    accounts.remove(Actor::Admin, juma.user().unwrap()).await.unwrap();
    assert!(accounts.account(juma).await.unwrap().is_none());
}

#[tokio::test]
async fn a_cookie_that_is_not_ours_is_none() {
    let world = world().await;
    let accounts = &world.accounts;
    let juma = world.person("juma@x.example", "one two").await;
    let proved = accounts.account(juma).await.unwrap().unwrap();
    for forged in ["AAAAAAAAAAAAAAAAAAAAAA.AAAA", "AAAAAAAAAAAAAAAAAAAAAA.", "x.y", "", "."] {
        let cookie = format!("__Host-flowhq_device={forged}");
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        let source = accounts.asker(None, &headers).source(accounts, Some((juma, &proved.version)));
        assert_eq!(source, Source::Unknown, "{forged}");
    }
}

#[tokio::test]
async fn the_end_of_a_session_that_is_none_moves_nobody() {
    let world = world().await;
    let sessions = Arc::new(BrowserSessions(world.store.clone()));
    let looked = world.accounts.0.revoked.subscribe();
    let unknown = Session::new(Some(Id(7)), sessions.clone(), None);
    world.accounts.end(&unknown).await.unwrap();
    assert!(!looked.has_changed().unwrap(), "a stranger has nobody look again");
    let own = Session::new(None, sessions, None);
    world.accounts.begin(&own, &world.sign_in("admin", "right horse").await).await.unwrap();
    own.save().await.unwrap();
    let mut looked = world.accounts.0.revoked.subscribe();
    looked.mark_unchanged();
    world.accounts.end(&own).await.unwrap();
    assert!(looked.has_changed().unwrap(), "the control");
}

#[tokio::test]
async fn the_admin_passwords_version_changes_with_its_second_factor() {
    let world = world().await;
    let before = world.sign_in("admin", "right horse").await;
    assert_eq!(before.version, "epoch", "what sessions of earlier versions carry");
    let codes = world.accounts.new_factor_for_tests(Actor::Admin).await;
    assert_eq!(codes.len(), 8);
    assert!(codes[0].expose_secret().len() == 23);
    let after = world.accounts.account(Actor::Admin).await.unwrap().unwrap();
    assert!(after.has_factor && after.version != before.version);
}

impl Accounts {
    async fn new_factor_for_tests(&self, actor: Actor) -> Vec<SecretString> {
        let secret = crate::totp::new_secret();
        let parsed = totp_rs::Secret::try_from_base32(secret.expose_secret()).unwrap();
        let totp = totp_rs::Builder::new().with_secret(parsed).build_noncompliant();
        let now = u64::try_from(self.now().as_second()).unwrap();
        let code = totp.generate(now).to_string();
        self.set_factor(actor, secret, &code).await.unwrap().unwrap()
    }
}
