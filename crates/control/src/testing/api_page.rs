//! The API's reference as a page: that it holds everything, and that its lines for a shell run as they are printed.

use std::process::Command;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::json;
use web::serve::Peer;

use super::{PASSWORD, TestApp, basic};

/// What the page may weigh: it is read on phones.
const PAGE_MAX_BYTES: usize = 720_000;

async fn page(app: &TestApp) -> String {
    app.page("/admin/docs").await.text
}

#[tokio::test]
async fn the_page_holds_every_route_with_an_example_and_no_more_than_a_phone_takes() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    for route in crate::table() {
        let method = route.method.as_str();
        let summary = route.operation.summary.unwrap_or_default();
        let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let anchor: Vec<String> =
            std::iter::once(method.to_lowercase()).chain(words.map(str::to_owned)).collect();
        let anchor = anchor.join("_");
        assert!(
            page.contains(&format!("<article class=\"operation\" id=\"{anchor}\"")),
            "{method} {}",
            route.path
        );
        assert!(page.contains(&format!("<a href=\"#{anchor}\">")), "{anchor} is not in the contents");
        assert!(page.contains(&route.path) && summary.len() > 3, "{method} {}", route.path);
    }
    // Each link within the page has its place.
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert_eq!(page.matches(&format!("id=\"{target}\"")).count(), 1, "{target}");
    }
    assert!(page.contains("Stream of server-sent events") && page.contains("CSV"));
    assert!(!page.contains("<script>") && page.len() < PAGE_MAX_BYTES, "{} bytes", page.len());
}

/// What a shell makes of a line, but for curl itself.
fn arguments(line: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}; {line}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{line}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// The request that curl would send.
fn request(arguments: &[String]) -> (Request<Body>, bool) {
    let (mut method, mut stream) = (None, false);
    let mut request =
        Request::builder().header("host", super::HOST).extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
    let (mut body, mut form) = (None, Vec::new());
    let mut rest = arguments.iter().map(String::as_str);
    let mut address = "";
    while let Some(word) = rest.next() {
        match word {
            "--user" => request = request.header("authorization", basic(rest.next().unwrap(), PASSWORD)),
            "--header" => {
                let (name, value) = rest.next().unwrap().split_once(": ").unwrap();
                stream |= value == "text/event-stream";
                request = request.header(name, value);
            }
            "--request" => method = Some(rest.next().unwrap().parse().unwrap()),
            "--data" => body = Some(rest.next().unwrap().to_owned()),
            "--data-urlencode" => {
                let (name, value) = rest.next().unwrap().split_once('=').unwrap();
                form.push(format!("{name}={}", web::place::encode(value)));
            }
            "--output" => assert!(!rest.next().unwrap().contains('/')),
            "--no-buffer" => {}
            other => {
                assert!(address.is_empty() && !other.starts_with('-'), "{arguments:?}");
                address = other;
            }
        }
    }
    if !form.is_empty() {
        request = request.header("content-type", "application/x-www-form-urlencoded");
        body = Some(form.join("&"));
    }
    let otherwise = if body.is_some() { Method::POST } else { Method::GET };
    let path = address.strip_prefix("http://127.0.0.1:3000").expect("the address that was asked");
    let request = request.method(method.unwrap_or(otherwise)).uri(path);
    (request.body(body.map_or_else(Body::empty, Body::from)).unwrap(), stream)
}

#[tokio::test]
async fn every_line_for_a_shell_is_understood_as_it_is_printed() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina's").await;
    let page = page(&app).await;
    let unescape = |text: &str| {
        let text =
            text.replace("&#39;", "'").replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">");
        text.replace("&#38;", "&")
    };
    let blocks =
        page.split("<pre class=\"mono\">curl ").skip(1).filter_map(|rest| rest.split("</pre>").next());
    let mut lines: Vec<String> = blocks.map(|line| unescape(&format!("curl {line}"))).collect();
    assert_eq!(lines.len(), crate::table().len());
    // What ends something comes last.
    lines.sort_by_key(|line| line.contains("DELETE") || line.contains("/delete"));
    for line in lines {
        // The example's id is nobody's.
        let line = line.replace("0197d0a4-5b3c-7e21-9c4d-2f6a8b1e0d37", &id.to_string());
        let (request, stream) = request(&arguments(&line));
        if stream {
            continue;
        }
        let answer = app.send(request).await;
        let not_understood = [
            StatusCode::BAD_REQUEST,
            StatusCode::FORBIDDEN,
            StatusCode::METHOD_NOT_ALLOWED,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        // The password of an example is nobody's.
        let understood = answer.text.contains("This is not your password");
        assert!(understood || !not_understood.contains(&answer.status), "{line}\n{}", answer.text);
        // What is not known of an example is no wonder; that no route takes it would be.
        assert!(!answer.text.contains("nothing under this path"), "{line}\n{}", answer.text);
    }
}

#[tokio::test]
async fn the_lines_ask_at_the_address_that_was_asked_and_show_no_password() {
    let app = TestApp::new().await;
    let page = page(&app).await;
    assert!(page.contains("'http://127.0.0.1:3000/admin/tenants'"), "the address in curl's line");
    assert!(!page.contains(PASSWORD) && !page.contains("Basic "));
    assert_eq!(app.post("/admin/docs", &json!({})).await.status, StatusCode::METHOD_NOT_ALLOWED);
}
