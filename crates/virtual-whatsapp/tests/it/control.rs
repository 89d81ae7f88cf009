//! The control API, over real HTTP, with a real client linked through it.

use hyper::Method;
use serde_json::{Value, json};
use virtual_whatsapp::{Control, ControlOptions, Options, Server, VirtualWhatsApp};

use crate::bot::{ASHA, BUSINESS, EchoBot};
use crate::http::{Api, document, next_event};

struct Scene {
    server: Server,
    control: Control,
    api: Api,
}

async fn scene() -> Scene {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let control = Control::start(server.clone(), ControlOptions::default()).await.unwrap();
    let api = Api::at(control.address());
    api.post("/v1/accounts", json!({"number": BUSINESS, "name": "Salon", "business": true})).await;
    api.post("/v1/accounts", json!({"number": ASHA, "name": "Asha"})).await;
    Scene { server, control, api }
}

impl Scene {
    /// A client without connections.
    fn fresh(&self) -> Api {
        Api::at(self.control.address())
    }

    /// Waits until an event of this name has come; `after` is where to look from, and the answer where to go on.
    async fn event(&self, name: &str, mut after: u64) -> u64 {
        loop {
            let events = self.api.get(&format!("/v1/events?after={after}&wait=60")).await;
            for event in events.as_array().unwrap() {
                after = event["seq"].as_u64().unwrap();
                if event["event"] == name {
                    return after;
                }
            }
            assert_ne!(events, json!([]), "{name} never happened");
        }
    }
}

/// Method, path and body; the answer's status, word, and something that its sentence says.
type Refused<'a> = (&'a Method, String, Option<Value>, u16, &'a str, &'a str);
/// Path, headers and body; the answer's status.
type RefusedBody<'a> = (&'a str, &'a [(&'a str, &'a str)], Vec<u8>, u16);

fn path(number: &str, rest: &str) -> String {
    format!("/v1/accounts/{number}/{rest}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_is_linked_written_to_heard_and_unlinked_over_http() {
    let scene = scene().await;
    let api = &scene.api;
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&scene.server, &directory).await;
    let device = api.post(&path(BUSINESS, "scan"), json!({"text": bot.qr().await})).await;
    assert_eq!((&device["number"], &device["device"]), (&json!(BUSINESS), &json!(1)));
    scene.event("prekeys_uploaded", 0).await;

    let heard = api.send(Method::GET, &path(ASHA, "messages/stream?direction=in"), &[], "").await;
    assert_eq!(heard.headers()["content-type"], "text/event-stream");
    let (mut stream, mut kept) = (heard.into_body(), String::new());
    let text = |text: &str| json!({"chat": BUSINESS, "body": {"kind": "text", "text": text}});
    api.post(&path(ASHA, "messages"), text("Habari")).await;
    let reply = next_event(&mut stream, &mut kept).await;
    assert_eq!(reply["body"], json!({"kind": "text", "text": "echo: Habari"}));
    let waited = api.get(&path(ASHA, &format!("messages?with={BUSINESS}&direction=in&wait=60"))).await;
    assert_eq!(waited, json!([reply]));

    let chats = api.get(&path(ASHA, "chats")).await;
    assert_eq!((&chats[0]["name"], &chats[0]["messages"]), (&json!("Salon"), &json!(2)));
    let mut once = Value::Null;
    while once["exactly_once"] != true {
        // Delivery is confirmed after the answer, in its own time.
        let after = scene.event("receipt", scene.server.events().last().saturating_sub(20)).await;
        once = api.get(&path(ASHA, "exactly-once")).await;
        assert!(after > 0 && once["repeated"] == json!([]), "{once}");
    }
    assert_eq!((&once["received"], &once["sent"]), (&json!(1), &json!(1)));
    let id = reply["id"].as_str().unwrap();
    api.post(&path(ASHA, &format!("messages/{id}/read")), json!({"with": BUSINESS})).await;

    let before = scene.server.events().last();
    assert_eq!(api.get(&path(BUSINESS, "devices")).await[0]["connected"], true);
    api.post(&path(BUSINESS, "devices/1/disconnect"), json!({})).await;
    scene.event("logged_in", before).await;
    api.delete(&path(BUSINESS, "devices/1")).await;
    assert_eq!(api.get(&path(BUSINESS, "devices")).await, json!([]));
    scene.event("unlinked", before).await;
    bot.stop().await;
    scene.control.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_the_code_is_scanned_and_a_pairing_code_is_typed() {
    let scene = scene().await;
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&scene.server, &directory).await;
    let png = picture(&bot.qr().await);
    let scanned =
        scene.api.send(Method::POST, &path(BUSINESS, "scan"), &[("content-type", "image/png")], png).await;
    assert_eq!(document(scanned).await.0, 201);
    bot.stop().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let bot = EchoBot::start_with(&scene.server, &elsewhere, Some(BUSINESS)).await;
    let code = bot.pairing_code().await;
    let device = scene.api.post(&path(BUSINESS, "pairing-code"), json!({"code": code})).await;
    assert_eq!(device["device"], 2);
    bot.stop().await;
}

