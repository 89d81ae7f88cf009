//! S1: every route of the table × actor × object, against the readable table in `matrix.txt`. A route that has no line
//! there fails the test, and the failure says which line it would be today: read it, and add it where it is right.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use accounts::{BrowserSession, BrowserSessions, Proved};
use axum::body::Body;
use base64::Engine;
use domain::{MembershipStatus, PackId, Phone, Role, TenantId, UserId};
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use link::TokenKey;
use serde_json::json;
use store::{NewMember, NewSetupRequest};
use strum::VariantArray;
use tower::ServiceExt;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use web::{routes::Access, serve::Peer};

use super::{
    PASSWORD, TestApp,
    guessing::enrol,
    signing_in::{Browser, operator},
};

/// What each route answers to whom; its head explains it.
const EXPECTED: &str = include_str!("matrix.txt");

/// Whoever may ask, in the order of the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
enum Actor {
    Nobody,
    Wrong,
    OwnerA,
    StaffA,
    InvitedA,
    RemovedA,
    OwnerB,
    Portal,
    WorkerA,
    Revoked,
    HalfIn,
    Admin,
}

impl Actor {
    /// What a person is to a tenant. Their way in comes with the portal, and leads to no route of this table.
    const fn membership(self) -> Option<(Role, MembershipStatus)> {
        match self {
            Self::OwnerA | Self::OwnerB => Some((Role::Owner, MembershipStatus::Active)),
            Self::StaffA => Some((Role::Staff, MembershipStatus::Active)),
            Self::InvitedA => Some((Role::Staff, MembershipStatus::Invited)),
            Self::RemovedA => Some((Role::Staff, MembershipStatus::Removed)),
            Self::Nobody
            | Self::Wrong
            | Self::Portal
            | Self::WorkerA
            | Self::Revoked
            | Self::HalfIn
            | Self::Admin => None,
        }
    }
}

/// Records the names of the statements that the store is asked for on this thread.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == store::STATEMENTS {
            let mut name = Name::default();
            event.record(&mut name);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(name.0);
        }
    }
}

#[derive(Default)]
struct Name(String);

impl tracing::field::Visit for Name {
    fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{value:?}");
    }
}

/// One answer, with all that could tell one thing from another.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
    statements: Vec<String>,
}

/// A line of the table.
struct Line {
    cells: Vec<String>,
    body: Option<String>,
    parameters: Vec<(String, String)>,
}

fn lines() -> BTreeMap<(String, String), Line> {
    let lines = EXPECTED.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (line, body) = match line.split_once(" {\"") {
                Some((line, body)) => (line, Some(format!("{{\"{body}"))),
                None => (line, None),
            };
            let mut words = line.split_whitespace().map(ToOwned::to_owned);
            let route = (words.next().unwrap(), words.next().unwrap());
            let cells: Vec<_> = words.by_ref().take(Actor::VARIANTS.len() + 1).collect();
            assert_eq!(
                cells.len(),
                Actor::VARIANTS.len() + 1,
                "matrix.txt: a line has a cell for each actor: {line}"
            );
            let parameters = words.map(|word| {
                let (name, value) = word.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            });
            (route, Line { cells, body, parameters: parameters.collect() })
        })
        .collect()
}

/// What the `{id}` of a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    Tenant,
    SetupRequest,
    Operator,
}

impl Object {
    fn of(path: &str) -> Option<Self> {
        match path.split('/').nth(2).filter(|_| path.contains("{id}"))? {
            "tenants" if path.starts_with("/admin/tenants/{id}") => Some(Self::Tenant),
            // A bulk action is nobody's, and lives for a while only.
            "tenants" => None,
            "setup-requests" => Some(Self::SetupRequest),
            "operators" => Some(Self::Operator),
            other => panic!("tell the matrix what {{id}} is below /admin/{other}"),
        }
    }

