//! `flowhq virtual-whatsapp`.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{os::unix::fs::PermissionsExt as _, path::Path, process::Stdio};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tests::{Flavour, LIMIT, Place, process, process::Signal};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    process::Child,
};

const FREE_PORTS: [&str; 6] = ["--port", "0", "--tls-port", "0", "--control-port", "0"];

/// The command, once it listens, and what it says of itself.
async fn start(place: &Place, more: &[&str]) -> (Child, Value) {
    let mut command = place.command(Flavour::Virtual);
    command.arg("virtual-whatsapp").args(FREE_PORTS).arg("--json").args(more);
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(LIMIT, lines.next_line()).await.unwrap().unwrap();
    (child, serde_json::from_str(&line.unwrap()).unwrap())
}

async fn end(mut child: Child) {
    process::signal(child.id().unwrap(), Signal::TERM);
    let status = tokio::time::timeout(LIMIT, child.wait()).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
}

/// A request to the control API; a body makes it a POST.
async fn ask(facts: &Value, path: &str, body: Option<Value>) -> Value {
    let page = facts["page"].as_str().unwrap();
    let host = page.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(host).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    drop(tokio::spawn(connection));
    let request = Request::builder().uri(format!("/v1/{path}")).header(header::HOST, host);
    let request = request.method(if body.is_some() { "POST" } else { "GET" });
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Full::new(Bytes::from(body)));
    let answer = tokio::time::timeout(LIMIT, sender.send_request(request.unwrap())).await.unwrap().unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn with_a_state_file_it_is_the_same_server_after_a_restart() {
    let place = Place::new();
    let state = place.beside("lab.json");
    let state = state.to_str().unwrap();
    let (child, first) = start(&place, &["--state", state]).await;
    for (number, name) in [("255754000111", "Salon"), ("255754000222", "Asha")] {
        ask(&first, "accounts", Some(json!({"number": number, "name": name}))).await;
    }
    let text = json!({"chat": "255754000111", "body": {"kind": "text", "text": "Habari"}});
    let sent = ask(&first, "accounts/255754000222/messages", Some(text)).await;
    let key = format!("{state}.ca-key.pem");
    let authority = std::fs::read_to_string(&key).unwrap();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    end(child).await;

    let (child, second) = start(&place, &["--state", state]).await;
    assert_eq!(first["root_key"], second["root_key"]);
    let seen = ask(&second, "accounts/255754000111/messages?with=255754000222", None).await;
    assert_eq!((&seen[0]["id"], &seen[0]["body"]["text"]), (&sent["id"], &json!("Habari")));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), authority, "whoever trusted it still does");
    assert!(std::fs::read_to_string(format!("{state}.ca.pem")).unwrap().contains("BEGIN CERTIFICATE"));
    end(child).await;
}

#[tokio::test]
async fn without_one_it_leaves_nothing_behind_and_says_whom_to_trust() {
    let place = Place::new();
    let (child, facts) = start(&place, &[]).await;
    let about = ask(&facts, "server", None).await;
    for key in ["url", "tls_url", "root_key"] {
        assert_eq!(about[key], facts[key], "{key}");
    }
    let file = Path::new(facts["ca_file"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(file).unwrap(), about["tls_authority"].as_str().unwrap());
    end(child).await;
    assert!(!file.parent().unwrap().exists(), "its directory is gone");
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_file_of_another_kind_are_named() {
    let place = Place::new();
    let (child, facts) = start(&place, &[]).await;
    let taken = facts["page"].as_str().unwrap().trim_end_matches('/').rsplit_once(':').unwrap().1.to_owned();
    let other = place.beside("other.json");
    std::fs::write(&other, r#"{"format":"another","version":1}"#).unwrap();
    let other = other.to_str().unwrap();
    let cases: [(&[&str], &str); 2] = [
        (&["--port", "0", "--tls-port", "0", "--control-port", &taken], "--control-port"),
        (&["--port", "0", "--tls-port", "0", "--control-port", "0", "--state", other], other),
    ];
    for (arguments, said) in cases {
        let output = place.command(Flavour::Virtual).arg("virtual-whatsapp").args(arguments).output();
        let output = tokio::time::timeout(LIMIT, output).await.unwrap().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains(said), "{error}");
    }
    end(child).await;
}

#[tokio::test]
async fn a_default_build_has_none_and_says_how_to_get_one() {
    let place = Place::new();
    let output = place.command(Flavour::Default).arg("virtual-whatsapp").output().await.unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--features virtual -- virtual-whatsapp"), "{said}");
}
