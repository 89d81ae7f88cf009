//! The desk of a business: what its people see and do, and that nobody else does.

mod apart;
mod notices;
mod requests;
mod saving;
mod stream;

use axum::body::{Body, BodyDataStream};
use claim::{Asked, Claim, body_hash};
use domain::{Clock as _, JournalId, LogId, MembershipStatus, RecordKind, Role, TenantId, UserId, Via};
use http::{Method, Request};
use serde_json::{Value, json};
use store::{Actor, NewLog, NewMember, NewPortalSession, NewRecord};
use tower::ServiceExt;

use super::{Answer, HOST, PORTAL_KEY, TestApp};

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
        delivery: None,
        writer: None,
        opted_out: false,
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
