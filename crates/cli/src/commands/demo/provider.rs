//! A provider to sign in with, for the demo: npm's `oidc-provider` of the source tree, on this machine alone.

use std::{path::Path, process::Stdio};

use rand::RngExt as _;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::play::{PATIENCE, failed};
use crate::error::CliError;

const FOLDER: &str = "crates/oidc/tests/provider";
const CLIENT: &str = "flowhq";

/// A provider that runs; it ends with this.
pub(super) struct Provider {
    pub(super) issuer: String,
    pub(super) secret: String,
    _child: Child,
}

impl Provider {
    /// Its name for us.
    pub(super) const CLIENT: &'static str = CLIENT;

    /// Starts it for a portal on this port. What it is made of is fetched from npm where it is not there yet.
    pub(super) async fn start(portal_port: u16) -> Result<Self, CliError> {
        let folder = Path::new(FOLDER);
        if !folder.join("provider.mjs").is_file() {
            let why = "--oidc: the provider is in the source tree: run `cargo demo --oidc` there, or leave --oidc out";
            return Err(CliError::Usage(why.to_owned()));
        }
        if !folder.join("node_modules").is_dir() {
            let npm = Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(folder)
                .status()
                .await;
            let done = npm.map_err(failed("--oidc needs Node.js and npm"))?;
            if !done.success() {
                return Err(CliError::Failed(format!("--oidc: `npm ci` in {FOLDER} failed; see above")));
            }
        }
        let secret = hex::encode(rand::rng().random::<[u8; 24]>());
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .env("OIDC_CLIENT_ID", CLIENT)
            .env("OIDC_CLIENT_SECRET", &secret)
            .env("OIDC_REDIRECTS", format!("http://127.0.0.1:{portal_port}/api/auth/callback/oidc"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed("--oidc needs Node.js"))?;
        let said = child.stdout.take().map(BufReader::new);
        let said = said.ok_or_else(|| CliError::Failed("the provider says nothing".to_owned()))?;
        let mut lines = said.lines();
        let issuer = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(issuer) = line.strip_prefix("issuer ") {
                    return Ok(issuer.to_owned());
                }
            }
            Err(CliError::Failed("the provider ended before it listened".to_owned()))
        };
        let late =
            |_| CliError::Failed(format!("the provider did not listen within {} s", PATIENCE.as_secs()));
        let issuer = tokio::time::timeout(PATIENCE, issuer).await.map_err(late)??;
        Ok(Self { issuer, secret, _child: child })
    }
}
