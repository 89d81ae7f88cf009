//! What this build calls itself.

/// Whether this build can talk to the virtual WhatsApp only.
pub(crate) const IS_VIRTUAL: bool = whatsapp::is_virtual_build();

/// What a worker calls its executable.
pub(crate) const BUILD: &str =
    if IS_VIRTUAL { concat!(env!("CARGO_PKG_VERSION"), "+virtual") } else { env!("CARGO_PKG_VERSION") };

/// For `--version`: a build that is not the one that ships says so.
pub(crate) const LONG: &str = if IS_VIRTUAL {
    concat!(
        env!("CARGO_PKG_VERSION"),
        "+virtual\nThis build does not check the server's certificate and speaks only with servers on this machine, \
         never with WhatsApp."
    )
} else {
    env!("CARGO_PKG_VERSION")
};
