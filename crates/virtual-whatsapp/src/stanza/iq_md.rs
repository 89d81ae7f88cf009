//! `md`: a linked device gives itself (or another one of its account) up.

use wacore_binary::Node;

use super::Session;
use super::iq::{Answer, BAD_REQUEST, NOT_IMPLEMENTED, Verb};
use super::node::jid;
use crate::phones;

pub(super) fn answer(session: &Session<'_>, verb: Verb, iq: &Node) -> Answer {
    let Some(remove) = iq.get_optional_child("remove-companion-device").filter(|_| verb == Verb::Set) else {
        return Err(NOT_IMPLEMENTED);
    };
    let whom = jid(remove, "jid").ok_or(BAD_REQUEST)?;
    if whom.user != session.account.pn().user && whom.user != session.account.lid().user {
        return Err(BAD_REQUEST);
    }
    let by_another = whom.device != session.device.id();
    phones::unlink(session.world, session.account, whom.device, by_another);
    Ok(Vec::new())
}
