//! `POST /admin/tenants/actions`: the same action on many tenants, eight at a time, and `GET …/actions/{id}`: how far it
//! is. What is remembered of it goes with the control plane; the workers' own state does not.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use askama::Template;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{RecordId, TenantId};
use futures_util::StreamExt;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use web::{
    Client, Kind, PathId, Problem, Sent,
    ui::{Head, Icon, html},
};

use super::{act::ask, standing::Action};
use crate::{
    App,
    auth::Operator,
    pages::{self, Section},
};

/// Tenants in one request.
const MOST: usize = 500;
/// Actions under way at once: each starts or ends a process.
const AT_ONCE: usize = 8;
/// Requests that are remembered.
const REMEMBERED: usize = 64;

/// What a script sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    action: Word,
    ids: Vec<TenantId>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Start,
    Stop,
    Restart,
}

impl Word {
    const fn action(self) -> Action {
        match self {
            Self::Start => Action::Start,
            Self::Stop => Action::Stop,
            Self::Restart => Action::Restart,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "start" => Some(Self::Start),
            "stop" => Some(Self::Stop),
            "restart" => Some(Self::Restart),
            _ => None,
        }
    }
}

/// How far a request is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Progress {
    id: RecordId,
    action: &'static str,
    total: usize,
    done: usize,
    failed: Vec<Failure>,
}

#[derive(Debug, Clone, Serialize)]
struct Failure {
    tenant: TenantId,
    error: String,
}

/// The requests of this run.
#[derive(Debug, Default)]
pub(crate) struct Bulks(Mutex<State_>);

#[derive(Debug, Default)]
struct State_ {
    known: HashMap<RecordId, Progress>,
    order: VecDeque<RecordId>,
}

impl Bulks {
    fn with<T>(&self, look: impl FnOnce(&mut State_) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, action: &'static str, total: usize) -> RecordId {
        let id = RecordId::generate();
        self.with(|state| {
            if state.order.len() >= REMEMBERED
                && let Some(oldest) = state.order.pop_front()
            {
                state.known.remove(&oldest);
            }
            state.order.push_back(id);
            state.known.insert(id, Progress { id, action, total, done: 0, failed: Vec::new() });
        });
        id
    }

    fn one_more(&self, id: RecordId, failure: Option<Failure>) {
        self.with(|state| {
            if let Some(progress) = state.known.get_mut(&id) {
                progress.done += 1;
                progress.failed.extend(failure);
            }
        });
    }

    fn get(&self, id: RecordId) -> Option<Progress> {
        self.with(|state| state.known.get(&id).cloned())
    }
}

pub(crate) async fn begin(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    sent: Sent<Vec<(String, String)>, Request>,
) -> Result<Response, Problem> {
    let (word, ids) = read(sent)?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Problem::invalid_field("ids", format!("Choose 1 to {MOST} tenants.")));
    }
    let id = app.bulks.begin(word.action().path(), ids.len());
    tokio::spawn(run(app.clone(), operator, word.action(), ids, id));
    let place = format!("/admin/tenants/actions/{id}");
    if client.html && !client.fragment {
        return Ok(Redirect::to(&place).into_response());
    }
    let progress = found(&app, id)?;
    if client.fragment {
        return Ok(html(&Bar::of(&progress)));
    }
    let mut response = (StatusCode::ACCEPTED, Json(progress)).into_response();
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn read(sent: Sent<Vec<(String, String)>, Request>) -> Result<(Word, Vec<TenantId>), Problem> {
    match sent {
        Sent::Json(request) => Ok((request.action, request.ids)),
        Sent::Form(pairs) => {
            let action =
                pairs.iter().find(|(name, _)| name == "action").and_then(|(_, word)| Word::parse(word));
            let action = action.ok_or_else(|| {
                Problem::invalid_field("action", "`action` is one of start, stop and restart.")
            })?;
            let ids = pairs.iter().filter(|(name, _)| name == "ids").map(|(_, id)| id.parse());
            let ids = ids.collect::<Result<_, domain::InvalidId>>();
            Ok((action, ids.map_err(|error| Problem::invalid_field("ids", error.to_string()))?))
        }
    }
}

async fn run(app: App, operator: Operator, action: Action, ids: Vec<TenantId>, id: RecordId) {
    let each = futures_util::stream::iter(ids).for_each_concurrent(AT_ONCE, |tenant| {
        let (app, operator) = (app.clone(), operator.clone());
        async move {
            let bulks = Arc::clone(&app.bulks);
            let outcome = ask(action, State(app), operator, PathId(tenant)).await;
            let failure = outcome.err().map(|problem| Failure { tenant, error: problem.detail().to_owned() });
            bulks.one_more(id, failure);
        }
    });
    tokio::select! {
        () = each => {}
        () = app.stop.cancelled() => {}
    }
}

fn found(app: &App, id: RecordId) -> Result<Progress, Problem> {
    app.bulks.get(id).ok_or_else(|| {
        Problem::new(Kind::RouteNotFound, "Nothing is known of this; look at the tenants themselves.")
    })
}

pub(crate) async fn show(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<domain::id::kind::Record>,
) -> Result<Response, Problem> {
    let progress = found(&app, id)?;
    if client.fragment {
        return Ok(html(&Bar::of(&progress)));
    }
    if client.html {
        let head = Head { title: "Progress".to_owned(), narrow: true, ..Head::default() };
        let body = BulkPage { bar: Bar::of(&progress) };
        return Ok(pages::page(&app, &operator, Section::Tenants, head, &body).await);
    }
    Ok(Json(progress).into_response())
}

#[derive(Template)]
#[template(path = "tenants/bulk.html")]
struct Bar {
    id: RecordId,
    verb: &'static str,
    total: usize,
    done: usize,
    failed: Vec<Failure>,
}

impl askama::filters::HtmlSafe for Bar {}

impl Bar {
    fn of(progress: &Progress) -> Self {
        let verb = match progress.action {
            "start" => "started",
            "stop" => "stopped",
            _ => "started again",
        };
        let Progress { id, total, done, .. } = *progress;
        Self { id, verb, total, done, failed: progress.failed.clone() }
    }
}

#[derive(Template)]
#[template(
    source = "<h1>Progress</h1><section class=\"card\">{{ bar }}<a class=\"btn\" href=\"/admin/tenants\">To the tenants</a></section>",
    ext = "html"
)]
struct BulkPage {
    bar: Bar,
}
