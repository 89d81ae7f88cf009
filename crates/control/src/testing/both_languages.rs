//! Every page in Swahili and in English, side by side: what reads the same in both is a name or a code, or it is a sentence
//! that stands outside the catalogue.

use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    HTML, PASSWORD, TestApp,
    guessing::{code, enrol, wrong},
    languages::{no_english, read},
    request,
    signing_in::{Browser, operator},
};

/// What a reader of either language calls by the same name, and what these tests have typed.
const NAMES: [&str; 15] = [
    "Esc",
    "Flow HQ",
    "WhatsApp",
    "Kiswahili",
    "English",
    "Saluni ya Amina",
    "Juma Said",
    "Asha Mrisho",
    "Sqlite",
    "bot",
    "admin",
    "test",
    "Deni",
    "Habari",
    "SW",
];

/// The licence has one text, which nobody but its authors may put otherwise.
const LICENCE: &str = "GNU AFFERO GENERAL PUBLIC LICENSE";

/// Names of fields are the API's own.
fn without_code(html: &str) -> String {
    let mut parts = html.split("<code");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("</code>").map_or("", |(_, after)| after))
}

/// What stands on both pages to the letter and holds a word.
fn alike(sw: &str, en: &str) -> Vec<String> {
    let (sw, en) = (read(&without_code(sw)), read(&without_code(en)));
    let said = sw.into_iter().filter(|said| en.contains(said) && !said.starts_with(LICENCE));
    let words = |said: &String| {
        let left = NAMES.iter().fold(said.clone(), |left, name| left.replace(name, " "));
        left.split_whitespace().any(|word| {
            let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
            // Codes are written in capitals or hold signs; addresses too.
            word.len() > 1 && word.chars().all(char::is_alphabetic) && word.chars().any(char::is_lowercase)
        })
    };
    said.filter(words).collect()
}

#[test]
fn a_sentence_that_is_left_in_english_is_found() {
    let en = "<p>Turn it on</p><p>TENANT_CREATED</p><p>Juma Said</p><code>name</code><b title=\"Close\">";
    let sw = "<p>Iwashe</p><p>TENANT_CREATED</p><p>Juma Said</p><code>name</code><b title=\"Close\">";
    assert_eq!(alike(sw, en), ["Close"]);
}

/// What is wrong with a page of which both are given.
fn compared(what: &str, sw: &str, en: &str) -> Option<String> {
    no_english(what, sw);
    let alike = alike(sw, en);
    (!alike.is_empty()).then(|| format!("{what} says in both languages: {alike:?}\n"))
}

async fn page(app: &TestApp, path: &str, language: &'static str) -> Option<String> {
    let mut request = request(Method::GET, path, None);
    request.headers_mut().insert("accept", HTML.parse().unwrap());
    request.headers_mut().insert("accept-language", http::HeaderValue::from_static(language));
    let begins = app.send(request);
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), begins).await.ok()?;
    let html = answer.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().contains("html"));
    html.then_some(answer.text)
}

/// Pages that are English for everybody, each for a reason.
const ENGLISH: [(&str, &str); 1] =
    [("/admin/docs", "the reference of the API is in English, as its document is")];

#[tokio::test]
async fn every_page_of_the_table_is_in_the_readers_language() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let filed = app
        .post(
            "/admin/setup-requests",
            &json!({
                "tenant_id": id,
                "owner": { "name": "Asha Mrisho", "email": "asha@example.com" },
                "template_type": "ECOMMERCE",
                "whatsapp_number": "+255 712 345 678",
            }),
        )
        .await;
    let filed = filed.json()["id"].as_str().unwrap().to_owned();
    app.post(&format!("/admin/tenants/{id}/suspend"), &json!({ "reason": "Deni" })).await;
    let begun = app.post("/admin/tenants/actions", &json!({ "action": "start", "ids": [id] })).await;
    let begun = begun.json()["id"].as_str().unwrap().to_owned();
    operator(&app, "juma@example.com").await;
    app.booking(id, "Asha Mrisho").await;
    let (mut pages, mut faults) = (0, String::new());
    for route in crate::table().into_iter().filter(|route| route.method == Method::GET) {
        if route.path.ends_with("stream") || ENGLISH.iter().any(|(path, _)| *path == route.path) {
            continue;
        }
        let named = match route.path.as_str() {
            path if path.starts_with("/admin/setup-requests") => &filed,
            path if path.starts_with("/admin/tenants/actions") => &begun,
            _ => &id.to_string(),
        };
        let path = route.path.replace("{id}", named).replace("{contact}", "255712345678");
        let path = path.replace("{reference}", "B-1001");
        let Some(sw) = page(&app, &path, "sw").await else { continue };
        faults.extend(compared(&path, &sw, &page(&app, &path, "en").await.unwrap()));
        pages += 1;
    }
    let parts = [
        "services",
        "services&at=visit",
        "catalogue",
        "questions",
        "booking",
        "delivery",
        "manners",
        "files",
    ];
    let parts = parts.map(|part| format!("/admin/tenants/{id}/profile?part={part}"));
    let books = ["day=all&state=booked", "search=nobody"]
        .map(|query| format!("/admin/tenants/{id}/bookings?{query}"));
    for path in parts.iter().chain(&books) {
        let (sw, en) = (page(&app, path, "sw").await.unwrap(), page(&app, path, "en").await.unwrap());
        faults.extend(compared(path, &sw, &en));
        pages += 1;
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(pages > 30, "{pages} pages");
}

