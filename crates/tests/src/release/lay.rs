//! Lays a recorded release out again: its data directory in a place of a test's own, and the WhatsApp that knows its devices.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use virtual_whatsapp::{Customer, LinkedDevice, Options, Server, VirtualWhatsApp};

use super::{ABOUT, DATA, Left, Release, WHATSAPP};
use crate::Place;

/// A release that can be gone on with.
pub struct Laid {
    /// What it was in the middle of.
    pub release: Release,
    /// Where its data directory is.
    pub place: Place,
    /// The WhatsApp that it was linked with.
    pub whatsapp: Server,
}

impl Laid {
    /// Lays it out.
    ///
    /// # Panics
    /// Where it is not whole.
    pub async fn out(from: &Path) -> Self {
        let about = fs::read_to_string(from.join(ABOUT)).expect("a release tells of itself");
        let release = serde_json::from_str(&about).expect("what it tells is JSON");
        let place = Place::new();
        copy(&from.join(DATA), &place.data());
        let state = place.beside(WHATSAPP);
        fs::copy(from.join(WHATSAPP), &state).expect("its WhatsApp is kept");
        let options = Options { state_file: Some(state), ..Options::default() };
        let whatsapp = VirtualWhatsApp::start(options).await.expect("its WhatsApp starts");
        Self { release, place, whatsapp }
    }

    /// The device that a bot was linked with.
    ///
    /// # Panics
    /// Where WhatsApp does not know it.
    #[must_use]
    pub fn device(&self, left: &Left) -> LinkedDevice {
        self.whatsapp.device(&left.number, left.device).expect("its phone has the device")
    }

    /// A customer's phone.
    ///
    /// # Panics
    /// Where WhatsApp does not know it.
    #[must_use]
    pub fn customer(&self, customer: &super::Customer) -> Customer {
        self.whatsapp.find_customer(&customer.number).expect("the customer has a phone")
    }
}

/// A version control system keeps no file modes, and what is private has to be private again.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a place can be written");
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).expect("a place can be written");
    for entry in fs::read_dir(from).expect("a release is whole").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a place can be written");
            fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).expect("a place can be written");
        }
    }
}
