//! The owners' portal as a site: its listener, its ways to sign in, and its way to the control plane.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use claim::Signer;
use config::Settings;
use control::Brand;
use domain::Clock;
use oidc::{OidcClient, ProviderOptions};
use portal::{ControlPlane, Options, Portal, Provider, Transport};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{OwnOrigins, Proxies, Site};

use crate::{error::CliError, version};

/// How long an answer may take to begin; longer than the control plane gives itself.
const REQUEST_TIME: Duration = Duration::from_secs(75);

/// Binds the portal's listener.
pub(crate) async fn bind(settings: &Settings) -> Result<TcpListener, CliError> {
    let address = SocketAddr::new(settings.server.bind, settings.portal.port);
    TcpListener::bind(address).await.map_err(|error| {
        CliError::Failed(format!(
            "BIND and PORTAL_PORT: {address} cannot be listened on: {error}; choose another PORTAL_PORT, or 0"
        ))
    })
}

/// What the portal asks the control plane with.
pub(crate) struct Way {
    /// How a request gets there.
    pub(crate) transport: Arc<dyn Transport>,
    /// The key that both sides know.
    pub(crate) key: SecretString,
    /// Signs who is asking.
    pub(crate) signer: Signer,
    /// By what time.
    pub(crate) clock: Arc<dyn Clock>,
}

/// Puts the portal together; `port` is the one that it listens on.
pub(crate) fn router(
    settings: &Settings,
    port: u16,
    brand: Brand,
    way: Way,
    stop: CancellationToken,
) -> Result<Router, CliError> {
    let url = settings.portal_url(port);
    let site = Site {
        time_limit: REQUEST_TIME,
        own_origins: OwnOrigins::new(settings.portal.url.as_deref()),
        hosts: super::hosts(settings),
        proxies: proxies(settings),
        https: url.starts_with("https://"),
        virtual_build: version::IS_VIRTUAL,
        shell: None,
    };
    let options =
        Options { site, brand_name: brand.name, logo: brand.logo, source_url: brand.source_url, stop };
    let Way { transport, key, signer, clock } = way;
    let providers = providers(settings, &url, &clock)?;
    let plane = ControlPlane::new(transport, key, Arc::new(signer), clock);
    let portal =
        Portal::new(options, plane, providers).map_err(|error| CliError::Failed(error.to_string()))?;
    Ok(portal::router(portal))
}

/// Proxies whose word on a client's address is believed.
pub(crate) fn proxies(settings: &Settings) -> Proxies {
    let trusted = settings.server.trusted_proxies.clone();
    Proxies::new(move |address| trusted.iter().any(|network| network.contains(address)))
}

/// The providers that the settings name. None is asked before somebody signs in.
fn providers(settings: &Settings, url: &str, clock: &Arc<dyn Clock>) -> Result<Vec<Provider>, CliError> {
    let set = &settings.providers;
    let mut all = Vec::new();
    if let (Some(id), Some(secret)) = (&set.google_client_id, &set.google_client_secret) {
        let options = ProviderOptions::google(id.clone(), secret.clone(), url);
        all.push((options, "Google".to_owned(), "GOOGLE_CLIENT_ID"));
    }
    if let (Some(issuer), Some(client_id), Some(secret)) =
        (&set.oidc_issuer, &set.oidc_client_id, &set.oidc_client_secret)
    {
        let options = ProviderOptions {
            id: "oidc".to_owned(),
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret: secret.clone(),
            redirect_url: format!("{url}/api/auth/callback/oidc"),
        };
        all.push((options, set.oidc_name.clone(), "OIDC_ISSUER"));
    }
    let made = all.into_iter().map(|(options, name, setting)| {
        let client = OidcClient::new(&options, Arc::clone(clock));
        let client = client.map_err(|error| CliError::Failed(format!("{setting}: {error}")))?;
        Ok(Provider { client, name })
    });
    made.collect()
}
