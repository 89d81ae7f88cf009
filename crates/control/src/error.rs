//! What the store and the supervisor refuse, as problems. Handlers say `?`, and this says the rest.

use axum::response::{IntoResponse, Response};
use store::StoreError;
use web::{Kind, Problem};
pub(crate) use words::condition::whole as sentence;

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
            SignInError::Wrong => Problem::new(Kind::Unauthorized, words::sign_in::wrong_any()).into(),
            SignInError::TooMany => Problem::new(Kind::TooManyAttempts, words::sign_in::too_many())
                .with_header(http::header::RETRY_AFTER, http::HeaderValue::from_static("1"))
                .into(),
            SignInError::NotBefore(at) => {
                Problem::new(Kind::TooManyAttempts, words::sign_in::not_before(at.strftime("%H:%M:%S")))
                    .with_field("code")
                    .into()
            }
            SignInError::Store(error) => error.into(),
            SignInError::Seal(error) => Problem::internal(&error).into(),
            SignInError::Session(error) => {
                tracing::warn!(%error, "a session could not be read or written");
                Problem::new(Kind::Unavailable, words::sign_in::no_sessions()).into()
            }
        }
    }
}

impl From<accounts::PeopleError> for Error {
    fn from(error: accounts::PeopleError) -> Self {
        use accounts::PeopleError as E;
        use words::people;

        let problem = match error {
            E::SessionOver => Problem::new(Kind::Unauthorized, people::session_over()),
            E::Wrong => Problem::new(Kind::Unauthorized, people::wrong()),
            E::TooMany => return accounts::SignInError::TooMany.into(),
            E::LinkVoid => Problem::new(Kind::Conflict, people::link_void()).with_field("token"),
            E::SignInFirst => Problem::new(Kind::Conflict, people::sign_in_first()).with_field("token"),
            E::ProveFirst => Problem::new(Kind::Conflict, people::prove_first()).with_field("token"),
            E::TooManyLinks => {
                Problem::new(Kind::TooManyAttempts, people::too_many_links()).with_field("email")
            }
            E::NoAddress => Problem::invalid_field("email", people::email_form()),
            E::AddressTaken => Problem::new(Kind::Conflict, people::email_taken()).with_field("email"),
            E::SameAddress => Problem::invalid_field("email", people::email_same()),
            E::Provider(what) => Problem::invalid_field(what, people::provider_form(what)),
            E::IsOperator => Problem::new(Kind::Forbidden, people::no_provider_account()),
            E::NotTheirs => Problem::new(Kind::TenantNotFound, people::not_yours()),
            E::MemberAlready => Problem::new(Kind::Conflict, people::member_already()).with_field("email"),
            E::NoMember => Problem::new(Kind::PersonNotFound, people::no_member()),
            E::OwnerStays => Problem::new(Kind::Conflict, people::owner_stays()),
            E::NoOwner => Problem::new(Kind::Conflict, people::no_owner()),
            E::PasswordNeeded => Problem::invalid_field("current", people::password_again()),
            E::Store(error) => return error.into(),
            E::SignIn(error) => return error.into(),
        };
        problem.into()
    }
}

