//! `ib`: marks without an answer.

use wacore_binary::Node;

use super::Session;
use super::node::number;

pub(super) fn handle(session: &Session<'_>, ib: &Node) {
    for child in ib.children().unwrap_or_default() {
        match child.tag.as_ref() {
            "offline_batch" => {
                session.device.state().queue.grant(number(child, "count").unwrap_or(0));
                session.link.bell.notify_one();
            }
            // Known, and of no consequence here.
            "unified_session" | "clean" | "client_expiration" | "edge_routing" => {}
            other => session.unknown(format!("ib {other}")),
        }
    }
}
