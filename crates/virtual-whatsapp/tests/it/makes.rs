//! Clients of other makes, unmodified, form the kinds of messages and read the server's: Baileys in Node, whatsmeow in Go.
//! What each forms stands in `tests/formed/`, from which `docs/message-kinds.md` takes it.
//!
//! `FLOWHQ_TEST_BAILEYS` and `FLOWHQ_TEST_WHATSMEOW` set to `off` leave them out, where there is no Node or no Go; the
//! second names the built client otherwise. `scripts/test` makes both ready.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use virtual_whatsapp::{
    Authority, Draft, EventKind, Kind, Options, ReceiptKind, SendOptions, Server, TlsListener, TlsOptions,
    VirtualWhatsApp, Wrapper,
};

use crate::bot::{ASHA, BUSINESS, LIMIT, trace, wait};

/// A client in a process of its own that tells and obeys lines of JSON.
struct Make {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    commands: ChildStdin,
}

impl Make {
    fn start(mut command: Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the client is installed");
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let commands = process.stdin.take().unwrap();
        Self { process, said, commands }
    }

    /// The next thing told that fits; what is told meanwhile is passed over.
    async fn tells(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let search = async {
            loop {
                let line =
                    self.said.next_line().await.unwrap().unwrap_or_else(|| panic!("it ended before {what}"));
                let told: Value = serde_json::from_str(&line).unwrap();
                if fits(&told) {
                    return told;
                }
                assert!(told["closed"].is_null() && told["refused"].is_null(), "before {what}: {told}");
            }
        };
        tokio::time::timeout(LIMIT, search).await.unwrap_or_else(|_| panic!("it never told {what}"))
    }

    /// Tells all of these, in whatever order.
    async fn tells_all(&mut self, what: &str, mut fits: Vec<fn(&Value) -> bool>) {
        while !fits.is_empty() {
            let told = self.tells(what, |told| fits.iter().any(|fits| fits(told))).await;
            fits.retain(|fits| !fits(&told));
        }
    }

    async fn obeys(&mut self, command: &Value) {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
    }

    /// Has it send one of a kind to Asha; the message's id.
    async fn sends(&mut self, kind: &str, of: Option<&str>) -> String {
        let to = format!("{ASHA}@s.whatsapp.net");
        self.obeys(&json!({"send": kind, "to": to, "of": of.unwrap_or_default()})).await;
        let told = self.tells(kind, |told| !told["sent"].is_null() || !told["refused"].is_null()).await;
        told["sent"].as_str().unwrap_or_else(|| panic!("{kind}: {told}")).to_owned()
    }

    async fn end(mut self) {
        self.obeys(&json!({"end": true})).await;
        tokio::time::timeout(LIMIT, self.process.wait()).await.expect("the client ends").unwrap();
    }
}

/// A server that is listened for on TLS, media store included.
struct Place {
    server: Server,
    tls: TlsListener,
    directory: TempDir,
}

impl Place {
    async fn new() -> Self {
        trace();
        let options = Options { history_by_reference: true, ..Options::default() };
        let server = VirtualWhatsApp::start(options).await.unwrap();
        let authority = Authority::generate().unwrap();
        let options = TlsOptions { names: vec!["web.whatsapp.com".to_owned()], ..TlsOptions::default() };
        let tls = TlsListener::start(server.clone(), &authority, &options).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        authority.write_to(&directory.path().join("ca.pem")).unwrap();
        server.phone(BUSINESS).unwrap().set_name("Salon");
        server.customer(ASHA, "Asha").unwrap();
        Self { server, tls, directory }
    }

