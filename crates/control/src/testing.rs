//! The admin API in this process for tests: a real SQLite store, a real supervisor, and workers that only pretend.

mod access;
mod alerts;
mod api_page;
mod audit;
mod bounds;
mod business;
mod conditions;
#[path = "../../reference/src/testing/fits.rs"]
mod fits;
// The same file for both crates: it reads docs/isolation.md, which is as far from either.
mod bad_input;
mod both_languages;
mod confirming;
mod desk;
mod guessing;
mod hosts;
mod importing;
#[path = "../../store/src/tests/isolation.rs"]
mod isolation;
mod languages;
mod linking;
mod matrix;
mod moving;
mod notes;
mod old_client;
mod pages;
mod portal;
mod pretend;
mod revoked;
mod setup_requests;
mod signing_in;
mod statements;
mod tenants;
mod tiles;
mod transcripts;
mod uptime;
mod watching;
mod worker_log;
mod workers;

use std::{sync::Arc, time::Duration};

use ::alerts::AlertOptions;
use accounts::{Accounts, Gate};
use axum::{Router, body::Body};
use base64::Engine;
use domain::{Clock, Direction, Id, Limits, ManualClock, TenantId};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use link::TokenKey;
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;
use serde_json::{Value, json};
use store::{NewLog, Store, Target};
use supervisor::Handle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use web::{Hosts, OwnOrigins, Proxies, Site, serve::Peer};

pub(crate) use self::fits::fits;
use crate::{App, AppParts};

const PASSWORD: &str = "right horse";

/// The key of the portal.
const PORTAL_KEY: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

/// By what name the tests ask.
const HOST: http::HeaderValue = http::HeaderValue::from_static("127.0.0.1:3000");

/// What a browser says it takes.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// One control plane without listeners. Tests beside an endpoint use it as those of this folder do.
pub(crate) struct TestApp {
    router: Router,
    pub(crate) store: Store,
    supervisor: Handle,
    runtime: Arc<pretend::Pretend>,
    clock: Arc<ManualClock>,
    pub(crate) app: App,
    stop: CancellationToken,
    /// Signs as the portal does.
    signer: Arc<claim::Signer>,
    directory: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The problem's status, the last word of its type, and its field.
    pub(crate) fn problem(&self) -> (u16, String, Option<String>) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text);
        let document = self.json();
        assert_eq!(document["status"], self.status.as_u16());
        assert_eq!(document["error"], document["detail"]);
        let word = document["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
        (self.status.as_u16(), word, document["field"].as_str().map(str::to_owned))
    }
}

