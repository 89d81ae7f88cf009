//! Who is asking. A handler that takes an [`Operator`] cannot be reached by anybody else.

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::MembershipStatus;
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};
use secrecy::SecretString;
use store::Actor;
use tower_sessions::Session;
use web::{
    Kind, Problem, basic,
    password::{Denied, Source},
    place::see_other,
    serve::Peer,
};

use crate::{
    App, audit, idempotency, refusal,
    sign_in::{
        SIGN_IN, device,
        session::{self, Proved},
    },
};

/// The user name that goes with the admin password.
pub(crate) const ADMIN: &str = "admin";
/// The parameter of old clients that send the password in the query.
const IN_QUERY: &str = "password";

/// An operator who has proved it: by a password, a session, or by being let into the socket in the data directory.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    /// Who acts, for the audit log.
    pub(crate) actor: Actor,
    /// The name that pages show.
    pub(crate) name: String,
    /// Whether a session says so, which can be signed out of.
    pub(crate) by_session: bool,
}

impl Operator {
    fn admin() -> Self {
        Self { actor: Actor::Admin, name: ADMIN.to_owned(), by_session: false }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Its absence means that the route's line in the table does not ask for an operator.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| basic::challenge(&parts.headers))
    }
}

/// A password that was right, and whether a second factor has to follow.
pub(crate) enum Passed {
    /// It is enough.
    Enough(Proved),
    /// The account has a second factor.
    NeedsCode(Box<store::OperatorAccount>),
}

/// Lets operators through, and nobody else.
pub(crate) async fn operators_only(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match identify(&app, &mut request).await {
        Ok(operator) => {
            request.extensions_mut().insert(operator.clone());
            let is_safe = request.method().is_safe();
            let work = app.work.clone();
            let run = async move { idempotency::once(&app, &operator, request, next).await };
            if is_safe {
                return run.await;
            }
            // What changes something runs to its end, whoever goes away meanwhile.
            match work.spawn(run).await {
                Ok(response) => response,
                Err(error) => Problem::internal(&error).into_response(),
            }
        }
        Err(problem) => refuse(&request, problem),
    }
}

/// A browser is led to the page where one signs in; everybody else is told.
fn refuse(request: &Request, problem: Problem) -> Response {
    if problem.kind() != Kind::Unauthorized {
        return problem.into_response();
    }
    if request.headers().contains_key("hx-request") {
        // A part of a page: the whole page has to go.
        return problem
            .with_header(http::HeaderName::from_static("hx-redirect"), HeaderValue::from_static(SIGN_IN))
            .into_response();
    }
    if !basic::prefers_html(request.headers()) {
        return problem.into_response();
    }
    let place = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str).unwrap_or_default();
    if !request.method().is_safe() || request.uri().query().is_some_and(|query| query.contains(IN_QUERY)) {
        return see_other(SIGN_IN);
    }
    see_other(&format!("{SIGN_IN}?next={}", crate::page::encode(place)))
}

async fn identify(app: &App, request: &mut Request) -> Result<Operator, Problem> {
    let peer = request.extensions().get::<Peer>().copied();
    if let Some(Peer::Local { .. }) = peer {
        return Ok(Operator::admin());
    }
    let headers = request.headers().clone();
    let from = source(app, peer, &headers);
    if let Some(given) = basic::Credentials::from_headers(&headers) {
        return match check_password(app, &given.user, &given.password, from).await? {
            Some(Passed::Enough(proved)) => {
                Ok(Operator { actor: proved.actor, name: proved.name, by_session: false })
            }
            // A password alone would pass by the second factor.
            Some(Passed::NeedsCode(_)) | None => Err(basic::challenge(&headers)),
        };
    }
    if app.sign_in.password_in_query
        && let Some((password, rest)) = take_from_query(request.uri())
    {
        tracing::warn!("a password came in a query string, where logs and histories keep it: use HTTP Basic");
        *request.uri_mut() = rest;
        return match check_password(app, ADMIN, &password, from).await? {
            Some(_) => Ok(Operator::admin()),
            None => Err(basic::challenge(&headers)),
        };
    }
    if let Some(session) = request.extensions().get::<Session>().cloned()
        && let Some(operator) = session::operator(app, &session).await?
    {
        return Ok(operator);
    }
    Err(basic::challenge(&headers))
}

/// Whom a wrong password is counted against.
pub(crate) fn source(app: &App, peer: Option<Peer>, headers: &HeaderMap) -> Source {
    let address = peer.and_then(|peer| app.site.proxies.client(peer, headers));
    device::source(&app.sign_in, headers, Source::from(address))
}

/// Checks a password: the admin's under the name `admin`, an operator's under the account's address. `None` where it is
/// wrong; that is answered late and written down.
pub(crate) async fn check_password(
    app: &App,
    user: &str,
    password: &SecretString,
    from: Source,
) -> Result<Option<Passed>, Problem> {
    let outcome = if user.eq_ignore_ascii_case(ADMIN) {
        app.gate.admit(password, from).await.map(|()| Passed::Enough(session::admin(app)))
    } else {
        let found = app.store.operator().operator_by_email(user).await;
        let found = found.map_err(|error| refusal::by_store(&error))?;
        let account = found.filter(|account| account.member.membership.status == MembershipStatus::Active);
        let hash = account.as_ref().map(|account| &account.password_hash);
        let admitted = app.gate.admit_account(hash, password, from).await;
        match (admitted, account) {
            (Ok(()), Some(account)) if account.totp_secret.is_some() => {
                Ok(Passed::NeedsCode(Box::new(account)))
            }
            (Ok(()), Some(account)) => Ok(Passed::Enough(Proved {
                actor: Actor::User(account.user_id()),
                version: account.password_version.to_string(),
                name: account.member.user.name,
            })),
            (Err(denied), _) => Err(denied),
            (Ok(()), None) => Err(Denied::Wrong),
        }
    };
    match outcome {
        Ok(passed) => Ok(Some(passed)),
        Err(Denied::Wrong) => {
            audit::sign_in_failed(app, from, "password").await;
            Ok(None)
        }
        Err(Denied::TooMany) => Err(too_many()),
    }
}

/// Too many attempts are under way.
pub(crate) fn too_many() -> Problem {
    Problem::new(Kind::TooManyAttempts, "Too many sign-ins are being checked at once; try again in a second.")
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
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
