//! The pages that owners and staff work with: what they show, what they ask for, and who is kept out.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::{TestPortal, cookie, documents::request, problem};

const DESK: &str = "/portal/tenant/current";

fn record(reference: &str, kind: &str, state: &str, states: &[(&str, &str)], at: &str) -> Value {
    let states: Vec<Value> =
        states.iter().map(|(word, name)| json!({ "word": word, "name": name })).collect();
    json!({
        "reference": reference, "kind": kind, "contact": "255712000111", "version": 3, "open": true, "state": state,
        "stands_at": at, "changed_at": at, "record": {},
        "line": {
            "state": states[0]["name"], "states": states, "date": "2026-01-10", "day": "10 Januari 2026",
            "time": "16:00", "who": "Asha Mushi", "phone": "+255 712 000 111", "what": "Kusuka · 90 min",
            "note": "", "total": "TZS 25,000",
        },
    })
}

/// A desk with one of everything.
pub(crate) fn desk() -> TestPortal {
    let portal = TestPortal::new();
    portal.stands("ACTIVE", "CONNECTED", request("ACTIVE"));
    portal.session(|facts| {
        facts["tenant"]["status"] = json!("ACTIVE");
        facts["setupRequest"] = json!(true);
    });
    let (alone, waits) = (json!(null), json!("asked"));
    let chat = |contact: &str, name: Value, last: &str, why: Value| {
        json!({
            "contact": contact, "shown": format!("+{contact}"), "name": name, "last": last, "direction": "IN",
            "at": "2026-01-10T11:30:00Z", "handOff": why, "handOffSays": "ameomba mhudumu", "since": null,
            "until": null, "optedOut": false, "leftAlone": false,
        })
    };
    let get = |path: &str, document: Value| portal.answers(Method::GET, &format!("{DESK}{path}"), document);
    get(
        "/chats",
        json!({
            "chats": [
                chat("255754000222", json!(null), "Asante", alone.clone()),
                chat("255712000111", json!("Asha Mushi"), "Naomba kuongea na mtu", waits.clone()),
            ],
            "waiting": 1, "next": "1.x",
        }),
    );
    get(
        "/chats/255712000111",
        json!({
            "contact": "255712000111", "shown": "+255 712 000 111", "name": "Asha Mushi",
            "messages": [
                { "id": "0198c1f2-7d3a-7000-8000-000000000014", "out": true, "text": "Nakuja", "at": "2026-01-10T11:32:00Z",
                  "sentAt": null, "silence": null, "silenceSays": null, "fate": null, "delivery": "FAILED",
                  "deliveryReason": "WhatsApp refused it with code 463", "writer": "PHONE" },
                { "id": "0198c1f2-7d3a-7000-8000-000000000013", "out": true, "text": "Karibu tena",
                  "at": "2026-01-10T11:31:00Z", "sentAt": null, "silence": null, "silenceSays": null, "fate": null,
                  "delivery": "READ", "deliveryReason": null, "writer": "BOT" },
                { "id": "0198c1f2-7d3a-7000-8000-000000000012", "out": true, "text": "Karibu", "at": "2026-01-10T11:30:00Z",
                  "sentAt": null, "silence": null, "silenceSays": null, "fate": null },
                { "id": "0198c1f2-7d3a-7000-8000-000000000011", "out": false, "text": "<b>Mambo</b>",
                  "at": "2026-01-09T11:30:00Z", "sentAt": null, "silence": null, "silenceSays": null, "fate": null },
            ],
            "next": null, "handOff": waits, "handOffSays": "ameomba mhudumu", "since": null, "until": null,
            "optedOut": false, "leftAlone": false,
        }),
    );
    let customer = json!({
        "contact": "255712000111", "shown": "+255 712 000 111", "name": "Asha Mushi", "state": "CONFIRMED",
        "stateSet": false, "note": "Anapenda rangi nyeusi", "last": "Asante", "at": "2026-01-10T11:30:00Z",
        "openRecords": 1, "records": 2,
    });
    get("/customers", json!({ "customers": [customer], "next": null }));
    let booking = record(
        "B-1004",
        "booking",
        "booked",
        &[("booked", "Anatarajiwa"), ("cancelled", "Imeghairiwa"), ("came", "Alikuja"), ("missed", "Hakuja")],
        "2026-01-10T13:00:00Z",
    );
    get("/customers/255712000111", json!({ "customer": customer, "chat": {}, "records": [booking.clone()] }));
    get("/records", json!({ "records": [booking], "next": null }));
    get(
        "/config",
        json!({
            "version": 7, "businessName": "Saluni ya Amina", "templateType": "BOOKING", "language": "SW",
            "hours": [[[480, 1080]], [[480, 1080]], [], [], [], [], []], "timezone": "Africa/Dar_es_Salaam",
            "currency": "TZS",
        }),
    );
    get(
        "/profile",
        serde_json::to_value(replies::Profile { version: 5, ..replies::Profile::salon() }).unwrap(),
    );
    get(
        "/sayings",
        json!([{ "key": "greeting", "text": { "sw": "Karibu {{ business }}", "en": "Welcome" } }]),
    );
    portal.answers(
        Method::POST,
        &format!("{DESK}/preview"),
        json!({ "now": "2026-01-10T12:00:00Z", "lines": [
            { "bot": false, "text": "Bei gani?", "at": "2026-01-10T12:00:00Z" },
            { "bot": true, "text": "Kusuka: TZS 25,000", "at": "2026-01-10T12:00:00Z" },
        ] }),
    );
    let by = json!({ "email": true, "push": false });
    get(
        "/notifications",
        json!({
            "handOffWaiting": by, "phoneRemoved": by, "dailySummary": by, "dailyAt": "18:00",
            "email": "amina@example.com", "emailWorks": false, "pushKey": "BAAA", "browsers": 0,
        }),
    );
    get(
        "/activity",
        json!({ "activities": [{ "id": "0198c1f2-7d3a-7000-8000-000000000099", "at": "2026-01-10T11:00:00Z",
            "what": "Alibadilisha mipangilio", "who": "Amina Juma", "eventType": "CONFIG_CHANGED" }], "next": null }),
    );
    portal.answers(
        Method::GET,
        "/portal/members",
        json!([
            { "id": "0198c1f2-7d3a-7000-8000-000000000001", "name": "Amina Juma", "email": "amina@example.com",
              "role": "OWNER", "status": "ACTIVE", "since": "2026-01-01T00:00:00Z" },
            { "id": "0198c1f2-7d3a-7000-8000-000000000003", "name": "Neema", "email": "neema@example.com",
              "role": "STAFF", "status": "INVITED", "since": "2026-01-02T00:00:00Z" },
        ]),
    );
    portal
}