/// All steps of signing in and of accounts, right ones and wrong ones, by somebody who reads this language.
async fn steps(language: &str) -> Vec<(String, String)> {
    let app = TestApp::new().await;
    let reader =
        || Browser { cookies: vec![("flowhq_lang".to_owned(), language.to_owned())], ..Browser::default() };
    let mut seen = Vec::new();
    let mut admin = reader();
    let mut see = |what: &str, answer: super::Answer| {
        if !answer.text.is_empty() {
            seen.push((format!("{what} ({})", answer.status), answer.text));
        }
    };
    see("sign in", admin.get(&app, "/admin/sign-in").await);
    see("wrong password", admin.sign_in(&app, "admin", "wrong").await);
    admin.sign_in(&app, "admin", PASSWORD).await;
    see("account of admin", admin.get(&app, "/admin/account").await);
    let change = |current: &str, new: &str| [("current", current.to_owned()), ("new", new.to_owned())];
    let pairs = |pairs: [(&'static str, String); 2]| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let password_of = async |browser: &mut Browser, app: &TestApp, current: &str, new: &str| {
        let body = Some(pairs(change(current, new)));
        browser.ask(app, Method::POST, "/admin/account/password", HTML, body).await
    };
    see("password of admin", password_of(&mut admin, &app, PASSWORD, "whatever it may be").await);
    see("nobody", admin.get(&app, "/admin/operators").await);
    see("no name", admin.post(&app, "/admin/operators", &[("name", ""), ("email", "a@example.com")]).await);
    see("no email", admin.post(&app, "/admin/operators", &[("name", "Asha"), ("email", "none")]).await);
    let asha = [("name", "Asha Mrisho"), ("email", "asha@example.com")];
    see("added", admin.post(&app, "/admin/operators", &asha).await);
    see("added twice", admin.post(&app, "/admin/operators", &asha).await);
    let (id, password) = operator(&app, "juma@example.com").await;
    see("list", admin.get(&app, "/admin/operators").await);
    app.clock.advance(SignedDuration::from_secs(301));
    see("confirm", admin.get(&app, "/admin/confirm").await);
    see("confirmed wrongly", admin.post(&app, "/admin/confirm", &[("password", "wrong")]).await);

    let mut juma = reader();
    juma.sign_in(&app, "juma@example.com", &password).await;
    see("account", juma.get(&app, "/admin/account").await);
    see("oneself", juma.post(&app, &format!("/admin/operators/{id}/remove"), &[]).await);
    see("not current", password_of(&mut juma, &app, "wrong", "the sky over Moshi is wide").await);
    for new in ["short", "passwordpassword", "password2024!", "juma said so 9"] {
        see(new, password_of(&mut juma, &app, &password, new).await);
    }
    see("no factor", juma.post(&app, "/admin/account/second-factor/remove", &[]).await);
    let path = "/admin/account/second-factor";
    see("code before secret", juma.post(&app, path, &[("code", "000000")]).await);
    see("second factor", juma.get(&app, path).await);
    see("wrong first code", juma.post(&app, path, &[("code", "000000")]).await);
    let (totp, _) = enrol(&app, &mut juma).await;
    see("account with a factor", juma.get(&app, "/admin/account").await);
    see("confirm by code", juma.get(&app, "/admin/confirm").await);
    let both = [("password", password.as_str()), ("code", "000000")];
    see("confirmed by a wrong code", juma.post(&app, "/admin/confirm", &both).await);
    juma.post(&app, "/admin/sign-out", &[]).await;
    juma.sign_in(&app, "juma@example.com", &password).await;
    see("code", juma.get(&app, "/admin/sign-in/code").await);
    for _ in 0..5 {
        let answer = juma.post(&app, "/admin/sign-in/code", &[("code", &wrong(&app, &totp))]).await;
        let last = answer.status == 429;
        see("wrong code", answer);
        if last {
            break;
        }
    }
    let right = juma.post(&app, "/admin/sign-in/code", &[("code", &code(&app, &totp))]).await;
    assert_eq!(right.status, 429, "{}", right.text);
    see("too many codes", right);
    app.clock.advance(SignedDuration::from_mins(30));
    see("changed", {
        let (_, password) = operator(&app, "asha2@example.com").await;
        let mut asha = reader();
        asha.sign_in(&app, "asha2@example.com", &password).await;
        password_of(&mut asha, &app, &password, "the sky over Moshi is wide").await
    });
    let again = app.post(&format!("/admin/operators/{id}/reset"), &json!({})).await.json();
    let mut juma = reader();
    juma.sign_in(&app, "juma@example.com", again["password"].as_str().unwrap()).await;
    let shown = juma.get(&app, path).await.text;
    let secret = shown.split("<p class=\"mono\">").nth(1).unwrap().split('<').next().unwrap();
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    see("recovery codes", juma.post(&app, path, &[("code", &code(&app, &totp))]).await);
    seen
}

#[tokio::test]
async fn signing_in_and_accounts_are_in_the_readers_language() {
    let (sw, en) = (steps("sw").await, steps("en").await);
    assert!(sw.len() > 28, "{} pages", sw.len());
    let mut faults = String::new();
    for ((what, sw), (same, en)) in sw.iter().zip(&en) {
        assert_eq!(what, same);
        faults.extend(compared(what, sw, en));
    }
    assert!(faults.is_empty(), "{faults}");
}
