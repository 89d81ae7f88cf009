//! Requests whose answer is small and the same for everybody.

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, NOT_FOUND, NOT_IMPLEMENTED, Verb};
use super::node::attr_or_empty;
use crate::truth::EventKind;

pub(super) fn answer(session: &Session<'_>, namespace: &str, verb: Verb, iq: &Node) -> Answer {
    match (namespace, verb) {
        // Keep-alive, statistics, own status text: a result is all there is.
        ("w:p" | "urn:xmpp:ping", _) | ("w:stats" | "status", Verb::Set) => Ok(Vec::new()),
        ("passive", Verb::Set) => passive(session, iq),
        ("urn:xmpp:whatsapp:dirty", Verb::Set) => {
            for clean in iq.children().unwrap_or_default() {
                let what = attr_or_empty(clean, "type");
                session.world.event(EventKind::DirtyCleared { number: session.number(), what });
            }
            Ok(Vec::new())
        }
        ("abt", Verb::Get) => Ok(vec![props("1")]),
        ("w", Verb::Get) if iq.get_optional_child("props").is_some() => Ok(vec![props("2")]),
        ("w:m", Verb::Set) => {
            // No host: there is no media store, and clients that upload say so.
            let conn = NodeBuilder::new("media_conn")
                .attr("auth", "virtual")
                .attr("ttl", "300")
                .attr("auth_ttl", "21600")
                .attr("max_buckets", "12");
            Ok(vec![conn.children([]).build()])
        }
        ("w:biz", Verb::Get) => Ok(Vec::new()),
        ("w:profile:picture", Verb::Get) => Err(NOT_FOUND),
        _ => Err(NOT_IMPLEMENTED),
    }
}

/// Experiments that are on: 10518 sends privacy tokens with every message to a contact who gave one.
const PROPS: [(&str, &str); 1] = [("10518", "1")];

fn props(protocol: &'static str) -> Node {
    let prop = |(code, value)| {
        NodeBuilder::new("prop").attr("config_code", code).attr("config_value", value).build()
    };
    NodeBuilder::new("props")
        .attr("protocol", protocol)
        .attr("ab_key", "virtual")
        .attr("hash", "virtual")
        .attr("refresh", "86400")
        .attr("refresh_id", "1")
        .children(PROPS.map(prop))
        .build()
}

fn passive(session: &Session<'_>, iq: &Node) -> Answer {
    let mut state = session.device.state();
    let own = state.link.as_ref().is_some_and(|current| current.id == session.link.id);
    if iq.get_optional_child("active").is_some() && own {
        // From here on stanzas flow; the answer to this request is written before them.
        state.queue.open();
    } else if iq.get_optional_child("passive").is_some() && own {
        state.queue.close();
    }
    drop(state);
    session.link.bell.notify_one();
    Ok(Vec::new())
}
