//! Every form of the dashboard, empty, too long, with HTML, with emoji, twice, with a stale version, and once its session has
//! ended: a sensible answer, nothing that was typed is lost, and nothing of it runs.

use std::{collections::BTreeSet, path::Path};

use domain::TenantId;
use http::StatusCode;
use serde_json::json;

use super::{Answer, PASSWORD, TestApp, signing_in::Browser};

/// One form: where it is sent, what a page sends along by itself, and what a person types.
struct Form {
    path: String,
    along: Vec<(&'static str, String)>,
    typed: Vec<&'static str>,
}

/// Forms in which nothing is typed, or something secret, each with why it is not tried here.
const NOT_TYPED: [(&str, &str); 20] = [
    ("/admin/account/password", "passwords, which no page shows again"),
    ("/admin/account/second-factor", "a code"),
    ("/admin/account/second-factor/remove", "a code"),
    ("/admin/operators", "shows a password, and is tried beside its endpoint"),
    ("/admin/operators/{id}/remove", "a button"),
    ("/admin/operators/{id}/reset", "a button"),
    ("/admin/setup-requests/{id}/review", "a button"),
    ("/admin/system/alerts/test", "a button"),
    ("/admin/tenants/actions/{id}/retry", "a button"),
    ("/admin/tenants/import", "a file, tried beside its endpoint"),
    ("/admin/tenants/move-keys", "a button"),
    ("/admin/tenants/{id}/chats/{id}/hand-back", "a button"),
    ("/admin/tenants/{id}/confirm-number", "a button"),
    ("/admin/tenants/{id}/lift-suspension", "a button"),
    ("/admin/tenants/{id}/look", "a button"),
    ("/admin/tenants/{id}/profile/file", "a file"),
    ("/admin/tenants/{id}/unlink", "a button"),
    ("/admin/tenants/{id}/worker/start", "a button"),
    ("{id}", "the forms of signing in, and those that send again what was typed"),
    ("", "none"),
];

async fn forms(app: &TestApp) -> (TenantId, Vec<Form>) {
    let id = app.tenant("Amina").await;
    app.booking(id, "Asha").await;
    app.messages(id, 1).await;
    let owner = json!({ "name": "Asha", "email": "asha@example.com" });
    let filed = json!({ "tenant_id": id, "owner": owner, "template_type": "BOOKING", "whatsapp_number": "+255712345678" });
    let filed = app.post("/admin/setup-requests", &filed).await.json()["id"].as_str().unwrap().to_owned();
    let tenant = |path: &str| format!("/admin/tenants/{id}{path}");
    let form = |path: String, along: &[(&'static str, &str)], typed: &[&'static str]| Form {
        path,
        along: along.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        typed: typed.to_vec(),
    };
    let part = |part: &'static str, typed: &[&'static str]| {
        form(tenant("/profile"), &[("part", part), ("version", "1")], typed)
    };
    let config = [
        "name", "phone_number", "business_name", "timezone", "currency", "retention_days",
        "rate_limit_per_minute", "hours_0", "breaks_0", "holidays", "special",
    ];
    let all = vec![
        form("/admin/tenants".to_owned(), &[("template_type", "BOOKING"), ("language", "SW")], &["name", "phone_number", "business_name"]),
        form(tenant(""), &[("version", "1")], &config),
        form(tenant("/notes"), &[("version", "0")], &["tags", "note"]),
        form(tenant("/suspend"), &[], &["reason"]),
        form(tenant("/delete"), &[], &["typed_name"]),
        form(tenant("/move-out"), &[], &["move_key", "typed_name"]),
        form(tenant("/owner-links"), &[], &["email", "name"]),
        form(tenant("/messages"), &[("contact", "255712000001")], &["text"]),
        form(tenant("/records"), &[("kind", "booking"), ("day", "2026-01-31"), ("time", "10:00")], &["name", "phone", "note"]),
        form(tenant("/records/B-1001"), &[("version", "1")], &["note"]),
        form(tenant("/try"), &[], &["text"]),
        part("contact", &["phone", "address_sw", "map_link"]),
        part("services", &["code", "name_sw", "price", "minutes", "staff"]),
        part("catalogue", &["code", "name_sw", "price", "stock"]),
        part("questions", &["question_sw", "answer_sw"]),
        part("delivery", &["areas", "elsewhere"]),
        form(format!("/admin/setup-requests/{filed}/approve"), &[], &["notes"]),
        form(format!("/admin/setup-requests/{filed}/reject"), &[], &["notes"]),
        form("/admin/tenants/actions".to_owned(), &[("action", "suspend"), ("ids", &id.to_string())], &["reason"]),
        form("/admin/tenants/actions".to_owned(), &[("action", "configure"), ("ids", &id.to_string())], &["timezone", "currency"]),
    ];
    (id, all)
}

impl Form {
    /// All of it with the same typed into each field.
    fn with<'a>(&'a self, text: &'a str) -> Vec<(&'a str, &'a str)> {
        let along = self.along.iter().map(|(name, value)| (*name, value.as_str()));
        along.chain(self.typed.iter().map(|name| (*name, text))).collect()
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::new();
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => html += &format!("&#{};", u32::from(c)),
            c => html.push(c),
        }
    }
    html
}