pub(crate) const PAGES: [&str; 20] = [
    "/app/messages",
    "/app/messages?search=asha",
    "/app/messages/255712000111",
    "/app/customers",
    "/app/customers/255712000111",
    "/app/bookings",
    "/app/bookings?search=asha",
    "/app/bookings/new",
    "/app/bookings/new?kind=block",
    "/app/records/B-1004",
    "/app/orders",
    "/app/orders?kind=tickets&state=all",
    "/app/bot",
    "/app/bot/hours",
    "/app/bot/services?at=braids",
    "/app/bot/questions?new=yes",
    "/app/bot/booking",
    "/app/bot/texts?at=greeting",
    "/app/settings",
    "/app/settings/activity",
];

/// Whatever owners alone reach.
const OWNERS: [&str; 7] = [
    "/app/messages.csv",
    "/app/customers.csv",
    "/app/bot",
    "/app/bot/hours",
    "/app/bot/services",
    "/app/settings/activity",
    "/app/settings/export",
];

#[tokio::test]
async fn every_page_shows_what_there_is_in_both_languages() {
    let portal = desk();
    for path in PAGES {
        let [sw, en] = ["sw", "en"].map(|language| {
            Request::get(path)
                .header("cookie", cookie())
                .header("accept-language", language)
                .body(Body::empty())
                .unwrap()
        });
        let (sw, en) = (portal.send(sw).await, portal.send(en).await);
        assert_eq!((sw.status, en.status), (StatusCode::OK, StatusCode::OK), "{path}: {}", en.text);
        assert!(sw.text.contains("lang=\"sw\"") && en.text.contains("lang=\"en\""), "{path}");
        let title =
            |page: &str| page.split("<h1").nth(1).and_then(|h1| h1.split("</h1>").next()).unwrap().to_owned();
        let named = ["/app/messages/", "/app/customers/", "at="].iter().any(|part| path.contains(part));
        assert!(named || title(&sw.text) != title(&en.text), "{path}: {}", title(&en.text));
        assert!(sw.text.len() < 40_000, "{path}: {} bytes", sw.text.len());
    }
}

