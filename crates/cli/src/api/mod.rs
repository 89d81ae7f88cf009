//! The way to the admin API that a command line names, and tenants by the name that a person types.

mod find;

pub(crate) use ::api::client::Client;
use ::api::client::ClientError;
use secrecy::SecretString;

pub(crate) use self::find::{encode, find};
use crate::{
    args::{Connect, Place},
    error::CliError,
};

/// Takes the way that the command line names.
pub(crate) fn client(place: &Place, connect: &Connect) -> Result<Client, CliError> {
    match (&connect.url, &connect.password_file) {
        (Some(url), Some(file)) => {
            let password = std::fs::read_to_string(file).map_err(CliError::file(file))?;
            let password = SecretString::from(password.trim_end_matches(['\r', '\n']));
            Ok(Client::by_url(url, &password)?)
        }
        _ => Ok(Client::by_socket(&place.settings()?.paths.admin_socket())),
    }
}

/// The same in the words of the command line, with what to do there.
impl From<ClientError> for CliError {
    fn from(error: ClientError) -> Self {
        use std::io::ErrorKind;

        match error {
            ClientError::Url { url, why } => Self::Usage(format!("--url {url}: {why}")),
            ClientError::PasswordInUrl => {
                Self::Usage("--url must not hold a password; use --password-file".to_owned())
            }
            ClientError::UnsendablePassword => Self::Usage("the password cannot be sent".to_owned()),
            ClientError::Unwritable(error) => Self::Failed(error.to_string()),
            ClientError::Unreachable { at, by_socket, source } => {
                let hint = match (by_socket, source.kind()) {
                    (true, ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                        "; start `flowhq serve`, or name its data directory with --data-dir"
                    }
                    (true, ErrorKind::PermissionDenied) => {
                        "; use the same user as flowhq serve, or --url with --password-file"
                    }
                    _ => "",
                };
                Self::Unreachable { at, cause: source.to_string(), hint }
            }
            ClientError::Answer { at, cause } => Self::Answer { at, cause },
            ClientError::NotFlowHq { at, status } => Self::NotFlowHq { at, status },
            ClientError::Refused { status, detail, .. } => Self::Refused { status, detail },
        }
    }
}
