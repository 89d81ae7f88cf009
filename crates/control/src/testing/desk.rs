//! The desk of a business: what its people see and do, and that nobody else does.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use axum::body::{Body, BodyDataStream};
use claim::{Asked, Claim, body_hash};
use domain::{
    Clock as _, JournalId, LogId, MembershipStatus, RecordKind, Role, TenantEvent, TenantId, UserId, Via,
};
use futures_util::StreamExt;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use store::{Actor, NewLog, NewMember, NewPortalSession, NewRecord};
use tokio::time::timeout;
use tower::ServiceExt;

use super::{Answer, HOST, PORTAL_KEY, TestApp};
use crate::notices::{push::encrypt::tests::Reader, watch};

/// Somebody signed in to the portal.
struct Member {
    user: UserId,
    tenant: TenantId,
    session: String,
}

async fn member(app: &TestApp, tenant: TenantId, email: &str, role: Role) -> Member {
    let new = NewMember {
        name: format!("Person {email}"),
        email: email.to_owned(),
        phone: None,
        role,
        status: MembershipStatus::Active,
    };
    let user = app.store.operator().add_member(Some(tenant), &new).await.unwrap().user.id;
    session(app, user, tenant, None).await
}

async fn session(app: &TestApp, user: UserId, tenant: TenantId, looking: Option<(Actor, String)>) -> Member {
    let id = hex::encode(rand::random::<[u8; 32]>());
    let new = NewPortalSession {
        id: id.clone(),
        user,
        tenant: Some(tenant),
        via: if looking.is_some() { Via::Look } else { Via::Password },
        looking,
        new_password: false,
        expires_at: app.clock.now() + jiff::SignedDuration::from_hours(24 * 30),
    };
    app.store.people().put_session(&new).await.unwrap();
    Member { user, tenant, session: id }
}

impl Member {
    fn request(&self, app: &TestApp, method: &Method, path: &str, body: Option<&Value>) -> Request<Body> {
        let text = body.map(Value::to_string).unwrap_or_default();
        let hash = body_hash(text.as_bytes());
        let asked = Asked { method: method.as_str(), path, body_hash: &hash };
        let claim = Claim {
            session: Some(self.session.clone()),
            user: Some(self.user.to_string()),
            tenant: Some(self.tenant.to_string()),
            ..Claim::new(asked, rand::random(), app.clock.now().as_millisecond())
        };
        let mut request = Request::builder().method(method).uri(path).header("host", HOST);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request =
            request.header("x-portal-key", PORTAL_KEY).header("x-portal-claim", app.signer.sign(&claim));
        request.body(Body::from(text)).unwrap()
    }

    async fn ask(&self, app: &TestApp, method: Method, path: &str, body: Option<Value>) -> Answer {
        app.send(self.request(app, &method, path, body.as_ref())).await
    }

    async fn get(&self, app: &TestApp, path: &str) -> Answer {
        self.ask(app, Method::GET, &format!("/portal/{path}"), None).await
    }

    async fn post(&self, app: &TestApp, path: &str, body: Value) -> Answer {
        self.ask(app, Method::POST, &format!("/portal/{path}"), Some(body)).await
    }

    async fn put(&self, app: &TestApp, path: &str, body: Value) -> Answer {
        self.ask(app, Method::PUT, &format!("/portal/{path}"), Some(body)).await
    }

    async fn open(&self, app: &TestApp, path: &str) -> BodyDataStream {
        let request = self.request(app, &Method::GET, path, None);
        let response = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.into_body().into_data_stream()
    }
}

const CONTACT: &str = "255754000222";

