//! The hosts of HOSTS, each as a runtime. Their keys are made from this control plane's own, which no host ever has.

use std::{path::Path, sync::Arc};

use ::host::{HostKey, HostRuntime};
use config::Settings;
use supervisor::NamedHost;

use crate::error::CliError;

/// A runtime over each host, by its name. Their connections are opened from now on.
pub(super) fn runtimes(settings: &Settings) -> Result<Vec<NamedHost>, CliError> {
    let hosts = &settings.machines.hosts;
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    let link_key = link_key(&settings.paths.link_key())?;
    let runtime = |host: &config::HostAt| {
        let key = HostKey::derive(&link_key, &host.name);
        let runtime = HostRuntime::new(&host.name, &host.address, key);
        let runtime = runtime.map_err(|error| CliError::Failed(format!("HOSTS: {error}")))?;
        let runtime = Arc::new(runtime.with_folder(settings.paths.data_dir.clone()));
        Ok(NamedHost { name: host.name.clone(), address: host.address.clone(), runtime })
    };
    hosts.iter().map(runtime).collect()
}

/// The key that the hosts' keys are made from, made where there is none yet.
pub(crate) fn link_key(path: &Path) -> Result<[u8; 32], CliError> {
    supervisor::load_or_create_key_bytes(path).map_err(|error| CliError::Failed(error.to_string()))
}
