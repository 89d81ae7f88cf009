//! What a stolen session must not do: the password is asked for again.

use http::{Method, StatusCode};
use jiff::SignedDuration;

use super::{
    PASSWORD, TestApp,
    signing_in::{Browser, is_in, operator},
};

/// Method, path, what the form sends, and the page that it leads back to.
type Deed = (Method, String, Vec<(&'static str, &'static str)>, &'static str);

fn deeds(id: &str) -> Vec<Deed> {
    let operators = "/admin/operators";
    vec![
        (Method::GET, "/admin/account/second-factor".to_owned(), vec![], "/admin/account/second-factor"),
        (Method::POST, "/admin/account/second-factor".to_owned(), vec![("code", "000000")], "/admin/account"),
        (Method::POST, "/admin/account/second-factor/remove".to_owned(), vec![], "/admin/account"),
        (
            Method::POST,
            operators.to_owned(),
            vec![("name", "Asha Ali"), ("email", "asha@example.com")],
            operators,
        ),
        (Method::POST, format!("{operators}/{id}/reset"), vec![], operators),
        (Method::POST, format!("{operators}/{id}/remove"), vec![], operators),
    ]
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test]
async fn a_session_alone_changes_nothing_about_who_signs_in() {
    let app = TestApp::new().await;
    let (id, _) = operator(&app, "juma@example.com").await;
    let mut stolen = Browser::default();
    stolen.sign_in(&app, "admin", PASSWORD).await;
    app.clock.advance(SignedDuration::from_secs(301));
    assert!(is_in(&app, &mut stolen).await, "the control: it goes on reading");
    let before = app.events().await.len();
    for (method, path, pairs, back) in deeds(&id) {
        let body = (method == Method::POST).then(|| form(&pairs));
        let page = stolen.ask(&app, method.clone(), &path, super::HTML, body.clone()).await;
        let place = format!("/admin/confirm?next={}", web::place::encode(back));
        assert_eq!(page.headers["location"].to_str().unwrap(), place, "{method} {path}");
        let script = stolen.ask(&app, method.clone(), &path, "application/json", body).await;
        assert_eq!(script.problem().1, "confirmation-needed", "{method} {path}");
        assert_eq!(script.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(app.events().await.len(), before, "nothing has happened");
    let list = app.get("/admin/operators").await;
    assert_eq!(list.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_proves_it_once_more_goes_on_and_loses_nothing_typed() {
    let app = TestApp::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "admin", PASSWORD).await;
    app.clock.advance(SignedDuration::from_secs(301));
    let typed = [("name", "Asha Ali"), ("email", "asha@example.com")];
    let led = browser.post(&app, "/admin/operators", &typed).await;
    let place = led.headers["location"].to_str().unwrap().to_owned();
    let page = browser.get(&app, &place).await;
    assert!(page.text.contains("Confirm that it is you") && !page.text.contains("name=\"code\""));
    let wrong =
        browser.post(&app, "/admin/confirm", &[("password", "wrong"), ("next", "/admin/operators")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("not your password"), "{}", wrong.text);
    let refused = browser.post(&app, "/admin/operators", &typed).await;
    assert!(refused.headers["location"].to_str().unwrap().starts_with("/admin/confirm"));
    let right =
        browser.post(&app, "/admin/confirm", &[("password", PASSWORD), ("next", "/admin/operators")]).await;
    assert_eq!(right.headers["location"], "/admin/operators");
    let page = browser.get(&app, "/admin/operators").await;
    assert!(page.text.contains("value=\"Asha Ali\"") && page.text.contains("value=\"asha@example.com\""));
    assert!(!browser.get(&app, "/admin/operators").await.text.contains("Asha"), "it waits once");
    let done = browser.post(&app, "/admin/operators", &typed).await;
    assert!(done.text.contains("The password of Asha Ali"), "{}", done.text);
    assert!(app.events().await.contains(&"CONFIRMED".to_owned()));
    app.clock.advance(SignedDuration::from_secs(301));
    let late = browser.post(&app, "/admin/operators", &typed).await;
    assert!(late.headers["location"].to_str().unwrap().starts_with("/admin/confirm"), "five minutes");
    let elsewhere = browser
        .post(&app, "/admin/confirm", &[("password", PASSWORD), ("next", "https://evil.example/")])
        .await;
    assert_eq!(elsewhere.headers["location"], "/admin/tenants");
}

#[tokio::test]
async fn whoever_sends_a_password_with_each_request_has_just_proved_it() {
    let app = TestApp::new().await;
    let (id, _) = operator(&app, "juma@example.com").await;
    let reset = app.post(&format!("/admin/operators/{id}/reset"), &serde_json::json!({})).await;
    assert_eq!(reset.status, StatusCode::OK, "{}", reset.text);
}
