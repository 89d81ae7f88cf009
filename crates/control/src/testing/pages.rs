//! The tenants' pages: the same addresses as the API, for whoever prefers HTML.

use axum::body::Body;
use domain::{Direction, Id, TenantEvent, TenantId};
use http::{Method, Request, StatusCode};
use serde_json::json;
use store::{EventDetails, NewLog};

use super::{Answer, TestApp, request};

fn html(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("accept", "text/html,*/*;q=0.8".parse().unwrap());
    request
}

impl TestApp {
    pub(super) async fn page(&self, path: &str) -> Answer {
        let answer = self.send(html(request(Method::GET, path, None))).await;
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="), "{path}");
        answer
    }

    /// A part of a page, as its script asks for it.
    pub(super) async fn part(&self, path: &str) -> Answer {
        let mut request = request(Method::GET, path, None);
        request.headers_mut().insert("hx-request", "true".parse().unwrap());
        self.send(request).await
    }

    /// A form as a browser without scripts sends it.
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", web::place::encode(value))).collect();
        let mut request = html(request(Method::POST, path, Some(body.join("&"))));
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        self.send(request).await
    }
}

pub(super) fn log(sequence: u64, direction: Direction, contact: &str, text: &str) -> NewLog {
    NewLog {
        sequence,
        id: Id::generate(),
        direction,
        contact: contact.to_owned(),
        text: text.to_owned(),
        wa_message_id: format!("A{sequence}"),
        at: "2026-01-10T11:59:00Z".parse().unwrap(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

async fn with_messages(app: &TestApp) -> TenantId {
    let id = app.tenant("Saluni <b>").await;
    let rows = [
        log(1, Direction::In, "255754000222", "Habari <script>"),
        log(2, Direction::Out, "255754000222", "Karibu"),
        log(3, Direction::In, "255754000333", "=HYPERLINK(\"x\")"),
    ];
    app.store.tenant(id).append_logs(Id::generate(), &rows).await.unwrap();
    id
}

#[tokio::test]
async fn an_empty_list_says_what_to_do_first() {
    let app = TestApp::new().await;
    let page = app.page("/admin/tenants").await.text;
    assert!(page.contains("No bots yet") && page.contains("href=\"/admin/tenants/new\""), "{page}");
}

#[tokio::test]
async fn a_row_shows_its_tenant_and_what_is_needed() {
    let app = TestApp::new().await;
    let id = with_messages(&app).await;
    let page = app.page("/admin/tenants").await.text;
    assert!(page.contains("Saluni &#60;b&#62;") && !page.contains("Saluni <b>"), "{page}");
    assert!(page.contains(&format!("formaction=\"/admin/tenants/{id}/worker/start\"")), "{page}");
    assert!(page.contains("type=\"submit\" form=\"act\""), "or its script does not know the pressed button");
    assert!(page.contains("Not started") && page.contains("NEW · DISCONNECTED"), "{page}");
    assert!(page.contains("data-stream=\"/admin/stream?after="), "{page}");
    app.tenant("Bahati").await;
    let found = app.part("/admin/tenants?search=bahati").await.text;
    assert!(found.starts_with("<div id=\"list\">") && found.contains("Bahati") && !found.contains("Saluni"));
    let rows = app.part(&format!("/admin/tenants?ids={id}")).await.text;
    assert!(
        rows.contains("hx-swap-oob=\"true\"") && rows.contains("id=\"tiles\"") && !rows.contains("Bahati")
    );
    let none = app.page("/admin/tenants?show=error").await.text;
    assert!(none.contains("No tenant is like that"), "{none}");
}

#[tokio::test]
async fn the_same_address_answers_json_and_knows_groups_and_orders() {
    let app = TestApp::new().await;
    app.tenant("b").await;
    app.tenant("A").await;
    let names = |answer: Answer| {
        let list = answer.json();
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(app.get("/admin/tenants?sort=name").await), ["A", "b"]);
    assert_eq!(names(app.get("/admin/tenants?show=new&limit=1").await), ["A"]);
    let first = app.get("/admin/tenants?sort=name&limit=1").await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    let next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    assert_eq!(names(app.get(&next).await), ["b"], "{link}");
    assert_eq!(app.get("/admin/tenants?show=x").await.problem().2.as_deref(), Some("show"));
    assert_eq!(app.get("/admin/tenants?ids=7").await.problem().2.as_deref(), Some("ids"));
}

#[tokio::test]
async fn a_tenant_is_created_by_its_form_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let typed = [
        ("name", "Saluni ya Amina"),
        ("phone_number", "12"),
        ("template_type", "SUPPORT"),
        ("business_name", ""),
        ("language", "EN"),
    ];
    let refused = app.form("/admin/tenants", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"e-phone_number\""), "{}", refused.text);
    assert!(refused.text.contains("value=\"Saluni ya Amina\"") && refused.text.contains("value=\"12\""));
    assert!(refused.text.contains("<option value=\"SUPPORT\" selected>"), "{}", refused.text);

    let mut typed = typed;
    typed[1].1 = "+255 712 345 678";
    let created = app.form("/admin/tenants", &typed).await;
    assert_eq!(created.status, StatusCode::SEE_OTHER, "{}", created.text);
    let place = created.headers["location"].to_str().unwrap().to_owned();
    let tenant = app.get(&place).await.json();
    assert_eq!(tenant["tenant"]["phone_number"], "+255712345678");
    assert_eq!(tenant["tenant"]["config"]["template_type"], "SUPPORT");
    assert!(app.page(&place).await.text.contains("+255 712 345 678"));
    assert!(app.events().await.contains(&"TENANT_CREATED".to_owned()));
}

#[tokio::test]
async fn buttons_work_without_a_script_and_with_one() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/worker");
    let started = app.form(&format!("{path}/start"), &[("back", "/admin/tenants?show=paused")]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
    assert_eq!(started.headers["location"], "/admin/tenants?show=paused");
    let elsewhere = app.form(&format!("{path}/stop"), &[("back", "https://evil.example/")]).await;
    assert_eq!(elsewhere.headers["location"].to_str().unwrap(), format!("/admin/tenants/{id}"));
    let mut by_script = request(Method::POST, &format!("{path}/start"), None);
    by_script.headers_mut().insert("hx-request", "true".parse().unwrap());
    let toast = app.send(by_script).await;
    assert!(toast.text.contains("Amina is started."), "{}", toast.text);
    let mut twice = request(Method::POST, &format!("{path}/start"), None);
    twice.headers_mut().insert("hx-request", "true".parse().unwrap());
    let refused = app.send(twice).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.headers["hx-retarget"]),
        (409, &"#toasts".parse().unwrap())
    );
}

