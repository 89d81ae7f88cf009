//! Pages in the reader's language: no sentence outside the catalogue, and none of the other language on a page.

use std::path::Path;

use domain::{Direction, Id};
use http::Method;
use serde_json::json;
use store::NewLog;
use words::Entry;

use super::{HTML, TestApp, request};

/// Names that are the same in every language.
const NAMES: [&str; 3] = ["Flow HQ", "CSV", "Esc"];

/// What a person reads or hears of HTML: its text, and the attributes that hold words.
pub(super) fn read(html: &str) -> Vec<String> {
    let mut said = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        said.push(text.to_owned());
        for name in ["aria-label", "title", "placeholder", "data-label", "alt", "data-counting", "data-over"]
        {
            let mut rest = tag;
            while let Some((_, after)) = rest.split_once(&format!(" {name}=\"")) {
                let (value, more) = after.split_once('"').unwrap_or((after, ""));
                said.push(value.to_owned());
                rest = more;
            }
        }
    }
    said.into_iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// A template without its expressions and statements.
fn bare(template: &str) -> String {
    let mut text = String::from("<>");
    let mut rest = template;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min() {
        text.push_str(&rest[..at]);
        let close = match &rest[at..at + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        rest = rest[at..].split_once(close).map_or("", |(_, after)| after);
    }
    text + rest
}

#[test]
fn no_template_holds_a_sentence_outside_the_catalogue() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut looked = 0;
    for folder in ["control/templates", "control/templates/tenants", "web/templates/ui"] {
        for file in std::fs::read_dir(crates.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if !path.is_file() {
                continue;
            }
            looked += 1;
            for said in read(&bare(&std::fs::read_to_string(&path).unwrap())) {
                let left = NAMES.iter().fold(said.clone(), |text, known| text.replace(known, ""));
                let word = left.split(|c: char| !c.is_alphabetic()).find(|word| word.len() > 1);
                assert!(word.is_none(), "{name} says \"{said}\" by itself: it belongs to crates/words");
            }
        }
    }
    assert!(looked > 20, "{looked} templates");
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    for template in
        ["<p>{{ name }} is gone</p>", "<b aria-label=\"Close {{ x }}\">", "Loose words {% if x %}<p>"]
    {
        assert!(read(&bare(template)).iter().any(|said| said.contains(char::is_alphabetic)), "{template}");
    }
    assert!(
        !read(&bare("<p class=\"row\">{{ words::x() }} {% if a %}·{% endif %}</p>"))
            .iter()
            .any(|said| said.contains(char::is_alphabetic))
    );
}

/// Sentences of English that Swahili does not hold, as they stand on a page.
fn english() -> impl Iterator<Item = (&'static Entry, &'static str)> {
    let all = words::CATALOGUE.iter().copied().flatten();
    all.flat_map(|entry| entry.en.iter().map(move |text| (entry, *text)))
        // The switch calls the other language by its own name.
        .filter(|(entry, text)| !entry.sw.contains(text) && *text != words::own_name(domain::Language::En))
}

pub(super) fn no_english(path: &str, page: &str) {
    assert!(page.contains("<html lang=\"sw\""), "{path}");
    let said = read(page);
    for (entry, text) in english() {
        // Of a sentence that is told something, what stands around it.
        for piece in text.split(['{', '}', '#']).map(str::trim) {
            let found = if piece.split(' ').count() >= 3 {
                said.iter().any(|said| said.contains(piece))
            } else {
                piece == text && said.iter().any(|said| said == text)
            };
            assert!(!found, "{path} says \"{text}\" ({}::{})", entry.group, entry.key);
        }
    }
}

