//! What logged-in clients say and what they are answered: one stanza family to a file. Nothing here waits, and
//! nothing is answered with silence: what is not known gets an error, a line in the log and an event.

mod ack;
mod call;
mod ib;
pub(crate) mod iq;
mod iq_appstate;
mod iq_encrypt;
mod iq_group;
mod iq_md;
mod iq_misc;
mod iq_privacy;
mod iq_usync;
mod message;
pub(crate) mod node;
mod presence;
mod receipt;

use std::sync::Arc;

use wacore_binary::Node;

use crate::net;
use crate::truth::{EventKind, count};
use crate::world::{Account, Device, Link, Outgoing, World};

/// A logged-in connection, for the handlers.
pub(crate) struct Session<'a> {
    pub(crate) world: &'a Arc<World>,
    pub(crate) account: &'a Arc<Account>,
    pub(crate) device: &'a Arc<Device>,
    pub(crate) link: &'a Link,
}

impl Session<'_> {
    pub(crate) fn number(&self) -> String {
        self.account.number().to_owned()
    }

    /// Notes a request that nothing here knows.
    fn unknown(&self, stanza: String) {
        count(&self.world.counters.unknown_requests);
        tracing::warn!(device = %self.device.pn(), stanza, "unknown request");
        self.world.event(EventKind::UnknownRequest {
            number: self.number(),
            device: self.device.id(),
            stanza,
        });
    }
}

/// Takes one stanza and appends its answers to `out`.
pub(crate) fn handle(session: &Session<'_>, node: &Node, out: &mut Vec<Outgoing>) {
    let mut answers = Vec::new();
    match node.tag.as_ref() {
        "iq" => answers.extend(iq::handle(session, node)),
        "message" => message::handle(session, node, &mut answers),
        "receipt" => receipt::handle(session, node, &mut answers),
        "ack" => ack::handle(session, node),
        "call" => call::handle(session, node, &mut answers),
        "presence" => presence::presence(session, node),
        "chatstate" => presence::chatstate(session, node),
        "ib" => ib::handle(session, node),
        other => {
            session.unknown(other.to_owned());
            answers.push(iq::bad_stanza());
            out.extend(answers.into_iter().map(Outgoing::Node));
            out.push(Outgoing::Close);
            return;
        }
    }
    out.extend(answers.into_iter().map(Outgoing::Node));
    if node.tag == "iq" && session.device.state().unlinked {
        // It has given itself up, and knows by now that it is done.
        out.push(Outgoing::Node(net::conflict("device_removed")));
        out.push(Outgoing::Close);
    }
}