#[tokio::test]
async fn many_are_started_at_once_and_the_progress_can_be_asked_for() {
    let app = TestApp::new().await;
    let ids = [app.tenant("a").await, app.tenant("b").await, app.tenant("c").await];
    app.supervisor.start(ids[2]).await.unwrap();
    let begun = app.post("/admin/tenants/actions", &json!({ "action": "start", "ids": ids })).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    let place = begun.headers["location"].to_str().unwrap().to_owned();
    let progress = over(&app, begun).await;
    assert_eq!(progress["failed"].as_array().unwrap().len(), 1, "one ran already: {progress}");
    let page = app.page(&place).await.text;
    assert!(
        page.contains("2 of 3 started.") && page.contains(">c</a>: "),
        "failures are told by name: {page}"
    );
    assert!(page.contains(&format!("{place}/retry")), "{page}");
    app.supervisor.stop(ids[2]).await.unwrap();
    let again = app.post(&format!("{place}/retry"), &json!({})).await;
    assert_eq!((again.status, again.json()["total"].as_u64()), (StatusCode::ACCEPTED, Some(1)));
    let again = over(&app, again).await;
    assert_eq!(again["failed"], json!([]), "it starts once nothing is in its way");
    let none = format!("/admin/tenants/actions/{}/retry", again["id"].as_str().unwrap());
    let refused = app.post(&none, &json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "nothing of it failed");
    let many: Vec<TenantId> = (0..501).map(|_| Id::generate()).collect();
    let refused = app.post("/admin/tenants/actions", &json!({ "action": "stop", "ids": many })).await;
    assert_eq!(refused.problem().2.as_deref(), Some("ids"));
    let form = [("action", "stop"), ("ids", &*ids[0].to_string()), ("ids", &*ids[1].to_string())];
    assert_eq!(app.form("/admin/tenants/actions", &form).await.status, StatusCode::SEE_OTHER);
}