async fn page(app: &TestApp, path: &str, headers: &[(&'static str, &str)]) -> super::Answer {
    let mut request = request(Method::GET, path, None);
    request.headers_mut().insert("accept", HTML.parse().unwrap());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    app.send(request).await
}

#[tokio::test]
async fn a_page_in_swahili_holds_no_sentence_of_english() {
    let app = TestApp::new().await;
    let swahili = [("accept-language", "sw-TZ,sw;q=0.9,en;q=0.5")];
    no_english("empty", &page(&app, "/admin/tenants", &swahili).await.text);
    let id = app.tenant("Saluni ya Amina").await;
    let idle = app.tenant("Duka la Juma").await;
    let row = NewLog {
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
        sequence: 1,
        id: Id::generate(),
        direction: Direction::In,
        contact: "255754000222".to_owned(),
        text: "Habari".to_owned(),
        wa_message_id: "A1".to_owned(),
        at: "2026-01-10T11:59:00Z".parse().unwrap(),
        silence: None,
    };
    let out = |sequence, delivery, writer| NewLog {
        direction: Direction::Out,
        sequence,
        id: Id::generate(),
        delivery: Some(delivery),
        writer: Some(writer),
        ..row.clone()
    };
    let ours = [
        out(2, domain::Delivery::Failed, domain::Writer::Phone),
        out(3, domain::Delivery::Read, domain::Writer::Person),
        out(4, domain::Delivery::Waiting, domain::Writer::Bot),
    ];
    let all: Vec<_> = std::iter::once(row.clone()).chain(ours).collect();
    app.store.tenant(id).append_logs(Id::generate(), &all).await.unwrap();
    assert!(app.post(&format!("/admin/tenants/{id}/worker/start"), &json!({})).await.status == 200);
    app.clock.advance(jiff::SignedDuration::from_secs(300));
    for path in [
        "/admin/tenants".to_owned(),
        "/admin/tenants?show=error".to_owned(),
        "/admin/tenants/new".to_owned(),
        format!("/admin/tenants/{id}"),
        format!("/admin/tenants/{idle}"),
        "/admin/setup-requests".to_owned(),
        "/admin/events".to_owned(),
        "/admin/system".to_owned(),
        "/source".to_owned(),
        "/admin/nothing".to_owned(),
        format!("/admin/tenants/{}", Id::<domain::id::kind::Tenant>::generate()),
    ] {
        no_english(&path, &page(&app, &path, &swahili).await.text);
    }
    // A request, a suspension, and an action on many, as their pages show them.
    let filed = app
        .post(
            "/admin/setup-requests",
            &json!({
                "tenant_id": idle,
                "owner": { "name": "Asha Mrisho", "email": "asha@example.com" },
                "template_type": "ECOMMERCE",
                "whatsapp_number": "+255 712 345 678",
            }),
        )
        .await;
    let request_page = format!("/admin/setup-requests/{}", filed.json()["id"].as_str().unwrap());
    assert_eq!(
        app.post(&format!("/admin/tenants/{idle}/suspend"), &json!({ "reason": "Deni" })).await.status,
        200
    );
    let begun = app.post("/admin/tenants/actions", &json!({ "action": "restart", "ids": [id] })).await;
    let progress = begun.headers["location"].to_str().unwrap().to_owned();
    for path in [
        request_page.as_str(),
        "/admin/setup-requests",
        &format!("/admin/tenants/{idle}"),
        &progress,
        "/admin/events",
        "/admin/tenants?show=waiting",
    ] {
        no_english(path, &page(&app, path, &swahili).await.text);
    }
    let list = page(&app, "/admin/tenants", &swahili).await;
    assert!(
        list.text.contains("Pia imesitishwa") && list.text.contains("data-spans=\"sek #|dk #|saa #|siku #\"")
    );
    assert!(list.headers["vary"].to_str().unwrap().contains("Accept-Language, Cookie"));
}

#[tokio::test]
async fn an_operator_chooses_the_language_and_comes_back() {
    let app = TestApp::new().await;
    let here = page(&app, "/admin/tenants?show=paused", &[]).await.text;
    assert!(here.contains("<html lang=\"en\""), "{here}");
    assert!(here.contains("name=\"back\" value=\"/admin/tenants?show=paused\""), "{here}");
    let chosen =
        app.form("/admin/language", &[("language", "sw"), ("back", "/admin/tenants?show=paused")]).await;
    assert_eq!(
        (chosen.status.as_u16(), &chosen.headers["location"]),
        (303, &"/admin/tenants?show=paused".parse().unwrap())
    );
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let kept = cookie.split(';').next().unwrap();
    for path in ["/admin/tenants", "/admin/sign-in", "/admin/nothing"] {
        let page = page(&app, path, &[("cookie", kept), ("accept-language", "en")]).await.text;
        assert!(page.contains("<html lang=\"sw\"") && page.contains(">English</button>"), "{path}: {page}");
    }
    for elsewhere in ["https://example.org/", "//example.org/admin/", "/\\example.org"] {
        let chosen = app.form("/admin/language", &[("language", "en"), ("back", elsewhere)]).await;
        assert_eq!(chosen.headers["location"], "/admin/tenants", "{elsewhere}");
    }
    let wrong = app.form("/admin/language", &[("language", "de")]).await;
    assert!(wrong.status == 422 && !wrong.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn documents_stay_english_and_problems_on_pages_do_not() {
    let app = TestApp::new().await;
    let mut asked = request(Method::GET, "/admin/tenants/x", None);
    asked.headers_mut().insert("accept-language", "sw".parse().unwrap());
    asked.headers_mut().insert("cookie", "flowhq_lang=sw".parse().unwrap());
    assert_eq!(app.send(asked).await.json()["title"], "Invalid id");
    let swahili = [("accept-language", "sw")];
    let mut form = request(Method::POST, "/admin/tenants", Some("name=".to_owned()));
    for (name, value) in [("accept", HTML), ("content-type", "application/x-www-form-urlencoded"), swahili[0]]
    {
        form.headers_mut().insert(name, value.parse().unwrap());
    }
    let refused = app.send(form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("” ina herufi 1 hadi 120"), "{}", refused.text);
}

/// Handlers that say something by themselves, each for a reason.
const BY_THEMSELVES: [(&str, &str); 3] = [
    ("idempotency.rs", "scripts alone send a key, and read English"),
    ("update.rs", "scripts alone send If-Match"),
    ("api_document.rs", "the document of the API is in English"),
];

#[test]
fn no_handler_says_a_sentence_of_its_own() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let sentence = regex::Regex::new("\"[`A-Z][a-z`_]* [^\"]{8,}[.!?]\"").unwrap();
    let mut looked = 0;
    for file in files.iter().filter(|file| !file.ends_with("testing.rs")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        if BY_THEMSELVES.iter().any(|(known, _)| *known == name) {
            continue;
        }
        looked += 1;
        let text = std::fs::read_to_string(file).unwrap();
        let product = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        // What describes the API stands in its document, which is English.
        let says = |line: &&str| !line.trim_start().starts_with("//") && !line.contains("description = ");
        for line in product.lines().filter(says) {
            let said = sentence.find(line).map(|said| said.as_str());
            assert!(said.is_none(), "{name} says {said:?} by itself: it belongs to crates/words");
        }
    }
    assert!(looked > 90, "{looked} files");
}

/// Names of ours that are written like events of the audit log and are none.
const NO_EVENTS: [&str; 7] = [
    "CARGO_PKG_VERSION",
    "CARGO_MANIFEST_DIR",
    "ALERT_EMAIL_TO",
    "ALERT_EMAIL_FROM",
    "ADMIN_URL",
    "SQLITE_TMPDIR",
    "GLIBC_TUNABLES",
];

fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let tests = ["tests", "testing"].iter().any(|name| path.ends_with(name));
        match path.is_dir() {
            true if !tests => sources(&path, found),
            false if path.extension().is_some_and(|kind| kind == "rs") => found.push(path),
            _ => {}
        }
    }
}

#[test]
fn every_event_that_is_written_down_has_words() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in ["store", "supervisor", "control", "accounts"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let quoted = regex::Regex::new("\"([A-Z]+(_[A-Z]+)+)\"").unwrap();
    let mut seen = std::collections::BTreeSet::from(["CONFIRMED".to_owned()]);
    for file in files.iter().filter(|file| !file.ends_with("testing.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        seen.extend(quoted.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    let events: Vec<_> = seen.iter().filter(|name| !NO_EVENTS.contains(&name.as_str())).collect();
    assert!(events.len() > 40, "{events:?}");
    for event in events {
        assert!(words::event::of(event).is_some(), "crates/words/src/say/event.rs has no word for {event}");
    }
}
