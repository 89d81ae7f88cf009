//! The business profile, the trial of a bot, and the books: by scripts, by forms, and with what is wrong.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use web::serve::Peer;

use super::{Answer, HTML, PASSWORD, TestApp, basic, request};

/// A request with a body of a media type; by a page where `html`.
async fn send(
    app: &TestApp,
    method: Method,
    path: &str,
    media: &str,
    body: impl Into<Vec<u8>>,
    html: bool,
) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", basic("admin", PASSWORD))
        .header("accept", if html { HTML } else { "application/json" })
        .header("content-type", media)
        .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
    app.send(request.body(Body::from(body.into())).unwrap()).await
}

async fn put(app: &TestApp, path: &str, body: &Value, seen: Option<&str>) -> Answer {
    let mut request = request(Method::PUT, path, Some(body.to_string()));
    if let Some(seen) = seen {
        request.headers_mut().insert("if-match", seen.parse().unwrap());
    }
    app.send(request).await
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_new_tenant_has_its_packs_profile_and_a_change_names_the_version_it_saw() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/profile", app.tenant("Amina").await);
    let first = app.get(&path).await;
    assert_eq!((first.status, first.headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"1\""));
    let mut profile = first.json();
    assert_eq!(
        (profile["version"].as_i64(), profile["services"][0]["code"].as_str()),
        (Some(1), Some("visit"))
    );
    profile["services"][0]["price"] = json!(12.5);
    let saved = put(&app, &path, &profile, Some("\"1\"")).await;
    assert_eq!((saved.status, saved.json()["version"].as_i64()), (StatusCode::OK, Some(2)), "{}", saved.text);
    let late = put(&app, &path, &profile, Some("\"1\"")).await;
    assert_eq!(late.problem(), (412, "stale".to_owned(), Some("version".to_owned())));
    assert_eq!(app.get(&path).await.json()["version"], 2);
    assert_eq!(app.events().await.last().unwrap(), "PROFILE_CHANGED");
    let file = app.get(&format!("{path}.json")).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("profile.json"));
    assert_eq!(put(&app, &path, &file.json(), None).await.json()["services"], saved.json()["services"]);
}

#[tokio::test]
async fn each_fault_of_a_profile_names_its_field_and_nothing_is_changed() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/profile", app.tenant("Amina").await);
    let service = |change: (&str, Value)| {
        let mut service = json!({ "code": "braids", "name": { "sw": "Kusuka" }, "minutes": 90 });
        service[change.0] = change.1;
        json!({ "services": [service] })
    };
    for (body, field) in [
        (service(("minutes", json!(7))), "services[0].minutes"),
        (service(("code", json!("Two words"))), "services[0].code"),
        (service(("name", json!({}))), "services[0].name"),
        (service(("name", json!({ "sw": "x".repeat(61) }))), "services[0].name"),
        (json!({ "contact": { "map_link": "javascript:alert(1)" } }), "contact.map_link"),
        (json!({ "manners": { "left_alone": ["nobody"] } }), "manners.left_alone[0]"),
        (json!({ "urgent_words": vec!["haraka"; 101] }), "urgent_words"),
        (json!({ "texts": { "greeting": { "sw": "{{ " } } }), "texts.greeting"),
    ] {
        let refused = put(&app, &path, &body, None).await;
        let (status, word, named) = refused.problem();
        assert_eq!((status, word.as_str()), (422, "invalid-field"), "{}", refused.text);
        assert!(named.as_deref().is_some_and(|named| named.starts_with(field)), "{field}: {}", refused.text);
    }
    for nonsense in ["", "{", "[]", "{\"servicez\":[]}", "{\"services\":{}}", "\u{feff}{}"] {
        let refused = send(&app, Method::PUT, &path, "application/json", nonsense, false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}: {}", refused.text);
    }
    let huge = send(&app, Method::PUT, &path, "application/json", vec![b' '; 1024 * 1024 + 1], false).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.get(&path).await.json()["version"], 1);
}