    /// Things of an operator's own belong to no tenant: one is there, and one is missing.
    const fn objects(object: Option<Self>) -> &'static [&'static str] {
        match object {
            None => &["none"],
            Some(Self::Operator) => &["own", "missing"],
            Some(Self::Tenant | Self::SetupRequest) => &["own", "foreign", "missing"],
        }
    }
}

/// One control plane with two tenants and their people.
struct Scene {
    app: TestApp,
    statements: Statements,
    token: String,
    people: HashMap<Actor, UserId>,
    /// Sessions: one that was signed out a moment ago, one whose second factor is outstanding.
    revoked: String,
    half_in: String,
    asked: AtomicU32,
}

impl Scene {
    async fn new(statements: Statements) -> (Self, TenantId, TenantId) {
        let app = TestApp::new().await;
        let (a, b) = (app.tenant("Marker A").await, app.tenant("Marker B").await);
        let mut people = HashMap::new();
        for actor in Actor::VARIANTS {
            let Some((role, status)) = actor.membership() else { continue };
            let tenant = if *actor == Actor::OwnerB { b } else { a };
            let (name, email) = (actor.to_string(), format!("{actor}@example.com"));
            let new = NewMember { name, email, phone: None, role, status };
            let added = app.store.operator().add_member(Some(tenant), &new).await.unwrap();
            people.insert(*actor, added.user.id);
        }
        // The very token with which A's worker proves itself on its link.
        let token = serde_json::to_value(TokenKey::from_bytes([7; 32]).token(a, 1)).unwrap();
        let token = token.as_str().unwrap().to_owned();
        let (revoked, half_in) = sessions(&app).await;
        (Self { app, statements, token, people, revoked, half_in, asked: AtomicU32::new(0) }, a, b)
    }

    /// The ids of an object of A, of one of B, and of one that is not there.
    async fn ids(&self, object: Option<Object>, a: TenantId, b: TenantId) -> Vec<String> {
        let missing = TenantId::generate().to_string();
        match object {
            None => vec![missing],
            Some(Object::Tenant) => {
                self.app.booking(a, "Marker").await;
                self.app.booking(b, "Marker").await;
                vec![a.to_string(), b.to_string(), missing]
            }
            Some(Object::SetupRequest) => vec![self.request(a).await, self.request(b).await, missing],
            Some(Object::Operator) => {
                let email = format!("{missing}@example.com");
                let body = json!({ "name": "Operator", "email": email }).to_string();
                let made = self.ask(&Method::POST, "/admin/operators", Actor::Admin, Some(&body)).await;
                assert_eq!(made.status, 201, "{}", made.body);
                let user = self.app.store.operator().user_by_email(&email).await.unwrap().unwrap();
                vec![user.id.to_string(), missing]
            }
        }
    }

    /// A setup request of a tenant.
    async fn request(&self, tenant: TenantId) -> String {
        let new = NewMember {
            name: "Asha".to_owned(),
            email: format!("{}@example.com", TenantId::generate()),
            phone: None,
            role: Role::Owner,
            status: MembershipStatus::Active,
        };
        let user = self.app.store.operator().add_member(Some(tenant), &new).await.unwrap().user.id;
        let new = NewSetupRequest {
            user_id: user,
            template_type: PackId::BOOKING,
            // A number of its own: a declared one is one tenant's.
            whatsapp_number: Phone::parse(&format!(
                "+25571{:07}",
                self.asked.fetch_add(1, Ordering::Relaxed)
            ))
            .unwrap(),
            notes: Some("Marker".to_owned()),
        };
        self.app.store.tenant(tenant).create_setup_request(&new).await.unwrap().id.to_string()
    }

