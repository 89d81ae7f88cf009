//! Routes as data: one table says which method and path takes whom, and the router is made from it.
//! The tests of access are made from the same table, so that a route without a rule cannot exist.

use axum::{Router, routing::MethodRouter};
use http::Method;
use utoipa::openapi::{
    RefOr, Schema,
    path::{Operation, PathItem},
};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{Kind, Problem};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anybody who reaches the listener.
    Public,
    /// An operator, signed in.
    Operator,
    /// The portal, on behalf of a browser that need not be signed in.
    Portal,
    /// The portal, on behalf of a person of a tenant.
    Member,
    /// The same for those alone who own the tenant.
    Owner,
}

/// One line of the table: what a handler says of itself, and who may ask for it.
pub struct Route<S> {
    /// The HTTP method.
    pub method: Method,
    /// The path in axum's form, like `/admin/tenants/{id}`.
    pub path: String,
    /// Who may ask.
    pub access: Access,
    /// What the handler does, takes and answers.
    pub operation: Operation,
    /// The schemas that the operation names.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    handler: MethodRouter<S>,
}

impl<S> std::fmt::Debug for Route<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.access)
    }
}

/// Routes that anybody may ask for, each made by `utoipa_axum::routes!` of one handler.
pub fn public<S>(described: UtoipaMethodRouter<S>) -> Route<S> {
    Route::new(Access::Public, described)
}

/// The same for operators alone.
pub fn operator<S>(described: UtoipaMethodRouter<S>) -> Route<S> {
    Route::new(Access::Operator, described)
}

/// The same for the portal, whoever it asks for.
pub fn portal<S>(described: UtoipaMethodRouter<S>) -> Route<S> {
    Route::new(Access::Portal, described)
}

/// The same for the people of a tenant, whom the portal asks for.
pub fn member<S>(described: UtoipaMethodRouter<S>) -> Route<S> {
    Route::new(Access::Member, described)
}

/// The same for the owners of a tenant, whom the portal asks for.
pub fn owner<S>(described: UtoipaMethodRouter<S>) -> Route<S> {
    Route::new(Access::Owner, described)
}

impl<S> Route<S> {
    fn new(access: Access, (schemas, paths, handler): UtoipaMethodRouter<S>) -> Self {
        let mut operations = paths.paths.into_iter().flat_map(|(path, item)| {
            let path_of = move |(method, operation)| (method, path.clone(), operation);
            operations(item).into_iter().map(path_of)
        });
        // `routes!` of one handler has one path with one method, for `#[utoipa::path]` takes no other.
        let (method, path, operation) = operations.next().unwrap_or_default();
        Self { method, path, access, operation, schemas, handler }
    }
}

/// Routes of tests, which nobody describes.
#[cfg(test)]
impl<S: Clone + Send + Sync + 'static> Route<S> {
    pub(crate) fn get<T: 'static, H: axum::handler::Handler<T, S>>(
        path: &str,
        access: Access,
        handler: H,
    ) -> Self {
        let (operation, schemas) = (Operation::new(), Vec::new());
        let handler = axum::routing::get(handler);
        Self { method: Method::GET, path: path.to_owned(), access, operation, schemas, handler }
    }

    pub(crate) fn post<T: 'static, H: axum::handler::Handler<T, S>>(
        path: &str,
        access: Access,
        handler: H,
    ) -> Self {
        let (operation, schemas) = (Operation::new(), Vec::new());
        let handler = axum::routing::post(handler);
        Self { method: Method::POST, path: path.to_owned(), access, operation, schemas, handler }
    }
}

/// The methods that a path is described with.
fn operations(item: PathItem) -> Vec<(Method, Operation)> {
    let all = [
        (Method::GET, item.get),
        (Method::POST, item.post),
        (Method::PATCH, item.patch),
        (Method::PUT, item.put),
        (Method::DELETE, item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?))).collect()
}

/// Makes the router. `protect` wraps each handler in what its access asks for.
pub fn router<S: Clone + Send + Sync + 'static>(
    table: Vec<Route<S>>,
    protect: impl Fn(Access, MethodRouter<S>) -> MethodRouter<S>,
) -> Router<S> {
    table
        .into_iter()
        .fold(Router::new(), |router, route| router.route(&route.path, protect(route.access, route.handler)))
        .method_not_allowed_fallback(async || {
            Problem::new(Kind::MethodNotAllowed, words::problem::other_methods())
        })
        .fallback(async || Problem::new(Kind::RouteNotFound, words::problem::no_path()))
}