#[tokio::test]
async fn services_and_products_go_out_and_in_as_tables() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/profile", app.tenant("Amina").await);
    let table = app.get(&format!("{path}/services.csv")).await;
    assert!(table.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let services = format!("{path}/services.csv");
    let saved = send(&app, Method::PUT, &services, "text/csv", table.text.clone(), false).await;
    assert_eq!(saved.json()["services"], app.get(&path).await.json()["services"], "what goes out comes in");
    let wrong = table.text.replacen("30", "an hour", 1);
    let refused = send(&app, Method::PUT, &services, "text/csv", wrong, false).await;
    assert_eq!(refused.problem().2.as_deref(), Some("services"));
    assert!(refused.text.contains("minutes"), "{}", refused.text);

    let catalogue = format!("{path}/catalogue.csv");
    let rice = |stock: &str| format!("code,name_sw,price,stock\nrice-5,Mchele,15000,{stock}\n");
    let counted = async |stock: &str| {
        let saved = send(&app, Method::PUT, &catalogue, "text/csv", rice(stock), false).await.json();
        (saved["version"].as_i64().unwrap(), saved["catalogue"][0]["stock_counted"].as_i64().unwrap())
    };
    let (first, counted_at) = counted("10").await;
    assert_eq!(counted_at, first);
    assert_eq!(counted("10").await, (first + 1, first), "the same number: what was sold stays sold");
    assert_eq!(counted("12").await, (first + 2, first + 2), "another number: counted anew");
    let price = send(&app, Method::PUT, &catalogue, "text/csv", "code,name_sw\nrice-5,Mchele\n", false).await;
    assert_eq!(price.problem().2.as_deref(), Some("catalogue"));
}

#[tokio::test]
async fn the_page_saves_a_part_keeps_what_was_typed_and_takes_files_without_a_script() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/profile", app.tenant("Amina").await);
    let page = app.page(&format!("{path}?part=services&at=visit")).await;
    assert!(page.text.contains("name=\"minutes\"") && page.text.contains("value=\"visit\""), "{}", page.text);
    let form = |body: &'static str| send(&app, Method::POST, &path, FORM, body, true);
    let saved = form("part=services&version=1&at=visit&minutes=45&price=9000").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let service = app.get(&path).await.json()["services"][0].clone();
    assert_eq!((service["minutes"].as_i64(), service["price"].as_str()), (Some(45), Some("9000")));
    let refused = form("part=services&version=2&at=visit&minutes=45&price=nine").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"nine\"") && refused.text.contains("e-price"), "{}", refused.text);
    let stale = form("part=contact&version=1&phone=%2B255712345678").await;
    assert!(stale.status == StatusCode::PRECONDITION_FAILED && stale.text.contains("+255712345678"));
    assert!(
        stale.text.contains("name=\"version\" value=\"2\""),
        "who saves a second time has seen what stands"
    );
    let nowhere = form("part=kitchen").await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);

    let file = format!("{path}/file");
    let whole = |what: &str, text: &str| {
        format!(
            "--x\r\ncontent-disposition: form-data; name=\"what\"\r\n\r\n{what}\r\n--x\r\ncontent-disposition: \
             form-data; name=\"version\"\r\n\r\n2\r\n--x\r\ncontent-disposition: form-data; name=\"file\"; \
             filename=\"a\"\r\ncontent-type: application/json\r\n\r\n{text}\r\n--x--\r\n"
        )
    };
    let media = "multipart/form-data; boundary=x";
    for (what, text, said) in [
        ("profile", "{\"services\":{}}", "no business profile"),
        ("profile", "", "missing or empty"),
        ("services", "code,minutes\na b,30\n", "1 to 40"),
        ("menu", "{}", "is one of"),
    ] {
        let refused = send(&app, Method::POST, &file, media, whole(what, text), true).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what} {text}");
        assert!(refused.text.contains(said), "{what} {text}: {}", refused.text);
    }
    let broken = send(&app, Method::POST, &file, media, "--x\r\nnonsense", false).await;
    assert_eq!(broken.problem().2.as_deref(), Some("file"));
    let taken =
        send(&app, Method::POST, &file, media, whole("profile", "{\"urgent_words\":[\"moto\"]}"), true).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert_eq!(app.get(&path).await.json()["urgent_words"], json!(["moto"]));
}