    /// What an actor sends along: for a person of a tenant the most that the portal could ever give them, a session that
    /// was begun for this very person, beside their own name.
    async fn credentials(&self, actor: Actor) -> Vec<(&'static str, String)> {
        let basic = |user: &str, password: &str| {
            let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            vec![("authorization", format!("Basic {text}"))]
        };
        match actor {
            Actor::Nobody => Vec::new(),
            Actor::Wrong => basic("admin", "wrong"),
            Actor::Admin => basic("admin", PASSWORD),
            Actor::Portal => vec![("x-portal-key", "k".repeat(32))],
            Actor::Revoked => vec![("cookie", self.revoked.clone())],
            Actor::HalfIn => vec![("cookie", self.half_in.clone())],
            Actor::WorkerA => vec![("authorization", format!("Bearer {}", self.token))],
            Actor::OwnerA | Actor::StaffA | Actor::InvitedA | Actor::RemovedA | Actor::OwnerB => {
                // A new one each time, since one that is refused is ended.
                let proved = Proved {
                    actor: store::Actor::User(self.people[&actor]),
                    name: actor.to_string(),
                    version: "1".to_owned(),
                    has_factor: false,
                };
                vec![("cookie", begun(&self.app, &proved).await), ("x-portal-user", actor.to_string())]
            }
        }
    }

    async fn ask(&self, method: &Method, path: &str, actor: Actor, body: Option<&str>) -> Seen {
        let mut request = Request::builder().method(method).uri(path).header("accept", "application/json");
        request = request.header("host", super::HOST);
        for (name, value) in self.credentials(actor).await {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_owned()));
        let mut request = request.body(body).unwrap();
        // From another address each time: who sends a wrong password waits longer from one to the next.
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let [.., high, low] = asked.to_be_bytes();
        request.extensions_mut().insert(Peer::Tcp(std::net::SocketAddr::from(([10, 0, high, low], 1))));
        self.statements.take();
        let (parts, body) = self.app.router.clone().oneshot(request).await.unwrap().into_parts();
        // A stream goes on for ever; that it has begun is what counts.
        let streams = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if streams { Vec::new() } else { body.collect().await.unwrap().to_bytes().to_vec() };
        Seen {
            status: parts.status.as_u16(),
            headers: comparable(&parts.headers),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            statements: self.statements.take(),
        }
    }
}

/// The cookie of a session that is begun for somebody.
async fn begun(app: &TestApp, proved: &Proved) -> String {
    let session = BrowserSession::new(None, Arc::new(BrowserSessions(app.store.clone())), None);
    app.app.accounts.begin(&session, proved).await.unwrap();
    session.save().await.unwrap();
    format!("flowhq_admin={}", session.id().unwrap())
}

/// The positive control of the columns of people: what is refused to an owner opens for an operator.
#[tokio::test]
async fn a_session_that_is_begun_for_an_operator_opens_what_one_for_an_owner_does_not() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    let owner = NewMember {
        name: "Asha".to_owned(),
        email: "asha@example.com".to_owned(),
        phone: None,
        role: Role::Owner,
        status: MembershipStatus::Active,
    };
    let owner = app.store.operator().add_member(Some(tenant), &owner).await.unwrap().user.id;
    let (id, _) = operator(&app, "juma@example.com").await;
    let operator = store::Actor::User(id.parse().unwrap());
    let proved = app.app.accounts.account(operator).await.unwrap().unwrap();
    for (actor, status) in [(operator, 200), (store::Actor::User(owner), 401)] {
        let cookie = begun(&app, &Proved { actor, ..proved.clone() }).await;
        let request = Request::get("/admin/tenants").header("host", super::HOST).header("cookie", cookie);
        assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, status);
    }
}

/// Cookies of a session that has just ended, and of one whose second factor is outstanding.
async fn sessions(app: &TestApp) -> (String, String) {
    let cookie = |browser: &Browser| format!("flowhq_admin={}", browser.session().unwrap());
    let mut revoked = Browser::default();
    revoked.sign_in(app, "admin", PASSWORD).await;
    let revoked_cookie = cookie(&revoked);
    revoked.post(app, "/admin/sign-out", &[]).await;
    let (_, password) = operator(app, "half@example.com").await;
    let mut half_in = Browser::default();
    half_in.sign_in(app, "half@example.com", &password).await;
    enrol(app, &mut half_in).await;
    half_in.sign_in(app, "half@example.com", &password).await;
    (revoked_cookie, cookie(&half_in))
}

