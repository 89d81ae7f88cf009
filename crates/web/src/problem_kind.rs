//! What can be wrong with a request, each with its status and its words.

use http::StatusCode;
use strum::{IntoStaticStr, VariantArray};

/// What can be wrong with a request. Its kebab-case word ends the problem's `type` and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// The body is no JSON.
    MalformedJson,
    /// The body is not announced as JSON.
    UnsupportedMediaType,
    /// The body or query has a field that nothing takes.
    UnknownField,
    /// A field's value is not one that is taken.
    InvalidField,
    /// An id in the path is no UUID.
    InvalidId,
    /// The body is larger than what is taken.
    BodyTooLarge,
    /// Credentials are missing or wrong.
    Unauthorized,
    /// Too much is under way at once from one address.
    TooManyAttempts,
    /// The request names no server, or several.
    MissingHost,
    /// The request was sent to a name that is none of this server's.
    UnknownHost,
    /// HTTP knows no such method.
    UnknownMethod,
    /// Whoever asks has to prove once more who they are.
    ConfirmationNeeded,
    /// A page of another site sent this.
    CrossSiteRequest,
    /// Whoever asks is known, and may not do this.
    Forbidden,
    /// There is no such route.
    RouteNotFound,
    /// The route does not take this method.
    MethodNotAllowed,
    /// There is no such tenant, or none that the asker may see.
    TenantNotFound,
    /// There is no such setup request.
    SetupRequestNotFound,
    /// There is no such booking, order or ticket.
    RecordNotFound,
    /// The setup request has been decided already.
    SetupRequestDecided,
    /// There is no QR code to scan at the moment.
    NoQrCode,
    /// WhatsApp gave no code to type on the phone.
    NoPairingCode,
    /// There is no such operator.
    OperatorNotFound,
    /// There is no such host.
    HostNotFound,
    /// There is no such person.
    PersonNotFound,
    /// The worker runs already.
    WorkerRunning,
    /// The worker is stopped already.
    WorkerStopped,
    /// The worker could not be started.
    WorkerFailed,
    /// WhatsApp has not confirmed what was ordered.
    Unconfirmed,
    /// The thing's present state does not allow it.
    Conflict,
    /// The thing has changed since it was read.
    Stale,
    /// The answer took too long.
    TimedOut,
    /// A part that the answer needs is not there at the moment.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::MalformedJson | Self::InvalidId | Self::MissingHost => StatusCode::BAD_REQUEST,
            Self::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            Self::UnknownMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnknownField | Self::InvalidField => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            Self::ConfirmationNeeded | Self::CrossSiteRequest | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::RouteNotFound
            | Self::TenantNotFound
            | Self::SetupRequestNotFound
            | Self::RecordNotFound
            | Self::NoQrCode
            | Self::OperatorNotFound
            | Self::HostNotFound
            | Self::PersonNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoPairingCode
            | Self::WorkerRunning
            | Self::WorkerStopped
            | Self::SetupRequestDecided
            | Self::Conflict => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::TimedOut | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::WorkerFailed | Self::Unconfirmed => StatusCode::BAD_GATEWAY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The same few words for every problem of this kind.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::MalformedJson => "The body is no JSON",
            Self::UnsupportedMediaType => "The body is not announced as JSON",
            Self::UnknownField => "Unknown field",
            Self::InvalidField => "Invalid value",
            Self::InvalidId => "Invalid id",
            Self::BodyTooLarge => "The body is too large",
            Self::Unauthorized => "Sign-in required",
            Self::TooManyAttempts => "Too many attempts",
            Self::MissingHost => "No server was named",
            Self::UnknownHost => "Unknown name of the server",
            Self::UnknownMethod => "Unknown method",
            Self::ConfirmationNeeded => "Confirm that it is you",
            Self::CrossSiteRequest => "Request from another site",
            Self::Forbidden => "Not allowed",
            Self::RouteNotFound => "Nothing is here",
            Self::MethodNotAllowed => "Method not allowed",
            Self::TenantNotFound => "No such tenant",
            Self::SetupRequestNotFound => "No such setup request",
            Self::RecordNotFound => "No such record",
            Self::SetupRequestDecided => "Decided already",
            Self::NoQrCode => "No code to scan",
            Self::NoPairingCode => "No code to type",
            Self::OperatorNotFound => "No such operator",
            Self::HostNotFound => "No such host",
            Self::PersonNotFound => "No such person",
            Self::WorkerRunning => "The worker is running",
            Self::WorkerStopped => "The worker is stopped",
            Self::WorkerFailed => "The worker did not start",
            Self::Unconfirmed => "WhatsApp has not confirmed it",
            Self::Conflict => "Not possible in the present state",
            Self::Stale => "Changed meanwhile",
            Self::TimedOut => "The answer took too long",
            Self::Unavailable => "Unavailable at the moment",
            Self::Internal => "Something went wrong here",
        }
    }

    /// The title on a page, in the reader's language.
    #[must_use]
    pub fn page_title(self) -> &'static str {
        #[allow(clippy::wildcard_imports, reason = "one function for each kind")]
        use words::problem::*;
        match self {
            Self::MalformedJson => malformed_json(),
            Self::UnsupportedMediaType => unsupported_media_type(),
            Self::UnknownField => unknown_field(),
            Self::InvalidField => invalid_field(),
            Self::InvalidId => invalid_id(),
            Self::BodyTooLarge => body_too_large(),
            Self::Unauthorized => unauthorized(),
            Self::TooManyAttempts => too_many_attempts(),
            Self::MissingHost => missing_host(),
            Self::UnknownHost => unknown_host(),
            Self::UnknownMethod => unknown_method(),
            Self::CrossSiteRequest => cross_site_request(),
            Self::Forbidden => forbidden(),
            Self::ConfirmationNeeded => confirmation_needed(),
            Self::Unconfirmed => unconfirmed(),
            Self::RouteNotFound => route_not_found(),
            Self::MethodNotAllowed => method_not_allowed(),
            Self::TenantNotFound => tenant_not_found(),
            Self::SetupRequestNotFound => setup_request_not_found(),
            Self::RecordNotFound => record_not_found(),
            Self::SetupRequestDecided => setup_request_decided(),
            Self::NoQrCode => no_qr_code(),
            Self::NoPairingCode => no_pairing_code(),
            Self::OperatorNotFound => operator_not_found(),
            Self::HostNotFound => bot_host_not_found(),
            Self::PersonNotFound => person_not_found(),
            Self::WorkerRunning => worker_running(),
            Self::WorkerStopped => worker_stopped(),
            Self::WorkerFailed => worker_failed(),
            Self::Conflict => conflict(),
            Self::Stale => stale(),
            Self::TimedOut => timed_out(),
            Self::Unavailable => unavailable(),
            Self::Internal => internal(),
        }
    }

    /// What to do about it, for whoever writes a script. Text between backticks is code.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::MalformedJson => "Send a body that is JSON; `detail` says where it is not.",
            Self::UnsupportedMediaType => {
                "Send the header `Content-Type: application/json`, or one of the others that the operation names."
            }
            Self::UnknownField => "Take the field out, or write it as this page does; `field` names it.",
            Self::InvalidField => {
                "Send a value that the field takes: `detail` says which, `field` names the field."
            }
            Self::InvalidId => "Use an id as a list answers it: a UUID in lower case.",
            Self::BodyTooLarge => "Send less in one request.",
            Self::Unauthorized => {
                "Send the user `admin` with the admin password, or an operator's address with that account's password, by \
                 HTTP Basic; in a browser, sign in."
            }
            Self::TooManyAttempts => {
                "Wait for as many seconds as the header `Retry-After` says, and send it again."
            }
            Self::MissingHost => "Send one header `Host`; every usual client does.",
            Self::UnknownHost => {
                "Ask under a name of this server, or have its operator add yours to ALLOWED_HOSTS."
            }
            Self::UnknownMethod => "Use a method that this page names.",
            Self::CrossSiteRequest => {
                "Send it from a page of this site, or from a script, which sends no `Origin`."
            }
            Self::ConfirmationNeeded => {
                "Prove it by `POST /admin/confirm`, and send it again within five minutes."
            }
            Self::Forbidden => "Ask somebody who may: `detail` says who.",
            Self::PersonNotFound => "Look the person up in `GET /portal/members`.",
            Self::Unconfirmed => "Do what `detail` says on the phone, or send it again.",
            Self::RouteNotFound => "Look the path up on this page.",
            Self::MethodNotAllowed => "Use a method that the header `Allow` names.",
            Self::TenantNotFound => {
                "Look the id up in `GET /admin/tenants`; the tenant may have been deleted."
            }
            Self::SetupRequestNotFound => "Look the id up in `GET /admin/setup-requests`.",
            Self::RecordNotFound => "Look the number up in the list of bookings, orders or tickets.",
            Self::SetupRequestDecided => "Read the request again: somebody has approved or rejected it.",
            Self::NoQrCode => "Start the worker, and ask again while its session is `QR_READY`.",
            Self::NoPairingCode => "Read `detail`, and ask again in a minute; or scan the QR code instead.",
            Self::OperatorNotFound => "Look the id up in `GET /admin/operators`.",
            Self::HostNotFound => "Look the name up in `GET /admin/hosts`.",
            Self::WorkerRunning => "Nothing, where it shall run; else stop or restart it.",
            Self::WorkerStopped => "Start the worker first.",
            Self::WorkerFailed => "Read `detail` and the tenant's log file, and start the worker again.",
            Self::Conflict => "Read the thing again and do what `detail` says first.",
            Self::Stale => "Read the thing again, and send your change with its new version.",
            Self::TimedOut => {
                "Read what has become of it before you send it again; `Idempotency-Key` makes that safe."
            }
            Self::Unavailable => "Send it again in a moment. Where it stays so, look at `GET /readyz`.",
            Self::Internal => "Look in the log of the control plane for the answer's `X-Request-Id`.",
        }
    }

    /// The problem's `type`: a URN, since there is no page to look it up on.
    #[must_use]
    pub fn uri(self) -> String {
        format!("urn:flowhq:problem:{}", <&str>::from(self))
    }
}
