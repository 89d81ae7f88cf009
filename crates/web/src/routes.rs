//! Routes as data: one table says which method and path takes whom, and the router is made from it.
//! The tests of access are made from the same table, so that a route without a rule cannot exist.

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;

use crate::{Kind, Problem};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anybody who reaches the listener.
    Public,
    /// An operator, signed in.
    Operator,
}

/// One line of the table.
pub struct Route<S> {
    /// The HTTP method.
    pub method: Method,
    /// The path in axum's form, like `/admin/tenants/{id}`.
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
    handler: MethodRouter<S>,
}

impl<S> std::fmt::Debug for Route<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.access)
    }
}

impl<S: Clone + Send + Sync + 'static> Route<S> {
    /// GET, which answers HEAD too.
    pub fn get<T: 'static, H: Handler<T, S>>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::GET, path, access, handler: on(MethodFilter::GET, handler) }
    }

    /// POST.
    pub fn post<T: 'static, H: Handler<T, S>>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::POST, path, access, handler: on(MethodFilter::POST, handler) }
    }

    /// PATCH.
    pub fn patch<T: 'static, H: Handler<T, S>>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::PATCH, path, access, handler: on(MethodFilter::PATCH, handler) }
    }

    /// DELETE.
    pub fn delete<T: 'static, H: Handler<T, S>>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::DELETE, path, access, handler: on(MethodFilter::DELETE, handler) }
    }
}

/// Makes the router. `protect` wraps each handler in what its access asks for.
pub fn router<S: Clone + Send + Sync + 'static>(
    table: Vec<Route<S>>,
    protect: impl Fn(Access, MethodRouter<S>) -> MethodRouter<S>,
) -> Router<S> {
    table
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, protect(route.access, route.handler)))
        .method_not_allowed_fallback(async || {
            Problem::new(
                Kind::MethodNotAllowed,
                "This path takes other methods; the header Allow names them.",
            )
        })
        .fallback(async || Problem::new(Kind::RouteNotFound, "There is nothing under this path."))
}
