//! `call`: a client declines; calls themselves are not simulated.

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::node::{attr_or_empty, jid, server_jid};
use crate::truth::EventKind;

pub(super) fn handle(session: &Session<'_>, call: &Node, out: &mut Vec<Node>) {
    let reject = call.get_optional_child("reject");
    let ack = NodeBuilder::new("ack")
        .attr("class", "call")
        .attr("id", attr_or_empty(call, "id"))
        .attr("from", jid(call, "to").unwrap_or_else(server_jid));
    // Without this acknowledgement a client waits a minute.
    if let Some(reject) = reject {
        out.push(ack.attr("type", "reject").build());
        let call = attr_or_empty(reject, "call-id");
        session.world.event(EventKind::CallRejected { number: session.number(), call });
    } else {
        out.push(ack.attr("error", "501").build());
        session.unknown("call".to_owned());
    }
}