#[tokio::test]
async fn a_bot_is_tried_with_its_own_profile_and_nothing_of_it_is_kept() {
    let app = TestApp::new().await;
    let (id, other) = (app.tenant("Amina").await, app.tenant("Baraka").await);
    let path = format!("/admin/tenants/{id}/try");
    let questions = json!({ "questions": [{ "question": { "sw": "Mna maegesho?" }, "words": ["maegesho"], "answer": { "sw": "Sinza Kumekucha." } }] });
    put(&app, &format!("/admin/tenants/{id}/profile"), &questions, None).await;
    let events = app.events().await;
    let said = app.post(&path, &json!({ "text": "Mna maegesho?" })).await.json();
    let lines = said["lines"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line["bot"] == true && line["text"].as_str().unwrap().contains("Sinza Kumekucha")),
        "{said}"
    );
    // What is told it meanwhile counts at once, and the conversation goes on.
    let moved = questions.to_string().replace("Kumekucha", "Mori").parse::<Value>().unwrap();
    put(&app, &format!("/admin/tenants/{id}/profile"), &moved, None).await;
    let again = app.post(&path, &json!({ "text": "maegesho" })).await.json();
    assert!(
        again.to_string().contains("Sinza Mori") && again["lines"].as_array().unwrap().len() > lines.len()
    );
    let page = app.page(&path).await.text;
    assert!(page.contains("Sinza Mori") && page.contains("<form"), "{page}");
    assert_eq!(app.get(&format!("/admin/tenants/{other}/try")).await.json()["lines"], json!([]));
    let before = again["now"].as_str().unwrap().to_owned();
    let later = app.post(&path, &json!({ "wait_minutes": 60 })).await.json();
    assert!(later["now"].as_str().unwrap() > before.as_str());
    for (body, field) in [
        (json!({}), "text"),
        (json!({ "text": "x".repeat(4_097) }), "text"),
        (json!({ "wait_minutes": 0 }), "wait_minutes"),
        (json!({ "wait_minutes": "soon" }), "wait_minutes"),
        (json!({ "wait_minutes": 10_081 }), "wait_minutes"),
    ] {
        assert_eq!(app.post(&path, &body).await.problem().2.as_deref(), Some(field), "{body}");
    }
    assert_eq!(app.post(&path, &json!({ "again": "yes" })).await.json()["lines"], json!([]));
    app.post(&path, &json!({ "text": "Habari" })).await;
    app.clock.advance(jiff::SignedDuration::from_mins(31));
    assert_eq!(app.get(&path).await.json()["lines"], json!([]), "forgotten after half an hour");
    assert_eq!(app.events().await.len(), events.len() + 1, "but for the profile, nothing was written down");
    assert_eq!(app.store.tenant(id).last_place().await.unwrap(), 0);
}

#[tokio::test]
async fn strange_messages_get_a_sensible_answer_in_a_trial() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/try", app.tenant("Amina {{ 7 * 7 }}").await);
    for text in
        ["😀😀", "{{ 7 * 7 }}", "\u{202e}abc", "29/2", "99999999999999999999", "<script>alert(1)</script>"]
    {
        let said = app.post(&path, &json!({ "text": text })).await;
        assert_eq!(said.status, StatusCode::OK, "{text}: {}", said.text);
        assert!(!said.text.contains("49"), "{text}: {}", said.text);
    }
    assert!(!app.page(&path).await.text.contains("<script>alert"));
}

