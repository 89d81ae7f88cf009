//! Sign-in as a whole, on a database.

use std::sync::Arc;

use domain::{Clock, ManualClock};
use http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use store::{AccountChange, Actor, Store, Target};

use tower_sessions::{Session, session::Id};

use crate::{Accounts, BrowserSessions, Gate, Options, Passed, Proved, Source, password};

fn sealer(digit: char) -> seal::Sealer {
    let key = SecretString::from(digit.to_string().repeat(64));
    seal::MasterKey::from_setting(&key).unwrap().sealer(crate::PURPOSE).unwrap()
}

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
    let options = Options { idle, https: true, device_key: [9; 32], sealer: sealer('a') };
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

/// All bytes of the files of a database.
fn files(directory: &std::path::Path) -> Vec<u8> {
    let files = std::fs::read_dir(directory).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

fn code_of(secret: &str, accounts: &Accounts) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    totp.generate(u64::try_from(accounts.now().as_second()).unwrap()).to_string()
}

/// A dump of the database, or a copy of it, gives nobody a second factor; with the key it is whole.
#[tokio::test]
async fn second_factors_are_sealed_and_a_dump_alone_is_of_no_use() {
    let world = world().await;
    let (accounts, operator) = (&world.accounts, world.store.operator());
    let juma = world.person("juma@x.example", "one two").await;
    let asker = accounts.asker(None, &HeaderMap::new());

    // From the days when they stood in plain: the admin password's, and a person's.
    let plain = ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "KRSXG5DTKRSXG5DTKRSXG5DTKRSXG5DT"];
    let old = |secret: &str| AccountChange::Totp {
        secret: SecretString::from(secret),
        recovery: vec![crate::totp::recovery_hash("one recovery code of 23 chars")],
    };
    let Actor::User(id) = juma else { unreachable!() };
    operator.change_admin_factor(&old(plain[0])).await.unwrap();
    operator.change_account(id, &old(plain[1])).await.unwrap();
    let directory = world._directory.path();
    assert!(plain.iter().all(|secret| holds(&files(directory), secret)), "the search finds what is there");
    let before = accounts.account(juma).await.unwrap().unwrap();
    assert_eq!(accounts.seal_factors().await.unwrap(), 2);
    assert_eq!(accounts.seal_factors().await.unwrap(), 0, "once is enough");
    assert!(!plain.iter().any(|secret| holds(&files(directory), secret)), "no byte of them is left");
    assert_eq!(
        accounts.account(juma).await.unwrap().unwrap().version,
        before.version,
        "nobody is signed out"
    );

    // They are good as before, and one that is set now is never in plain.
    accounts.check_code(&before, &code_of(plain[1], accounts), &asker).await.unwrap();
    let fresh = crate::totp::new_secret();
    let code = code_of(fresh.expose_secret(), accounts);
    accounts.set_factor(juma, fresh.clone(), &code).await.unwrap().expect("the code is right");
    assert!(!holds(&files(directory), fresh.expose_secret()));

    // A secret is its account's alone: copied to another one it opens nothing.
    let secrets = operator.factor_secrets().await.unwrap();
    let [(Actor::Admin, admins), (_, jumas)] = secrets.as_slice() else { panic!("{}", secrets.len()) };
    operator.reseal_factors(&[(juma, jumas.clone(), admins.clone())]).await.unwrap();
    let proved = accounts.account(juma).await.unwrap().unwrap();
    let wrong = accounts.check_code(&proved, &code_of(plain[0], accounts), &asker).await;
    assert!(matches!(wrong, Err(crate::SignInError::Wrong)), "{wrong:?}");
    operator.reseal_factors(&[(juma, admins.clone(), jumas.clone())]).await.unwrap();

    // A copy by `flowhq db copy` has no plain one either. With this key it is whole, with another it is not.
    let copied = tempfile::tempdir().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new("2026-01-10T13:00:00Z".parse().unwrap()));
    let copy = Store::open(&Target::Sqlite(copied.path().join("db")), Arc::clone(&clock)).await.unwrap();
    store::copy(&world.store, &copy, |_| std::ops::ControlFlow::Continue(())).await.unwrap();
    for (digit, is_right) in [('b', false), ('a', true)] {
        let gate = Gate::plain(&SecretString::from("right horse"), "epoch".to_owned());
        let idle = std::time::Duration::from_secs(3600);
        let options = Options { idle, https: true, device_key: [9; 32], sealer: sealer(digit) };
        let there = Accounts::new(copy.clone(), gate, options, Arc::clone(&clock));
        assert_eq!(there.seal_factors().await.unwrap(), 0);
        let proved = there.account(juma).await.unwrap().unwrap();
        let code = code_of(fresh.expose_secret(), &there);
        assert_eq!(there.check_code(&proved, &code, &asker).await.is_ok(), is_right, "{digit}");
        if !is_right {
            // Whoever has lost the key still has a way in.
            let admin = there.account(Actor::Admin).await.unwrap().unwrap();
            there.check_code(&admin, "one recovery code of 23 chars", &asker).await.unwrap();
        }
    }
    assert!(!plain.iter().any(|secret| holds(&files(copied.path()), secret)));
}
