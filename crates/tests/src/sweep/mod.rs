//! The marker words: tenants with a word of their own in every field, every route of the table asked as everybody, every
//! stream read and every log searched. A word that shows up outside its tenant is a leak.
//!
//! The routes come from the table itself, so that a new one is swept from its first day.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

mod ask;
mod record;
mod routes;
mod subject;

use domain::TenantId;
use http::Method;
use link::TokenKey;
use rand::{SeedableRng as _, rngs::StdRng};
use tokio::task::{JoinHandle, JoinSet};
use virtual_whatsapp::{Server, VirtualWhatsApp};

use crate::{Bot, ControlPlane, Flavour, LIMIT, Place};
use ask::{Actor, Answer, Asker, STRANGERS};
use record::Record;
use routes::{Asked, Reach};
use subject::{SHARED, Subject};

/// Requests of strangers under way at once: fewer than may wait for their wrong passwords.
const AT_ONCE: usize = 48;

/// What a sweep has seen.
#[derive(Debug, Default)]
pub struct Swept {
    /// Answers, streams and files that were searched.
    pub searched: usize,
    /// Each word that was found where it must not be, and each that was not found where it is.
    pub findings: Vec<String>,
}

/// A stream that is read to its end beside everything else.
#[derive(Debug)]
struct Followed {
    path: String,
    /// Whose words it may hold.
    own: Option<usize>,
    text: JoinHandle<String>,
}

struct Sweep<'a> {
    place: &'a Place,
    plane: ControlPlane,
    asker: Asker,
    record: Record,
    streams: Vec<Followed>,
}

/// Sets tenants up in a place, has them talk, and looks everywhere. The same seed gives the same words.
pub async fn run(place: &Place, seed: u64, tenants: usize) -> Swept {
    let whatsapp = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.expect("a server");
    let mut random = StdRng::seed_from_u64(seed);
    let plane = ControlPlane::start(place, Flavour::Virtual, &whatsapp.url()).await;
    let asker = Asker::new(plane.url());
    let record = Record::new((0..tenants).map(|n| Subject::new(&mut random, n)).collect());
    let mut sweep = Sweep { place, plane, asker, record, streams: Vec::new() };
    let routes = routes::all();
    sweep.create().await;
    sweep.follow(&routes).await;
    sweep.converse(&whatsapp).await;
    sweep.refuse_strangers(&routes).await;
    for route in routes.iter().filter(|route| !route.deletes()) {
        sweep.visit(route).await;
    }
    sweep.visit_as_owners(&routes).await;
    // Once more, with what the changes have left.
    for route in routes.iter().filter(|route| route.reads()) {
        sweep.visit(route).await;
    }
    for route in routes.iter().filter(|route| route.deletes()) {
        sweep.visit(route).await;
    }
    sweep.is_gone(&routes).await;
    sweep.finish().await
}

