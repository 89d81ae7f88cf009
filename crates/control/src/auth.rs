//! Who is asking. A handler that takes an [`Operator`] cannot be reached by anybody else, and one that takes a
//! [`Confirmed`] by nobody who has not proved it within the last five minutes.

use accounts::{ADMIN, Asker, BrowserSession, Means, Proof, Proved, SignInError};
use axum::{
    extract::{FromRef, FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, Uri, header, request::Parts};
use secrecy::SecretString;
use store::Actor;
use web::{
    Client, Kind, Problem, basic,
    place::{address, form_page, header_value, see_other},
    serve::Peer,
};

use crate::{
    App,
    call::Call,
    error::Error,
    idempotency, refused,
    sign_in::{CONFIRM, SIGN_IN, over},
};

/// The parameter of old clients that send the password in the query.
const IN_QUERY: &str = "password";
/// Where a script of a page is led.
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// An operator who has proved it: by a password, a session, or by being let into the socket in the data directory.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    /// Who acts, for the audit log.
    pub(crate) actor: Actor,
    /// The name that pages show.
    pub(crate) name: String,
    /// Whether a session says so, which can be signed out of.
    pub(crate) by_session: bool,
    /// What was proved, for what goes on longer than its request.
    pub(crate) proof: Proof,
}

impl Operator {
    fn of(proved: Proved, means: Means) -> Self {
        Self {
            actor: proved.actor,
            name: proved.name,
            by_session: matches!(means, Means::Session(_)),
            proof: Proof { actor: proved.actor, version: proved.version, means },
        }
    }

    fn by_socket() -> Self {
        let proof = Proof { actor: Actor::Admin, version: String::new(), means: Means::Socket };
        Self { actor: Actor::Admin, name: ADMIN.to_owned(), by_session: false, proof }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Its absence means that the route's line in the table does not ask for an operator.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| basic::challenge(&parts.headers))
    }
}

/// From where a request asks to be let in.
pub(crate) struct Whence(pub(crate) Asker);

impl<S: Send + Sync> FromRequestParts<S> for Whence
where
    App: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().copied();
        Ok(Self(asker(&App::from_ref(state), peer, &parts.headers)))
    }
}

/// An operator who has proved it within the last five minutes. Whoever sends a password with each request has just done so.
pub(crate) struct Confirmed(pub(crate) Call);

impl FromRequestParts<App> for Confirmed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let call = Call::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let session = parts.extensions.get::<BrowserSession>().cloned();
        let confirmed = is_confirmed(app, &call.operator, session.as_ref()).await;
        if confirmed.map_err(IntoResponse::into_response)? {
            return Ok(Self(call));
        }
        let path = parts.uri.path();
        // A page leads back to itself, a button to the page that it stands on.
        let back = match path {
            _ if parts.method.is_safe() => path,
            _ if path.starts_with("/admin/operators") => "/admin/operators",
            _ => "/admin/account",
        };
        Err(ask_to_confirm(call.client, back))
    }
}

/// Whether an operator has proved it within the last five minutes.
pub(crate) async fn is_confirmed(
    app: &App,
    operator: &Operator,
    session: Option<&BrowserSession>,
) -> Result<bool, Error> {
    match (operator.by_session, session) {
        (true, Some(session)) => Ok(app.accounts.has_confirmed(session).await?),
        (true, None) => Ok(false),
        (false, _) => Ok(true),
    }
}

/// Leads a browser to the page where one proves it, and back from there; a script is told.
pub(crate) fn ask_to_confirm(client: Client, back: &str) -> Response {
    let place = address(CONFIRM, &[("next", Some(back))]);
    if client.html && !client.fragment {
        return see_other(&place);
    }
    let problem = Problem::new(Kind::ConfirmationNeeded, words::sign_in::confirm_first());
    if client.fragment {
        return problem.with_header(HX_REDIRECT, header_value(&place)).into_response();
    }
    problem.into_response()
}

/// Lets operators through, and nobody else.
pub(crate) async fn operators_only(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match identify(&app, &mut request).await {
        Ok(operator) => {
            request.extensions_mut().insert(operator.clone());
            let is_safe = request.method().is_safe();
            let work = app.work.clone();
            // A task of its own reads what is typed in the language of whoever asks.
            let run = words::reading(words::language(), async move {
                refused::keep(&app, &operator, request, |request| {
                    idempotency::once(&app, &operator, request, next)
                })
                .await
            });
            // What changes something runs to its end, whoever goes away meanwhile.
            let done = if is_safe { Ok(run.await) } else { work.spawn(run).await };
            let mut response = done.unwrap_or_else(|error| Problem::internal(&error).into_response());
            response.extensions_mut().insert(web::Proved);
            response
        }
        Err(error) => refuse(&app, request, error).await,
    }
}

