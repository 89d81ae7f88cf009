//! Errors as RFC 9457 problem documents.

use std::borrow::Cow;

use strum::VariantArray as _;

use crate::Kind;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};
use serde::Serialize;

/// A refusal, answered as `application/problem+json`:
/// `{"type", "title", "status", "detail", "field"?, "error"}`; `error` repeats `detail` for plain clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    field: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What a refusal answers, after RFC 9457.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Document<'a> {
    /// What is wrong, as a URN that never changes: `urn:flowhq:problem:` and a word.
    r#type: String,
    /// The same few words for every problem of this type.
    title: &'static str,
    /// The status of HTTP, once more.
    status: u16,
    /// What is wrong and what to do about it.
    detail: &'a str,
    /// The field at fault, where there is one, by its place in the document that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// `detail` once more, for plain clients.
    error: &'a str,
}

impl Problem {
    /// A problem with a sentence that says what to do about it. Never put a secret or a cause's text into it.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), field: None, headers: Vec::new() }
    }

    /// A value that is not taken; `detail` says what is.
    pub fn invalid_field(field: impl Into<String>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Kind::InvalidField, detail) }
    }

    /// Reads the document of a problem that another process of ours has answered; `None` where it is none. A kind that
    /// this version does not know is a fault of the other side's.
    #[must_use]
    pub fn read(document: &[u8]) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Answered {
            r#type: String,
            detail: String,
            #[serde(default)]
            field: Option<String>,
        }
        let Answered { r#type, detail, field } = serde_json::from_slice(document).ok()?;
        let word = r#type.strip_prefix("urn:flowhq:problem:")?;
        let kind = Kind::VARIANTS.iter().find(|kind| <&str>::from(**kind) == word);
        Some(Self { field, ..Self::new(kind.copied().unwrap_or(Kind::Internal), detail) })
    }

    /// A fault of ours: the cause goes to the log, where the request id finds it, and not to the client.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %Chain(cause), "a request failed");
        Self::new(Kind::Internal, words::problem::internal_say())
    }

    /// Names the field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Calls the field at fault as a form does that has another name for it, in the sentence too.
    #[must_use]
    pub fn renamed(mut self, name: &str) -> Self {
        let named = self.detail.strip_prefix('`').and_then(|rest| rest.split_once('`'));
        if let Some((_, rest)) = named.filter(|(named, _)| self.is_about(last(named))) {
            self.detail = format!("`{name}`{rest}").into();
        }
        self.with_field(name)
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The field at fault, where there is one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The sentence as the API says it: a field is named as its document does, between backticks.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The sentence for whoever reads a page: a field at its beginning is called by `label`, which the form has; without one
    /// by its name. No backticks are left.
    #[must_use]
    pub fn said(&self, label: &str) -> String {
        let named = self.detail.strip_prefix('`').and_then(|rest| rest.split_once('`'));
        let text = match named.filter(|(name, _)| !label.is_empty() && self.is_about(last(name))) {
            Some((_, rest)) => format!("“{label}”{rest}"),
            None => self.detail.clone().into_owned(),
        };
        text.replace('`', "")
    }

    /// Whether the field at fault is the one that a form calls so: a problem names it by its place in the API's document,
    /// in either way of writing it, a form by the last word of that.
    #[must_use]
    pub fn is_about(&self, name: &str) -> bool {
        let field = self.field.as_deref().unwrap_or_default();
        let last = last(field);
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        !last.is_empty() && plain(last) == plain(name)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = Document {
            r#type: self.kind.uri(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: &self.detail,
            field: self.field.as_deref(),
            error: &self.detail,
        };
        let mut response = http_kit::document(self.kind.status(), document);
        response.headers_mut().extend(self.headers.iter().cloned().map(|(name, value)| (Some(name), value)));
        // For whoever makes a page of it.
        response.extensions_mut().insert(self);
        response
    }
}

/// An error with its causes, for one line of a log.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// The last word of a field's place in a document.
fn last(field: &str) -> &str {
    let last = field.rsplit('.').next().unwrap_or(field);
    last.split('[').next().unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use http::header;
    use http_body_util::BodyExt;

    use super::*;

    #[test]
    fn people_read_a_field_by_its_label() {
        let problem = Problem::invalid_field("config.dailyAt", "`dailyAt` is a time like 18:00, or `none`.");
        assert_eq!(problem.said("Which hour?"), "“Which hour?” is a time like 18:00, or none.");
        assert_eq!(problem.said(""), "dailyAt is a time like 18:00, or none.");
        assert_eq!(Problem::invalid_field("x", "Write `x`.").said("The hour"), "Write x.");
        let other = Problem::invalid_field("email", "`email` is an address.").renamed("member_email");
        assert_eq!(other.said("Email"), "“Email” is an address.");
        assert!(other.is_about("member_email") && !other.is_about("email"));
        for (name, is) in [("daily_at", true), ("dailyAt", true), ("config", false), ("", false)] {
            assert_eq!(problem.is_about(name), is, "{name}");
        }
        assert!(!Problem::new(Kind::Conflict, "No.").is_about(""));
    }

    #[tokio::test]
    async fn a_problem_is_a_document_with_a_stable_type_and_the_field() {
        let response = Problem::invalid_field("name", "A name has 1 to 120 characters.").into_response();
        assert_eq!(response.status(), http::StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let document: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            document,
            serde_json::json!({
                "type": "urn:flowhq:problem:invalid-field",
                "title": "Invalid value",
                "status": 422,
                "detail": "A name has 1 to 120 characters.",
                "field": "name",
                "error": "A name has 1 to 120 characters.",
            })
        );
    }

    #[tokio::test]
    async fn a_document_is_read_as_what_it_was_made_from() {
        for kind in Kind::VARIANTS {
            let problem = Problem::new(*kind, "Say why.").with_field("name");
            let body = problem.clone().into_response().into_body().collect().await.unwrap().to_bytes();
            assert_eq!(Problem::read(&body), Some(problem));
        }
        let newer = br#"{"type":"urn:flowhq:problem:of-tomorrow","detail":"x"}"#;
        assert_eq!(Problem::read(newer).map(|problem| problem.kind()), Some(Kind::Internal));
        for other in [&b"<html>"[..], b"{}", br#"{"type":"about:blank","detail":"x"}"#] {
            assert_eq!(Problem::read(other), None);
        }
    }

    #[test]
    fn every_kind_is_an_error_with_a_word_of_its_own() {
        let mut words: Vec<_> = Kind::VARIANTS.iter().map(|kind| kind.uri()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Kind::VARIANTS.len());
        assert!(Kind::VARIANTS.iter().all(|kind| kind.status().as_u16() >= 400));
    }
}