/// The progress of an action on many, once it is over.
#[tokio::test]
async fn what_fails_with_many_is_told_in_the_language_of_who_asked() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.supervisor.start(id).await.unwrap();
    let swahili = |mut request: Request<Body>| {
        request.headers_mut().insert("accept-language", http::HeaderValue::from_static("sw"));
        html(request)
    };
    let body = Some(format!("action=start&ids={id}"));
    let mut begin = swahili(request(Method::POST, "/admin/tenants/actions", body));
    begin.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    let begun = app.send(begin).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    let place = begun.headers["location"].to_str().unwrap().to_owned();
    over(&app, begun).await;
    let page = app.send(swahili(request(Method::GET, &place, None))).await.text;
    let says = words::within(domain::Language::Sw, words::problem::running);
    assert!(page.contains(says), "{says}: {page}");
    // Pressed twice, what failed is tried again once.
    let again = app.form(&format!("{place}/retry"), &[]).await;
    let twice = app.form(&format!("{place}/retry"), &[]).await;
    assert_eq!(
        (again.status, &again.headers["location"]),
        (StatusCode::SEE_OTHER, &twice.headers["location"])
    );
}

async fn over(app: &TestApp, begun: super::Answer) -> serde_json::Value {
    let place = begun.headers["location"].to_str().unwrap().to_owned();
    let mut progress = app.get(&place).await.json();
    while progress["done"] != progress["total"] {
        tokio::task::yield_now().await;
        progress = app.get(&place).await.json();
    }
    progress
}

