//! What a browser brings back from a provider, in the query of the callback.

use openidconnect::url::form_urlencoded;

use crate::OidcError;

/// The longest query that is read.
const QUERY_MAX: usize = 8 * 1024;

/// A browser's answer; each part at most once.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) state: String,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) issuer: Option<String>,
}

impl Answer {
    /// Reads the query, without its question mark.
    ///
    /// # Errors
    /// Where it is long, says a thing twice, or lacks the state, or has neither code nor error, or both.
    pub(crate) fn read(query: &str) -> Result<Self, OidcError> {
        if query.len() > QUERY_MAX {
            return Err(OidcError::Query("too much"));
        }
        let (mut answer, mut state) = (Self::default(), None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let part = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut answer.code,
                "error" => &mut answer.error,
                "iss" => &mut answer.issuer,
                _ => continue,
            };
            if part.replace(value.into_owned()).is_some() {
                return Err(OidcError::Query("the same part twice"));
            }
        }
        answer.state = state.filter(|state| !state.is_empty()).ok_or(OidcError::Query("no state"))?;
        match (&answer.code, &answer.error) {
            (Some(_), Some(_)) => Err(OidcError::Query("a code and an error")),
            (None, None) => Err(OidcError::Query("no code")),
            (Some(code), None) if code.is_empty() => Err(OidcError::Query("no code")),
            _ => Ok(answer),
        }
    }
}
