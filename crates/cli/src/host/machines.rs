//! The hosts of HOSTS, each as a runtime. Their keys are made from this control plane's own, which no host ever has.

use std::{collections::BTreeMap, io::Read as _, path::Path, sync::Arc};

use ::host::{HostKey, HostRuntime};
use config::Settings;
use supervisor::Runtime;

use crate::error::CliError;

/// A runtime over each host, by its name. Their connections are opened from now on.
pub(crate) fn runtimes(settings: &Settings) -> Result<BTreeMap<String, Arc<HostRuntime>>, CliError> {
    let hosts = &settings.machines.hosts;
    if hosts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let link_key = link_key(&settings.paths.link_key())?;
    let runtime = |host: &config::HostAt| {
        let key = HostKey::derive(&link_key, &host.name);
        let runtime = HostRuntime::new(&host.name, &host.address, key);
        let runtime = runtime.map_err(|error| CliError::Failed(format!("HOSTS: {error}")))?;
        Ok((host.name.clone(), Arc::new(runtime.with_folder(settings.paths.data_dir.clone()))))
    };
    hosts.iter().map(runtime).collect()
}

/// The one host on which all workers run, where one is named.
pub(super) fn only(settings: &Settings) -> Result<Option<Arc<dyn Runtime>>, CliError> {
    let mut hosts = runtimes(settings)?;
    if hosts.len() > 1 {
        let why = "HOSTS names more than one host, and this version places tenants on one alone: name one";
        return Err(CliError::Usage(why.to_owned()));
    }
    Ok(hosts.pop_first().map(|(_, host)| host as Arc<dyn Runtime>))
}

/// The key that the hosts' keys are made from, made where there is none yet.
pub(crate) fn link_key(path: &Path) -> Result<[u8; 32], CliError> {
    supervisor::load_or_create_key(path).map_err(|error| CliError::Failed(error.to_string()))?;
    let mut key = [0; 32];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut key));
    read.map_err(CliError::file(path))?;
    Ok(key)
}