#[tokio::test]
async fn many_are_suspended_and_configured_at_once_and_nothing_is_touched_by_what_none_could_take() {
    let app = TestApp::new().await;
    let ids = [app.tenant("a").await, app.tenant("b").await];
    let path = "/admin/tenants/actions";
    for (body, field) in [
        (json!({ "action": "suspend", "ids": ids }), "reason"),
        (json!({ "action": "suspend", "ids": ids, "reason": " " }), "reason"),
        (json!({ "action": "configure", "ids": ids }), "change"),
        (json!({ "action": "configure", "ids": ids, "change": { "timezone": "Mars" } }), "timezone"),
        (json!({ "action": "configure", "ids": ids, "change": { "name": "x" } }), "change.name"),
        (json!({ "action": "configure", "ids": [], "change": { "currency": "KES" } }), "ids"),
    ] {
        let refused = app.post(path, &body).await;
        assert_eq!(refused.problem().2.as_deref(), Some(field), "{body}");
    }
    let begun = app.post(path, &json!({ "action": "suspend", "ids": ids, "reason": "Deni" })).await;
    assert_eq!(over(&app, begun).await["failed"], json!([]));
    // The page's form: what is left empty stays.
    let form = [
        ("action", "configure"),
        ("ids", &*ids[0].to_string()),
        ("ids", &*ids[1].to_string()),
        ("timezone", ""),
        ("currency", "kes"),
        ("language", "EN"),
        ("retention_days", "30"),
        ("reason", ""),
    ];
    let led = app.form(path, &form).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text);
    over(&app, led).await;
    for id in ids {
        let tenant = app.get(&format!("/admin/tenants/{id}")).await.json()["tenant"].clone();
        assert_eq!(tenant["suspended_reason"], "Deni", "{tenant}");
        assert_eq!(
            (&tenant["currency"], &tenant["timezone"]),
            (&json!("KES"), &json!("Africa/Dar_es_Salaam"))
        );
        assert_eq!((&tenant["config"]["language"], &tenant["retention_days"]), (&json!("EN"), &json!(30)));
    }
    let refused = app.form(path, &[("action", "configure"), ("ids", &*ids[0].to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Fill in at least one field"), "{}", refused.text);
}

#[tokio::test]
async fn the_code_is_on_the_page_while_it_can_be_scanned_and_the_success_after_it() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.supervisor.start(id).await.unwrap();
    let waiting = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(waiting.contains("Getting a code from WhatsApp"), "{waiting}");
    let expires = "2026-01-10T12:01:00Z".parse().unwrap();
    let details = EventDetails { qr: Some(("2@secret".to_owned(), expires)), ..EventDetails::default() };
    let scope = app.store.tenant(id);
    scope.apply_event(TenantEvent::QrReceived, details).await.unwrap();
    let shown = app.part(&format!("/admin/tenants/{id}?part=now&was=waiting")).await.text;
    assert!(shown.contains("<svg role=\"img\"") && shown.contains("data-countdown=\"2026-01-10T12:01:00Z\""));
    assert!(shown.contains("Linked devices") && !shown.contains("2@secret"), "the text itself is not shown");
    assert!(!app.page("/admin/tenants").await.text.contains("2@secret"));
    let number = domain::Digits::new("255712345678").unwrap();
    let linked = store::LinkedAccount { number, lid: None };
    let details = EventDetails { linked: Some(linked), ..EventDetails::default() };
    scope.apply_event(TenantEvent::Connected, details).await.unwrap();
    let done = app.part(&format!("/admin/tenants/{id}?part=now&was=waiting")).await.text;
    assert!(done.contains("<h2>Linked</h2>") && done.contains("+255 712 345 678"), "{done}");
    let plain = app.part(&format!("/admin/tenants/{id}?part=now")).await.text;
    assert!(!plain.contains("<h2>Linked</h2>") && plain.contains("Answering"), "{plain}");
}

#[tokio::test]
async fn conversations_are_chats_that_can_be_searched_and_exported_without_harm() {
    let app = TestApp::new().await;
    let id = with_messages(&app).await;
    let path = format!("/admin/tenants/{id}");
    let page = app.page(&path).await.text;
    assert!(page.contains("+255 754 000 333") && page.contains("+255 754 000 222"), "{page}");
    let chat = app.page(&format!("{path}?contact=255754000222")).await.text;
    assert!(chat.contains("Habari &#60;script&#62;") && !chat.contains("Habari <script>"), "{chat}");
    let found = app.part(&format!("{path}?part=chats&search=karibu")).await.text;
    assert!(found.contains("Karibu") && !found.contains("HYPERLINK(&#34;x&#34;)<span"), "{found}");
    let wrong = app.page(&format!("{path}?from=yesterday")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let csv = app.get(&format!("{path}/logs.csv")).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        csv.text.starts_with("\u{feff}time (Africa/Dar_es_Salaam),direction,")
            && csv.text.lines().count() == 4,
        "{}",
        csv.text
    );
    assert!(csv.text.contains("\"'=HYPERLINK(\"\"x\"\")\""), "a formula is text: {}", csv.text);
    assert!(app.events().await.contains(&"CONVERSATION_EXPORTED".to_owned()));
}

#[tokio::test]
async fn only_who_has_written_can_be_written_to() {
    let app = TestApp::new().await;
    let id = with_messages(&app).await;
    let path = format!("/admin/tenants/{id}/messages");
    let stranger = app.post(&path, &json!({ "contact": "255754999999", "text": "Habari" })).await;
    assert_eq!(stranger.problem(), (409, "conflict".to_owned(), Some("contact".to_owned())));
    let empty = app.post(&path, &json!({ "contact": "255754000222", "text": "  " })).await;
    assert_eq!(empty.problem().2.as_deref(), Some("text"));
    let away = app.post(&path, &json!({ "contact": "255754000222", "text": "Habari" })).await;
    assert_eq!(away.problem().0, 409, "no worker runs: {}", away.text);
}

#[tokio::test]
async fn the_configuration_is_saved_by_its_form_with_errors_beside_the_fields() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}");
    let mut typed = vec![
        ("name", "Amina 2"),
        ("phone_number", ""),
        ("template_type", "ECOMMERCE"),
        ("business_name", "Duka"),
        ("language", "SW"),
        ("hours_0", "09:00-13:00, 14:00-18:00"),
        ("hours_1", "nonsense"),
    ];
    let refused = app.form(&path, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"e-hours_1\"") && refused.text.contains("value=\"Amina 2\""));
    typed.pop();
    typed.push(("rate_limit_per_minute", "0"));
    let refused = app.form(&path, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"e-rate_limit_per_minute\""), "{}", refused.text);
    typed.pop();
    typed.push(("rate_limit_per_minute", "7"));
    assert_eq!(app.form(&path, &typed).await.status, StatusCode::SEE_OTHER);
    let tenant = app.get(&path).await.json();
    assert_eq!(tenant["tenant"]["config"]["hours"][0], json!([[540, 780], [840, 1080]]));
    assert_eq!(tenant["tenant"]["config"]["business_name"], "Duka");
    let page = app.page(&path).await.text;
    assert!(page.contains("7 a minute and contact, its own"), "{page}");
    assert!(
        page.contains("value=\"09:00-13:00, 14:00-18:00\"") && page.contains("The admin changed Amina 2"),
        "{page}"
    );
}