/// A browser is led to the page where one signs in; everybody else is told.
async fn refuse(app: &App, request: Request, error: Error) -> Response {
    if error.problem().kind() != Kind::Unauthorized {
        return error.into_response();
    }
    let by_script = request.headers().contains_key("hx-request");
    if !by_script && !basic::prefers_html(request.headers()) {
        return error.into_response();
    }
    let page = page_of(&request);
    if !request.method().is_safe() {
        let mut answer = over::answer(app, request, page.as_deref()).await;
        // A part of a page: the whole page has to go, and comes back to where it was.
        if by_script && let Some(place) = answer.headers_mut().remove(header::LOCATION) {
            answer = error.into_response();
            answer.headers_mut().insert(HX_REDIRECT, place);
        }
        return answer;
    }
    if by_script {
        let mut response = error.into_response();
        let place = address(SIGN_IN, &[("next", page.as_deref())]);
        response.headers_mut().insert(HX_REDIRECT, header_value(&place));
        return response;
    }
    let place = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str).unwrap_or_default();
    if request.uri().query().is_some_and(|query| query.contains(IN_QUERY)) {
        return see_other(SIGN_IN);
    }
    see_other(&address(SIGN_IN, &[("next", Some(place))]))
}

/// The page on which a part of it was asked for or a form was sent, as a place of this site: the sign-in page takes no other.
fn page_of(request: &Request) -> Option<String> {
    let Some(named) = request.headers().get("hx-current-url") else { return form_page(request.headers()) };
    let page: Uri = named.to_str().ok()?.parse().ok()?;
    Some(page.path_and_query()?.as_str().to_owned())
}

async fn identify(app: &App, request: &mut Request) -> Result<Operator, Error> {
    let peer = request.extensions().get::<Peer>().copied();
    if let Some(Peer::Local { .. }) = peer {
        return Ok(Operator::by_socket());
    }
    let headers = request.headers().clone();
    let asker = asker(app, peer, &headers);
    // Out of the address before anything reads it, whatever else proves who asks.
    let in_query = app.password_in_query.then(|| take_from_query(request.uri())).flatten();
    let in_query = in_query.map(|(password, rest)| {
        tracing::warn!("a password came in a query string, where logs and histories keep it: use HTTP Basic");
        *request.uri_mut() = rest;
        password
    });
    if let Some(given) = basic::Credentials::from_headers(&headers) {
        return by_password(app, &given.user, &given.password, &asker, &headers).await;
    }
    if let Some(password) = in_query {
        return by_password(app, ADMIN, &password, &asker, &headers).await;
    }
    if let Some(browser) = request.extensions().get::<BrowserSession>().cloned()
        && let Some((proved, means)) = app.accounts.signed_in(&browser).await?
    {
        return Ok(Operator::of(proved, means));
    }
    Err(basic::challenge(&headers).into())
}

/// A password has to be enough here: where the account has a second factor, it would be passed by.
async fn by_password(
    app: &App,
    user: &str,
    password: &SecretString,
    asker: &Asker,
    headers: &HeaderMap,
) -> Result<Operator, Error> {
    match app.accounts.sign_in_at_once(user, password, asker).await {
        Ok(proved) => Ok(Operator::of(proved, Means::Password)),
        Err(SignInError::Wrong) => Err(basic::challenge(headers).into()),
        Err(error) => Err(error.into()),
    }
}

fn asker(app: &App, peer: Option<Peer>, headers: &HeaderMap) -> Asker {
    app.accounts.asker(peer.and_then(|peer| app.site.proxies.client(peer, headers)), headers)
}

/// Binds whoever changed the own account to it as it is now: this browser stays signed in, and known.
pub(crate) async fn renew(
    app: &App,
    operator: &Operator,
    browser: &BrowserSession,
    asker: &Asker,
    mut response: Response,
) -> Result<Response, Error> {
    if operator.by_session
        && let Some(proved) = app.accounts.renew(browser, operator.actor).await?
        && let Some(cookie) = app.accounts.device_cookie(asker, &proved)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The password in a query, and the address without it.
fn take_from_query(uri: &Uri) -> Option<(SecretString, Uri)> {
    let mut password = None;
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query()?.as_bytes()) {
        if name == IN_QUERY {
            password = Some(SecretString::from(value.into_owned()));
        } else {
            rest.append_pair(&name, &value);
        }
    }
    let rest = rest.finish();
    let place = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{rest}", uri.path()) };
    Some((password?, place.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_password_leaves_the_query() {
        let read = |uri: &str| take_from_query(&uri.parse().unwrap());
        let (password, rest) = read("/admin/tenants?limit=2&password=a%26b&search=x%20y").unwrap();
        assert_eq!(password.expose_secret(), "a&b");
        assert_eq!(rest, "/admin/tenants?limit=2&search=x+y");
        assert_eq!(read("/admin/tenants?password=p").unwrap().1, "/admin/tenants");
        assert!(read("/admin/tenants?limit=2").is_none() && read("/admin/tenants").is_none());
    }
}