#[tokio::test]
async fn who_waits_comes_first_and_what_customers_type_stays_text() {
    let portal = desk();
    let list = portal.get("/app/messages").await.text;
    let rows = list.split_once("<ul").unwrap().1;
    assert!(rows.find("Asha Mushi").unwrap() < rows.find("+255754000222").unwrap());
    let talk = portal.get("/app/messages/255712000111").await.text;
    assert!(talk.contains("&#60;b&#62;Mambo") && !talk.contains("<b>Mambo"), "{talk}");
    assert!(
        talk.contains("/take-over") && talk.contains("/hand-back") && talk.contains("data-live=\"chat"),
        "{talk}"
    );
    assert!(talk.contains("data-follow=\"/app/events\""), "{talk}");
    assert_eq!(portal.get("/app/logs").await.location(), "/app/messages");
}

#[tokio::test]
async fn what_became_of_each_message_is_said_in_the_readers_language() {
    let portal = desk();
    let request = Request::get("/app/messages/255712000111").header("accept-language", "sw");
    let request = request.header("cookie", cookie()).body(Body::empty()).unwrap();
    let talk = portal.send(request).await.text;
    let line = |end: &str| {
        let (_, line) =
            talk.split_once(&format!("id=\"m-0198c1f2-7d3a-7000-8000-0000000000{end}\"")).unwrap();
        line.split_once("</p>").unwrap().0.to_owned()
    };
    assert!(!line("11").contains("class=\"tick") && !line("12").contains("class=\"tick"), "{talk}");
    let read = line("13");
    assert!(read.contains("tick read\" role=\"img\" aria-label=\"Umesomwa\" title=\"Umesomwa\""), "{read}");
    assert!(read.contains("Bot: "), "that the bot said it goes without saying: {read}");
    let failed = line("14");
    assert!(failed.contains("Simu ya mmiliki · ") && failed.contains("tick failed"), "{failed}");
    assert!(
        talk.contains("<p class=\"silence unsent\">Haukutumwa: WhatsApp imeukataa (namba 463)</p>"),
        "{talk}"
    );
}

