//! What the store and the supervisor refuse, as problems. Handlers say `?`, and this says the rest.

use axum::response::{IntoResponse, Response};
use store::StoreError;
use web::{Kind, Problem};

/// What an endpoint answers: what was asked for, or why not.
pub(crate) type Answer<T = Response> = Result<T, Error>;

/// Why an endpoint did not do what was asked.
#[derive(Debug)]
pub(crate) struct Error(Box<Problem>);

impl Error {
    /// As it is told.
    pub(crate) fn problem(&self) -> &Problem {
        &self.0
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        by_store(&error).into()
    }
}

impl From<accounts::SignInError> for Error {
    fn from(error: accounts::SignInError) -> Self {
        use accounts::SignInError;

        match error {
            SignInError::Wrong => {
                Problem::new(Kind::Unauthorized, "What was sent does not go together; try again.").into()
            }
            SignInError::TooMany => Problem::new(
                Kind::TooManyAttempts,
                "Too many sign-ins are being checked at once; try again in a second.",
            )
            .with_header(http::header::RETRY_AFTER, http::HeaderValue::from_static("1"))
            .into(),
            SignInError::NotBefore(at) => Problem::new(
                Kind::TooManyAttempts,
                format!(
                    "Too many codes were tried for this account: the next one counts from {} UTC on. A recovery code \
                     works at once.",
                    at.strftime("%H:%M:%S")
                ),
            )
            .with_field("code")
            .into(),
            SignInError::Store(error) => error.into(),
            SignInError::Seal(error) => Problem::internal(&error).into(),
            SignInError::Session(error) => {
                tracing::warn!(%error, "a session could not be read or written");
                Problem::new(Kind::Unavailable, "Sessions cannot be read at the moment; try again.").into()
            }
        }
    }
}

impl From<supervisor::Error> for Error {
    fn from(error: supervisor::Error) -> Self {
        by_supervisor(&error).into()
    }
}

/// The one answer for a tenant that is not there and for one that the asker may not see.
pub(crate) fn no_tenant() -> Problem {
    Problem::new(Kind::TenantNotFound, words::problem::no_tenant())
}

/// What the store refused.
pub(crate) fn by_store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound("tenant") => no_tenant(),
        StoreError::NotFound("operator") => {
            Problem::new(Kind::OperatorNotFound, words::problem::no_operator())
        }
        StoreError::NotFound("setup request") => {
            Problem::new(Kind::SetupRequestNotFound, words::problem::no_request())
        }
        StoreError::NotFound(_) | StoreError::NumberTaken | StoreError::Refused(_) => {
            Problem::new(Kind::Conflict, sentence(&error.to_string()))
        }
        StoreError::Conflict { field, reason } => {
            Problem::new(Kind::Conflict, sentence(reason)).with_field(*field)
        }
        StoreError::Invalid { field, reason } => Problem::invalid_field(*field, sentence(reason)),
        StoreError::Unavailable(cause) => {
            tracing::warn!(error = %cause, "the database does not answer");
            Problem::new(Kind::Unavailable, words::problem::no_database())
        }
        StoreError::TookTooLong => {
            Problem::new(Kind::TimedOut, words::problem::took_too_long()).with_field("search")
        }
        StoreError::Searching => Problem::new(Kind::Unavailable, words::problem::searching()),
        StoreError::Broken(_) => Problem::internal(error),
        StoreError::LeaseLost => Problem::new(Kind::Unavailable, words::problem::taken_over()),
        StoreError::OldGeneration { .. } | StoreError::LogGap { .. } | StoreError::Corrupt { .. } => {
            Problem::internal(error)
        }
    }
}

/// What the supervisor refused.
pub(crate) fn by_supervisor(error: &supervisor::Error) -> Problem {
    use supervisor::Error;

    match error {
        Error::NoTenant => no_tenant(),
        Error::AlreadyRunning => Problem::new(Kind::WorkerRunning, words::problem::running()),
        Error::NotRunning => Problem::new(Kind::WorkerStopped, words::problem::not_running()),
        Error::NothingLinked | Error::Unlinking => Problem::new(Kind::Conflict, sentence(&error.to_string())),
        Error::UnlinkUnconfirmed(_) => Problem::new(Kind::Unconfirmed, sentence(&error.to_string())),
        Error::NoPairingCode(_) => Problem::new(Kind::NoPairingCode, sentence(&error.to_string())),
        Error::Start(_) => Problem::new(Kind::WorkerFailed, sentence(&error.to_string())),
        Error::NotLinked | Error::NotSent(_) | Error::NoAnswer | Error::Busy | Error::ShuttingDown => {
            Problem::new(Kind::Unavailable, sentence(&error.to_string()))
        }
        Error::Overtaken | Error::NotDone(_) => Problem::new(Kind::Conflict, sentence(&error.to_string())),
        Error::Files(_) => Problem::internal(error),
        Error::Store(cause) => by_store(cause),
    }
}

/// A message that begins with a capital and ends with a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let mut text: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}
