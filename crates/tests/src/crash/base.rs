//! The state from which every try begins: one tenant, linked, and two customers that have had an answer. It is made
//! once for each sort of shop; each try works on a copy, so that tries know nothing of each other and any of them can be played again.

use std::{
    io,
    path::{Path, PathBuf},
};

use http::Method;
use serde_json::json;
use tempfile::TempDir;
use virtual_whatsapp::{Options, VirtualWhatsApp};

use super::{
    plan::{CUSTOMERS, KNOWN},
    shop::Shop,
};
use crate::{Bot, ControlPlane, Flavour, Place};

/// The names of the customers, whose numbers end in 1, 2, ….
const NAMES: [&str; CUSTOMERS] = ["Asha", "Juma", "Neema", "Baraka"];

/// A customer's number.
#[must_use]
pub fn number(who: usize) -> String {
    format!("2557120000{:02}", who + 1)
}

/// A customer's name.
#[must_use]
pub fn name(who: usize) -> &'static str {
    NAMES[who]
}

/// The states from which tries begin, by what the tenant does.
#[derive(Debug)]
pub struct Bases(Vec<(Shop, Base)>);

impl Bases {
    /// Makes all of them.
    pub async fn make() -> Self {
        let mut bases = Vec::new();
        for shop in Shop::ALL {
            bases.push((shop, Base::make(shop).await));
        }
        Self(bases)
    }

    /// The one of a shop.
    #[must_use]
    pub fn of(&self, shop: Shop) -> &Base {
        let found = self.0.iter().find(|(of, _)| *of == shop);
        &found.expect("there is one for each").1
    }
}

/// The state from which tries begin.
#[derive(Debug)]
pub struct Base {
    directory: TempDir,
    /// The tenant's id.
    pub tenant: String,
    /// The tenant's number.
    pub number: String,
}

/// A folder in memory where there is one: a killed process loses nothing there, and nothing waits for a disk.
pub(super) fn folder() -> TempDir {
    let made = tempfile::Builder::new().prefix("flowhq-crash-").tempdir_in("/dev/shm");
    made.or_else(|_| tempfile::tempdir()).expect("a temporary directory")
}

impl Base {
    /// Links a tenant and answers the known customers.
    pub async fn make(shop: Shop) -> Self {
        let place = Place::within(folder()).with("LOG_LEVEL", "info");
        let state = place.beside("whatsapp.json");
        let options = Options { state_file: Some(state.clone()), seed: Some(1), ..Options::default() };
        let whatsapp = VirtualWhatsApp::start(options).await.expect("the virtual WhatsApp starts");
        let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
        let bot = Bot::create(plane.admin(), 1).await;
        let path = format!("/admin/tenants/{}", bot.id);
        let config = json!({ "config": { "template_type": shop.pack() } });
        plane.admin().ok(Method::PATCH, &path, Some(&config)).await;
        if let Some(profile) = shop.profile(0) {
            plane.admin().ok(Method::PUT, &format!("{path}/profile"), Some(&profile)).await;
        }
        let device = bot.link(plane.admin(), &whatsapp).await;
        for who in 0..CUSTOMERS {
            let customer = whatsapp.customer(&number(who), name(who)).expect("a customer");
            if who < KNOWN {
                bot.answers(&customer, "Hello").await;
            }
        }
        let numbers: Vec<_> = (0..CUSTOMERS).map(number).collect();
        let mut members: Vec<&str> = numbers.iter().map(String::as_str).collect();
        members.push(&bot.number);
        whatsapp.group("Market", &members, false).expect("a group");
        let logged = 2 * KNOWN;
        plane.admin().wait_for_logs(&bot.id, "the base is on record", |logs| logs.len() == logged).await;
        crate::settled::settled(&whatsapp, &device, crate::LIMIT).await.expect("all is acknowledged");
        plane.kill().await;
        place.end_all();
        whatsapp.shutdown().await;

        let directory = folder();
        copy(&place.data(), &directory.path().join("data")).expect("the base can be copied");
        std::fs::copy(state, directory.path().join("whatsapp.json")).expect("the base can be copied");
        Self { directory, tenant: bot.id, number: bot.number }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Copies the base into `folder`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn lay_out(&self, folder: &Path) -> io::Result<()> {
        copy(self.directory.path(), folder)
    }
}

/// Copies files and directories, with their modes; sockets stay behind.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &path)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), path)?;
        }
    }
    Ok(())
}

/// Where things lie within a try's folder.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    pub(super) root: PathBuf,
    pub(super) tenant: String,
    /// Where workers have their cells.
    pub(super) cells: PathBuf,
}

impl Paths {
    /// Where bots run beside the control plane.
    pub(super) fn here(root: &Path, tenant: &str) -> Self {
        Self::on(root, root, tenant)
    }
    /// Where bots run on the machine whose folder this is.
    pub(super) fn on(root: &Path, machine: &Path, tenant: &str) -> Self {
        let cells = machine.join("data/sessions");
        Self { root: root.to_owned(), tenant: tenant.to_owned(), cells }
    }
    pub(super) fn cell(&self) -> PathBuf {
        self.cells.join(&self.tenant)
    }
    pub(super) fn journal(&self) -> PathBuf {
        self.cell().join(link::cell::JOURNAL_DATABASE)
    }
    pub(super) fn session(&self) -> PathBuf {
        self.cell().join("session.db")
    }
    pub(super) fn control(&self) -> PathBuf {
        self.root.join("data/flowhq.db")
    }
    pub(super) fn run(&self) -> PathBuf {
        self.root.join("run")
    }
}
