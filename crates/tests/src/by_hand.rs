//! A worker that is started by hand, as the supervisor starts one, in whatever cell and of whatever generation.

use std::{os::fd::AsFd, path::PathBuf};

use domain::TenantId;
use link::{
    TokenKey,
    launch::{Launch, LaunchError},
};
use tokio::process::Child;

use crate::{Flavour, Place, binaries};

/// Whose worker, and where.
pub struct Hand {
    /// The tenant.
    pub tenant: TenantId,
    /// From which tokens are made.
    pub key: TokenKey,
    /// The tenant's directory.
    pub cell: PathBuf,
    /// Where sockets are made.
    pub sockets: PathBuf,
    /// Whether it connects to WhatsApp, which is nowhere, or waits until it is told to.
    pub connects: bool,
}

/// A worker that was started. It ends with this value.
pub struct Launched {
    /// The process.
    pub child: Child,
    pair: tokio::net::UnixStream,
}

impl Launched {
    /// Waits until it is ready.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn ready(&mut self) -> Result<(), LaunchError> {
        let ready = tokio::time::timeout(crate::LIMIT, link::launch::wait_ready(&mut self.pair)).await;
        ready.unwrap_or(Err(LaunchError::Ended))
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }
}

impl Hand {
    /// Starts a worker of this generation.
    ///
    /// # Errors
    /// Where the process cannot be started.
    pub fn launch(&self, place: &Place, generation: i64) -> std::io::Result<Launched> {
        let key = crate::sealed::key_of(&self.cell.join(link::cell::JOURNAL_DATABASE));
        self.launch_with(place, generation, domain::WorkerBounds::default(), key)
    }

    /// The same within these bounds, its files sealed by this key or not at all.
    ///
    /// # Errors
    /// Where the process cannot be started.
    pub fn launch_with(
        &self,
        place: &Place,
        generation: i64,
        bounds: domain::WorkerBounds,
        files_key: Option<[u8; 32]>,
    ) -> std::io::Result<Launched> {
        std::fs::create_dir_all(&self.sockets)?;
        let name = link::socket::file_name(self.tenant, generation);
        let _gone = std::fs::remove_file(self.sockets.join(&name));
        let socket = link::socket::bind(&self.sockets, &name)?;
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        let launch = Launch {
            version: link::launch::VERSION,
            tenant: self.tenant,
            generation,
            token: self.key.token(self.tenant, generation),
            directory: self.cell.clone(),
            whatsapp_url: Some("ws://127.0.0.1:9/ws/chat".to_owned()),
            log_level: "info".to_owned(),
            limits: domain::Limits {
                contact_per_minute: 10,
                tenant_per_minute: 10,
                chat_queue: 10,
                heartbeat_interval_ms: 30_000,
                quiet_ms: 0,
                clock_ahead_ms: 0,
                neighbours: 0,
                disk_short: false,
            },
            wait: !self.connects,
            orphan_after_ms: None,
            bounds,
            files_key: files_key.map(link::FilesKey::from_bytes),
        };
        link::launch::send(&ours, &launch, socket.as_fd()).map_err(std::io::Error::other)?;
        let mut command = place.command_of(binaries::binary(Flavour::Virtual));
        command.arg("worker").arg(self.tenant.to_string()).env_remove(crash::DIRECTORY);
        let log = std::fs::File::options().create(true).append(true).open(place.beside("by-hand.log"))?;
        command.stdin(std::os::fd::OwnedFd::from(theirs)).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        // Our copy of the worker's end goes with it, so that its death is seen.
        drop(command);
        ours.set_nonblocking(true)?;
        Ok(Launched { child, pair: tokio::net::UnixStream::from_std(ours)? })
    }
}
