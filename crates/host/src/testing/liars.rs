//! A host that knows its key and lies: what it says is refused with words, or taken in within its bounds.

use std::{convert::Infallible, io::ErrorKind, sync::Arc};

use bytes::Bytes;
use domain::TenantId;
use http::{Request, Response};
use http_body_util::Empty;
use hyper::{body::Incoming, server::conn::http2, service::service_fn, upgrade::Upgraded};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use supervisor::{Runtime as _, StartError, WorkerId};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::{
    bed::{NAME, client, key, new_id},
    fake::order,
    soon,
};
use crate::{
    HostRuntime, Seen,
    proof::{self, AsHost, VERSIONS},
    tls,
    wire::hear,
};

/// A host that answers every request with the same bytes, and then with more of them for as long as somebody reads.
struct Liar {
    host: HostRuntime,
    _served: AbortOnDropHandle<()>,
}

impl Liar {
    async fn that_says(said: Vec<u8>, and_on: Vec<u8>) -> Self {
        Self::that_says_by_verb(move |_| (said.clone(), and_on.clone())).await
    }

    async fn that_says_by_verb(said: impl Fn(&str) -> (Vec<u8>, Vec<u8>) + Send + Sync + 'static) -> Self {
        let said = Arc::new(said);
        Self::that_talks(move |mut stream| {
            let said = Arc::clone(&said);
            async move {
                let verb: serde_json::Value = hear(&mut stream).await.unwrap();
                let (said, and_on) = said(verb["verb"].as_str().unwrap());
                let mut going_on = stream.write_all(&said).await;
                while going_on.is_ok() && !and_on.is_empty() {
                    going_on = stream.write_all(&and_on).await;
                }
                let _gone = stream.shutdown().await;
                // Held open until whoever asked has had enough.
                let _gone = stream.read_to_end(&mut Vec::new()).await;
            }
        })
        .await
    }

    async fn that_talks<F: Future<Output = ()> + Send + 'static>(
        talk: impl Fn(TokioIo<Upgraded>) -> F + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = client(listener.local_addr().unwrap());
        let talk = Arc::new(talk);
        let served = async move {
            let tls = TlsAcceptor::from(tls::server().unwrap());
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = tls.accept(stream).await.unwrap();
            let channel = tls::of_server(&stream).unwrap();
            let seen = Seen { incarnation: 1, run: 1 };
            let own = AsHost { name: NAME, seen, key: &key(), versions: VERSIONS };
            proof::accept(&mut stream, channel, &own).await.unwrap();
            let tasks = TaskTracker::new();
            let service = service_fn(move |request: Request<Incoming>| {
                let talk = Arc::clone(&talk);
                tasks.spawn(async move {
                    let Ok(stream) = hyper::upgrade::on(request).await else { return };
                    talk(TokioIo::new(stream)).await;
                });
                async { Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new())) }
            });
            let _cut = http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        };
        let served = AbortOnDropHandle::new(TaskTracker::new().spawn(served));
        Self { host, _served: served }
    }

    async fn that_answers(answer: &serde_json::Value) -> Self {
        Self::that_says(frame(answer), Vec::new()).await
    }
}

fn frame(said: &serde_json::Value) -> Vec<u8> {
    let body = said.to_string().into_bytes();
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &body].concat()
}

fn ok(answer: &serde_json::Value) -> serde_json::Value {
    json!({ "Ok": answer })
}