impl From<crate::MoveError> for Error {
    fn from(error: crate::MoveError) -> Self {
        use crate::MoveError;

        match error {
            MoveError::Store(error) => by_store(&error),
            MoveError::Supervisor(error) => by_supervisor(&error),
            MoveError::Said(why) => {
                Problem::new(Kind::Conflict, in_english(&why, words::problem::impossible()))
            }
        }
        .into()
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
fn by_store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound("tenant") => no_tenant(),
        StoreError::NotFound("host") => Problem::new(Kind::HostNotFound, words::problem::no_bot_host()),
        StoreError::NotFound("operator") => {
            Problem::new(Kind::OperatorNotFound, words::problem::no_operator())
        }
        StoreError::NotFound("setup request") => {
            Problem::new(Kind::SetupRequestNotFound, words::problem::no_request())
        }
        StoreError::NotFound("customer") => Problem::new(Kind::RecordNotFound, words::desk::no_customer()),
        StoreError::NotFound("person") => Problem::new(Kind::PersonNotFound, words::people::no_member()),
        StoreError::NotFound("record") => Problem::new(Kind::RecordNotFound, words::books::no_record()),
        StoreError::NumberTaken => Problem::new(Kind::Conflict, words::problem::number_taken()),
        StoreError::NotFound(_) | StoreError::Refused(_) => {
            Problem::new(Kind::Conflict, in_english(&error.to_string(), words::problem::impossible()))
        }
        StoreError::Conflict { field, reason } => {
            let detail = match *field {
                "email" => words::problem::member_already().to_owned(),
                "number" => words::problem::number_not_waiting().to_owned(),
                "phone_number" => words::problem::number_declared().to_owned(),
                "host" => in_english(reason, words::hosts::refused()),
                "hosts" => in_english(reason, words::hosts::even_refused()),
                "setup_request" => words::setup::open_already().to_owned(),
                "endpoint" => words::notices::browsers_full().to_owned(),
                _ => in_english(reason, words::problem::impossible()),
            };
            Problem::new(Kind::Conflict, detail).with_field(*field)
        }
        StoreError::Invalid { field, reason } => Problem::invalid_field(*field, sentence(reason)),
        StoreError::Unavailable(_) | StoreError::Unwritable(_) if error.refuses_writes() => {
            tracing::warn!(%error, "the database takes no changes");
            Problem::new(Kind::Unavailable, words::problem::database_unwritable())
        }
        StoreError::Unavailable(_) | StoreError::Unwritable(_) => {
            tracing::warn!(%error, "the database does not answer");
            Problem::new(Kind::Unavailable, words::problem::no_database())
        }
        StoreError::TookTooLong => {
            Problem::new(Kind::TimedOut, words::problem::took_too_long()).with_field("search")
        }
        StoreError::Searching => Problem::new(Kind::Unavailable, words::problem::searching()),
        StoreError::Broken(_) => Problem::internal(error),
        StoreError::Leaving => Problem::new(Kind::Unavailable, words::hosts::leaving()),
        StoreError::Moved => Problem::new(Kind::Conflict, words::problem::moved()),
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
        Error::NothingLinked => Problem::new(Kind::Conflict, words::problem::nothing_linked()),
        Error::Unlinking => Problem::new(Kind::Conflict, words::problem::unlinking()),
        Error::UnlinkUnconfirmed(why) => {
            Problem::new(Kind::Unconfirmed, words::problem::unlink_unconfirmed(why))
        }
        Error::NoPairingCode(why) => {
            Problem::new(Kind::NoPairingCode, sentence(&words::problem::no_code(why)))
        }
        Error::Start(why) => Problem::new(Kind::WorkerFailed, sentence(&words::problem::not_started(why))),
        Error::NotLinked => Problem::new(Kind::Unavailable, words::problem::not_linked()),
        Error::NotSent(why) => Problem::new(Kind::Unavailable, sentence(&words::problem::not_sent(why))),
        Error::NoAnswer => Problem::new(Kind::Unavailable, words::problem::no_answer()),
        // Which host is away is an operator's to know, and stands on the page of hosts.
        Error::Away(_) => Problem::new(Kind::Unavailable, words::problem::away()),
        Error::Busy => Problem::new(Kind::Unavailable, words::problem::busy()),
        Error::ShuttingDown => Problem::new(Kind::Unavailable, words::problem::shutting_down()),
        Error::Overtaken => Problem::new(Kind::Conflict, words::problem::overtaken()),
        // The worker says in English alone why not.
        Error::NotDone(why) => Problem::new(Kind::Conflict, sentence(why)),
        Error::Files(_) => Problem::internal(error),
        Error::Store(cause) => by_store(cause),
    }
}

/// What is said in English alone, or what it comes to for whoever reads another language.
pub(crate) fn in_english(said: &str, comes_to: &str) -> String {
    match words::language() {
        domain::Language::En => sentence(said),
        domain::Language::Sw => comes_to.to_owned(),
    }
}
