//! A provider of another make: npm's `oidc-provider`, certified by the OpenID Foundation, in a process of its own.
//! `scripts/test` installs it; FLOWHQ_TEST_OIDC set to `off` leaves these tests out, where there is no Node.

use std::{path::Path, process::Stdio, sync::Arc};

use domain::SystemClock;
use oidc::{OidcClient, OidcError, ProviderOptions, Start};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::forger::query;

const CALLBACK: &str = "http://127.0.0.1:3001/api/auth/callback/test";

struct Provider {
    _process: Child,
    /// Kept, since a program whose words nobody takes ends.
    _says: Lines<BufReader<ChildStdout>>,
    issuer: String,
}

/// The provider; none where its tests are left out.
async fn provider() -> Option<Provider> {
    #[expect(clippy::disallowed_methods, reason = "a switch of the tests")]
    if std::env::var("FLOWHQ_TEST_OIDC").is_ok_and(|value| value == "off") {
        return None;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
    assert!(
        folder.join("node_modules/oidc-provider").exists(),
        "run scripts/test, or set FLOWHQ_TEST_OIDC=off"
    );
    let mut process = Command::new("node")
        .arg("provider.mjs")
        .current_dir(folder)
        .env("OIDC_CLIENT_SECRET", "secret-of-the-tests")
        .env("OIDC_REDIRECTS", CALLBACK)
        // It ends when this pipe does.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let issuer = loop {
        let line = lines.next_line().await.unwrap().expect("the provider ended");
        if let Some(issuer) = line.strip_prefix("issuer ") {
            break issuer.to_owned();
        }
    };
    Some(Provider { _process: process, _says: lines, issuer })
}

fn client(provider: &Provider, secret: &str) -> OidcClient {
    let options = ProviderOptions {
        id: "test".to_owned(),
        issuer: provider.issuer.clone(),
        client_id: "flowhq".to_owned(),
        client_secret: secret.into(),
        redirect_url: CALLBACK.to_owned(),
    };
    OidcClient::new(&options, Arc::new(SystemClock)).unwrap()
}

/// A browser that follows redirections on the provider, keeps its cookies and fills in its form; what it comes back
/// to us with.
async fn browser(url: String, login: Option<&'static str>) -> String {
    let walk = move || {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
        let origin = openidconnect::url::Url::parse(&url).unwrap();
        let (mut place, mut cookies, mut form): (_, Vec<(String, String)>, Option<String>) =
            (origin.clone(), Vec::new(), None);
        for _ in 0..12 {
            if place.as_str().starts_with(CALLBACK) {
                return place.query().unwrap().to_owned();
            }
            let cookie =
                cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
            let mut answer = match form.take() {
                Some(form) => agent
                    .post(place.as_str())
                    .header("cookie", &cookie)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .send(form)
                    .unwrap(),
                None => agent.get(place.as_str()).header("cookie", &cookie).call().unwrap(),
            };
            for set in answer.headers().get_all("set-cookie") {
                let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                cookies.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    cookies.push((name.to_owned(), value.to_owned()));
                }
            }
            if answer.status().is_redirection() {
                let to = answer.headers()["location"].to_str().unwrap().to_owned();
                place = place.join(&to).unwrap();
                continue;
            }
            let page = answer.body_mut().read_to_string().unwrap();
            assert!(answer.status().is_success(), "{place}: {} {page}", answer.status());
            let action = page.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            place = place.join(&action).unwrap();
            form = Some(match login {
                Some(login) => format!("login={}", login.replace('@', "%40").replace('+', "%2B")),
                None => "cancel=yes".to_owned(),
            });
        }
        panic!("the provider sends us in circles");
    };
    tokio::task::spawn_blocking(walk).await.unwrap()
}

#[tokio::test]
async fn a_person_signs_in_by_a_real_provider() {
    let Some(provider) = provider().await else { return };
    let client = client(&provider, "secret-of-the-tests");
    let (url, pending) = client.start(Start { language: Some("sw"), email: None }).await.unwrap();
    assert!(query(&url).iter().any(|(name, value)| name == "ui_locales" && value == "sw"), "{url}");
    let back = browser(url, Some("Asha+duka@example.com")).await;
    assert!(query(&format!("http://x/?{back}")).iter().any(|(name, _)| name == "iss"), "{back}");
    let person = client.finish(pending.clone(), &back).await.unwrap();
    assert_eq!(person.email, "asha+duka@example.com");
    assert_eq!((person.issuer, person.name.as_deref()), (provider.issuer.clone(), Some("Asha")));
    // The same way back again, in a control plane that has forgotten it: the provider's own memory refuses the code.
    let other = self::client(&provider, "secret-of-the-tests");
    let error = other.finish(pending, &back).await.unwrap_err();
    assert!(error.to_string().contains("invalid_grant"), "{error}");
}

#[tokio::test]
async fn a_real_provider_refuses_another_proof_and_another_secret() {
    let Some(provider) = provider().await else { return };
    let client = client(&provider, "secret-of-the-tests");
    let (url, pending) = client.start(Start::default()).await.unwrap();
    let back = browser(url, Some("asha@example.com")).await;
    let error =
        client.finish(crate::forger::with(&pending, "verifier", "v".repeat(43)), &back).await.unwrap_err();
    assert!(error.to_string().contains("invalid_grant"), "{error}");
    let stranger = self::client(&provider, "another secret");
    let (url, pending) = stranger.start(Start::default()).await.unwrap();
    let back = browser(url, Some("asha@example.com")).await;
    let error = stranger.finish(pending, &back).await.unwrap_err();
    assert!(error.to_string().contains("invalid_client"), "{error}");
}

#[tokio::test]
async fn nobody_is_let_in_by_a_real_provider_who_is_not_verified_or_says_no() {
    let Some(provider) = provider().await else { return };
    let client = client(&provider, "secret-of-the-tests");
    let (url, pending) = client.start(Start::default()).await.unwrap();
    let back = browser(url, Some("unverified@example.com")).await;
    assert!(matches!(client.finish(pending, &back).await.unwrap_err(), OidcError::Unverified));
    let (url, pending) = client.start(Start::default()).await.unwrap();
    let back = browser(url, Some("nobody")).await;
    assert!(matches!(client.finish(pending, &back).await.unwrap_err(), OidcError::NoEmail));
    let (url, pending) = client.start(Start::default()).await.unwrap();
    let back = browser(url, None).await;
    assert!(matches!(client.finish(pending, &back).await.unwrap_err(), OidcError::Cancelled));
}