#[tokio::test]
async fn a_word_of_ones_own_is_sent_once_and_never_lost() {
    let portal = desk();
    let path = format!("{DESK}/chats/255712000111/messages");
    portal.answers(Method::POST, &path, json!({}));
    let answer = portal.post("/app/messages/255712000111/reply", "text=Nakuja+sasa&key=k-1").await;
    assert_eq!(answer.location(), "/app/messages/255712000111#say");
    let asked = portal.asked();
    let sent = asked.iter().find(|seen| seen.path == path).unwrap();
    assert_eq!(sent.body, json!({ "text": "Nakuja sasa", "key": "k-1" }));
    // What is not taken is said, and what was typed stands in its field again.
    portal.refuses(Method::POST, &path, 409, problem("conflict", "The phone is away."));
    let refused = portal.post("/app/messages/255712000111/reply", "text=Nakuja+sasa").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("The phone is away.") && refused.text.contains(">Nakuja sasa</textarea>"));
    // It stands where nothing can be asked for again: nothing follows there.
    assert!(!refused.text.contains("data-follow"), "{}", refused.text);
    let empty = portal.post("/app/messages/255712000111/reply", "text=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_booking_names_the_version_that_was_seen() {
    let portal = desk();
    let page = portal.get("/app/bookings?day=2026-01-10").await.text;
    assert!(page.contains("Asha Mushi") && page.contains("name=\"version\" value=\"3\""), "{page}");
    let path = format!("{DESK}/records/B-1004");
    portal.answers(Method::POST, &path, json!({}));
    let form = "version=3&state=came&back=%2Fapp%2Fbookings%3Fday%3D2026-01-10";
    let answer = portal.post("/app/records/B-1004", form).await;
    assert_eq!(answer.location(), "/app/bookings?day=2026-01-10&done=saved#r-B-1004");
    let asked = portal.asked();
    let sent = asked.iter().find(|seen| seen.path == path).unwrap();
    assert_eq!((&sent.body["version"], &sent.body["state"]), (&json!(3), &json!("came")));
    // Nobody is led to another site by it.
    let foreign =
        portal.post("/app/records/B-1004", "version=3&state=came&back=https%3A%2F%2Fevil.example").await;
    assert!(foreign.location().starts_with("/app/bookings?"));
    portal.refuses(Method::POST, &path, 412, problem("stale", "It has changed."));
    let stale = portal.post("/app/records/B-1004", "version=2&day=2026-01-11&time=10%3A00").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.text.contains("It has changed.") && stale.text.contains("value=\"2026-01-11\""));
}

#[tokio::test]
async fn what_the_bot_says_is_seen_before_it_is_saved() {
    let portal = desk();
    let saved = serde_json::to_value(replies::Profile::salon()).unwrap();
    portal.answers(Method::PUT, &format!("{DESK}/profile"), saved);
    let form = "version=5&question_sw=Mna+wifi%3F&answer_sw=Ndiyo";
    let seen = portal.post("/app/bot/questions", &format!("{form}&see=yes")).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let asked = portal.asked();
    assert!(asked.iter().all(|seen| seen.method != Method::PUT), "nothing is saved");
    let preview = asked.iter().find(|seen| seen.path.ends_with("/preview")).unwrap();
    assert_eq!(preview.body["text"], json!("Mna wifi?"));
    assert!(preview.body["profile"]["questions"].to_string().contains("Ndiyo"));
    assert!(seen.text.contains("value=\"Mna wifi?\""), "{}", seen.text);
    let answer = portal.post("/app/bot/questions", form).await;
    assert_eq!(answer.location(), "/app/bot/questions?done=saved");
    let asked = portal.asked();
    let put = asked.iter().find(|seen| seen.method == Method::PUT).unwrap();
    assert_eq!(put.body["version"], json!(5));
    // What is wrong is said beside its field, with what was typed still there.
    let wrong = portal.post("/app/bot/services", "version=5&name_sw=Kunyoa&minutes=7&price=15.001").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("value=\"Kunyoa\"") && wrong.text.contains("id=\"e-price\""),
        "{}",
        wrong.text
    );
    assert_eq!(portal.get("/app/bot/files").await.status, StatusCode::NOT_FOUND);
    // A preview that is away keeps nobody from their page.
    portal.refuses(Method::POST, &format!("{DESK}/preview"), 500, json!({}));
    assert_eq!(portal.get("/app/bot").await.status, StatusCode::OK);
}

