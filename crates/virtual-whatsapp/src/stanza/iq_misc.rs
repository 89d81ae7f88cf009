//! Requests whose answer is small and the same for everybody.

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, NOT_FOUND, NOT_IMPLEMENTED, UNAVAILABLE, Verb};
use super::node::{attr_or_empty, jid, leaf};
use crate::truth::EventKind;

pub(super) fn answer(session: &Session<'_>, namespace: &str, verb: Verb, iq: &Node) -> Answer {
    match (namespace, verb) {
        // Keep-alive, statistics, own status text: a result is all there is.
        ("w:p" | "urn:xmpp:ping", _) | ("w:stats" | "status", Verb::Set) => Ok(Vec::new()),
        ("passive", Verb::Set) => passive(session, iq),
        ("urn:xmpp:whatsapp:dirty", Verb::Set) => {
            for clean in iq.children().unwrap_or_default() {
                let what = attr_or_empty(clean, "type");
                session.device.state().dirty.remove(&what);
                session.world.event(EventKind::DirtyCleared { number: session.number(), what });
            }
            Ok(Vec::new())
        }
        ("abt", Verb::Get) => Ok(vec![props("1")]),
        ("w", Verb::Get) if iq.get_optional_child("props").is_some() => Ok(vec![props("2")]),
        ("w:m", Verb::Set) => media_conn(session),
        ("w:biz", Verb::Get) => Ok(business_profile(session, iq)),
        // Whom one's own status is shown to.
        ("status", Verb::Get) => {
            let list = NodeBuilder::new("list").attr("type", "contacts").attr("default", "true").build();
            Ok(vec![NodeBuilder::new("privacy").children([list]).build()])
        }
        // The link that a phone shows as a code to be added by.
        ("w:qr", Verb::Set) => {
            let code = session.world.entropy.hex::<8>();
            Ok(vec![NodeBuilder::new("qr").attr("code", code).attr("type", "contact").build()])
        }
        // Questions about newsletters and the like, in a language of their own: there are none.
        ("w:mex", Verb::Get) => Ok(vec![leaf("result", br#"{"data":{},"errors":[]}"#.to_vec())]),
        ("disappearing_mode", Verb::Set) => Ok(Vec::new()),
        ("spam", Verb::Set) => report(session, iq),
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

/// Where files are put and fetched. Without a host clients would store empty files or fall over: an error says it.
fn media_conn(session: &Session<'_>) -> Answer {
    let world = session.world;
    let host = world.media.host().ok_or(UNAVAILABLE)?;
    let most = world.options.limits.media_file.to_string();
    let host = NodeBuilder::new("host").attr("hostname", host).attr("maxContentLengthBytes", most);
    let conn = NodeBuilder::new("media_conn")
        .attr("auth", world.media.auth.clone())
        .attr("ttl", "300")
        .attr("auth_ttl", "21600")
        .attr("max_buckets", "12")
        .children([host.build()]);
    Ok(vec![conn.build()])
}

/// What a business says of itself; an element without a profile for whoever is none.
fn business_profile(session: &Session<'_>, iq: &Node) -> Vec<Node> {
    let Some(asked) = iq.get_optional_child("business_profile") else { return Vec::new() };
    let whom = asked.children().unwrap_or_default().iter().filter_map(|one| jid(one, "jid"));
    let profiles = whom.filter_map(|whom| {
        let account = session.world.directory.by_jid(&whom)?;
        let state = account.state();
        state.business.then(|| {
            let description = leaf("description", state.name.clone().into_bytes());
            NodeBuilder::new("profile").attr("jid", &whom).children([description]).build()
        })
    });
    let profiles: Vec<Node> = profiles.collect();
    vec![NodeBuilder::new("business_profile").attr("v", "116").children(profiles).build()]
}

fn report(session: &Session<'_>, iq: &Node) -> Answer {
    let list = iq.get_optional_child("spam_list").ok_or(super::iq::BAD_REQUEST)?;
    let whom = jid(list, "jid").and_then(|whom| session.world.directory.by_jid(&whom));
    let whom = whom.map_or_else(|| attr_or_empty(list, "jid"), |account| account.number().to_owned());
    session.world.event(EventKind::Reported { number: session.number(), whom });
    Ok(vec![NodeBuilder::new("report").attr("id", session.world.entropy.hex::<8>()).build()])
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