impl Scene {
    /// Whether what goes on under this path ends within a second of the end of its reader's session; `None` where nothing
    /// goes on.
    async fn ends_with_its_session(&self, path: &str) -> Option<bool> {
        let mut browser = Browser::default();
        browser.sign_in(&self.app, "admin", PASSWORD).await;
        let request = Request::get(path)
            .header("host", super::HOST)
            .header("cookie", format!("flowhq_admin={}", browser.session()?))
            .body(Body::empty())
            .unwrap();
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let kind = response.headers().get("content-type").cloned()?;
        if kind != "text/event-stream" {
            return None;
        }
        browser.post(&self.app, "/admin/sign-out", &[]).await;
        let rest = response.into_body().collect();
        Some(tokio::time::timeout(std::time::Duration::from_secs(1), rest).await.is_ok())
    }
}

/// Without what differs from one answer to the next.
fn comparable(headers: &HeaderMap) -> BTreeMap<String, String> {
    let kept = headers.iter().filter(|(name, _)| *name != "date" && *name != "x-request-id");
    kept.map(|(name, value)| {
        let mut value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        // A cookie that is taken away has ended a year before this second, which is as good as a date.
        if name == "set-cookie" && value.contains("; Max-Age=0; ") {
            let parts = value.split("; ").filter(|part| !part.starts_with("Expires="));
            value = parts.collect::<Vec<_>>().join("; ");
        }
        (name.to_string(), value)
    })
    .collect()
}

#[test]
fn the_second_in_which_a_cookie_is_taken_away_tells_nothing() {
    let taken_away = |second: u8| {
        let cookie = format!("flowhq_admin=; Path=/; Max-Age=0; Expires=Fri, 28 Nov 2025 17:57:{second} GMT");
        let mut headers = HeaderMap::new();
        headers.insert(http::header::SET_COOKIE, cookie.parse().unwrap());
        comparable(&headers)
    };
    assert_eq!(taken_away(15), taken_away(16));
    assert_eq!(taken_away(15)["set-cookie"], "flowhq_admin=; Path=/; Max-Age=0");
}

/// Whether an answer says no to who asks.
const fn denies(status: u16) -> bool {
    matches!(status, 401 | 403 | 404)
}