impl Sweep<'_> {
    /// The tenants, their owners and their requests.
    async fn create(&mut self) {
        let admin = self.plane.admin();
        for subject in &mut self.record.subjects {
            let tenant = admin.ok(Method::POST, "/admin/tenants", Some(&subject.tenant())).await;
            subject.id = tenant["id"].as_str().expect("a tenant has an id").to_owned();
            let request = subject.setup_request();
            let request = admin.ok(Method::POST, "/admin/setup-requests", Some(&request)).await;
            subject.request = request["id"].as_str().expect("a request has an id").to_owned();
        }
        let key = std::fs::read(self.place.data().join("link.key")).expect("the key of the links");
        let key = TokenKey::from_bytes(key.try_into().expect("32 bytes"));
        let tenant: TenantId = self.record.subjects[0].id.parse().expect("an id");
        let token = serde_json::to_value(key.token(tenant, 1)).expect("a token");
        self.asker.token = token.as_str().expect("a text").to_owned();
    }

    /// Opens every stream before there is anything to be told.
    async fn follow(&mut self, routes: &[Asked]) {
        for route in routes.iter().filter(|route| route.streams()) {
            for (n, subject) in self.subjects_of(route).into_iter().enumerate() {
                for path in route.paths(&subject) {
                    let answer = self.asker.ask(Actor::Operator, &route.method, &path, None).await;
                    let stream = answer.stream.unwrap_or_else(|| panic!("{path}: {}", answer.text));
                    let own = (route.reach == Reach::Tenant).then_some(n);
                    self.streams.push(Followed { path, own, text: tokio::spawn(ask::whole(stream)) });
                }
            }
        }
    }

    /// Links every tenant's phone, and has customers write to all of them at once.
    async fn converse(&mut self, whatsapp: &Server) {
        let shared = whatsapp.customer(SHARED, "Shared").expect("a customer");
        let mut bots = Vec::new();
        for subject in &mut self.record.subjects {
            let admin = self.plane.admin();
            let bot = Bot { id: subject.id.clone(), number: subject.word("number").to_owned() };
            admin.worker(&bot.id, "start").await;
            let code = admin.qr(&bot.id).await;
            // That it links as this tenant's number shows whose code it was.
            whatsapp.phone(&bot.number).expect("a number").scan(&code).await.expect("the device is linked");
            let tenant = bot.is_active(admin).await;
            assert_eq!(tenant["whatsapp_session"]["linked_number"], bot.number);
            bot.has_keys(whatsapp).await;
            subject.add("QR code", code);
            bots.push(bot);
        }
        for (subject, bot) in self.record.subjects.iter().zip(&bots) {
            let (number, name) = (subject.word("customer"), format!("Juma {}", subject.word("push name")));
            let own = whatsapp.customer(number, &name).expect("a customer");
            // One after the other: what is written at once may be answered at once.
            for (customer, field) in [(&shared, "shared customer's message"), (&own, "customer's message")] {
                customer.send_text(&bot.number, "Hello").expect("it leaves the phone");
                customer.wait_for_reply(&bot.number, 1, LIMIT).await.expect("a reply");
                customer.send_text(&bot.number, subject.word(field)).expect("it leaves the phone");
                customer.wait_for_reply(&bot.number, 2, LIMIT).await.expect("two replies");
            }
        }
        for bot in &bots {
            // More where a planted fault shows somebody else's.
            let all = |logs: &[serde_json::Value]| logs.len() >= 8;
            self.plane.admin().wait_for_logs(&bot.id, "both sides of four messages", all).await;
        }
    }

    /// Asks every route for each tenant as everybody who must see nothing; many at once, since each wrong password waits.
    async fn refuse_strangers(&mut self, routes: &[Asked]) {
        let mut questions = Vec::new();
        for route in routes {
            for subject in self.subjects_of(route) {
                for path in route.paths(&subject) {
                    for body in route.bodies(&subject) {
                        questions.extend(
                            STRANGERS.map(|actor| (actor, route.method.clone(), path.clone(), body.clone())),
                        );
                    }
                }
            }
        }
        for questions in questions.chunks(AT_ONCE) {
            let mut asked = JoinSet::new();
            for (actor, method, path, body) in questions.iter().cloned() {
                let asker = self.asker.clone();
                asked.spawn(async move {
                    let answer = asker.ask(actor, &method, &path, body.as_ref()).await;
                    (format!("{method} {path} as {actor:?}"), answer)
                });
            }
            while let Some(answered) = asked.join_next().await {
                let (what, answer) = answered.expect("an answer");
                self.look(&what, &answer, None);
            }
        }
    }

    /// Asks one route for each tenant, as the operator.
    async fn visit(&mut self, route: &Asked) {
        for (n, subject) in self.subjects_of(route).into_iter().enumerate() {
            for path in route.paths(&subject) {
                for body in route.bodies(&subject) {
                    let actors: &[_] =
                        if route.reads() { &[Actor::Operator, Actor::Browser] } else { &[Actor::Operator] };
                    for actor in actors {
                        let answer = self.asker.ask(*actor, &route.method, &path, body.as_ref()).await;
                        let what = format!("{} {path} as {actor:?}", route.method);
                        match route.reach {
                            Reach::Everybody => {}
                            Reach::Nobody => self.look(&what, &answer, None),
                            Reach::Tenant => self.look(&what, &answer, Some(n)),
                        }
                    }
                }
            }
        }
    }

    /// Asks what the portal shows as each tenant's owner: that one's words and nobody else's.
    async fn visit_as_owners(&mut self, routes: &[Asked]) {
        let mut shown = 0;
        for (n, subject) in self.record.subjects.clone().into_iter().enumerate() {
            let email = format!("{}@example.com", subject.word("email"));
            for route in routes.iter().filter(|route| route.path.starts_with("/portal/") && route.reads()) {
                let path = route
                    .path
                    .replace("{contact}", subject.word("customer"))
                    .replace("{reference}", "B-1001");
                let answer = self.asker.ask_as_owner(&email, &route.method, &path).await;
                shown += u32::from(answer.status.is_success());
                let what = format!("{path} as the owner {email}");
                self.look(&what, &answer, Some(n));
                self.record.search_for_operators_own(n, &what, &answer.text);
            }
        }
        assert!(shown > 10, "owners are shown {shown} things");
    }

    /// After the first tenant was deleted, what shows every tenant has no word of it left, the audit log included.
    async fn is_gone(&mut self, routes: &[Asked]) {
        let gone = self.record.subjects[0].clone();
        for route in routes.iter().filter(|route| route.reach == Reach::Everybody) {
            for path in route.paths(&gone) {
                for actor in [Actor::Operator, Actor::Browser] {
                    let answer = self.asker.ask(actor, &route.method, &path, None).await;
                    self.record.search_for(0, &format!("{path} after the deletion"), &answer.text);
                }
            }
        }
    }

    /// What crosses tenants is asked once, and what deletes takes one tenant.
    fn subjects_of(&self, route: &Asked) -> Vec<Subject> {
        let once = route.reach != Reach::Tenant || route.deletes();
        let number = if once { 1 } else { self.record.subjects.len() };
        self.record.subjects[..number].to_vec()
    }

    fn look(&mut self, what: &str, answer: &Answer, own: Option<usize>) {
        assert!(!answer.status.is_server_error(), "{what}: {}", answer.text);
        self.record.search(what, &answer.text, own);
    }

    /// Ends the control plane, and with it the streams; then their words and those of the logs.
    async fn finish(self) -> Swept {
        let Self { place, plane, mut record, streams, .. } = self;
        plane.stop().await;
        for Followed { path, own, text } in streams {
            let text = tokio::time::timeout(LIMIT, text).await.expect("the stream ends").expect("it is read");
            assert!(!text.is_empty(), "{path} has told nothing");
            record.search(&path, &text, own);
        }
        let logs = crate::place::files(&place.data().join("logs"));
        assert!(!logs.is_empty(), "there are no logs to be searched");
        for file in logs.into_iter().chain([place.beside("serve.log")]) {
            let text = String::from_utf8_lossy(&std::fs::read(&file).expect("a log")).into_owned();
            record.search(&file.display().to_string(), &text, None);
        }
        record.end()
    }
}
