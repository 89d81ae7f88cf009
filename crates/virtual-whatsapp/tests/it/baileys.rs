//! A client that is not ours: Baileys 7.0.0-rc14 as published on npm, in Node. See `tests/baileys/client.mjs` for
//! what it is told otherwise than by default.
//!
//! `FLOWHQ_TEST_BAILEYS` set to `off` leaves these tests out, where there is no Node; `scripts/test` installs what they
//! need.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use virtual_whatsapp::{
    Authority, EventKind, Options, ReceiptKind, Server, TlsListener, TlsOptions, VirtualWhatsApp,
};

use crate::bot::{ASHA, BUSINESS, LIMIT, caught_up, trace, wait};

struct Baileys {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    commands: ChildStdin,
}

/// Where the client and its packages are; none where these tests are left out.
fn folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests are told by variables what they may use")]
    if std::env::var("FLOWHQ_TEST_BAILEYS").is_ok_and(|value| value == "off") {
        return None;
    }
    trace();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/baileys");
    let there = folder.join("node_modules/baileys/package.json").exists();
    assert!(
        there,
        "run `npm ci --ignore-scripts --legacy-peer-deps` in {folder:?}, or set FLOWHQ_TEST_BAILEYS=off"
    );
    Some(folder)
}

impl Baileys {
    fn start(
        folder: &PathBuf,
        url: &str,
        root_key: &[u8],
        directory: &tempfile::TempDir,
        more: &[(&str, &str)],
    ) -> Self {
        let root: String = root_key.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut process = Command::new("node")
            .arg("client.mjs")
            .current_dir(folder)
            .env("URL_OF_SERVER", url)
            .env("ROOT_KEY", root)
            .env("DIRECTORY", directory.path())
            .envs(more.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed");
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let commands = process.stdin.take().unwrap();
        Self { process, said, commands }
    }

    /// The next thing that it tells under this name; what it tells meanwhile is passed over.
    async fn tells(&mut self, name: &str) -> Value {
        let search = async {
            loop {
                let line = self.said.next_line().await.unwrap().expect("the client goes on");
                let told: Value = serde_json::from_str(&line).unwrap();
                if !told[name].is_null() {
                    return told;
                }
                assert!(told["closed"].is_null(), "the client was closed: {told}");
            }
        };
        tokio::time::timeout(LIMIT, search).await.unwrap_or_else(|_| panic!("the client never told {name}"))
    }

    async fn obeys(&mut self, command: &Value) {
        self.commands.write_all(format!("{command}\n").as_bytes()).await.unwrap();
    }

    async fn end(mut self) {
        self.obeys(&json!({"end": true})).await;
        tokio::time::timeout(LIMIT, self.process.wait()).await.expect("the client ends").unwrap();
    }
}

/// Both ways: the customer is answered, and is written to without having asked.
async fn talk(server: &Server, client: &mut Baileys) {
    let asha = server.customer(ASHA, "Asha").unwrap();
    wait(server, 0, |event| matches!(event, EventKind::PrekeysUploaded { .. })).await;
    for (n, text) in ["Habari", "Mnafungua saa ngapi?", "Asante"].into_iter().enumerate() {
        asha.send_text(BUSINESS, text).unwrap();
        assert_eq!(client.tells("heard").await["heard"], text);
        let replies = asha.wait_for_reply(BUSINESS, n + 1, LIMIT).await.unwrap();
        let last = replies.last().unwrap();
        assert_eq!((last.body.text(), last.arrivals), (Some(format!("echo: {text}").as_str()), 1));
    }
    client.obeys(&json!({"say": "Karibu tena", "to": ASHA})).await;
    let sent = client.tells("sent").await["sent"].as_str().unwrap().to_owned();
    let replies = asha.wait_for_reply(BUSINESS, 4, LIMIT).await.unwrap();
    assert_eq!((replies[3].body.text(), &replies[3].id), (Some("Karibu tena"), &sent));
    let delivered = |event: &EventKind| {
        matches!(event, EventKind::Receipt { kind: ReceiptKind::Delivered | ReceiptKind::Inactive, .. })
    };
    wait(server, 0, delivered).await;
    let unknown = server.events().since(0).into_iter().filter_map(|event| match &event.kind {
        EventKind::UnknownRequest { stanza, .. } => Some(stanza.clone()),
        _ => None,
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new(), "every request of Baileys is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baileys_links_by_qr_code_over_tls_checks_certificates_and_comes_back_after_a_restart() {
    let Some(folder) = folder() else { return };
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let authority = Authority::generate().unwrap();
    let tls = TlsListener::start(server.clone(), &authority, &TlsOptions::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let trusted = directory.path().join("ca.pem");
    authority.write_to(&trusted).unwrap();
    let session = tempfile::tempdir().unwrap();
    let more = [("NODE_EXTRA_CA_CERTS", trusted.to_str().unwrap())];
    let mut client = Baileys::start(&folder, &tls.url(), &server.root_key(), &session, &more);
    let qr = client.tells("qr").await;
    server.phone(BUSINESS).unwrap().scan(qr["qr"].as_str().unwrap()).await.unwrap();
    let open = client.tells("open").await;
    assert!(open["checked"].as_u64().unwrap() >= 4, "two certificates at each of two handshakes: {open}");
    talk(&server, &mut client).await;
    client.end().await;

    // What is sent while it is away waits, and comes once.
    let asha = server.find_customer(ASHA).unwrap();
    asha.send_text(BUSINESS, "Mpo?").unwrap();
    let before = server.events().last();
    let mut client = Baileys::start(&folder, &tls.url(), &server.root_key(), &session, &more);
    assert_eq!(client.tells("heard").await["heard"], "Mpo?");
    caught_up(&server, before).await;
    let replies = asha.wait_for_reply(BUSINESS, 5, LIMIT).await.unwrap();
    assert_eq!(replies[4].body.text(), Some("echo: Mpo?"));
    client.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baileys_links_by_pairing_code() {
    let Some(folder) = folder() else { return };
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let session = tempfile::tempdir().unwrap();
    let more = [("NUMBER", BUSINESS)];
    let mut client = Baileys::start(&folder, &server.url(), &server.root_key(), &session, &more);
    let code = client.tells("code").await;
    server.phone(BUSINESS).unwrap().enter_code(code["code"].as_str().unwrap()).await.unwrap();
    client.tells("open").await;
    talk(&server, &mut client).await;
    client.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baileys_refuses_a_server_whose_root_key_it_does_not_trust() {
    let Some(folder) = folder() else { return };
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let session = tempfile::tempdir().unwrap();
    let other = VirtualWhatsApp::start(Options::default()).await.unwrap().root_key();
    let mut client = Baileys::start(&folder, &server.url(), &other, &session, &[]);
    let closed = client.tells("closed").await;
    assert!(closed["why"].as_str().unwrap().contains("certificate"), "{closed}");
}
