//! Signing in. What is taken here is for the document alone: the control plane keeps what it takes as a secret.

use utoipa::ToSchema;

/// Takes a name and a password.
#[derive(ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is taken")]
pub struct SignIn {
    /// `admin`, or an operator's address; `admin` where it is left out.
    #[schema(default = "admin")]
    user: Option<String>,
    /// The password.
    password: String,
    /// Where to go then: a page of the dashboard.
    next: Option<String>,
}

/// Who is signed in.
#[derive(ToSchema, serde::Deserialize)]
#[expect(dead_code, reason = "it describes what is answered")]
pub struct SignedIn {
    /// The name that pages show.
    name: String,
}

/// That a second factor is asked for.
#[derive(ToSchema, serde::Deserialize)]
#[expect(dead_code, reason = "it describes what is answered")]
pub struct CodeNeeded {
    /// Always true.
    second_factor: bool,
}

/// Takes a code of the second factor.
#[derive(ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is taken")]
pub struct Code {
    /// Six digits of the app, or a recovery code.
    code: String,
}

/// Takes a new password.
#[derive(ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is taken")]
pub struct ChangePassword {
    /// The password of now.
    current: String,
    /// The next one.
    #[schema(min_length = 12, max_length = 1024)]
    new: String,
}

/// Takes a password, and the code of a second factor where there is one, once more.
#[derive(ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is taken")]
pub struct Confirm {
    /// The password.
    password: String,
    /// Six digits of the app, or a recovery code; where the account has a second factor.
    code: Option<String>,
    /// Where to go then: a page of the dashboard.
    next: Option<String>,
}
