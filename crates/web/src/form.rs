//! Bodies that come as JSON from scripts, or as a form from pages.

use axum::extract::{FromRequest, OptionalFromRequest, Request};
use bytes::Bytes;
use http::header;
use serde::de::DeserializeOwned;

use crate::{JsonBody, Problem, body};

/// What was sent: `F` by a form of a page, `J` by a script.
#[derive(Debug, Clone)]
pub enum Sent<F, J> {
    /// `application/x-www-form-urlencoded`.
    Form(F),
    /// `application/json`.
    Json(J),
}

impl<F: DeserializeOwned, J: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<F, J> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_form(&request) {
            return JsonBody::from_request(request, state).await.map(|JsonBody(json)| Self::Json(json));
        }
        FormBody::from_request(request, state).await.map(|FormBody(form)| Self::Form(form))
    }
}

/// Where nothing is announced, nothing was sent.
impl<F: DeserializeOwned, J: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Sent<F, J> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// What page and script send alike.
#[derive(Debug, Clone)]
pub struct Given<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let sent = <Sent<T, T> as FromRequest<S>>::from_request(request, state).await?;
        let (Sent::Form(given) | Sent::Json(given)) = sent;
        Ok(Self(given))
    }
}

/// Where nothing is announced, nothing was sent.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let sent = <Sent<T, T> as OptionalFromRequest<S>>::from_request(request, state).await?;
        Ok(sent.map(|(Sent::Form(given) | Sent::Json(given))| Self(given)))
    }
}

/// The form that a page sent; what is not announced as one is read as an empty form.
#[derive(Debug, Clone)]
pub struct FormBody<F>(pub F);

impl<F: DeserializeOwned, S: Send + Sync> FromRequest<S> for FormBody<F> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = if is_form(&request) {
            Bytes::from_request(request, state).await.map_err(|rejection| body::refuse_body(&rejection))?
        } else {
            Bytes::new()
        };
        Ok(http_kit::read::pairs(&bytes).map(Self)?)
    }
}

fn is_form(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