/// A key of its own, and a push service of ours on this machine.
fn push_options() -> crate::PushOptions {
    crate::PushOptions {
        services: vec!["http://127.0.0.1:".to_owned()],
        ..crate::PushOptions::new(
            crate::PushKey::generate().unwrap(),
            "mailto:operator@example.com".to_owned(),
        )
    }
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::made(false, AlertOptions::default(), |portal| portal, Vec::new()).await
    }

    /// One whose portal may ask in another way.
    pub(crate) async fn with_portal(
        portal: impl FnOnce(crate::PortalOptions) -> crate::PortalOptions,
    ) -> Self {
        Self::made(false, AlertOptions::default(), portal, Vec::new()).await
    }

    /// One that sends alerts.
    pub(crate) async fn alerting(alerts: AlertOptions) -> Self {
        Self::made(false, alerts, |portal| portal, Vec::new()).await
    }

    /// One with hosts, whose disks run low below so many bytes.
    pub(crate) async fn with_hosts(hosts: Vec<supervisor::NamedHost>, disk_low_bytes: u64) -> Self {
        let alerts = AlertOptions { disk_low_bytes, ..AlertOptions::default() };
        Self::made(false, alerts, |portal| portal, hosts).await
    }

    /// One that takes the password from the query.
    pub(crate) async fn with_password_in_query() -> Self {
        Self::made(true, AlertOptions::default(), |portal| portal, Vec::new()).await
    }

    async fn made(
        password_in_query: bool,
        alerts: AlertOptions,
        portal: impl FnOnce(crate::PortalOptions) -> crate::PortalOptions,
        hosts: Vec<supervisor::NamedHost>,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new("2026-01-10T12:00:00Z".parse().unwrap()));
        let shared: Arc<dyn Clock> = clock.clone();
        let store = Store::open(&Target::Sqlite(directory.path().join("db")), shared.clone()).await.unwrap();
        let limits = Limits {
            contact_per_minute: 10,
            tenant_per_minute: 60,
            chat_queue: 20,
            heartbeat_interval_ms: 30_000,
            quiet_ms: 0,
            clock_ahead_ms: 0,
            neighbours: 0,
            disk_short: false,
        };
        let options = supervisor::Options {
            stop_grace: Duration::from_millis(20),
            term_grace: Duration::from_millis(20),
            ..supervisor::Options::new(limits)
        };
        let key = TokenKey::from_bytes([7; 32]);
        let runtime = Arc::new(pretend::Pretend::default());
        let mut runs: Arc<dyn supervisor::Runtime> = runtime.clone();
        if !hosts.is_empty() {
            let care = supervisor::HostCare::default();
            let places =
                supervisor::Places::open(runs, hosts, store.clone(), shared.clone(), care).await.unwrap();
            runs = Arc::new(places);
        }
        let supervisor = supervisor::start(options, store.clone(), runs, key, shared.clone());
        let stop = CancellationToken::new();
        let gate = Gate::plain(&SecretString::from(PASSWORD), "epoch".to_owned());
        let idle = Duration::from_secs(3600);
        let options = accounts::Options { idle, https: false, device_key: [9; 32], sealer: sealer() };
        let signer = claim::Signer::generate().unwrap().0;
        let claims = claim::Verifier::new([signer.public_key()], clock.now().as_millisecond()).unwrap();
        let portal = portal(crate::PortalOptions {
            keys: vec![SecretString::from(PORTAL_KEY)],
            ..crate::PortalOptions::new(claims, "http://127.0.0.1:3001".to_owned())
        });
        let parts = AppParts {
            store: store.clone(),
            supervisor: supervisor.clone(),
            accounts: Accounts::new(store.clone(), gate, options, shared.clone()),
            password_in_query,
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            stale_after: Duration::from_secs(120),
            stop: stop.clone(),
            brand: crate::Brand::default(),
            settings: vec![
                ("PORT", Some("3000".to_owned())),
                ("SESSION_IDLE_MINUTES", Some("60".to_owned())),
            ],
            changed_settings: vec!["SESSION_IDLE_MINUTES"],
            protection: api::Protection::default(),
            data_dir: directory.path().to_owned(),
            backups: Arc::new(crate::NoBackups),
            moves: Arc::new(moving::Moving),
            portal,
            push: push_options(),
            version: "test",
            alerts: Arc::new(alerts),
            site: Site {
                time_limit: Duration::from_secs(30),
                own_origins: OwnOrigins::default(),
                hosts: Hosts::default(),
                proxies: Proxies::default(),
                https: false,
                virtual_build: false,
                shell: None,
            },
        };
        let app = App::new(parts, shared);
        let router = crate::router(app.clone());
        let signer = Arc::new(signer);
        Self { app, router, store, supervisor, runtime, clock, stop, signer, directory }
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().entry("host").or_insert(HOST);
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// The same as it goes over the wire: headers, and how many bytes.
    pub(crate) async fn wire(&self, mut request: Request<Body>) -> (http::HeaderMap, usize) {
        request.headers_mut().entry("host").or_insert(HOST);
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        (parts.headers, body.collect().await.unwrap().to_bytes().len())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, None)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(request(Method::POST, path, Some(body.to_string()))).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(request(Method::PATCH, path, Some(body.to_string()))).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(request(Method::DELETE, path, None)).await
    }

    /// A tenant of this name, by the API.
    pub(crate) async fn tenant(&self, name: &str) -> TenantId {
        let created = self.post("/admin/tenants", &json!({ "name": name })).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
        created.json()["id"].as_str().unwrap().parse().unwrap()
    }

    /// So many messages in a tenant's log, all of one contact: `message 1` is the oldest.
    pub(crate) async fn messages(&self, tenant: TenantId, count: u64) {
        let row = |n| NewLog {
            sequence: n,
            id: Id::generate(),
            direction: Direction::In,
            contact: "255754000222".to_owned(),
            text: format!("message {n}"),
            wa_message_id: format!("A{n}"),
            at: "2026-01-10T12:00:00Z".parse().unwrap(),
            silence: None,
            sent_at: None,
            about: None,
            removes: false,
            delivery: None,
            writer: None,
            opted_out: false,
        };
        let rows: Vec<_> = (1..=count).map(row).collect();
        self.store.tenant(tenant).append_logs(Id::generate(), &rows).await.unwrap();
    }

    /// An open booking of a tenant's, `B-1001`, for a name.
    async fn booking(&self, tenant: TenantId, name: &str) {
        let at: domain::Timestamp = "2026-01-10T15:00:00Z".parse().unwrap();
        let body = json!({
            "kind": "booking", "reference": "B-1001", "version": 1, "service": "braids", "service_name": "Kusuka",
            "at": at, "minutes": 60, "lane": "/1", "name": name, "state": "booked", "made_at": at, "changed_at": at,
        });
        let row = store::NewRecord {
            sequence: 1,
            reference: "B-1001".to_owned(),
            number: 1001,
            kind: domain::RecordKind::Booking,
            contact: Some("255754000222".to_owned()),
            version: 1,
            open: true,
            state: "booked".to_owned(),
            stands_at: at,
            found_by: format!("B-1001 {name}"),
            body: body.to_string(),
            changed_at: at,
        };
        self.store.tenant(tenant).put_record(&row).await.unwrap();
    }

    /// The audit log's event types, oldest first.
    pub(crate) async fn events(&self) -> Vec<String> {
        let all = self.store.operator().list_events(&Default::default(), Default::default()).await.unwrap();
        all.items.into_iter().rev().map(|event| event.event_type).collect()
    }
}

/// What seals second factors in tests.
fn sealer() -> seal::Sealer {
    let key = SecretString::from("7".repeat(64));
    seal::MasterKey::from_setting(&key).unwrap().sealer(accounts::PURPOSE).unwrap()
}

/// The header of HTTP Basic.
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

/// A request by the operator.
fn request(method: Method, path: &str, body: Option<String>) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("authorization", basic("admin", PASSWORD));
    request = request.extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    request.body(body.map_or_else(Body::empty, Body::from)).unwrap()
}
