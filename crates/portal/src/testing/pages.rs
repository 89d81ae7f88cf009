//! What all pages promise together.

use axum::body::Body;
use http::{Request, StatusCode, header};

use super::TestPortal;

/// What a browser loads for the first page, as it comes over the line.
#[tokio::test]
async fn the_first_page_is_small_and_asks_nobody_else() {
    let portal = TestPortal::new();
    let gzip =
        |path: &str| Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    let page = portal.send(gzip("/")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let mut bytes = page.text.len();
    let mut files: Vec<&str> = Vec::new();
    for attribute in ["href=\"", "src=\""] {
        for (at, _) in page.text.match_indices(attribute) {
            let address = page.text[at + attribute.len()..].split(['"', '#']).next().unwrap_or_default();
            let foreign = address.contains("//") || address.starts_with("http");
            assert!(!foreign, "the page asks another site: {address}");
            let loaded = address.starts_with("/assets/") || address.ends_with(".webmanifest");
            if loaded && !files.contains(&address) {
                files.push(address);
            }
        }
    }
    files.push("/sw.js");
    assert!(files.len() >= 7, "{files:?}");
    for file in files {
        let answer = portal.send(gzip(file)).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        let length = answer.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        bytes += length.and_then(|text| text.parse::<usize>().ok()).unwrap_or(answer.text.len());
    }
    assert!(bytes < 60_000, "{bytes} bytes");
    println!("{bytes} bytes");
}

#[tokio::test]
async fn an_unknown_page_is_one_of_ours_in_the_readers_language() {
    let portal = TestPortal::new();
    for (language, words) in [("sw", "Ukurasa huu haupo"), ("en", "This page does not exist")] {
        let request =
            Request::get("/nowhere").header("accept-language", language).body(Body::empty()).unwrap();
        let page = portal.send(request).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text.contains(words) && page.text.contains("class=\"portal"), "{}", page.text);
    }
}

#[tokio::test]
async fn the_language_is_kept_and_nobody_is_led_away_by_it() {
    let portal = TestPortal::new();
    let kept = portal.post("/language", "language=sw&back=%2Fauth%2Fsignin").await;
    assert_eq!(kept.location(), "/auth/signin");
    assert!(kept.headers["set-cookie"].to_str().unwrap().starts_with("flowhq_lang=sw;"));
    let foreign = portal.post("/language", "language=en&back=%2F%2Fevil.example").await;
    assert_eq!(foreign.location(), "/");
    assert_eq!(portal.post("/language", "language=de").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