#[tokio::test]
async fn staff_sees_no_export_and_no_settings_of_the_bot() {
    let portal = desk();
    portal.session(|facts| {
        facts["role"] = json!("STAFF");
        facts["tenants"][0]["role"] = json!("STAFF");
        facts["tenant"]["status"] = json!("ACTIVE");
        facts["setupRequest"] = json!(true);
    });
    portal.asked();
    for path in OWNERS {
        let answer = portal.get(path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(
            portal.asked().iter().all(|seen| seen.path == "/portal/session"),
            "{path}: nothing else is asked"
        );
    }
    for (path, form) in [
        ("/app/bot/services", "name_sw=x"),
        ("/app/bot/hours", "business_name=x"),
        ("/app/settings/staff", "member_name=x&member_email=x@example.com"),
        ("/app/settings/staff/0198c1f2-7d3a-7000-8000-000000000003/remove", ""),
    ] {
        assert_eq!(portal.post(path, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in
        ["/app/messages", "/app/messages/255712000111", "/app/customers", "/app/settings", "/app/bookings"]
    {
        let page = portal.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for hidden in
            [".csv", "/app/settings/export", "/app/settings/staff", "leave-alone", "href=\"/app/bot\""]
        {
            assert!(!page.text.contains(hidden), "{path}: {hidden}");
        }
    }
}

#[tokio::test]
async fn an_operator_who_looks_finds_no_button() {
    let portal = desk();
    portal.session(|facts| {
        facts["looking"] = json!(true);
        facts["tenant"]["status"] = json!("ACTIVE");
        facts["setupRequest"] = json!(true);
    });
    for path in PAGES {
        let page = portal.get(path).await;
        let main = page.text.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned();
        for form in main.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap()) {
            let sends = form.contains("method=\"post\"") && !form.contains("disabled");
            let entering = path.starts_with("/app/bookings/new") || path.starts_with("/app/records/");
            assert!(!sends || entering, "{path}: {form}");
        }
    }
}

#[tokio::test]
async fn an_account_goes_when_its_address_was_typed() {
    let portal = desk();
    portal.answers(Method::POST, "/portal/me/delete", json!({ "leftWithoutOwner": ["Saluni ya Amina"] }));
    let gone = portal.post("/app/settings/delete", "confirm=amina%40example.com").await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    assert!(gone.text.contains("Saluni ya Amina"), "{}", gone.text);
    assert!(gone.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let mut wrong = problem("invalid-field", "Type your own address.");
    wrong["field"] = json!("email");
    portal.refuses(Method::POST, "/portal/me/delete", 422, wrong);
    let refused = portal.post("/app/settings/delete", "confirm=else%40example.com").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Type your own address.") && refused.text.contains("else@example.com"));
}

#[tokio::test]
async fn what_is_wrong_behind_a_line_that_opens_is_in_sight() {
    let portal = desk();
    let shut = portal.get("/app/bot/hours").await;
    assert!(shut.text.contains("<details><summary>More"), "{}", shut.text);
    let wrong = portal.post("/app/bot/hours", "version=7&business_name=Saluni&holidays=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.text.contains("<details open><summary>More"), "{}", wrong.text);
    assert!(wrong.text.contains("id=\"e-holidays\""), "{}", wrong.text);
    let mut refusal = problem("invalid-field", "`businessName` has 1 to 120 characters; this one has 0.");
    refusal["field"] = json!("businessName");
    portal.refuses(Method::PUT, &format!("{DESK}/config"), 422, refusal);
    let named = portal.post("/app/bot/hours", "version=7&business_name=+").await;
    assert!(named.text.contains("id=\"e-business_name\">“"), "{}", named.text);
}

#[tokio::test]
async fn a_note_that_is_too_long_stands_in_its_field_again() {
    let portal = desk();
    let mut refusal = problem("invalid-field", "A note has at most 2000 characters; this one has 2001.");
    refusal["field"] = json!("note");
    portal.refuses(Method::PUT, &format!("{DESK}/customers/255712000111"), 422, refusal);
    let page = portal.post("/app/customers/255712000111", "state=LOST&name=Asha&note=long").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("aria-describedby=\"e-note h-note\" aria-invalid=\"true\""), "{}", page.text);
    assert!(page.text.contains(">long</textarea>") && page.text.contains("value=\"LOST\" selected"));
}
