//! Where the two flavours of `flowhq` are. `scripts/test` builds them and names them; a plain `cargo test` builds
//! them here, once, by the same two separate cargo calls.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A flavour of the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// What ships: checks WhatsApp's certificate.
    Default,
    /// With the feature `virtual`: pairs with the virtual WhatsApp, talks to loopback only.
    Virtual,
}

/// The executable of a flavour.
pub fn binary(flavour: Flavour) -> &'static Path {
    static DEFAULT: OnceLock<PathBuf> = OnceLock::new();
    static VIRTUAL: OnceLock<PathBuf> = OnceLock::new();
    // One after the other, since both come out under the same name.
    static BUILDING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let (place, variable, folder, features): (_, _, _, &[&str]) = match flavour {
        Flavour::Default => (&DEFAULT, "FLOWHQ_BIN", "default", &[]),
        Flavour::Virtual => (&VIRTUAL, "FLOWHQ_VIRTUAL_BIN", "virtual", &["--features", "virtual"]),
    };
    place.get_or_init(|| {
        if let Some(path) = std::env::var_os(variable) {
            let path = PathBuf::from(path);
            assert!(path.is_file(), "{variable} names {}, which is no file", path.display());
            return path;
        }
        let _building = BUILDING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        build(folder, features)
    })
}

fn build(folder: &str, features: &[&str]) -> PathBuf {
    // target/debug/deps/it-0123: the folder above `deps` is the profile's; a tool lies in it.
    let test = std::env::current_exe().expect("a test knows its own path");
    let place = test.parent().expect("a test lies in the target directory");
    let profile = if place.ends_with("deps") { place.parent().unwrap_or(place) } else { place };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(["build", "--quiet", "--package", "flowhq", "--target-dir"])
        .arg(profile.parent().expect("the profile lies in the target directory"))
        .args(features)
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "flowhq ({folder}) does not build");
    let directory = profile.with_file_name("flavours").join(folder);
    std::fs::create_dir_all(&directory).expect("the target directory can be written");
    let path = directory.join("flowhq");
    // Replaced by renaming, since a process that still runs from it would keep it from being written.
    let new = directory.join(format!("flowhq.{}", std::process::id()));
    std::fs::copy(profile.join("flowhq"), &new).expect("cargo has built it");
    std::fs::rename(&new, &path).expect("the target directory can be written");
    path
}