fn refused<T>(answer: std::io::Result<T>, words: &str) {
    let error = answer.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
    assert!(error.to_string().contains("host-0 said something that no host says"), "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn workers_of_other_tenants_and_wrong_ids_cannot_even_be_said() {
    // Whose they are is whoever was asked for, whatever else is said.
    let other = TenantId::generate();
    let said = ok(&json!({ "workers": [[1, 7]], "tenant": other.to_string() }));
    let liar = Liar::that_answers(&said).await;
    let tenant = TenantId::generate();
    let found = liar.host.find(tenant, None).await.unwrap();
    assert_eq!(found[0].id(), WorkerId { tenant, generation: 1 });
    for wrong in [
        json!({ "workers": [[1.5, 7]] }),
        json!({ "workers": [[1, -7]] }),
        json!({ "workers": "all" }),
        json!([]),
    ] {
        let liar = Liar::that_answers(&ok(&wrong)).await;
        refused(liar.host.find(tenant, None).await, "a frame of");
    }
    let many: Vec<_> = (0..1_000).map(|generation| json!([generation, 7])).collect();
    let liar = Liar::that_answers(&ok(&json!({ "workers": many }))).await;
    refused(liar.host.find(tenant, None).await, "more workers of one tenant");
}

#[tokio::test]
async fn a_list_without_end_is_left_out() {
    let listed = |tenants: Vec<String>| frame(&ok(&json!({ "tenants": tenants, "more": true })));
    let full = listed((0..1_000).map(|_| TenantId::generate().to_string()).collect());
    let liar = Liar::that_says(full.clone(), full).await;
    refused(soon("an end", liar.host.list()).await, "without an end");
    let empty = listed(Vec::new());
    let liar = Liar::that_says(empty.clone(), empty).await;
    refused(soon("an end", liar.host.list()).await, "without an end");
    let liar = Liar::that_answers(&ok(&json!({ "tenants": ["../../etc"], "more": false }))).await;
    refused(liar.host.list().await, "a frame of");
}

#[tokio::test]
async fn giant_frames_and_nonsense_are_refused() {
    let liar = Liar::that_says(vec![0xFF; 64], vec![0xFF; 64]).await;
    refused(liar.host.about().await, "larger than any");
    let liar = Liar::that_says(b"\0\0\0\x04null".to_vec(), Vec::new()).await;
    refused(liar.host.about().await, "a frame of 4 bytes");
    let error = liar.host.start(order(new_id())).await.map(drop).unwrap_err();
    assert!(matches!(error, StartError::Away(_)), "whether it runs is not known: {error}");
    // A stream that ends before its answer is a cut.
    let liar = Liar::that_says(Vec::new(), Vec::new()).await;
    let error = liar.host.about().await.unwrap_err();
    assert!(
        error.kind() == ErrorKind::NotConnected && error.to_string().contains("went away while"),
        "{error}"
    );
}

#[tokio::test]
async fn log_bytes_without_end_are_not_read() {
    let head =
        |bytes: u64| frame(&ok(&json!({ "bytes": bytes, "more": false, "end": 1, "rotating": false })));
    let liar = Liar::that_says(head(u64::MAX), vec![b'x'; 4096]).await;
    refused(liar.host.log_tail(new_id().tenant, 100, None).await, "more of a log than was asked for");
    let liar = Liar::that_says(head(100), vec![b'x'; 4096]).await;
    let tail = soon("an end", liar.host.log_tail(new_id().tenant, 100, None)).await.unwrap();
    assert_eq!(tail.text.len(), 100, "what was asked for, and no more");
}

#[tokio::test]
async fn files_that_no_tenant_has_are_refused() {
    let said = |name: &str, bytes: u64| {
        [frame(&ok(&json!(null))), frame(&json!({ "file": { "name": name, "bytes": bytes } }))].concat()
    };
    let liar = Liar::that_says(said("journal.db", u64::MAX), vec![0; 4096]).await;
    refused(liar.host.journal_at_rest(new_id().tenant).await, "more bytes came");
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let whole = |name| [said(name, 0), frame(&json!({ "sum": sum })), frame(&json!("end"))].concat();
    let liar = Liar::that_says(whole("../../key"), Vec::new()).await;
    refused(liar.host.journal_at_rest(new_id().tenant).await, "no journal's");
    let liar = Liar::that_says(whole("journal.db"), Vec::new()).await;
    assert_eq!(liar.host.journal_at_rest(new_id().tenant).await.unwrap().len(), 1, "the control");
}

#[tokio::test]
async fn words_of_a_host_write_no_lines() {
    let fault = json!({ "Err": { "kind": "other", "words": "no\nERROR forged" } });
    let liar = Liar::that_answers(&fault).await;
    let error = liar.host.purge(new_id().tenant).await.unwrap_err();
    assert_eq!(error.to_string(), "no ERROR forged");
    let reason = "x\u{1b}[2J".repeat(1_000);
    let liar = Liar::that_answers(&ok(&json!({ "failed": { "code": 26, "reason": reason } }))).await;
    let error = liar.host.start(order(new_id())).await.map(drop).unwrap_err().to_string();
    assert!(error.len() < 1_000 && !error.contains('\u{1b}'), "{error}");
}

#[tokio::test]
async fn news_of_a_worker_without_end_stay_a_number_and_are_no_end_of_it() {
    let liar = Liar::that_says_by_verb(|verb| match verb {
        "start" => (frame(&ok(&json!({ "ready": { "pid": 7 } }))), Vec::new()),
        _ => (frame(&ok(&json!(null))), frame(&json!({ "grown": u64::MAX }))),
    })
    .await;
    let process = liar.host.start(order(new_id())).await.unwrap();
    let grown = async {
        while process.output() != u64::MAX {
            tokio::task::yield_now().await;
        }
    };
    soon("growth", grown).await;
    let ended = tokio::time::timeout(std::time::Duration::ZERO, process.ended()).await;
    assert!(ended.is_err(), "nobody has said that it ended");
    // The host can still be asked for something else.
    liar.host.purge(new_id().tenant).await.unwrap();
}

/// Whoever has read a question to its end may be done with the stream before whoever asked knows that the end was sent.
#[tokio::test]
async fn an_answer_counts_where_its_stream_takes_no_more_of_the_question() {
    let answer = frame(&ok(&json!({ "workers": [] })));
    let host = Liar::that_talks(move |mut stream| {
        let answer = answer.clone();
        async move {
            stream.write_all(&answer).await.unwrap();
        }
    })
    .await;
    // Which of the two comes first is up to the machine: most times it is the end of the stream.
    for _ in 0..100 {
        let found = soon("an answer", host.host.find(new_id().tenant, None)).await.unwrap();
        assert!(found.is_empty());
    }
}
