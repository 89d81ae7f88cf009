//! Whoever may ask, and what each of them sends along.

use std::sync::Arc;

use accounts::{BrowserSession, BrowserSessions, Proved, people::session_id};
use axum::body::Body;
use base64::Engine;
use domain::{MembershipStatus, Role, Via};
use http::{Method, Request};
use store::{NewMember, NewPortalSession};

use super::{
    super::{
        HOST, PASSWORD, TestApp,
        guessing::enrol,
        portal::Who,
        signing_in::{Browser, operator},
    },
    Scene,
};

/// Whoever may ask, in the order of the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Actor {
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
    /// What a person is to a tenant.
    pub(super) const fn membership(self) -> Option<(Role, MembershipStatus)> {
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

impl Scene {
    /// What an actor sends along: for a person of a tenant the most that there could ever be, a session of the portal's that
    /// was begun for this very person and signed as the portal does, beside one of the dashboard's.
    pub(super) async fn credentials(
        &self,
        actor: Actor,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Vec<(&'static str, String)> {
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
                let mut all = vec![
                    ("cookie", begun(&self.app, &proved).await),
                    ("x-user-email", format!("{actor}@example.com")),
                ];
                let who = self.portal_session(actor).await;
                all.extend(self.app.signed(method, path, body, &who));
                all
            }
        }
    }
}

impl Scene {
    /// A session of the portal's that is begun for somebody, whatever they are to their tenant.
    pub(super) async fn portal_session(&self, actor: Actor) -> Who {
        let token = format!("{actor}-{}", domain::RecordId::generate());
        let (user, tenant) = (self.people[&actor], self.tenant_of(actor));
        let new = NewPortalSession {
            id: session_id(&token),
            user,
            tenant: Some(tenant),
            via: Via::Password,
            looking: None,
            new_password: false,
            expires_at: self.app.app.now() + jiff::SignedDuration::from_hours(1),
        };
        self.app.store.people().put_session(&new).await.unwrap();
        Who { token: Some(token), user: Some(user.to_string()), tenant: Some(tenant.to_string()) }
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
        let request = Request::get("/admin/tenants").header("host", HOST).header("cookie", cookie);
        assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, status);
    }
}

/// Cookies of a session that has just ended, and of one whose second factor is outstanding.
pub(super) async fn sessions(app: &TestApp) -> (String, String) {
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
