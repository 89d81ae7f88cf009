//! What the owners' portal asks: people who sign in, and what they see and change of their own tenant. No path here names
//! a tenant: who asks for which is signed.

pub(crate) mod call;
pub(crate) mod desk;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use web::{Kind, Problem, routes::Access};

use crate::App;

/// Lets the portal through, for whom the route is.
pub(crate) async fn admit(State((_, _)): State<(App, Access)>, _: Request, _: Next) -> Response {
    Problem::new(Kind::Unavailable, words::people::no_key()).into_response()
}
