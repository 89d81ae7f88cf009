//! The state from which every try with hosts begins: two hosts with the same number of linked tenants, and customers that have had
//! an answer of each. It is made once; each try works on a copy.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crash::Process;
use http::Method;
use tempfile::TempDir;
use virtual_whatsapp::{Options, VirtualWhatsApp};

use super::{
    fleet::{Fleet, Ground},
    plan::{HOSTS, HostPlan, TENANTS},
};
use crate::{
    Admin, Bot, Flavour, LIMIT,
    crash::{
        base::{self, copy, folder, number},
        plan::{CUSTOMERS, KNOWN},
    },
    settled::settled,
};

/// A host's name.
pub(super) fn name(host: usize) -> String {
    format!("host-{}", host + 1)
}

/// Folders of plans and traces within a try's folder, with whose they are. Workers write theirs where their host does.
pub(super) fn runs(root: &Path) -> Vec<(PathBuf, Process)> {
    let hosts = (0..HOSTS).map(|host| (root.join(name(host)).join("run"), Process::Host));
    std::iter::once((root.join("run"), Process::Control)).chain(hosts).collect()
}

/// The state.
#[derive(Debug)]
pub struct World {
    directory: TempDir,
    /// One after the other: the first is on the first host, the second on the second, and so on.
    pub(super) tenants: Vec<Bot>,
}

impl World {
    /// Links the tenants and answers the known customers.
    pub async fn make() -> Self {
        let ground = Ground::of(folder());
        let state = ground.path().join("whatsapp.json");
        let options = Options { state_file: Some(state), seed: Some(1), ..Options::default() };
        let whatsapp = VirtualWhatsApp::start(options).await.expect("the virtual WhatsApp starts");
        for (host, place) in ground.hosts().iter().enumerate() {
            let mut command = ground.control().command(Flavour::Virtual);
            let printed = command.args(["host", "--print-key", &name(host)]).output().await;
            let key = printed.expect("flowhq can be started").stdout;
            std::fs::create_dir_all(place.data()).expect("the folder can be written");
            let file = place.data().join("host.key");
            std::fs::write(&file, key).expect("the folder can be written");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a file of ours");
        }
        let fleet = Fleet::start(ground, &whatsapp.url(), &HostPlan::default(), None).await;
        fleet.answers().await;
        let admin = fleet.admin();
        let are_ready = |hosts: &serde_json::Value| {
            let hosts = hosts.as_array().map(Vec::as_slice).unwrap_or_default();
            hosts.iter().filter(|host| host["state"] == "READY").count() == HOSTS
        };
        admin.wait_for_document("/admin/hosts", "both hosts answer", are_ready).await;
        for who in 0..CUSTOMERS {
            whatsapp.customer(&number(who), base::name(who)).expect("a customer");
        }
        let mut on: [Vec<Bot>; HOSTS] = std::array::from_fn(|_| Vec::new());
        for n in 0..TENANTS {
            let n = u16::try_from(n + 1).expect("few");
            let (bot, device) = Bot::linked(&admin, &whatsapp, n).await;
            for who in 0..KNOWN {
                let customer = whatsapp.find_customer(&number(who)).expect("just made");
                bot.answers(&customer, "Hello").await;
            }
            admin.wait_for_logs(&bot.id, "the base is on record", |logs| logs.len() == 2 * KNOWN).await;
            settled(&whatsapp, &device, LIMIT).await.expect("all is acknowledged");
            let host = host_of(&admin, &bot).await;
            on[(0..HOSTS).find(|of| name(*of) == host).expect("it is on a host")].push(bot);
        }
        let root = fleet.path().to_owned();
        fleet.end().await;
        whatsapp.shutdown().await;
        for (run, _) in runs(&root) {
            std::fs::remove_dir_all(run).expect("the folder can be written");
        }
        let directory = folder();
        copy(&root, directory.path()).expect("the base can be copied");
        drop(fleet);
        let mut tenants = Vec::new();
        for each in 0..TENANTS / HOSTS {
            tenants.extend(on.iter().map(|bots| bots[each].clone()));
        }
        Self { directory, tenants }
    }

    /// Copies it to where nothing runs yet.
    pub(super) fn lay_out(&self, ground: &Ground) -> std::io::Result<()> {
        copy(self.directory.path(), ground.path())
    }
}

async fn host_of(admin: &Admin, bot: &Bot) -> String {
    let place = admin.ok(Method::GET, &format!("/admin/tenants/{}/place", bot.id), None).await;
    place["host"].as_str().unwrap_or_default().to_owned()
}
