//! What this build calls itself.

use std::sync::LazyLock;

/// Whether this build can talk to the virtual WhatsApp only.
pub(crate) const IS_VIRTUAL: bool = whatsapp::is_virtual_build();

/// What a worker calls its executable.
pub(crate) const BUILD: &str =
    if IS_VIRTUAL { concat!(env!("CARGO_PKG_VERSION"), "+virtual") } else { env!("CARGO_PKG_VERSION") };

/// For `--version`: a build that is not the one that ships says so.
pub(crate) fn long() -> &'static str {
    static LONG: LazyLock<String> = LazyLock::new(|| {
        let mut text = BUILD.to_owned();
        if IS_VIRTUAL {
            text.push_str(
                "\nThis build does not check the server's certificate and speaks only with servers on this machine, \
                 never with WhatsApp.",
            );
        }
        if cfg!(debug_assertions) {
            text.push_str("\nThis build is not optimised: it is for development.");
        }
        text
    });
    &LONG
}
