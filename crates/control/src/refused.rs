//! What was typed into a form that was refused by a page of its own: it stands there, so that nobody types it twice.

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use web::{
    Client, Problem,
    place::form_page,
    ui::{Head, Icon},
};

use crate::{App, audit, auth::Operator, shell, shell::Section};

/// Forms in which something secret is typed: none of it stands on a page.
const SECRET: [&str; 4] = ["/admin/account", "/admin/confirm", "/admin/operators", "/admin/sign-in"];
/// What a page sends along by itself.
const NOT_TYPED: [&str; 13] = [
    "action", "at", "back", "contact", "ids", "key", "kind", "number", "once", "part", "remove", "version",
    "what",
];

/// The fields of a form.
pub(crate) type Pairs = Vec<(String, String)>;

/// Whether a request is a form of a page in which something was typed that may be shown again.
pub(crate) fn may_be_shown(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    request.method() == Method::POST
        && kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        && !SECRET.iter().any(|secret| request.uri().path().starts_with(secret))
}

/// What somebody has typed of it.
pub(crate) fn typed(pairs: &[(String, String)]) -> impl Iterator<Item = &(String, String)> {
    pairs.iter().filter(|(name, value)| !NOT_TYPED.contains(&name.as_str()) && !value.trim().is_empty())
}

/// The fields of a form, and the same request again. One whose body is larger than any that is taken is refused.
pub(crate) async fn fields(request: Request) -> Result<(Pairs, Request), Response> {
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let body = body.map_err(|error| match error.status() {
        http::StatusCode::PAYLOAD_TOO_LARGE => {
            let most = domain::limits::REQUEST_BODY_MAX_BYTES;
            Problem::new(web::Kind::BodyTooLarge, words::problem::too_large(most)).into_response()
        }
        _ => Problem::new(web::Kind::MalformedJson, words::problem::broke_off()).into_response(),
    })?;
    let pairs = form_urlencoded::parse(&body).into_owned().collect();
    Ok((pairs, Request::from_parts(parts, Body::from(body))))
}

#[derive(Template)]
#[template(path = "refused.html")]
struct View {
    detail: String,
    /// What each field is called where that is known, its name, and what was typed.
    typed: Vec<(Option<&'static str>, String, String)>,
    back: String,
}

/// Runs what a form of a page asks for; where a problem is all that it comes to, what was typed stands beside it.
pub(crate) async fn keep<R: Future<Output = Response>>(
    app: &App,
    operator: &Operator,
    request: Request,
    run: impl FnOnce(Request) -> R,
) -> Response {
    let client = Client::of(request.headers());
    if !client.html || client.fragment || !may_be_shown(&request) {
        return run(request).await;
    }
    let back = back_of(request.headers());
    let (pairs, request) = match fields(request).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let response = run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    let shown = |(name, value): &(String, String)| (audit::label(name), name.clone(), value.clone());
    let typed: Vec<_> = typed(&pairs).map(shown).collect();
    if typed.is_empty() {
        return response;
    }
    let field = problem.field().and_then(|field| field.rsplit('.').next()).and_then(audit::label);
    let view = View { detail: problem.said(field.unwrap_or_default()), typed, back };
    let mut page = shell::counted(app, operator, Section::Tenants)
        .await
        .page(&Head::narrow(problem.kind().page_title()), &view);
    *page.status_mut() = response.status();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// The page on which the form stands.
fn back_of(headers: &HeaderMap) -> String {
    crate::sign_in::safe_next(&form_page(headers).unwrap_or_default())
}