#[tokio::test]
async fn every_route_answers_every_actor_as_the_table_says() {
    let statements = Statements::default();
    let _recording =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
    let (scene, a, b) = Scene::new(statements).await;
    let mut expected = lines();
    let mut faults = String::new();
    let mut cells = 0;
    for route in crate::table() {
        let line = expected.remove(&(route.method.to_string(), route.path.clone()));
        let known = line.is_some();
        let line = line.unwrap_or(Line { cells: Vec::new(), body: None, parameters: Vec::new() });
        let object = Object::of(&route.path);
        let denied_ids = scene.ids(object, a, b).await;
        let mut found = Vec::new();
        for actor in Actor::VARIANTS.iter().copied() {
            // An operator may change what is asked for, so each of its requests gets things of its own.
            let ids = match actor {
                Actor::Admin => {
                    let (a, b) = (scene.app.tenant("Admin A").await, scene.app.tenant("Admin B").await);
                    scene.ids(object, a, b).await
                }
                _ => denied_ids.clone(),
            };
            let mut paths = Vec::new();
            for id in &ids {
                let mut path = route.path.replace("{id}", id);
                for (name, value) in &line.parameters {
                    path = path.replace(&format!("{{{name}}}"), value);
                }
                paths.push(path);
            }
            let asked = paths.iter().map(|path| scene.ask(&route.method, path, actor, line.body.as_deref()));
            let seen: Vec<Seen> = if actor == Actor::Wrong {
                // All at once, since each waits for a while; which statement was whose is not known then.
                let seen = futures_util::future::join_all(asked).await;
                seen.into_iter().map(|seen| Seen { statements: Vec::new(), ..seen }).collect()
            } else {
                let mut seen = Vec::new();
                for asked in asked {
                    seen.push(asked.await);
                }
                seen
            };
            cells += seen.len();
            for (object, answer) in Object::objects(object).iter().zip(&seen) {
                if answer.body.contains("Marker") && actor != Actor::Admin {
                    let _ =
                        writeln!(faults, "{} {} tells {actor} of the {object} one", route.method, route.path);
                }
            }
            // An operator sees every tenant; all others must not tell theirs from what is not there.
            if actor != Actor::Admin
                && let [.., foreign, missing] = &seen[..]
                && denies(foreign.status)
                && foreign != missing
            {
                let _ = writeln!(
                    faults,
                    "{} {}: {actor} can tell one that is not theirs from a missing one:\n  {foreign:?}\n  {missing:?}",
                    route.method, route.path
                );
            }
            let statuses: Vec<_> = seen.iter().map(|answer| answer.status.to_string()).collect();
            let same = statuses.iter().all(|status| *status == statuses[0]);
            found.push(if same { statuses[0].clone() } else { statuses.join("/") });
        }
        // The positive control beside every denial: what is refused to others is not refused to an operator.
        let control = found.last().and_then(|cell| cell.split('/').next()?.parse().ok()).unwrap_or(404);
        let has_control = !line.parameters.iter().any(|(name, _)| name == "control");
        if denies(control) && route.access == Access::Operator && has_control {
            let _ = writeln!(
                faults,
                "{} {}: an operator gets {control}, so that no denial here shows anything; give the line what the \
                 route needs (a body, or name=value for a part of the path)",
                route.method, route.path
            );
        }
        let own = match object {
            Some(Object::Tenant) => route.path.replace("{id}", &a.to_string()),
            _ => route.path.to_owned(),
        };
        let goes_on = route.method == Method::GET && control == 200 && !own.contains('{');
        let stream = if goes_on { scene.ends_with_its_session(&own).await } else { None };
        found.push(match stream {
            None => "-".to_owned(),
            Some(true) => "ends".to_owned(),
            Some(false) => "goes-on".to_owned(),
        });
        if found != line.cells {
            let now = format!("{} {} {}", route.method, route.path, found.join(" "));
            let _ = match known {
                true => writeln!(faults, "matrix.txt says {:?}, but it is now:\n{now}", line.cells.join(" ")),
                false => writeln!(
                    faults,
                    "matrix.txt in crates/control/src/testing has no line for this route. Decide who may ask, and \
                     where today's answers are right, add:\n{now}"
                ),
            };
        }
    }
    for (method, path) in expected.keys() {
        let _ = writeln!(
            faults,
            "matrix.txt has a line for {method} {path}, which is no route any more: remove it"
        );
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(cells > 1_000, "{cells}");
    super::isolation::counted("routes", cells);
}

#[tokio::test]
async fn the_recorder_of_statements_sees_them() {
    let statements = Statements::default();
    let _recording =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
    let (scene, a, _) = Scene::new(statements).await;
    let path = format!("/admin/tenants/{a}");
    let seen = scene.ask(&Method::GET, &path, Actor::Admin, None).await;
    assert!(seen.statements.contains(&"tenants.get".to_owned()), "{seen:?}");
    let missing = scene
        .ask(&Method::GET, &format!("/admin/tenants/{}", TenantId::generate()), Actor::Admin, None)
        .await;
    assert_eq!(
        missing.statements,
        ["factors.get", "tenants.get"],
        "nothing more is looked for where there is nothing"
    );
}