    fn authority(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    async fn link(&self, client: &mut Make) {
        let qr = client.tells("a QR code", |told| !told["qr"].is_null()).await;
        self.server.phone(BUSINESS).unwrap().scan(qr["qr"].as_str().unwrap()).await.unwrap();
        wait(&self.server, 0, |event| matches!(event, EventKind::PrekeysUploaded { .. })).await;
    }
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told by variables what they may use")]
    std::env::var(name).ok()
}

fn baileys(place: &Place) -> Option<Make> {
    if variable("FLOWHQ_TEST_BAILEYS").is_some_and(|value| value == "off") {
        return None;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baileys");
    assert!(folder.join("node_modules/baileys").exists(), "run scripts/test, or set FLOWHQ_TEST_BAILEYS=off");
    let session = place.directory.path().join("baileys");
    std::fs::create_dir_all(&session).unwrap();
    let mut command = Command::new("node");
    command
        .arg("client.mjs")
        .current_dir(folder)
        .env("URL_OF_SERVER", place.tls.url())
        .env("ROOT_KEY", root_key(&place.server))
        .env("DIRECTORY", session)
        .env("QUIETLY", "yes")
        .env("NODE_EXTRA_CA_CERTS", place.authority());
    Some(Make::start(command))
}

fn whatsmeow(place: &Place) -> Option<Make> {
    let binary = variable("FLOWHQ_TEST_WHATSMEOW");
    if binary.as_deref() == Some("off") {
        return None;
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/whatsmeow-client");
    let binary = binary.map_or(built, PathBuf::from);
    assert!(binary.is_file(), "run scripts/test, which builds {binary:?}, or set FLOWHQ_TEST_WHATSMEOW=off");
    let mut command = Command::new(binary);
    command
        .env("ADDRESS", place.tls.address().to_string())
        .env("AUTHORITY", place.authority())
        .env("ROOT_KEY", root_key(&place.server))
        .env("DATABASE", place.directory.path().join("whatsmeow.db"));
    Some(Make::start(command))
}

fn root_key(server: &Server) -> String {
    server.root_key().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The kinds that a client forms, as its file says.
fn formed(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formed").join(file);
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Which earlier message a kind is about.
fn about<'a>(kind: &str, sent: &'a HashMap<String, String>) -> Option<&'a str> {
    let of = match kind {
        "poll_vote" => "poll",
        "album_image" => "album",
        "quoted_reply" | "forwarded" | "reaction" | "edit" | "pin" | "delete" => "text",
        _ => return None,
    };
    sent.get(of).map(String::as_str)
}

/// The client sends one of each kind; Asha's phone decrypts every one of them, once.
async fn forms_all(place: &Place, client: &mut Make, kinds: &[String], least: usize) {
    assert!(kinds.len() >= least, "{} kinds", kinds.len());
    let asha = place.server.find_customer(ASHA).unwrap();
    let mut sent = HashMap::new();
    for kind in kinds {
        let of = about(kind, &sent).map(str::to_owned);
        let id = client.sends(kind, of.as_deref()).await;
        let there = |all: &[virtual_whatsapp::ChatEntry]| all.iter().any(|entry| entry.id == id);
        asha.wait_until(BUSINESS, LIMIT, kind, there).await.unwrap();
        sent.insert(kind.clone(), id);
    }
    for entry in asha.received(BUSINESS) {
        assert_eq!(entry.arrivals, 1, "{entry:?}");
    }
    let long = sent.get("long_text").unwrap();
    let seen = asha.received(BUSINESS).into_iter().find(|entry| entry.id == *long).unwrap();
    assert_eq!(seen.body.text().map(str::len), Some(65_536));
    let events = place.server.events().since(0);
    let unread: Vec<_> =
        events.iter().filter(|event| matches!(event.kind, EventKind::Undecryptable { .. })).collect();
    assert!(unread.is_empty(), "{unread:?}");
}

/// Asha sends one of each kind of the server's own; the client gets every one of them.
async fn reads_all(place: &Place, client: &mut Make, told_as: &str) {
    let asha = place.server.find_customer(ASHA).unwrap();
    let plain = SendOptions::default();
    let text = asha.send_text(BUSINESS, "hello").unwrap();
    client.tells("hello", |told| told["id"] == text).await;
    for kind in Kind::ALL {
        // Not a message at all, or bytes of somebody's choice.
        if matches!(kind, Kind::Raw | Kind::Unavailable) {
            continue;
        }
        let id =
            asha.send(BUSINESS, &Draft::of(*kind), &plain).unwrap_or_else(|e| panic!("{}: {e}", kind.name()));
        let told = client.tells(kind.name(), |told| told["id"] == id && !told[told_as].is_null()).await;
        assert!(told["download_failed"].is_null(), "{}: {told}", kind.name());
        if matches!(kind, Kind::Image | Kind::Video | Kind::Voice | Kind::Document | Kind::Sticker) {
            assert!(told["downloaded"].is_string(), "{}: {told}", kind.name());
        }
    }
    for wrapper in [Wrapper::Ephemeral, Wrapper::ViewOnceV2] {
        let draft = Draft::of(Kind::Image).wrapped(wrapper);
        let id = asha.send(BUSINESS, &draft, &plain).unwrap();
        client.tells(wrapper.name(), |told| told["id"] == id).await;
    }
    let options = SendOptions { at: Some(1_700_000_000), ..SendOptions::by_lid() };
    let id = asha.send(BUSINESS, &Draft::text(&"y".repeat(65_536)), &options).unwrap();
    client.tells("a long text", |told| told["id"] == id).await;
}

fn no_unknown_request(server: &Server) {
    let unknown = server.events().since(0).into_iter().filter_map(|event| match &event.kind {
        EventKind::UnknownRequest { stanza, .. } => Some(stanza.clone()),
        _ => None,
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new(), "every request is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baileys_forms_thirty_kinds_and_reads_all_of_ours() {
    let place = Place::new().await;
    let Some(mut client) = baileys(&place) else { return };
    place.link(&mut client).await;
    client.tells("that it is open", |told| !told["open"].is_null()).await;
    // Baileys uses one session for two things at once: while it reads the past from its phone it must not write to it.
    let mut pieces = 0;
    wait(&place.server, 0, |event| {
        pieces += usize::from(matches!(event, EventKind::Receipt { kind: ReceiptKind::History, .. }));
        pieces == 2
    })
    .await;
    forms_all(&place, &mut client, &formed("baileys.txt"), 30).await;
    reads_all(&place, &mut client, "got").await;
    no_unknown_request(&place.server);
    client.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatsmeow_forms_fifteen_kinds_and_reads_all_of_ours() {
    let place = Place::new().await;
    let Some(mut client) = whatsmeow(&place) else { return };
    let asha = place.server.find_customer(ASHA).unwrap();
    asha.send_text(BUSINESS, "before anything was linked").unwrap();
    place.link(&mut client).await;
    client.tells("that it is open", |told| !told["open"].is_null()).await;
    // The past is fetched from the media store, and the name stands in app state.
    let past: fn(&Value) -> bool = |told| told["history"] == "RECENT" && told["chats"] == 1;
    let name: fn(&Value) -> bool = |told| told["synced"] == "critical_block" && told["name"] == "Salon";
    let first: fn(&Value) -> bool = |told| told["history"] == "INITIAL_BOOTSTRAP";
    client.tells_all("the past and its name", vec![first, past, name]).await;
    // Numbers in the form in which gateways write them.
    client.obeys(&json!({"ask": [format!("+{ASHA}"), "+255799999999"]})).await;
    let asked = client.tells("who is there", |told| !told["asked"].is_null()).await;
    assert_eq!(asked["asked"], json!({"+255754000222": true, "+255799999999": false}));
    forms_all(&place, &mut client, &formed("whatsmeow.txt"), 15).await;
    reads_all(&place, &mut client, "heard").await;
    // What reaches linked devices only as a notice is one to it too.
    let id = asha.send(BUSINESS, &Draft::of(Kind::Unavailable), &SendOptions::default()).unwrap();
    let told = client.tells("the notice", |told| told["unreadable"] == id).await;
    assert_eq!(told["unavailable"], true);
    no_unknown_request(&place.server);
    client.obeys(&json!({"logout": true})).await;
    wait(&place.server, 0, |event| matches!(event, EventKind::Unlinked { by_phone: false, .. })).await;
    // It is told both, the result of its request and the end of the session, and it goes at the first that it reads: with the
    // result it hangs up, at the end it forgets its device and then fails to do so again.
    let ended =
        |told: &Value| told["logged_out"] == true || !told["closed"].is_null() || told["kind"] == "logout";
    client.tells("the end", ended).await;
}
