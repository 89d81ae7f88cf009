//! Every page is whole in both languages.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::Value;

use super::{TestPortal, cookie, documents::request};
use crate::routes::table;

async fn read(portal: &TestPortal, path: &str, language: &'static str, cookie: &str) -> String {
    let request = Request::get(path)
        .header("accept-language", language)
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    let answer = portal.send(request).await;
    if answer.status == StatusCode::SEE_OTHER {
        return String::new();
    }
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
    assert!(answer.text.contains(&format!("<html lang=\"{language}\"")), "{path}");
    answer.text
}

/// Sentences between tags; what a template cannot say in two languages: names, numbers, what somebody typed.
fn sentences(page: &str) -> Vec<String> {
    let body = page.split_once("<main").map_or(page, |(_, body)| body);
    let body = body.split_once("</main>").map_or(body, |(body, _)| body);
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    texts.filter(|text| text.split_whitespace().count() > 2).map(str::to_owned).collect()
}

/// What is the same to whoever reads it.
const ALIKE: [&str; 9] = [
    "Flow HQ",
    "Saluni ya Amina",
    "+255 754 000 111",
    "Soma kwa Kiswahili",
    "Read in English",
    "amina@example.com",
    "DR Congo +243",
    "South Sudan +211",
    "South Africa +27",
];

#[tokio::test]
async fn no_page_says_anything_in_one_language_alone() {
    for (tenant, session, latest) in [
        ("NEW", "DISCONNECTED", Value::Null),
        ("NEW", "DISCONNECTED", request("REJECTED")),
        ("NEW", "DISCONNECTED", request("SUBMITTED")),
        ("QR_READY", "QR_READY", request("APPROVED")),
        ("QR_PENDING", "DISCONNECTED", request("APPROVED")),
        ("ACTIVE", "CONNECTED", request("ACTIVE")),
        ("ACTIVE", "DISCONNECTED", request("ACTIVE")),
        ("PAUSED", "DISCONNECTED", request("ACTIVE")),
        ("ERROR", "DISCONNECTED", request("ACTIVE")),
    ] {
        let portal = TestPortal::new();
        portal.stands(tenant, session, latest);
        let pages = table().into_iter().filter(|route| {
            route.method == Method::GET
                && !route.path.contains('{')
                && ![
                    "/api/",
                    "/assets/",
                    "/brand/",
                    "/sw.js",
                    "/manifest",
                    "/livez",
                    "/readyz",
                    "/app/events",
                ]
                .iter()
                .any(|other| route.path.starts_with(other))
        });
        let mut paths: Vec<String> = pages.map(|route| route.path.to_owned()).collect();
        paths.extend(
            ["business", "pack", "number", "hours", "send"].map(|s| format!("/app/onboarding?step={s}")),
        );
        paths.push("/app/whatsapp?stay=1".to_owned());
        for (path, cookie) in paths.iter().flat_map(|path| [(path, cookie()), (path, String::new())]) {
            let (sw, en) =
                (read(&portal, path, "sw", &cookie).await, read(&portal, path, "en", &cookie).await);
            let swahili = sentences(&sw);
            for sentence in sentences(&en) {
                // A country beside its code is called as people there call it.
                let known = sentence.contains(" +") || ALIKE.iter().any(|alike| sentence.contains(alike));
                assert!(known || !swahili.contains(&sentence), "{path}, {tenant}: {sentence}");
            }
        }
    }
}
