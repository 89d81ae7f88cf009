//! From where somebody asks to be let in.

use std::net::IpAddr;

use http::HeaderMap;
use store::Actor;

use crate::{
    Accounts,
    device::{self, Device},
    line::Source,
};

/// From where somebody asks: the client's address, and the cookie of a browser that may be known.
#[derive(Debug, Clone, Default)]
pub struct Asker {
    address: Option<IpAddr>,
    device: Option<Device>,
}

impl Accounts {
    /// Reads it from a request. `address` is the client's, behind proxies too.
    #[must_use]
    pub fn asker(&self, address: Option<IpAddr>, headers: &HeaderMap) -> Asker {
        Asker { address, device: device::read(&self.0.options, headers) }
    }
}

impl Asker {
    /// Whom an attempt on this account is counted against: the browser, where this very account has signed in from it
    /// since it last changed; the address otherwise.
    pub(crate) fn source(&self, accounts: &Accounts, account: Option<(Actor, &str)>) -> Source {
        let known = account.zip(self.device.as_ref()).and_then(|((actor, version), device)| {
            device.is_of(&accounts.0.options, actor, version).then(|| Source::Device(device.id()))
        });
        known.unwrap_or_else(|| Source::from(self.address))
    }

    /// The address, for the audit log.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    pub(crate) fn device(&self) -> Option<&Device> {
        self.device.as_ref()
    }
}