#[tokio::test]
async fn the_books_list_find_and_export_and_a_change_needs_the_worker() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.booking(id, "=Asha").await;
    let path = |rest: &str| format!("/admin/tenants/{id}/{rest}");
    let found = async |rest: &str| app.get(&path(rest)).await.json().as_array().unwrap().len();
    assert_eq!(found("bookings").await, 1);
    assert_eq!(found("bookings?day=2026-01-10").await, 1);
    assert_eq!(found("bookings?day=2026-01-11").await, 0);
    assert_eq!(found("bookings?state=came").await, 0);
    assert_eq!(found("bookings?search=asha").await, 1);
    assert_eq!((found("orders").await, found("tickets").await, found("blocks").await), (0, 0, 0));
    for (query, field) in
        [("day=soon", "day"), ("state=placed", "state"), ("limit=0", "limit"), ("before=x", "before")]
    {
        assert_eq!(app.get(&path(&format!("bookings?{query}"))).await.problem().2.as_deref(), Some(field));
    }
    let csv = app.get(&path("bookings.csv")).await.text;
    assert!(csv.contains("B-1001,booked,2026-01-10,18:00,'=Asha,\"=\"\"255754000222\"\"\""), "{csv}");
    assert_eq!(app.events().await.last().unwrap(), "RECORDS_EXPORTED");
    let page = app.page(&path("bookings")).await.text;
    assert!(page.contains("18:00") && page.contains("=Asha") && page.contains("+255 754 000 222"), "{page}");
    let tenant = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(tenant.contains("<b>18:00</b> =Asha"), "today's are on the tenant's page");
    let one = app.page(&path("records/B-1001")).await.text;
    assert!(one.contains("name=\"version\" value=\"1\"") && one.contains("value=\"came\""), "{one}");
    assert_eq!(app.get(&path("records/B-9")).await.problem().1, "record-not-found");

    let change = async |body: Value| app.post(&path("records/B-1001"), &body).await.problem();
    assert_eq!(change(json!({ "state": "came" })).await.2.as_deref(), Some("version"));
    assert_eq!(change(json!({ "version": 1, "state": "shipped" })).await.2.as_deref(), Some("state"));
    assert_eq!(change(json!({ "version": 1, "time": "14:31" })).await.2.as_deref(), Some("time"));
    assert_eq!(change(json!({ "version": 1, "minutes": 7 })).await.2.as_deref(), Some("minutes"));
    assert_eq!(change(json!({ "version": 1, "state": "came" })).await.1, "worker-stopped");
    let walk_in = json!({ "day": "2026-01-11", "time": "10:00", "name": "Neema" });
    assert_eq!(app.post(&path("records"), &walk_in).await.problem().1, "worker-stopped");
    for (field, wrong) in [
        ("day", "11.1."),
        ("time", "ten"),
        ("name", ""),
        ("service", "braid"),
        ("kind", "feast"),
        ("with", "Juma"),
    ] {
        let mut body = walk_in.clone();
        body[field] = json!(wrong);
        assert_eq!(app.post(&path("records"), &body).await.problem().2.as_deref(), Some(field));
    }
    let contact = app.get(&format!("/admin/tenants/{id}/contacts/255754000222")).await.json();
    assert_eq!(contact["records"][0]["reference"], "B-1001", "it is told of the customer too");
    assert_eq!(app.get(&path("hand-offs")).await.json(), json!({ "total": 0, "chats": [] }));
}

/// The packs of this tree, as an installation with PACKS_DIR has them.
fn restaurant() -> replies::Packs {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/restaurant");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.map(|path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
    });
    let mut packs = replies::Packs::default();
    packs.add(&files.collect()).unwrap();
    packs
}

#[tokio::test]
async fn a_pack_of_the_installation_is_offered_by_its_name_and_one_that_is_gone_is_said() {
    let app = TestApp::new().await;
    let wanted = json!({ "name": "Mama Lishe", "template_type": "RESTAURANT" });
    let refused = app.post("/admin/tenants", &wanted).await;
    assert_eq!(refused.problem(), (422, "invalid-field".to_owned(), Some("template_type".to_owned())));
    assert!(refused.text.contains("BOOKING, ECOMMERCE, SUPPORT"), "{}", refused.text);
    app.supervisor.exchange_packs(restaurant());
    assert!(app.page("/admin/tenants/new").await.text.contains(">Restaurant</option>"));
    let created = app.post("/admin/tenants", &wanted).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let path = format!("/admin/tenants/{}", created.json()["id"].as_str().unwrap());
    let profile = app.get(&format!("{path}/profile")).await.json();
    assert_eq!(profile["catalogue"][0]["code"], "pilau", "it begins with its pack's");
    let tried = app.post(&format!("{path}/try"), &json!({ "text": "Hello" })).await;
    assert!(tried.text.contains("Mama Lishe! 🍲"), "{}", tried.text);
    let filed = json!({
        "tenant_id": created.json()["id"], "owner": { "name": "Asha", "email": "asha@example.com" },
        "template_type": "RESTAURANT", "whatsapp_number": "+255712345678",
    });
    let filed = app.post("/admin/setup-requests", &filed).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text);

    app.supervisor.exchange_packs(replies::Packs::default());
    assert!(app.page("/admin/tenants").await.text.contains("No pack RESTAURANT"));
    let page = app.page(&path).await.text;
    assert!(page.contains("RESTAURANT (not on this installation)"), "{page}");
    assert!(page.contains("hands every customer to a person"), "{page}");
    assert!(app.get(&path).await.text.contains("RESTAURANT is not on this installation"));
    let renamed = json!({ "name": "Mama", "config": { "template_type": "RESTAURANT" } });
    assert_eq!(app.patch(&path, &renamed).await.status, StatusCode::OK, "what stands may stay");
    let approve = format!("/admin/setup-requests/{}/approve", filed.json()["id"].as_str().unwrap());
    let refused = app.post(&approve, &json!({})).await;
    assert_eq!(refused.problem().2.as_deref(), Some("template_type"), "{}", refused.text);
}

