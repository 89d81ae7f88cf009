//! Ids in paths.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use domain::Id;

use crate::{Kind, Problem};

/// The id in a route's `{id}`.
#[derive(Debug, Clone, Copy)]
pub struct PathId<K>(pub Id<K>);

impl<K, S: Send + Sync> FromRequestParts<S> for PathId<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(Kind::InvalidId, words::problem::unreadable()))?;
        text.parse().map(Self).map_err(|error: domain::InvalidId| {
            Problem::new(Kind::InvalidId, error.to_string()).with_field("id")
        })
    }
}