/// A page or another one, and no fault of ours; where it refuses, all that was typed is on it and nothing of it runs.
fn sensible(form: &Form, what: &str, text: &str, answer: &Answer) {
    let (path, status) = (&form.path, answer.status);
    assert!(
        status.is_success() || status == StatusCode::SEE_OTHER || status.is_client_error(),
        "{path} {what}: {status} {}",
        answer.text
    );
    assert!(!answer.text.contains("<i>typed</i>"), "{path} {what}: it runs: {}", answer.text);
    if status.is_client_error() {
        let shown = text.trim().replace('\r', "");
        assert!(answer.headers["content-type"].to_str().unwrap().contains("html"), "{path} {what}");
        assert!(answer.text.contains(&escaped(&shown)), "{path} {what}: what was typed is lost: {}", answer.text);
    }
}

#[test]
fn every_form_of_a_template_is_tried_or_says_why_not() {
    let mut there = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let forms = text.split("method=\"post\" action=\"").skip(1);
            there.extend(forms.map(|form| {
                let action = form.split('"').next().unwrap();
                let parts = action.split("{{").enumerate().map(|(at, part)| match at {
                    0 => part.to_owned(),
                    _ => format!("{{id}}{}", part.split_once("}}").map_or("", |(_, rest)| rest)),
                });
                parts.collect::<String>()
            }));
        }
    }
    let tried = [
        "/admin/tenants", "/admin/tenants/{id}", "/admin/tenants/{id}/notes", "/admin/tenants/{id}/suspend",
        "/admin/tenants/{id}/delete", "/admin/tenants/{id}/move-out", "/admin/tenants/{id}/owner-links", "/admin/tenants/{id}/messages",
        "/admin/tenants/{id}/records", "/admin/tenants/{id}/records/{id}", "/admin/tenants/{id}/try",
        "/admin/tenants/{id}/profile", "/admin/setup-requests/{id}/approve",
        "/admin/setup-requests/{id}/reject", "/admin/tenants/actions",
    ];
    let known: BTreeSet<String> =
        tried.iter().chain(NOT_TYPED.iter().map(|(path, _)| path)).map(ToString::to_string).collect();
    let new: Vec<_> = there.difference(&known).collect();
    assert!(new.is_empty(), "forms that nobody tries with bad input: {new:?}");
    assert!(there.len() > 25, "{there:?}");
}

#[tokio::test]
async fn bad_input_is_answered_sensibly_and_nothing_typed_is_lost() {
    let long = "Ndefu sana ".repeat(600);
    let cases = [
        ("empty", ""),
        ("blank", "   "),
        ("too long", long.as_str()),
        ("with HTML", "\"><i>typed</i><script>alert(1)</script>"),
        ("with emoji", "😀👩‍👩‍👧 ñandú \u{202e}abc"),
        ("of one line too many", "one\r\ntwo"),
    ];
    for (what, text) in cases {
        // One of its own for each, since some are taken.
        let app = TestApp::new().await;
        let (_, forms) = forms(&app).await;
        for form in forms.iter().filter(|form| !form.path.ends_with("/approve")) {
            let pairs = form.with(text);
            sensible(form, what, text, &app.form(&form.path, &pairs).await);
            sensible(form, &format!("{what}, twice"), text, &app.form(&form.path, &pairs).await);
        }
    }
}

#[tokio::test]
async fn whoever_saves_over_another_ones_change_loses_nothing() {
    let app = TestApp::new().await;
    let (_, forms) = forms(&app).await;
    let mut stale = 0;
    for form in forms.iter().filter(|form| form.along.iter().any(|(name, _)| *name == "version")) {
        let text = "7 <i>typed</i>";
        let mut pairs = form.with(text);
        for pair in pairs.iter_mut().filter(|(name, _)| *name == "version") {
            pair.1 = "99";
        }
        let answer = app.form(&form.path, &pairs).await;
        assert!(answer.status.is_client_error(), "{}: {}", form.path, answer.status);
        sensible(form, "stale", text, &answer);
        stale += 1;
    }
    assert!(stale > 5, "{stale} forms have a version");
}

#[tokio::test]
async fn a_form_that_comes_after_its_session_has_ended_is_kept_until_somebody_has_signed_in() {
    let app = TestApp::new().await;
    let (id, forms) = forms(&app).await;
    for form in &forms {
        let text = "Kept <i>typed</i> 😀";
        let mut nobody = Browser::default();
        let pairs = form.with(text);
        let answer = nobody.post(&app, &form.path, &pairs).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {}", form.path, answer.text);
        sensible(form, "signed out", text, &answer);
        assert!(answer.text.contains(&format!("action=\"{}\"", form.path)), "{}", answer.text);
        assert!(answer.text.contains("target=\"_blank\""), "one signs in in another tab: {}", answer.text);
        for (name, value) in &pairs {
            let field = format!("name=\"{name}\" value=\"{}\"", escaped(value));
            assert!(answer.text.contains(&field), "{}: {field}: {}", form.path, answer.text);
        }
    }
    // Nothing of it was done; signed in, the same is sent again and taken.
    let mut browser = Browser::default();
    browser.sign_in(&app, "admin", PASSWORD).await;
    let notes = format!("/admin/tenants/{id}/notes");
    assert_eq!(app.get(&notes).await.json()["version"], 0);
    let saved = browser.post(&app, &notes, &[("note", "Kept"), ("version", "0")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    // What is secret never stands on a page, and where nothing was typed one is led to sign in.
    let mut nobody = Browser::default();
    let secret = nobody.post(&app, "/admin/account/password", &[("current", "my secret"), ("new", "x")]).await;
    assert_eq!(secret.status, StatusCode::SEE_OTHER);
    assert!(!secret.text.contains("my secret"));
    let button = nobody.post(&app, &format!("/admin/tenants/{id}/worker/start"), &[("back", "/admin/tenants")]).await;
    assert_eq!(button.status, StatusCode::SEE_OTHER);
}
