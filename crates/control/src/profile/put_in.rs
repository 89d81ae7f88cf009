//! `POST /admin/tenants/{id}/profile/file` from the form of its page: a file in place of what stands.

use axum::extract::{FromRequest as _, Multipart, Request, multipart::MultipartError};
use http::{StatusCode, header};
use profile_forms::Part;
use replies::{Profile, read_catalogue, read_services};
use serde::Deserialize;
use web::{FormBody, Kind, Problem};

use super::{as_counted, save, stale, stands, table_problem, tagged, view, wrong};
use crate::{
    error::{Answer, Error},
    reply::done,
    tenants::TenantCall,
};

/// What the form of the page sends, with a file or with its text.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "what": "services", "file": "code,name_sw,minutes\nbraids,Kusuka,90\n" }))]
#[serde(default)]
pub(crate) struct FileForm {
    /// What the file holds: profile, services or catalogue.
    #[schema(required)]
    what: String,
    /// The version that was looked at.
    version: Option<String>,
    /// JSON or CSV, as it was taken out.
    #[schema(required)]
    file: String,
}

/// Put a file in by the form of its page
///
/// A whole business profile as JSON, or its services or products as CSV.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/profile/file", tag = "pages",
    request_body(content(
        (FileForm = "application/x-www-form-urlencoded"), (FileForm = "multipart/form-data")
    )),
    responses((status = 303), (status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, request: Request) -> Answer {
    let before = stands(&call).await?;
    let outcome = match read(request).await {
        Ok(sent) => take(&call, &before, sent).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(profile) if !call.client.html => Ok(tagged(&profile)),
        Ok(_) => {
            let place = format!("{}/profile?part=files", call.place());
            Ok(done(call.client, words::editing::saved(), &place))
        }
        Err(error) if call.client.html && !call.client.fragment => {
            let form = std::collections::BTreeMap::new();
            let refused = view::Refused { form: &form, problem: error.problem(), faults: Vec::new() };
            view::page(&call, &before, Part::Files, None, Some(refused)).await
        }
        Err(error) => Err(error),
    }
}

/// What was sent.
#[derive(Default)]
struct Sent {
    what: String,
    version: Option<i64>,
    file: Vec<u8>,
}

async fn take(call: &TenantCall, before: &Profile, sent: Sent) -> Result<Profile, Error> {
    if sent.version.is_some_and(|seen| seen != before.version) {
        return Err(stale().into());
    }
    if sent.file.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::invalid_field("file", words::editing::no_file()).into());
    }
    let new = match sent.what.as_str() {
        "profile" => Profile::import(&sent.file, before.version).map_err(|faults| wrong(&faults))?,
        "services" => {
            let services = read_services(&sent.file).map_err(|error| table_problem("services", &error))?;
            Profile { services, ..before.clone() }
        }
        "catalogue" => {
            let catalogue = read_catalogue(&sent.file).map_err(|error| table_problem("catalogue", &error))?;
            Profile { catalogue: as_counted(catalogue, before), ..before.clone() }
        }
        _ => {
            let detail = words::editing::what("profile, services, catalogue");
            return Err(Problem::invalid_field("what", detail).into());
        }
    };
    save(call, before, new).await
}

async fn read(request: Request) -> Result<Sent, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.unwrap_or_default().starts_with("multipart/form-data") {
        let FormBody(form) = FormBody::<FileForm>::from_request(request, &()).await?;
        let version = form.version.as_deref().map(seen).transpose()?;
        return Ok(Sent { what: form.what, version, file: form.file.into_bytes() });
    }
    let no_file = |_| Problem::invalid_field("file", words::editing::no_file());
    let mut parts = Multipart::from_request(request, &()).await.map_err(no_file)?;
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|error| refused(&error))?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "what" => sent.what = text(),
            "version" => {
                let version = text()
                    .parse()
                    .map_err(|_| Problem::invalid_field("version", words::editing::version_field()))?;
                sent.version = Some(version);
            }
            "file" => sent.file = bytes.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

fn seen(text: &str) -> Result<i64, Problem> {
    text.trim().parse().map_err(|_| Problem::invalid_field("version", words::editing::version_field()))
}

fn refused(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most = domain::limits::REQUEST_BODY_MAX_BYTES;
        return Problem::new(Kind::BodyTooLarge, words::problem::too_large(most));
    }
    Problem::invalid_field("file", words::editing::no_file())
}