/// A photograph of a code: grey, with an edge.
fn picture(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let (width, colors) = (code.width(), code.to_colors());
    let side = u32::try_from((width + 8) * 5).unwrap();
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| usize::try_from(pixel / 5).unwrap().checked_sub(4).filter(|at| *at < width);
        let dark = match (at(x), at(y)) {
            (Some(x), Some(y)) => colors[y * width + x] == qrcode::Color::Dark,
            _ => false,
        };
        image::Luma([if dark { 30 } else { 220 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_with_a_word_and_a_sentence() {
    let scene = scene().await;
    let nobody = path("255700000000", "messages");
    let text = json!({"chat": BUSINESS, "body": {"kind": "text", "text": "x"}});
    let to_nobody = json!({"chat": "255700000000", "body": {"kind": "text", "text": "x"}});
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let cases: [Refused<'_>; 16] = [
        (&post, nobody.clone(), Some(text), 404, "account-not-found", "255700000000 is not on this WhatsApp"),
        (&get, nobody, None, 404, "account-not-found", "POST /v1/accounts"),
        (&post, path(ASHA, "messages"), Some(to_nobody), 404, "account-not-found", "255700000000"),
        (&post, path(ASHA, "messages"), Some(json!({"chat": "1"})), 422, "invalid-value", "body"),
        (&post, "/v1/accounts".into(), Some(json!({"number": "+255"})), 422, "invalid-value", "+255"),
        (
            &post,
            "/v1/accounts".into(),
            Some(json!({"number": ASHA, "nam": "x"})),
            422,
            "invalid-value",
            "nam",
        ),
        (&post, path(BUSINESS, "scan"), Some(json!({"text": "hello"})), 422, "no-code", "QR text"),
        (
            &post,
            path(BUSINESS, "pairing-code"),
            Some(json!({"code": "ABCD-EFGH"})),
            409,
            "nobody-waits",
            BUSINESS,
        ),
        (&get, path(BUSINESS, "devices/7"), None, 404, "device-not-found", "7"),
        (&get, path(BUSINESS, "devices/x"), None, 400, "invalid-path", "x"),
        (&get, "/v1/events?after=x".into(), None, 422, "invalid-value", "after"),
        (&get, "/v1/nothing".into(), None, 404, "route-not-found", "openapi.json"),
        (&put, "/v1/accounts".into(), None, 405, "method-not-allowed", "openapi.json"),
        (&Method::DELETE, "/v1/faults/77".into(), None, 404, "fault-not-found", "77"),
        (
            &post,
            "/v1/faults".into(),
            Some(json!({"fault": "no_ack", "scope": "account", "number": "255700000000", "lasts": "always"})),
            404,
            "account-not-found",
            "255700000000",
        ),
        (
            &post,
            "/v1/faults".into(),
            Some(json!({"fault": "no_ack", "scope": "all", "lasts": "always", "chance": 2})),
            422,
            "invalid-value",
            "chance",
        ),
    ];
    for (method, path, body, status, word, within) in cases {
        let (code, problem) = scene.api.ask(method.clone(), &path, body).await;
        assert_eq!((code, &problem["status"]), (status, &json!(status)), "{path}: {problem}");
        assert_eq!(problem["type"], format!("urn:virtual-whatsapp:problem:{word}"), "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(within), "{path}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_too_large_or_of_the_wrong_kind_are_refused() {
    let scene = scene().await;
    let json = [("content-type", "application/json")];
    let png = [("content-type", "image/png")];
    let (scan, messages) = (path(BUSINESS, "scan"), path(ASHA, "messages"));
    let bomb = {
        // A picture that says it is huge.
        let mut png = picture("small");
        png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        png
    };
    let cases: [RefusedBody<'_>; 8] = [
        ("/v1/groups", &json, vec![b' '; 300 << 10], 413),
        (&messages, &json, vec![b' '; 7 << 20], 413),
        (&messages, &json, b"{".to_vec(), 400),
        (&messages, &[("content-type", "text/plain")], b"{}".to_vec(), 415),
        (&scan, &[("content-type", "text/plain")], b"2@".to_vec(), 415),
        (&scan, &png, vec![0; 5 << 20], 413),
        (&scan, &png, b"no picture".to_vec(), 422),
        (&scan, &png, bomb, 422),
    ];
    for (path, headers, body, status) in cases {
        let answer = scene.api.send(Method::POST, path, headers, body).await;
        assert_eq!(answer.status(), status, "{path} {headers:?}");
        assert_eq!(document(answer).await.1["status"], status);
    }
    assert_eq!(scene.api.get("/v1/accounts").await.as_array().unwrap().len(), 2, "it lives on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_over_the_limit_are_closed_and_room_comes_back() {
    use tokio::io::AsyncReadExt as _;
    let scene = scene().await;
    let mut idle = Vec::new();
    for _ in 0..600 {
        idle.push(tokio::net::TcpStream::connect(scene.control.address()).await.unwrap());
    }
    let ends = idle.iter_mut().map(|stream| Box::pin(async { stream.read(&mut [0]).await }));
    let first = tokio::time::timeout(crate::bot::LIMIT, futures_util::future::select_all(ends)).await;
    let (closed, ..) = first.expect("one is over the limit");
    assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
    assert_eq!(scene.fresh().try_get("/v1/counters").await, None, "there is no room");
    drop(idle);
    let answered = async {
        while scene.fresh().try_get("/v1/counters").await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::bot::LIMIT, answered).await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_hosts_and_pages_are_refused() {
    let scene = scene().await;
    let rebound = scene.api.send(Method::GET, "/v1/accounts", &[("host", "evil.example")], "").await;
    assert_eq!(rebound.status(), 421);
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
    let body = json!({"number": "255754000333"}).to_string();
    let answer = scene.api.send(Method::POST, "/v1/accounts", &foreign, body).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(scene.server.accounts().len(), 2, "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_switched_on_listed_and_switched_off() {
    let scene = scene().await;
    let spec = json!({"fault": "delay", "by": {"shape": "fixed", "ms": 5}, "scope": "account", "number": BUSINESS, "lasts": "times", "times": 2});
    let on = scene.api.post("/v1/faults", spec).await;
    assert_eq!((&on["fault"], &on["times"], &on["chance"]), (&json!("delay"), &json!(2), &json!(1.0)));
    assert_eq!(scene.api.get("/v1/faults").await, json!([on]));
    scene.api.delete(&format!("/v1/faults/{}", on["id"])).await;
    scene.api.post("/v1/faults", json!({"fault": "no_ack", "scope": "all", "lasts": "always"})).await;
    scene.api.delete("/v1/faults").await;
    assert_eq!(scene.api.get("/v1/faults").await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_tells_of_every_operation() {
    let scene = scene().await;
    let api = scene.api.get("/openapi.json").await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let tags: Vec<&str> =
        api["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut operations = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(tags.contains(&operation["tags"][0].as_str().unwrap()), "{method} {path}");
            let named = path.matches('{').count();
            let listed = operation["parameters"]
                .as_array()
                .map_or(0, |all| all.iter().filter(|parameter| parameter["in"] == "path").count());
            assert_eq!(named, listed, "{method} {path} describes its path's parts");
            // What it describes is there: no route answers that there is nothing.
            if method == "get" && named == 0 && !path.ends_with("stream") {
                scene.api.get(path).await;
            }
        }
    }
    assert!(operations >= 30, "{operations}");
    let refers_to = |name: &str| api["components"]["schemas"][name].is_object();
    for name in ["AccountInfo", "ChatEntry", "DeviceStatus", "EventKind", "FaultSpec", "Document"] {
        assert!(refers_to(name), "{name} is described");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_control_api_ends_streams_and_waits() {
    let scene = scene().await;
    let stream = scene.api.send(Method::GET, "/v1/events/stream", &[], "").await;
    let (mut body, mut kept) = (stream.into_body(), String::new());
    scene.api.post("/v1/server/restart", json!({})).await;
    assert_eq!(next_event(&mut body, &mut kept).await["event"], "stopped");
    assert_eq!(next_event(&mut body, &mut kept).await["event"], "listening");
    let last = scene.server.events().last();
    let waiting = format!("/v1/events?after={last}&wait=60");
    let wait = scene.api.ask(Method::GET, &waiting, None);
    let end = async {
        scene.server.wait_for_counters(crate::bot::LIMIT, |counts| counts.waiting == 1).await.unwrap();
        scene.control.shutdown().await;
    };
    let ((status, events), ()) = tokio::join!(wait, end);
    assert_eq!((status, events), (200, json!([])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_asks_nobody_else_and_all_of_it_is_there() {
    let scene = scene().await;
    let page = text(&scene.api, "/").await;
    let mut files: Vec<String> = Vec::new();
    let mut look = vec![page];
    while let Some(content) = look.pop() {
        assert!(!content.contains("http://") || content.contains("http://www.w3.org/"), "no foreign address");
        assert!(!content.contains("https://"), "no foreign address");
        for part in content.split('"') {
            let file = part.trim_start_matches('.');
            let named =
                [".css", ".js", ".svg"].iter().any(|end| file.ends_with(end)) && file.starts_with('/');
            if named && !files.iter().any(|known| known == file) {
                files.push(file.to_owned());
                look.push(text(&scene.api, file).await);
            }
        }
    }
    assert!(files.len() >= 5, "{files:?}");
}

async fn text(api: &Api, path: &str) -> String {
    use http_body_util::BodyExt as _;
    let answer = api.send(Method::GET, path, &[], "").await;
    assert_eq!(answer.status(), 200, "{path}");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What other clients' users asked of the API: every kind in one form, marks and routes, groups asked again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_is_sent_in_one_form_and_what_the_handles_can_the_api_can() {
    let scene = scene().await;
    let api = &scene.api;
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&scene.server, &directory).await;
    api.post(&path(BUSINESS, "scan"), json!({"text": bot.qr().await})).await;
    scene.event("prekeys_uploaded", 0).await;
    api.post(&path(ASHA, "messages"), json!({"chat": BUSINESS, "body": {"kind": "text", "text": "first"}}))
        .await;

    let known = api.get("/v1/kinds").await;
    let kinds = known["kinds"].as_array().unwrap();
    assert!(kinds.len() > 40, "{}", kinds.len());
    for kind in kinds.iter().filter(|kind| kind["kind"] != "raw") {
        let body = json!({"chat": BUSINESS, "body": {"kind": kind["kind"]}});
        let sent = api.post(&path(ASHA, "messages"), body).await;
        assert!(sent["id"].is_string(), "{kind}: {sent}");
    }
    let wrapped = json!({"kind": "image", "caption": "once", "wrap": known["wrappers"]});
    let body =
        json!({"chat": BUSINESS, "body": wrapped, "by_lid": true, "at": 1_000_000, "via": {"list": "17000"}});
    api.post(&path(ASHA, "messages"), body).await;
    // What is refused says which field.
    for (body, field) in [
        (json!({"kind": "raw"}), "body.file"),
        (json!({"kind": "image", "file": "!"}), "file"),
        (json!({"kind": "text", "text": "x".repeat(65_537)}), "body.text"),
        (json!({"kind": "image", "caption": "x".repeat(65_537)}), "body.caption"),
        (json!({"kind": "nonsense"}), "nonsense"),
    ] {
        let asked = json!({"chat": BUSINESS, "body": body});
        let (status, problem) = api.ask(Method::POST, &path(ASHA, "messages"), Some(asked)).await;
        assert_eq!(status, 422, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(field), "{problem}");
    }

    let before = scene.server.events().last();
    api.post(&path(BUSINESS, "devices/1/dirty"), json!({"what": "groups"})).await;
    scene.event("dirty_cleared", before).await;
    api.post(&path(BUSINESS, "devices/1/route"), json!({"route": "route"})).await;
    let (status, _) =
        api.ask(Method::POST, &path(BUSINESS, "devices/1/dirty"), Some(json!({"what": "x"}))).await;
    assert_eq!(status, 422);
    let group =
        json!({"subject": "Market", "members": [ASHA, BUSINESS], "by_lid": true, "admins": [BUSINESS]});
    let group = api.post("/v1/groups", group).await;
    let id = group["id"].as_str().unwrap();
    api.post(&path(ASHA, "messages"), json!({"chat": id, "body": {"kind": "text", "text": "who comes?"}}))
        .await;
    let answer = api.get(&path(ASHA, &format!("messages?with={id}&direction=in&wait=60"))).await;
    let answer = answer[0]["id"].as_str().unwrap();
    let before = scene.server.events().last();
    api.post(&path(ASHA, &format!("messages/{answer}/ask-again")), json!({"with": id})).await;
    scene.event("from_device", before).await;

    api.post(&path(BUSINESS, "contacts"), json!({"contact": ASHA, "name": "Asha"})).await;
    api.post(&path(ASHA, "presence"), json!({"available": true})).await;
    let call = api.post(&path(ASHA, "calls"), json!({"with": BUSINESS})).await;
    let call = call["id"].as_str().unwrap();
    api.post(&path(ASHA, &format!("calls/{call}/end")), json!({"with": BUSINESS})).await;
    let moved = api.post(&path(ASHA, "change-number"), json!({"number": "255754000999"})).await;
    assert_eq!(moved["number"], "255754000999");
    let change = json!({"verified_name": "A shop", "hides_number": true});
    let (status, _) = api.ask(Method::PATCH, "/v1/accounts/255754000999", Some(change)).await;
    assert_eq!(status, 200);
    bot.stop().await;
    scene.control.shutdown().await;
}