#[tokio::test]
async fn hours_come_in_both_forms_and_from_the_page_with_breaks_holidays_and_days_of_their_own() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}", app.tenant("Amina").await);
    let plain = json!([[[540, 1080]], [], [], [], [], [], []]);
    let hours = |hours: &serde_json::Value| json!({ "config": { "hours_json": hours } });
    let old = app.patch(&path, &hours(&plain)).await;
    assert_eq!(old.json()["config"]["hours"], plain, "as it always was");
    let whole = json!({
        "week": plain, "breaks": [[[780, 840]], [], [], [], [], [], []],
        "closed": [{ "from": "2026-12-25", "to": "2026-12-26", "name": { "sw": "Krismasi", "en": "Christmas" } }],
        "days": [{ "date": "2026-12-24", "spans": [[540, 720]], "name": {} }],
    });
    let new = app.patch(&path, &hours(&whole)).await;
    assert_eq!(new.json()["config"]["hours"], whole, "{}", new.text);
    let wrong = json!({ "week": plain, "closed": [{ "from": "2026-12-26", "to": "2026-12-25" }] });
    let refused = app.patch(&path, &hours(&wrong)).await;
    assert_eq!(refused.problem().2.as_deref(), Some("config.hours.closed[0]"));
    assert!(refused.text.contains("Holidays"), "{}", refused.text);

    let page = app.page(&path).await.text;
    for shown in ["13:00-14:00", "2026-12-25 - 2026-12-26 = Krismasi / Christmas", "2026-12-24: 09:00-12:00"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let form = |body: &'static str| send(&app, Method::POST, &path, FORM, body, true);
    let refused = form("holidays=Christmas&breaks_0=1pm&version=3").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains(">Christmas</textarea>") && refused.text.contains("value=\"1pm\""),
        "typed stays"
    );
    let saved = form("holidays=2027-01-01&special=&version=3").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stands = app.get(&path).await.json()["tenant"]["config"]["hours"].clone();
    assert_eq!((&stands["closed"][0]["from"], stands.get("days")), (&json!("2027-01-01"), None));
    assert_eq!(stands["breaks"][0], json!([[780, 840]]), "what is not sent stays");
}

#[tokio::test]
async fn texts_of_the_pack_are_said_differently_and_each_fault_stands_beside_its_field() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants/{}/profile", app.tenant("Amina").await);
    let list = app.page(&format!("{path}?part=texts")).await.text;
    assert!(list.contains("at=greeting") && !list.contains("name=\"said_sw\""), "{list}");
    let page = app.page(&format!("{path}?part=texts&at=greeting")).await.text;
    assert!(
        page.contains("{{ business }}") && page.contains("name=\"said_en\""),
        "the pack's own stands there"
    );
    let form = |body: &'static str| send(&app, Method::POST, &path, FORM, body, true);
    let refused = form("part=texts&version=1&at=greeting&said_en=%7B%7B+nobody+%7D%7D").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(
        refused.text.contains("{{ nobody }}</textarea>") && refused.text.contains("e-said_en"),
        "{}",
        refused.text
    );
    let saved = form("part=texts&version=1&at=greeting&said_sw=Mambo!&said_en=").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(app.get(&path).await.json()["texts"]["greeting"], json!({ "sw": "Mambo!" }));

    let two = form("part=services&version=2&at=visit&at_once=101&minutes=7&price=9000").await;
    assert_eq!(two.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(two.text.contains("e-minutes") && two.text.contains("value=\"101\""), "{}", two.text);
    assert!(two.text.contains("e-at_once"), "{}", two.text);
    assert!(!two.text.contains("name=\"code\""), "nobody is asked for a code: {}", two.text);
}
