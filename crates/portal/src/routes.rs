//! Routes as data: which method and path there is, and who reaches it. The tests of access are made from this table.

use axum::{
    Router,
    handler::Handler,
    middleware::from_fn_with_state,
    routing::{MethodRouter, on},
};
use http::Method;
use web::{Kind, Problem, Site};

use crate::{Portal, browser, pages, shell};

/// Who reaches a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in; everybody else is led to sign in, and back.
    SignedIn,
    /// Of those, people whose tenant is beyond onboarding; the others are led there.
    SetUp,
    /// A document for whoever is signed in, and a 401 for everybody else.
    Document,
}

/// One line of the table. That a handler takes what its access says is tried by a test for each line.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "the tests of access walk the table"))]
pub(crate) struct Route {
    /// The HTTP method.
    pub(crate) method: Method,
    /// The path in axum's form.
    pub(crate) path: &'static str,
    /// Who reaches it.
    pub(crate) access: Access,
    handler: MethodRouter<Portal>,
}

/// A page that is asked for.
pub(crate) fn get<T: 'static>(path: &'static str, access: Access, handler: impl Handler<T, Portal>) -> Route {
    let handler = on(axum::routing::MethodFilter::GET, handler);
    Route { method: Method::GET, path, access, handler }
}

/// A form that is sent.
pub(crate) fn post<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, Portal>,
) -> Route {
    let handler = on(axum::routing::MethodFilter::POST, handler);
    Route { method: Method::POST, path, access, handler }
}

/// The table: every folder's own, one after the other.
#[must_use]
pub(crate) fn table() -> Vec<Route> {
    pages::routes()
}

/// The portal, ready to be served.
pub fn router(portal: Portal) -> Router {
    let site = Site { shell: Some(shell::source(&portal)), ..portal.options.site.clone() };
    let router = table()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler))
        .method_not_allowed_fallback(async || {
            Problem::new(Kind::MethodNotAllowed, words::problem::other_methods())
        })
        .fallback(async || Problem::new(Kind::RouteNotFound, words::portal::no_page()));
    let strip = from_fn_with_state(portal.clone(), browser::strip);
    web::guard(router.with_state(portal).layer(strip), &site)
}
