//! S1: every route of the table × actor × object, against the readable table in `matrix.txt`. A route that has no line
//! there fails the test, and the failure says which line it would be today: read it, and add it where it is right.

mod actor;
mod seen;
mod table;

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::body::Body;
use domain::{MembershipStatus, PackId, Phone, Role, TenantId, UserId};
use http::{Method, Request};
use http_body_util::BodyExt;
use link::TokenKey;
use serde_json::json;
use store::{NewMember, NewSetupRequest};
use strum::VariantArray;
use tower::ServiceExt;
use web::{routes::Access, serve::Peer};

use self::{
    actor::{Actor, sessions},
    seen::{Seen, comparable},
    table::{Line, Object, lines},
};
use super::{PASSWORD, TestApp, signing_in::Browser, statements::Statements};

/// One control plane with two tenants and their people.
struct Scene {
    app: TestApp,
    statements: Statements,
    token: String,
    people: HashMap<Actor, UserId>,
    /// A and B.
    tenants: (TenantId, TenantId),
    /// Sessions: one that was signed out a moment ago, one whose second factor is outstanding.
    revoked: String,
    half_in: String,
    asked: AtomicU32,
}

impl Scene {
    async fn new(statements: Statements) -> (Self, TenantId, TenantId) {
        let app = TestApp::new().await;
        let (a, b) = (app.tenant("Marker A").await, app.tenant("Marker B").await);
        let host = store::HostFacts {
            name: "host-1".to_owned(),
            address: "10.0.0.1:7443".to_owned(),
            incarnation: 1,
            version: "Marker".to_owned(),
            capacity: 10,
        };
        app.store.operator().host_answered(&host).await.unwrap();
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
        let asked = AtomicU32::new(0);
        (Self { app, statements, token, people, tenants: (a, b), revoked, half_in, asked }, a, b)
    }

    /// Whose person somebody is.
    fn tenant_of(&self, actor: Actor) -> TenantId {
        if actor == Actor::OwnerB { self.tenants.1 } else { self.tenants.0 }
    }

    /// Whether an answer tells somebody of what is not theirs.
    fn tells(&self, route: &web::routes::Route<crate::App>, actor: Actor, body: &str) -> bool {
        let own = route.access != Access::Operator && route.access != Access::Public;
        match actor {
            Actor::Admin => false,
            Actor::OwnerA | Actor::StaffA if own => {
                body.contains("Marker B") || body.contains(&self.tenants.1.to_string())
            }
            Actor::OwnerB if own => body.contains("Marker A") || body.contains(&self.tenants.0.to_string()),
            _ => body.contains("Marker"),
        }
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
        // A number of its own: a declared one is one tenant's.
        let number = format!("+25571{:07}", self.asked.fetch_add(1, Ordering::Relaxed));
        let new = NewSetupRequest {
            notes: Some("Marker".to_owned()),
            ..NewSetupRequest::of(user, PackId::BOOKING, Phone::parse(&number).unwrap())
        };
        let scope = self.app.store.tenant(tenant);
        // One of a tenant is open at a time.
        for open in scope.setup_requests(store::PageRequest::default()).await.unwrap().items {
            let by = "admin".to_owned();
            let rejected = store::SetupDecision { status: domain::SetupStatus::Rejected, notes: None, by };
            let _decided_already = scope.decide_setup_request(open.id, &rejected).await;
        }
        scope.create_setup_request(&new).await.unwrap().id.to_string()
    }

    async fn ask(&self, method: &Method, path: &str, actor: Actor, body: Option<&str>) -> Seen {
        let mut request = Request::builder().method(method).uri(path).header("accept", "application/json");
        request = request.header("host", super::HOST);
        for (name, value) in self.credentials(actor, method, path, body.unwrap_or_default()).await {
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

impl Scene {
    /// The same for a path of the portal's, and the session of an owner.
    async fn ends_with_its_portal_session(&self, path: &str) -> Option<bool> {
        let who = self.portal_session(Actor::OwnerA).await;
        let mut request = Request::get(path).header("host", super::HOST);
        for (name, value) in self.app.signed(&Method::GET, path, "", &who) {
            request = request.header(name, value);
        }
        let response = self.app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let kind = response.headers().get("content-type").cloned()?;
        if kind != "text/event-stream" {
            return None;
        }
        let session = accounts::people::session_id(who.token.as_deref()?);
        self.app.app.accounts.people().end(&session).await.unwrap();
        let rest = response.into_body().collect();
        Some(tokio::time::timeout(std::time::Duration::from_secs(1), rest).await.is_ok())
    }
}

/// Whether an answer says no to who asks.
const fn denies(status: u16) -> bool {
    matches!(status, 401 | 403 | 404)
}

#[tokio::test]
async fn every_route_answers_every_actor_as_the_table_says() {
    let (statements, _recording) = Statements::recording();
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
                if scene.tells(&route, actor, &answer.body) {
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
        // What is the portal's is not refused to an owner.
        let owners = Actor::VARIANTS.iter().position(|actor| *actor == Actor::OwnerA);
        let control = match route.access {
            Access::Portal | Access::Member | Access::Owner => {
                owners.and_then(|at| found[at].parse().ok()).unwrap_or(404)
            }
            Access::Public | Access::Operator => control,
        };
        if denies(control) && !matches!(route.access, Access::Operator | Access::Public) && has_control {
            let _ = writeln!(faults, "{} {}: an owner gets {control}", route.method, route.path);
        }
        let own = match object {
            Some(Object::Tenant) => route.path.replace("{id}", &a.to_string()),
            _ => route.path.to_owned(),
        };
        let goes_on = route.method == Method::GET && control == 200 && !own.contains('{');
        let stream = match route.access {
            _ if !goes_on => None,
            Access::Portal | Access::Member | Access::Owner => scene.ends_with_its_portal_session(&own).await,
            Access::Public | Access::Operator => scene.ends_with_its_session(&own).await,
        };
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
    let (statements, _recording) = Statements::recording();
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