/// A tenant whose every word is marked: a customer's message, a booking, a note, a profile, a person.
async fn marked(app: &TestApp, mark: &str) -> (TenantId, Member) {
    let tenant = app.tenant(&format!("{mark} Salon")).await;
    let owner = member(app, tenant, &format!("{}@example.com", mark.to_lowercase()), Role::Owner).await;
    let scope = app.store.tenant(tenant);
    let row = NewLog {
        sequence: 1,
        id: LogId::generate(),
        direction: domain::Direction::In,
        contact: CONTACT.to_owned(),
        text: format!("{mark} says hello"),
        wa_message_id: format!("3EB0{mark}"),
        at: app.clock.now(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
    };
    scope.append_logs(JournalId::generate(), &[row]).await.unwrap();
    let body = json!({
        "kind": "booking", "reference": "B-1001", "version": 1, "service": "", "service_name": format!("{mark} braids"),
        "at": app.clock.now(), "minutes": 60, "lane": "", "with": null, "name": format!("{mark} Asha"), "phone": null,
        "price": "15000", "note": null, "state": "booked", "by": "customer", "made_at": app.clock.now(),
        "changed_at": app.clock.now(),
    });
    let record = NewRecord {
        sequence: 1,
        reference: "B-1001".to_owned(),
        number: 1001,
        kind: RecordKind::Booking,
        contact: Some(CONTACT.to_owned()),
        version: 1,
        open: true,
        state: "booked".to_owned(),
        stands_at: app.clock.now(),
        found_by: format!("B-1001 {mark} Asha"),
        body: body.to_string(),
        changed_at: app.clock.now(),
    };
    scope.append_records(JournalId::generate(), &[record]).await.unwrap();
    let noted = owner
        .put(app, &format!("tenant/current/customers/{CONTACT}"), json!({ "note": format!("{mark} tea") }))
        .await;
    assert_eq!(noted.status, 200);
    (tenant, owner)
}

/// All that is read without a parameter of its own.
const READS: [&str; 20] = [
    "me",
    "tenant/current/status",
    "tenant/current/qr",
    "tenant/current/logs?limit=50",
    "tenant/current/chats",
    "tenant/current/chats?search=hello",
    "tenant/current/chats/255754000222",
    "tenant/current/chats.csv",
    "tenant/current/customers",
    "tenant/current/customers/255754000222",
    "tenant/current/customers.csv",
    "tenant/current/records?kind=BOOKING",
    "tenant/current/profile",
    "tenant/current/config",
    "tenant/current/packs",
    "tenant/current/sayings",
    "tenant/current/records?open=true",
    "tenant/current/notifications",
    "tenant/current/activity",
    "tenant/current/export",
];

#[tokio::test]
async fn two_owners_never_see_anything_of_each_other() {
    let app = TestApp::new().await;
    let (_, asha) = marked(&app, "MarkerAsha").await;
    let (_, baraka) = marked(&app, "MarkerBaraka").await;
    for (own, owner, other) in
        [("MarkerAsha", &asha, "MarkerBaraka"), ("MarkerBaraka", &baraka, "MarkerAsha")]
    {
        let mut seen = String::new();
        for path in READS {
            let answer = owner.get(&app, path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(!answer.text.to_lowercase().contains(&other.to_lowercase()), "{path}: {}", answer.text);
            seen.push_str(&answer.text);
        }
        for what in ["Salon", "says hello", "braids", "Asha", "tea"] {
            assert!(seen.contains(&format!("{own} {what}")), "{what}: one's own is there");
        }
    }
    // A tenant that is not one's own, named in a claim that the portal has signed.
    let crossed = Member { tenant: baraka.tenant, session: asha.session.clone(), user: asha.user };
    for path in READS {
        let answer = crossed.get(&app, path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn staff_read_and_reply_and_neither_export_nor_unlink_nor_change_settings() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let staff = member(&app, tenant, "staff@example.com", Role::Staff).await;
    for (method, path, body) in [
        (Method::GET, "tenant/current/qr", None),
        (Method::GET, "tenant/current/chats.csv", None),
        (Method::GET, "tenant/current/customers.csv", None),
        (Method::GET, "tenant/current/export", None),
        (Method::GET, "tenant/current/activity", None),
        (Method::POST, "setup-request", Some(json!({}))),
        (Method::POST, "tenant/current/pairing-code", None),
        (Method::POST, "tenant/current/link-again", None),
        (Method::POST, "tenant/current/unlink", Some(json!({ "confirm": "x" }))),
        (Method::POST, "tenant/current/chats/255754000222/leave-alone", Some(json!({ "alone": true }))),
        (Method::PUT, "tenant/current/profile", Some(json!({}))),
        (Method::PUT, "tenant/current/config", Some(json!({ "version": 1 }))),
    ] {
        let answer = staff.ask(&app, method.clone(), &format!("/portal/{path}"), body.clone()).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        let answer = owner.ask(&app, method, &format!("/portal/{path}"), body).await;
        assert_ne!(answer.status, 403, "the control: {path}");
    }
    for path in READS {
        let closed = ["qr", "chats.csv", "customers.csv", "export", "activity"];
        if closed.iter().all(|end| !path.ends_with(end)) {
            assert_eq!(staff.get(&app, path).await.status, 200, "{path}");
        }
    }
    // What staff may do is asked of the bot, which does not run here.
    for path in ["take-over", "hand-back", "messages"] {
        let answer = staff
            .post(&app, &format!("tenant/current/chats/{CONTACT}/{path}"), json!({ "text": "hi" }))
            .await;
        assert_eq!(answer.problem().1, "worker-stopped", "{path}");
    }
}

#[tokio::test]
async fn an_operator_who_looks_changes_nothing_and_is_seen_to_have_looked() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let admin = app.app.accounts.account(Actor::Admin).await.unwrap().unwrap();
    let looking = session(&app, owner.user, tenant, Some((Actor::Admin, admin.version))).await;
    assert_eq!(looking.get(&app, "tenant/current/chats").await.status, 200);
    assert!(looking.get(&app, "tenant/current/customers").await.text.contains("Salon tea"));
    let paths = crate::table().into_iter().filter(|route| {
        route.path.starts_with("/portal/tenant/") && !route.method.is_safe()
            || route.path == "/portal/setup-request"
    });
    let mut refused = 0;
    for route in paths {
        let path = route.path.replace("{contact}", CONTACT).replace("{reference}", "B-1001");
        let answer = looking.ask(&app, route.method.clone(), &path, Some(json!({}))).await;
        assert_eq!(answer.status, 403, "{} {path}: {}", route.method, answer.text);
        refused += 1;
    }
    assert!(refused >= 15, "{refused}");
    let activity = owner.get(&app, "tenant/current/activity").await.json();
    let seen = activity["activities"]
        .as_array()
        .unwrap()
        .iter()
        .any(|line| line["eventType"] == "CONVERSATION_READ" && line["who"] == "the operator");
    assert!(seen, "{activity}");
}

fn wish(name: &str) -> Value {
    json!({ "businessName": name, "templateType": "ECOMMERCE", "whatsappNumber": "+255 712 345 678" })
}

#[tokio::test]
async fn a_request_is_sent_once_and_in_force_when_it_is_approved_and_no_sooner() {
    let app = TestApp::new().await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    assert_eq!(owner.get(&app, "me").await.json()["setupRequest"], Value::Null);
    // What the bot is told, and what the tenant is called.
    let in_force = async || {
        let detail = app.store.tenant(tenant).get().await.unwrap();
        (detail.tenant, detail.config)
    };
    let before = in_force().await;
    let mut full = wish("Duka la Asha");
    full["businessType"] = "duka la nguo".into();
    full["hours"] = json!([[[540, 1080]], [], [], [], [], [], []]);
    let sent = owner.post(&app, "setup-request", full.clone()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    let sent = sent.json();
    assert_eq!((&sent["status"], &sent["language"]), (&json!("SUBMITTED"), &json!("SW")));
    assert_eq!(
        (&sent["business_name"], &sent["whatsapp_number"]),
        (&json!("Duka la Asha"), &json!("+255712345678"))
    );
    let twice = owner.post(&app, "setup-request", full).await;
    assert_eq!(twice.problem(), (409, "conflict".to_owned(), Some("setup_request".to_owned())));
    assert_eq!(in_force().await, before, "nothing of it is in force");
    let status = owner.get(&app, "tenant/current/status").await.json();
    assert_eq!(status["waitsFor"], "OPERATOR");
    assert_eq!(status["steps"][1], json!({ "step": "IN_REVIEW", "state": "NOW", "at": null }));
    let early = owner.post(&app, "tenant/current/pairing-code", json!({})).await;
    assert_eq!(early.status, 409, "{}", early.text);

    let id = sent["id"].as_str().unwrap();
    let page = app.get(&format!("/admin/setup-requests/{id}")).await.json();
    assert_eq!(page["business_type"], "duka la nguo");
    let approved = app.post(&format!("/admin/setup-requests/{id}/approve"), &json!({})).await;
    assert_eq!(approved.json()["worker_error"], Value::Null);
    let me = owner.get(&app, "me").await.json();
    assert_eq!(
        (&me["tenant"]["name"], &me["tenant"]["config"]["template_type"]),
        (&json!("Duka la Asha"), &json!("ECOMMERCE"))
    );
    assert_eq!(me["tenant"]["config"]["hours"][0][0], json!([540, 1080]));
    assert_eq!(me["setupRequest"]["status"], "APPROVED");
    assert_eq!(owner.get(&app, "tenant/current/status").await.json()["waitsFor"], "OWNER");

    // Live, and asked for anew: the bot goes on as it is until the next approval.
    app.store.tenant(tenant).apply_event(TenantEvent::Connected, Default::default()).await.unwrap();
    let live = in_force().await;
    let mut other = wish("Jina Jipya");
    other["templateType"] = "SUPPORT".into();
    let other = owner.post(&app, "setup-request", other).await.json();
    assert_eq!(in_force().await, live);
    let rejected = app
        .post(
            &format!("/admin/setup-requests/{}/reject", other["id"].as_str().unwrap()),
            &json!({ "notes": "no" }),
        )
        .await;
    assert_eq!(rejected.status, 200);
    assert_eq!(in_force().await, live);
    let status = owner.get(&app, "tenant/current/status").await.json();
    assert_eq!(
        (&status["setupRequest"]["status"], &status["setupRequest"]["notes"]),
        (&json!("REJECTED"), &json!("no"))
    );
    assert_eq!(status["waitsFor"], "OWNER");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_named_in_the_words_of_the_form() {
    let app = TestApp::new().await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    for (field, value) in [
        ("businessName", json!(" ")),
        ("businessName", json!("a\nb")),
        ("templateType", json!("DANCING")),
        ("whatsappNumber", json!("0712")),
        ("businessType", json!("x".repeat(61))),
        ("hours", json!([[[1080, 540]], [], [], [], [], [], []])),
    ] {
        let mut wrong = wish("Asha");
        wrong[field] = value;
        let answer = owner.post(&app, "setup-request", wrong).await;
        let (status, _, named) = answer.problem();
        assert!(status == 400 || status == 422, "{field}: {}", answer.text);
        assert!(named.is_some_and(|named| named.starts_with(field)), "{field}: {}", answer.text);
    }
    assert!(app.store.tenant(tenant).latest_setup_request().await.unwrap().is_none());
}

#[tokio::test]
async fn approval_by_itself_starts_the_bot_at_once() {
    let app = TestApp::with_portal(|portal| crate::PortalOptions { auto_approve: true, ..portal }).await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    let sent = owner.post(&app, "setup-request", wish("Asha")).await.json();
    assert_eq!((&sent["status"], &sent["reviewed_by"]), (&json!("APPROVED"), &json!("system")));
    let me = owner.get(&app, "me").await.json();
    assert_eq!(me["tenant"]["worker_process"]["status"], "RUNNING");
    assert_eq!(me["tenant"]["status"], "QR_PENDING");
}

#[tokio::test]
async fn what_is_saved_names_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let mut profile = owner.get(&app, "tenant/current/profile").await.json();
    profile["urgent_words"] = json!(["haraka"]);
    let saved = owner.put(&app, "tenant/current/profile", profile.clone()).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let stale = owner.put(&app, "tenant/current/profile", profile).await;
    assert_eq!(stale.problem().1, "stale");
    let config = owner.get(&app, "tenant/current/config").await.json();
    let change =
        json!({ "version": config["version"], "businessName": "Saluni Mpya", "timezone": "Africa/Nairobi" });
    let changed = owner.put(&app, "tenant/current/config", change.clone()).await;
    assert_eq!(changed.json()["businessName"], "Saluni Mpya", "{}", changed.text);
    assert_eq!(owner.put(&app, "tenant/current/config", change).await.problem().1, "stale");
    let version = changed.json()["version"].clone();
    let wrong =
        owner.put(&app, "tenant/current/config", json!({ "version": version, "businessName": "" })).await;
    assert_eq!(wrong.problem().2.as_deref(), Some("businessName"));
    for alone in [true, true, false] {
        let path = format!("tenant/current/chats/{CONTACT}/leave-alone");
        assert_eq!(owner.post(&app, &path, json!({ "alone": alone })).await.status, 204);
        let chat = owner.get(&app, &format!("tenant/current/chats/{CONTACT}")).await.json();
        assert_eq!(chat["leftAlone"], alone);
    }
    let tried = owner.post(&app, "tenant/current/try", json!({ "text": "Habari" })).await.json();
    assert!(tried["lines"].as_array().unwrap().len() >= 2, "{tried}");
    let events = app.store.tenant(tenant).events(store::PageRequest::default()).await.unwrap().items;
    let by = owner.user.to_string();
    assert!(
        events.iter().filter(|event| event.event_type == "PROFILE_CHANGED").all(|event| event.actor == by)
    );
    let nobody = owner.get(&app, "tenant/current/customers/255799999999").await;
    assert_eq!(nobody.status, 404);
    let state =
        owner.put(&app, &format!("tenant/current/customers/{CONTACT}"), json!({ "state": "LOST" })).await;
    assert_eq!((&state.json()["state"], &state.json()["stateSet"]), (&json!("LOST"), &json!(true)));
    let lost = owner.get(&app, "tenant/current/customers?state=LOST").await.json();
    assert_eq!(lost["customers"].as_array().unwrap().len(), 1);
    assert_eq!(owner.get(&app, "tenant/current/customers?state=NEW").await.json()["customers"], json!([]));
    assert_eq!(
        owner.get(&app, "tenant/current/customers?state=MAYBE").await.problem().2.as_deref(),
        Some("state")
    );
}

#[tokio::test]
async fn what_is_typed_is_tried_before_it_is_saved_and_kept_nowhere() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "MARKA").await;
    let mut profile = owner.get(&app, "tenant/current/profile").await.json();
    let version = profile["version"].clone();
    profile["questions"] =
        json!([{ "question": { "sw": "Mna wifi?" }, "words": [], "answer": { "sw": "Ndiyo, bure." } }]);
    let ask = json!({ "text": "Mna wifi?", "profile": profile });
    let tried = owner.post(&app, "tenant/current/preview", ask.clone()).await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert!(tried.text.contains("Ndiyo, bure."), "{}", tried.text);
    let stands = owner.get(&app, "tenant/current/profile").await.json();
    assert_eq!(stands["version"], version, "nothing is saved");
    assert!(!stands.to_string().contains("wifi"));
    let other = owner.post(&app, "tenant/current/preview", json!({ "text": "Mna wifi?" })).await;
    assert!(!other.text.contains("Ndiyo, bure."), "it is forgotten with its answer: {}", other.text);
    assert_eq!(owner.post(&app, "tenant/current/preview", json!({ "text": " " })).await.status, 422);
    let mut wrong = ask;
    wrong["profile"]["questions"] = json!([{ "question": {}, "words": [], "answer": {} }]);
    assert_eq!(owner.post(&app, "tenant/current/preview", wrong).await.status, 422);
    let sayings = owner.get(&app, "tenant/current/sayings").await;
    assert!(sayings.text.contains("\"greeting\""), "{}", sayings.text);
    let records = owner.get(&app, "tenant/current/records?open=true").await;
    assert!(records.text.contains("B-1001"), "{}", records.text);
    let closed = owner.get(&app, "tenant/current/records?open=false").await;
    assert!(!closed.text.contains("B-1001"), "{}", closed.text);
    assert_eq!(owner.tenant, tenant);
}

#[tokio::test]
async fn the_stream_tells_what_happens_and_ends_with_its_reader() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let staff = member(&app, tenant, "staff@example.com", Role::Staff).await;
    let path = "/portal/tenant/current/events";
    let mut stream = owner.open(&app, path).await;
    let mut of_staff = staff.open(&app, path).await;
    let mut text = String::new();
    while !text.contains("event: code") {
        let part = timeout(Duration::from_secs(5), stream.next()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    assert!(text.contains("event: status") && text.contains("\"waitsFor\""), "{text}");
    let first = timeout(Duration::from_secs(5), of_staff.next()).await.unwrap().unwrap().unwrap();
    assert!(std::str::from_utf8(&first).unwrap().starts_with("event: status"));
    app.app.accounts.people().end(&owner.session).await.unwrap();
    let rest = timeout(Duration::from_secs(1), async { while stream.next().await.is_some() {} }).await;
    assert!(rest.is_ok(), "the stream of a session that is over goes on");
    app.store.tenant(tenant).set_member_status(staff.user, MembershipStatus::Removed).await.unwrap();
    app.app.accounts.people().end_all(staff.user).await.unwrap();
    let rest = timeout(Duration::from_secs(1), async {
        let mut said = String::new();
        while let Some(Ok(part)) = of_staff.next().await {
            said.push_str(std::str::from_utf8(&part).unwrap());
        }
        said
    });
    let said = rest.await.expect("the stream of a person who was removed goes on");
    assert!(!said.contains("event: code"), "codes are for owners: {said}");
}

/// A push service of ours: what it is sent, one after the other.
#[expect(clippy::disallowed_methods, reason = "it goes on until the test's process ends")]
fn push_service() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/push/", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let (head, body) = loop {
                let mut part = [0; 4096];
                let read = stream.read(&mut part).unwrap();
                bytes.extend(&part[..read]);
                let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
                let head = String::from_utf8(bytes[..at].to_vec()).unwrap().to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if bytes.len() >= at + 4 + length.parse::<usize>().unwrap() {
                    break (head, bytes[at + 4..].to_vec());
                }
            };
            let status = if head.starts_with("post /push/gone") { "410 Gone" } else { "201 Created" };
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if sender.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn subscription(address: &str, reader: &Reader) -> Value {
    let (p256dh, auth) = reader.keys();
    json!({ "endpoint": address, "expirationTime": null, "keys": { "p256dh": p256dh, "auth": auth } })
}

/// What comes next at the push service.
async fn pushed(receiver: &mpsc::Receiver<(String, Vec<u8>)>) -> (String, Vec<u8>) {
    tokio::task::block_in_place(|| receiver.recv_timeout(Duration::from_secs(10)).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_told_once_that_a_customer_waits_and_nobody_else_can_read_it() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let (_, other) = marked(&app, "Other").await;
    let (address, receiver) = push_service();
    let (one, gone, foreign) = (Reader::new(), Reader::new(), Reader::new());
    for (who, path, reader) in [(&owner, "one", &one), (&owner, "gone", &gone), (&other, "foreign", &foreign)]
    {
        let asked = subscription(&format!("{address}{path}"), reader);
        for _ in 0..2 {
            assert_eq!(
                who.post(&app, "tenant/current/push", asked.clone()).await.status,
                204,
                "sent twice it is one"
            );
        }
    }
    let settings = owner.get(&app, "tenant/current/notifications").await.json();
    assert_eq!((&settings["browsers"], &settings["handOffWaiting"]["push"]), (&json!(2), &json!(true)));
    let now = app.clock.now();
    for _ in 0..2 {
        watch::tell_waiting(&app.app, tenant, &[now]).await.unwrap();
    }
    let mut heard = [pushed(&receiver).await, pushed(&receiver).await];
    heard.sort_by_key(|(head, _)| !head.starts_with("post /push/one"));
    let (head, body) = &heard[0];
    for line in ["content-encoding: aes128gcm", "ttl: 43200", "authorization: vapid t="] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!body.windows(5).any(|part| part == b"Salon"), "nothing is readable on the way");
    let message: Value = serde_json::from_slice(&one.read(body)).unwrap();
    assert_eq!(message["url"], "/app/messages");
    assert!(
        message["body"].as_str().unwrap().contains("Mteja"),
        "in the language of the business: {message}"
    );
    assert!(!message.to_string().contains(CONTACT), "nothing of a customer passes a push service");
    assert!(receiver.try_recv().is_err(), "once, and to nobody of another business");
    // The browser that its push service knows no more is forgotten.
    let forgotten = async {
        while app.store.tenant(tenant).push_subscriptions(None).await.unwrap().len() > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), forgotten).await.expect("a browser that is gone is kept");
    let later = now + jiff::SignedDuration::from_secs(1);
    watch::tell_waiting(&app.app, tenant, &[now, later]).await.unwrap();
    assert!(pushed(&receiver).await.0.starts_with("post /push/one"), "one who came later");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_that_the_phone_has_removed_the_bot_and_how_a_day_went() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let (address, receiver) = push_service();
    let (removed, day) = (Reader::new(), Reader::new());
    assert_eq!(
        owner.post(&app, "tenant/current/push", subscription(&format!("{address}a"), &removed)).await.status,
        204
    );
    let scope = app.store.tenant(tenant);
    for event in [TenantEvent::WorkerStarted, TenantEvent::Connected, TenantEvent::LoggedOut] {
        scope.apply_event(event, Default::default()).await.unwrap();
    }
    for _ in 0..2 {
        watch::removed(&app.app, tenant).await.unwrap();
    }
    let message: Value = serde_json::from_slice(&removed.read(&pushed(&receiver).await.1)).unwrap();
    assert_eq!(message["url"], "/app/whatsapp");
    assert!(receiver.try_recv().is_err(), "once");

    assert_eq!(
        owner.post(&app, "tenant/current/push", subscription(&format!("{address}a"), &day)).await.status,
        204
    );
    let none = json!({});
    let mut choice = json!({
        "handOffWaiting": none, "phoneRemoved": none, "dailySummary": { "push": true }, "dailyAt": "18:00",
    });
    let chosen = owner.put(&app, "tenant/current/notifications", choice.clone()).await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    watch::summaries(&app.app).await.unwrap();
    assert!(receiver.try_recv().is_err(), "the day is not over");
    app.clock.advance(jiff::SignedDuration::from_hours(4));
    for _ in 0..2 {
        watch::summaries(&app.app).await.unwrap();
    }
    let message: Value = serde_json::from_slice(&day.read(&pushed(&receiver).await.1)).unwrap();
    assert!(message["body"].as_str().unwrap().contains("Ujumbe 1"), "{message}");
    assert!(receiver.try_recv().is_err(), "once");
    for (field, wrong) in [
        ("dailyAt", json!("6pm")),
        ("phoneRemoved", json!({ "whatsapp": true })),
        ("handOffWaiting", json!({ "email": true })),
        ("dailySummary", json!({ "whatsapp": true })),
    ] {
        let stood = std::mem::replace(&mut choice[field], wrong);
        let answer = owner.put(&app, "tenant/current/notifications", choice.clone()).await;
        assert!(answer.problem().2.is_some_and(|named| named.starts_with(field)), "{}", answer.text);
        choice[field] = stood;
    }
    let made_up = subscription("http://example.com/x", &Reader::new());
    assert_eq!(
        owner.post(&app, "tenant/current/push", made_up).await.problem().2.as_deref(),
        Some("endpoint")
    );
}