#[tokio::test]
async fn a_tenant_is_deleted_only_by_its_name() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/delete");
    let refused = app.form(&path, &[("typed_name", "amina")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("nothing was deleted"), "{}", refused.text);
    let gone = app.form(&path, &[("typed_name", "Amina")]).await;
    assert_eq!(
        (gone.status, &gone.headers["location"]),
        (StatusCode::SEE_OTHER, &"/admin/tenants".parse().unwrap())
    );
    assert_eq!(app.get(&format!("/admin/tenants/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_customer_who_is_to_be_forgotten_waits_for_the_next_start_and_page_and_api_say_so() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/contacts/255712000001");
    let at_once = app.send(request(Method::DELETE, &path, None)).await;
    assert_eq!(
        at_once.status,
        StatusCode::OK,
        "a worker that has never run has no journal: {}",
        at_once.text
    );
    assert_eq!(at_once.json()["waiting"], false);
    assert!(!app.page(&format!("/admin/tenants/{id}")).await.text.contains("to be forgotten"));

    let start = format!("/admin/tenants/{id}/worker/start");
    assert_eq!(app.post(&start, &json!({})).await.status, StatusCode::OK);
    let stop = format!("/admin/tenants/{id}/worker/stop");
    assert_eq!(app.post(&stop, &json!({})).await.status, StatusCode::OK);
    let row = NewLog {
        sequence: 1,
        id: Id::generate(),
        direction: Direction::In,
        contact: "255712000001".to_owned(),
        text: "kipepeo".to_owned(),
        wa_message_id: "3EB0".to_owned(),
        at: app.app.now(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    };
    app.store.tenant(id).append_logs(Id::generate(), &[row]).await.unwrap();
    for (time, log_rows) in [("first", 1), ("ordered twice, it is one", 0)] {
        let ordered = app.send(request(Method::DELETE, &path, None)).await;
        assert_eq!(ordered.status, StatusCode::ACCEPTED, "{time}: {}", ordered.text);
        let said = json!({ "journal_messages": 0, "log_rows": log_rows, "records": 0, "waiting": true });
        assert_eq!(ordered.json(), said, "{time}: what the log holds under this name goes at once");
    }
    let tenant = app.get(&format!("/admin/tenants/{id}")).await.json();
    assert_eq!(tenant["tenant"]["worker_process"]["erasures_waiting"], 1, "{tenant}");
    assert_eq!(tenant["logs"], json!([]));
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(page.contains("Customers to be forgotten: 1."), "{page}");
    assert!(!page.contains("255712000001"), "whom, it does not say");
}
