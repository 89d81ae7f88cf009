//! `flowhq portal`: the owners' portal alone, with a control plane elsewhere.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use claim::Signer;
use clap::Args;
use config::Settings;
use domain::SystemClock;
use portal::OverHttp;
use tokio_util::sync::CancellationToken;
use web::serve::Listener;

use crate::{
    args::Place,
    error::CliError,
    host::{self, site},
    logging::{self, LogFormat},
    output, version,
};

/// Run the owners' portal alone; `flowhq serve` has one in it already
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  CONTROL_PLANE_URL=https://control.example.org flowhq portal
  flowhq portal --public-key

It has no database: what it shows it asks of the control plane at CONTROL_PLANE_URL, with the key in
PORTAL_INTERNAL_KEY, and signs who is asking. The control plane has to know the other half of that
signature: start it with PORTAL_PUBLIC_KEY set to what --public-key prints.")]
pub(crate) struct PortalAlone {
    /// Print the public key for PORTAL_PUBLIC_KEY of the control plane, and end
    #[arg(long)]
    public_key: bool,
    /// How log lines look
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    log_format: LogFormat,
}

impl PortalAlone {
    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        let settings = place.settings()?;
        host::make_directories(&settings)?;
        let signer = signer(&settings.paths.portal_key())?;
        let public_key = STANDARD.encode(signer.public_key());
        if self.public_key {
            return Ok(output::line(public_key)?);
        }
        let (Some(url), Some(key)) =
            (&settings.portal.control_plane_url, settings.portal.keys().into_iter().next())
        else {
            let why = "flowhq portal needs CONTROL_PLANE_URL, where the control plane is, and PORTAL_INTERNAL_KEY, the same as \
                       there. A portal that needs neither is in flowhq serve";
            return Err(CliError::Usage(why.to_owned()));
        };
        let transport =
            OverHttp::new(url).map_err(|error| CliError::Usage(format!("CONTROL_PLANE_URL: {error}")))?;
        logging::for_control_plane(&settings.paths, &settings.logs, self.log_format, settings.logs.level)?;
        if transport.is_in_clear() {
            tracing::warn!(
                "CONTROL_PLANE_URL begins with http://: passwords and keys cross the network in clear"
            );
        }
        let way = site::Way { transport: Arc::new(transport), key, signer, clock: Arc::new(SystemClock) };
        host::close_to_others();
        let followed = host::close_portal(&settings)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let done = runtime.block_on(serve(&settings, way, &public_key, followed));
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        done
    }
}

async fn serve(
    settings: &Settings,
    way: site::Way,
    public_key: &str,
    followed: confine::Followed,
) -> Result<(), CliError> {
    let end = host::asked_to_end()?;
    let listener = site::bind(settings).await?;
    let port = listener.local_addr()?.port();
    let stop = CancellationToken::new();
    let brand = host::brand(settings)?;
    let router = site::router(settings, port, brand, way, stop.clone())?;
    output::line(format_args!("Flow HQ {} portal answers at {}", version::BUILD, settings.portal_url(port)))?;
    output::line(format_args!("The control plane knows it by PORTAL_PUBLIC_KEY={public_key}"))?;
    let tasks = tokio_util::task::TaskTracker::new();
    let serving = tasks.spawn(web::serve::serve(
        Listener::Tcp(listener),
        router,
        site::proxies(settings),
        stop.clone(),
    ));
    let ended = tokio::select! {
        () = end => Ok(()),
        lost = host::outlived(followed, stop.clone()) => Err(CliError::Failed(format!(
            "{} was replaced by a file that the portal may not read: it ends to be started again",
            lost.display()
        ))),
    };
    stop.cancel();
    serving.await.map_err(|error| CliError::Failed(error.to_string()))?;
    ended
}

/// Reads the key that signs, or makes one of mode 0600 where there is none.
fn signer(path: &Path) -> Result<Signer, CliError> {
    let fault = CliError::file(path);
    let failed = |error: claim::KeyError| CliError::Failed(format!("{}: {error}", path.display()));
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let (signer, document) = Signer::generate().map_err(failed)?;
            file.write_all(&document).and_then(|()| file.sync_all()).map_err(fault)?;
            Ok(signer)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut document = Vec::new();
            let file = std::fs::File::open(path).map_err(CliError::file(path))?;
            file.take(1024).read_to_end(&mut document).map_err(fault)?;
            Signer::from_pkcs8(&document).map_err(failed)
        }
        Err(error) => Err(fault(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_a_broken_one_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("portal.key");
        let first = signer(&path).unwrap().public_key();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(signer(&path).unwrap().public_key(), first);
        std::fs::write(&path, b"short").unwrap();
        assert!(signer(&path).unwrap_err().to_string().contains("portal.key"));
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
    }
}
