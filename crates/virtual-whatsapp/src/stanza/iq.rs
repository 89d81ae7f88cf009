//! Requests (`iq`): to which family each goes, and the form of results and errors.

use wacore_binary::{Node, builder::NodeBuilder};

use super::node::{attr_or_empty, jid, server_jid};
use super::{Session, iq_appstate, iq_encrypt, iq_group, iq_md, iq_misc, iq_privacy, iq_usync};
use crate::faults::{self, Fault};
use crate::truth::count;
use crate::world::World;

/// Why a request is refused: XMPP's code and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IqError {
    pub(crate) code: u16,
    pub(crate) text: &'static str,
}

pub(crate) const BAD_REQUEST: IqError = IqError { code: 400, text: "bad-request" };
pub(crate) const NOT_FOUND: IqError = IqError { code: 404, text: "item-not-found" };
pub(crate) const NOT_ACCEPTABLE: IqError = IqError { code: 406, text: "not-acceptable" };
const OVER_LIMIT: IqError = IqError { code: 429, text: "rate-overlimit" };
pub(crate) const INTERNAL: IqError = IqError { code: 500, text: "internal-server-error" };
pub(crate) const UNAVAILABLE: IqError = IqError { code: 503, text: "service-unavailable" };
pub(crate) const NOT_IMPLEMENTED: IqError = IqError { code: 501, text: "feature-not-implemented" };

/// What a family answers: the children of the result.
pub(crate) type Answer = Result<Vec<Node>, IqError>;

/// The two kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Set,
}

/// Answers a request; results and errors of the client's own are no requests and get none.
pub(super) fn handle(session: &Session<'_>, iq: &Node) -> Option<Node> {
    let verb = verb(iq)?;
    let namespace = attr_or_empty(iq, "xmlns");
    let limited = matches!(namespace.as_str(), "usync" | "encrypt") && verb == Verb::Get;
    if limited && is_over_limit(session) {
        return Some(reply(iq, Err(OVER_LIMIT)));
    }
    let answer = match namespace.as_str() {
        "encrypt" => iq_encrypt::answer(session, verb, iq),
        "usync" => iq_usync::answer(session, iq),
        "w:sync:app:state" => iq_appstate::answer(session, iq),
        "md" => iq_md::answer(session, verb, iq),
        "w:g2" => iq_group::answer(session, verb, iq),
        "privacy" | "blocklist" => iq_privacy::answer(session, &namespace, verb, iq),
        _ => iq_misc::answer(session, &namespace, verb, iq),
    };
    if answer == Err(NOT_IMPLEMENTED) {
        let child = iq.children().and_then(<[Node]>::first).map_or("", |c| c.tag.as_ref());
        session.unknown(format!("iq {} {namespace} {child}", attr_or_empty(iq, "type")));
    }
    Some(reply(iq, answer))
}

fn is_over_limit(session: &Session<'_>) -> bool {
    let hit = |fault: &Fault| matches!(fault, Fault::RateOverlimit).then_some(());
    faults::strike(session.world, session.account.number(), session.device.id(), hit).is_some()
}

/// Answers a request of a device that is not linked yet.
pub(crate) fn before_login(world: &World, iq: &Node) -> Option<Node> {
    verb(iq)?;
    if attr_or_empty(iq, "xmlns") == "w:p" || iq.get_optional_child("ping").is_some() {
        return Some(reply(iq, Ok(Vec::new())));
    }
    count(&world.counters.unknown_requests);
    tracing::warn!(namespace = attr_or_empty(iq, "xmlns"), "unknown request before login");
    Some(reply(iq, Err(NOT_IMPLEMENTED)))
}

fn verb(iq: &Node) -> Option<Verb> {
    match attr_or_empty(iq, "type").as_str() {
        "get" => Some(Verb::Get),
        "set" => Some(Verb::Set),
        _ => None,
    }
}

pub(crate) fn reply(iq: &Node, answer: Answer) -> Node {
    let from = jid(iq, "to").unwrap_or_else(server_jid);
    let reply = NodeBuilder::new("iq").attr("from", &from).attr("id", attr_or_empty(iq, "id"));
    match answer {
        Ok(children) if children.is_empty() => reply.attr("type", "result").build(),
        Ok(children) => reply.attr("type", "result").children(children).build(),
        Err(IqError { code, text }) => {
            let error = NodeBuilder::new("error").attr("code", code.to_string()).attr("text", text).build();
            reply.attr("type", "error").children([error]).build()
        }
    }
}

/// The end of a stream whose client says what nobody says.
pub(super) fn bad_stanza() -> Node {
    let kind = NodeBuilder::new("xml-not-well-formed").build();
    NodeBuilder::new("stream:error").attr("code", "400").children([kind]).build()
}
