//! JSON bodies, with errors that name the field and say what it takes.

use axum::extract::{FromRequest, Request, rejection::BytesRejection};
use bytes::Bytes;
use http::StatusCode;
use http_kit::read;
use serde::de::DeserializeOwned;

use crate::{Kind, Problem, limits};

/// The JSON body of a request. Derive `Deserialize` with `deny_unknown_fields` on what it holds.
#[derive(Debug, Clone, Copy)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !read::announces_json(request.headers()) {
            return Err(Problem::new(
                Kind::UnsupportedMediaType,
                "Send JSON with the header \"Content-Type: application/json\".",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| refuse_body(&rejection))?;
        Ok(read::json(&bytes).map(Self)?)
    }
}

impl From<read::Fault> for Problem {
    fn from(fault: read::Fault) -> Self {
        let kind = match fault.kind {
            read::Kind::Malformed => Kind::MalformedJson,
            read::Kind::UnknownField => Kind::UnknownField,
            read::Kind::InvalidField => Kind::InvalidField,
        };
        let problem = Self::new(kind, fault.detail);
        match fault.field {
            Some(field) => problem.with_field(field),
            None => problem,
        }
    }
}

pub(crate) fn refuse_body(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return limits::too_large();
    }
    Problem::new(Kind::MalformedJson, words::problem::broke_off())
}
