//! `flowhq virtual-whatsapp`: the virtual WhatsApp alone, for bots of any make.

use std::{net::IpAddr, path::PathBuf};

use clap::Args;

/// Run a WhatsApp server of your own, for tests and demonstrations: a page, an API, no phone
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq virtual-whatsapp
  flowhq virtual-whatsapp --state lab.json
  WHATSAPP_URL=ws://127.0.0.1:7710/ws/chat flowhq serve

Open the page that it prints: a customer's phone to write from, the owner's phone to link devices
with, and a board of things that go wrong. The API behind it is described at /openapi.json there.
It has no password and keeps no secret worth keeping: leave it on loopback.")]
pub(crate) struct VirtualWhatsApp {
    /// Address that everything listens on
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Port for clients that speak plain WebSocket; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 7710)]
    port: u16,
    /// Port for clients that speak TLS; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 7711)]
    tls_port: u16,
    /// Port of the page and its API; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 7712)]
    control_port: u16,
    /// Host name under which browsers may reach the page, besides those of this machine itself
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// File with keys, accounts, links and messages, so that the next start is the same server [default: kept in
    /// memory]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// File to write the certificate of the TLS authority to [default: beside the state file, or in a new directory
    /// that is removed at the end]
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The same number gives the same keys and ids again (TLS apart) [default: random]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Print addresses and keys as one line of JSON
    #[arg(long)]
    json: bool,
}

#[cfg(not(feature = "virtual"))]
impl VirtualWhatsApp {
    pub(crate) fn run(self) -> Result<(), crate::error::CliError> {
        let Self { bind, port, tls_port, control_port, allow_host, state, ca_file, seed, json } = self;
        drop((bind, port, tls_port, control_port, allow_host, state, ca_file, seed, json));
        let why = "this build speaks with WhatsApp itself and has no virtual one in it. In the source directory, run: \
                   cargo run --features virtual -- virtual-whatsapp";
        Err(crate::error::CliError::Failed(why.to_owned()))
    }
}

#[cfg(feature = "virtual")]
mod running {
    use std::{
        net::SocketAddr,
        path::{Path, PathBuf},
    };

    use serde::Serialize;
    use virtual_whatsapp::{
        Authority, Control, ControlOptions, Error, Options, Server, TlsListener, TlsOptions,
    };

    use super::VirtualWhatsApp;
    use crate::{error::CliError, host, logging, output};

    /// What a script needs to know.
    #[derive(Serialize)]
    struct Facts<'a> {
        url: String,
        tls_url: String,
        page: String,
        root_key: String,
        ca_file: &'a Path,
        state: Option<&'a Path>,
    }

    impl VirtualWhatsApp {
        pub(crate) fn run(self) -> Result<(), CliError> {
            logging::for_people()?;
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let (files, passing) = self.files()?;
            let done = runtime.block_on(self.serve(&files));
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
            if let Some(directory) = passing {
                std::fs::remove_dir_all(&directory).map_err(CliError::file(&directory))?;
            }
            done
        }

        async fn serve(&self, files: &Files) -> Result<(), CliError> {
            let end = host::asked_to_end()?;
            let options = Options {
                bind: SocketAddr::new(self.bind, self.port),
                seed: self.seed,
                state_file: self.state.clone(),
                ..Options::default()
            };
            let server = virtual_whatsapp::VirtualWhatsApp::start(options).await.map_err(failed)?;
            let authority = match &files.key {
                Some(key) => Authority::kept_in(key),
                None => Authority::generate(),
            };
            let authority = authority.map_err(|error| failed(error.into()))?;
            authority.write_to(&files.certificate).map_err(|error| failed(error.into()))?;
            let tls = TlsOptions {
                bind: SocketAddr::new(self.bind, self.tls_port),
                names: self.allow_host.clone(),
            };
            let tls = TlsListener::start(server.clone(), &authority, &tls).await.map_err(failed)?;
            let mut hosts = self.allow_host.clone();
            if !self.bind.is_unspecified() {
                // No foreign name can stand for a bare address.
                hosts.push(self.bind.to_string());
            }
            let control = ControlOptions {
                bind: SocketAddr::new(self.bind, self.control_port),
                hosts,
                tls_url: Some(tls.url()),
                authority: Some(authority.pem()),
            };
            let control = Control::start(server.clone(), control).await.map_err(failed)?;
            self.announce(&server, &tls, &control, &files.certificate)?;
            end.await;
            control.shutdown().await;
            drop(tls);
            server.shutdown().await;
            Ok(())
        }

        /// Where the authority's key and certificate are, and the directory to remove at the end.
        fn files(&self) -> Result<(Files, Option<PathBuf>), CliError> {
            let beside = |end: &str| {
                self.state.as_ref().map(|state| {
                    let mut name = state.as_os_str().to_owned();
                    name.push(end);
                    PathBuf::from(name)
                })
            };
            let key = beside(".ca-key.pem");
            if let Some(certificate) = self.ca_file.clone().or_else(|| beside(".ca.pem")) {
                return Ok((Files { key, certificate }, None));
            }
            // A name that nobody guesses, so that nobody has put something there before.
            let name = format!("flowhq-virtual-whatsapp-{}", domain::RecordId::generate());
            let directory = std::env::temp_dir().join(name);
            std::fs::create_dir(&directory).map_err(CliError::file(&directory))?;
            Ok((Files { key, certificate: directory.join("ca.pem") }, Some(directory)))
        }

        fn announce(
            &self,
            server: &Server,
            tls: &TlsListener,
            control: &Control,
            certificate: &Path,
        ) -> Result<(), CliError> {
            let facts = Facts {
                url: server.url(),
                tls_url: tls.url(),
                page: control.url(),
                root_key: server.root_key().iter().map(|byte| format!("{byte:02x}")).collect(),
                ca_file: certificate,
                state: self.state.as_deref(),
            };
            if self.json {
                return Ok(output::json_line(&facts)?);
            }
            output::line("Virtual WhatsApp")?;
            output::line(format_args!("Page               {}", facts.page))?;
            output::line(format_args!("API                {}openapi.json", facts.page))?;
            output::line(format_args!("For clients        {}", facts.url))?;
            output::line(format_args!("The same over TLS  {}", facts.tls_url))?;
            output::line(format_args!("TLS authority      {}", certificate.display()))?;
            output::line(format_args!("Noise root key     {}", facts.root_key))?;
            match facts.state {
                Some(state) => output::line(format_args!("State              {}", state.display()))?,
                None => output::line("State              in memory; --state FILE keeps it")?,
            }
            if !self.bind.is_loopback() {
                output::remark(
                    "It listens beyond this machine and has no password: whoever reaches it can do everything.",
                );
            }
            Ok(output::line("\nUntil Ctrl-C.")?)
        }
    }

    struct Files {
        key: Option<PathBuf>,
        certificate: PathBuf,
    }

    /// A port that is taken is the one thing that mostly goes wrong.
    #[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
    fn failed(error: Error) -> CliError {
        let hint = match error {
            Error::Bind { .. } => {
                "; choose another with --port, --tls-port or --control-port, or 0 for a free one"
            }
            _ => "",
        };
        CliError::Failed(format!("{error}{hint}"))
    }
}
