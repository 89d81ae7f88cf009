//! `POST /admin/tenants/import`: what a table of tenants would do, or that.

use api::{ImportOutcome, ImportProblem, Imported};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest as _, Multipart, Query, Request, multipart::MultipartError},
    response::IntoResponse,
};
use domain::limits::REQUEST_BODY_MAX_BYTES;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use web::{FormBody, Kind, Problem};

use super::{carry_out, page, plan, read};
use crate::{
    audit,
    call::Call,
    error::Answer,
    idempotency::{IMPORT, REPLAYED, key_of, once_by},
};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Whether it is looked at alone: then nothing is changed.
    dry_run: bool,
}

/// What the form of the page sends, with a file or with its text.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({ "file": "name,tags\nDuka la Juma,vip\n" }))]
#[serde(default)]
pub(crate) struct ImportForm {
    /// CSV, as it was taken out.
    #[schema(required)]
    file: String,
    /// From the page that has shown what it would do; without it nothing is changed.
    once: Option<String>,
}

/// Import tenants
///
/// A table in CSV with a heading line, at most 2,000 rows: those without an `id` make tenants, those with one change them, in
/// the columns that there are. With `dry_run=true` nothing is changed, and the answer says what would be. A row that is wrong
/// is refused with its line and its columns, and the others are done. Sent again with the same `Idempotency-Key`, nothing is
/// done again, and the answer says of each row what became of it, without names and reasons, of which none are kept.
#[utoipa::path(
    post, path = "/admin/tenants/import", tag = "tenants", params(Parameters),
    request_body(content(
        (String = "text/csv"), (ImportForm = "application/x-www-form-urlencoded"),
        (ImportForm = "multipart/form-data")
    )),
    responses((status = 200, body = Imported))
)]
pub(crate) async fn handle(call: Call, request: Request) -> Answer {
    let sent = match Sent::read(request).await {
        Ok(sent) => sent,
        Err(problem) if call.client.html && problem.field().is_some() => {
            return Ok(page::form(&call, Some(&problem)).await);
        }
        Err(problem) => return Err(problem.into()),
    };
    let lines = match read::read(&sent.file) {
        Ok(lines) => lines,
        Err(problem) if call.client.html => return Ok(page::form(&call, Some(&problem)).await),
        Err(problem) => return Err(problem.into()),
    };
    if sent.dry_run {
        let found = carry_out::looked_at(&plan::plan(&call.app, lines).await?);
        if call.client.html {
            let file = String::from_utf8_lossy(&sent.file).into_owned();
            return Ok(page::looked_at(&call, &found, file).await);
        }
        return Ok(Json(found).into_response());
    }
    let work = Box::pin(import(&call, lines));
    let Some(key) = sent.key else { return answer(&call, work.await?, false).await };
    let done = once_by(&call.app, &call.operator, (IMPORT, &key), &sent.file, work, without_words).await;
    // Who has pressed a button twice knows of no key.
    let done = done.map_err(|error| match error.problem().kind() {
        Kind::Conflict if call.client.html => {
            Problem::new(Kind::Conflict, words::importing::under_way()).into()
        }
        _ => error,
    });
    match done? {
        Ok(done) => answer(&call, done, false).await,
        Err(kept) => {
            let kept: Imported = serde_json::from_str(&kept).map_err(|error| Problem::internal(&error))?;
            answer(&call, with_reasons(kept), true).await
        }
    }
}

async fn import(call: &Call, lines: Vec<read::Line>) -> Answer<Imported> {
    let planned = plan::plan(&call.app, lines).await?;
    let done = carry_out::carry_out(call, planned).await;
    let counts = json!({ "made": done.made, "changed": done.changed, "refused": done.refused });
    audit::platform(&call.app, call.operator.actor, "TENANTS_IMPORTED", counts).await;
    Ok(done)
}

async fn answer(call: &Call, done: Imported, again: bool) -> Answer {
    let mut response =
        if call.client.html { page::done(call, &done).await } else { Json(done).into_response() };
    if again {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// What is kept of an answer, which outlives the tenants that it is about.
fn without_words(done: &Imported) -> String {
    let mut kept = done.clone();
    for row in &mut kept.rows {
        row.name.clear();
        row.problems.clear();
    }
    // Our own documents have string keys throughout, so that writing them cannot fail.
    serde_json::to_string(&kept).unwrap_or_default()
}

fn with_reasons(mut kept: Imported) -> Imported {
    for row in kept.rows.iter_mut().filter(|row| row.outcome == ImportOutcome::Refused) {
        let detail = words::importing::only_when_done().to_owned();
        row.problems.push(ImportProblem { column: None, detail });
    }
    kept
}

/// What was sent.
struct Sent {
    file: Bytes,
    dry_run: bool,
    key: Option<String>,
}

impl Sent {
    async fn read(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        if kind.starts_with("multipart/form-data") {
            return Self::of_form(request).await;
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            let FormBody(form) = FormBody::<ImportForm>::from_request(request, &()).await?;
            return Ok(Self::shown(form.file.into(), form.once));
        }
        if !kind.starts_with("text/csv") {
            let detail = "Send CSV with the header \"Content-Type: text/csv\".";
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let key = key_of(request.headers()).map_err(|error| error.problem().clone())?;
        let query = Query::<Parameters>::try_from_uri(request.uri());
        let wrong = |_| Problem::invalid_field("dry_run", words::importing::dry_run());
        let Query(Parameters { dry_run }) = query.map_err(wrong)?;
        let file = Bytes::from_request(request, &()).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Problem::new(Kind::MalformedJson, words::problem::broke_off()),
        })?;
        Ok(Self { file, dry_run, key })
    }

    async fn of_form(request: Request) -> Result<Self, Problem> {
        let no_file = || Problem::invalid_field("file", words::importing::no_file());
        let refused = |error: &MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => no_file(),
        };
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| no_file())?;
        let (mut file, mut key) = (Bytes::new(), None);
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|error| refused(&error))?;
            match name.as_str() {
                "file" => file = bytes,
                "once" => key = Some(String::from_utf8_lossy(&bytes).trim().to_owned()),
                _ => {}
            }
        }
        Ok(Self::shown(file, key))
    }

    /// Of a page: without the key that it gives where it has shown what would be done, that is shown.
    fn shown(file: Bytes, key: Option<String>) -> Self {
        let key = key.filter(|key| !key.is_empty());
        Self { file, dry_run: key.is_none(), key }
    }
}

fn too_large() -> Problem {
    let detail = words::problem::too_large(REQUEST_BODY_MAX_BYTES);
    Problem::new(Kind::BodyTooLarge, detail).with_field("file")
}
