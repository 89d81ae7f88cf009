//! Errors as RFC 9457 problem documents: a stable word in `type`, and a sentence that says what to do.

use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http_kit::read;

use crate::error::Error;
use crate::linking::LinkError;
use crate::phones::PhoneError;

/// The body of every error.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct Document {
    /// `urn:virtual-whatsapp:problem:` and a word that never changes.
    #[schema(example = "urn:virtual-whatsapp:problem:account-not-found")]
    r#type: String,
    /// The HTTP status's own words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong and what to do.
    detail: String,
}

/// A refusal.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    word: &'static str,
    detail: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, word: &'static str, detail: impl Into<String>) -> Self {
        Self { status, word, detail: detail.into() }
    }

    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-value", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = Document {
            r#type: format!("urn:virtual-whatsapp:problem:{}", self.word),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
        };
        http_kit::document(self.status, document)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, word) = match &error {
            Error::BadNumber(_) | Error::BadLid(_) | Error::BadGroup(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid-value")
            }
            Error::Phone(fault) => of_phone(fault),
            Error::Link(fault) => of_link(fault),
            Error::LidTaken(_) => (StatusCode::CONFLICT, "conflict"),
            Error::Wait(_) => (StatusCode::GATEWAY_TIMEOUT, "did-not-happen"),
            Error::ShutDown => (StatusCode::SERVICE_UNAVAILABLE, "shut-down"),
            Error::Bind { .. } | Error::Keys(_) | Error::State(_) | Error::Tls(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        };
        let mut detail = error.to_string();
        if matches!(error, Error::Phone(PhoneError::NoAccount(_))) {
            detail.push_str(": make it with POST /v1/accounts");
        }
        Self::new(status, word, detail)
    }
}

const fn of_phone(fault: &PhoneError) -> (StatusCode, &'static str) {
    match fault {
        PhoneError::NoAccount(_) => (StatusCode::NOT_FOUND, "account-not-found"),
        PhoneError::NoGroup(_) => (StatusCode::NOT_FOUND, "group-not-found"),
        PhoneError::NoMessage(_) => (StatusCode::NOT_FOUND, "message-not-found"),
        PhoneError::NoDevice { .. } => (StatusCode::NOT_FOUND, "device-not-found"),
        PhoneError::NoKeys { .. } => (StatusCode::CONFLICT, "no-keys-yet"),
        PhoneError::NoWay(_) | PhoneError::NotBase64 | PhoneError::FileTooLarge(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-value")
        }
        PhoneError::AppState(_) | PhoneError::Signal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

const fn of_link(fault: &LinkError) -> (StatusCode, &'static str) {
    match fault {
        LinkError::NotACode(_) | LinkError::BadKey(_) | LinkError::NotAPairingCode => {
            (StatusCode::UNPROCESSABLE_ENTITY, "no-code")
        }
        LinkError::Expired => (StatusCode::GONE, "code-expired"),
        LinkError::NoCode(_) => (StatusCode::CONFLICT, "nobody-waits"),
        LinkError::WrongCode | LinkError::OtherKey(_) => (StatusCode::CONFLICT, "wrong-code"),
        LinkError::TooMany(_) => (StatusCode::CONFLICT, "too-many-devices"),
        LinkError::Taken => (StatusCode::CONFLICT, "being-linked"),
        LinkError::NotConfirmed | LinkError::BadAnswer(_) => (StatusCode::BAD_GATEWAY, "not-confirmed"),
        LinkError::Keys(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

impl From<read::Fault> for Problem {
    fn from(fault: read::Fault) -> Self {
        match fault.kind {
            read::Kind::Malformed => Self::new(StatusCode::BAD_REQUEST, "malformed-json", fault.detail),
            read::Kind::UnknownField | read::Kind::InvalidField => Self::invalid(fault.detail),
        }
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(rejection.status(), "body-too-large", rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), "invalid-path", rejection.body_text())
    }
}
