//! `w:sync:app:state`: an account's settings as patches, by collection and version. The server only keeps them in
//! order; keys, MACs and the LT hash are matters of phone and devices.

use buffa::Message as _;
use wacore_binary::{Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::Session;
use super::iq::{Answer, BAD_REQUEST};
use super::node::{attr, bytes, grandchildren, leaf, number};
use crate::truth::EventKind;

/// Patches that one collection keeps; an account that writes more is misbehaving.
const MAX_PATCHES: usize = 10_000;

/// WhatsApp's collections; there are no others.
const COLLECTIONS: [&str; 5] =
    ["critical_block", "critical_unblock_low", "regular", "regular_high", "regular_low"];

pub(super) fn answer(session: &Session<'_>, iq: &Node) -> Answer {
    let mut answers = Vec::new();
    for asked in grandchildren(iq, "sync") {
        let name = attr(asked, "name").filter(|n| COLLECTIONS.contains(&n.as_str())).ok_or(BAD_REQUEST)?;
        answers.push(sync(session, asked, &name)?);
    }
    Ok(vec![NodeBuilder::new("sync").children(answers).build()])
}

fn sync(session: &Session<'_>, asked: &Node, name: &str) -> Result<Node, super::iq::IqError> {
    let known: usize = number(asked, "version").unwrap_or(0);
    let mut state = session.account.state();
    let patches = state.collections.entry(name.to_owned()).or_default();
    let answer = NodeBuilder::new("collection").attr("name", name);
    let mut own = 0;
    if let Some(patch) = asked.get_optional_child("patch") {
        if known != patches.len() {
            let error = NodeBuilder::new("error").attr("code", "409").attr("text", "conflict").build();
            let answer = answer.attr("type", "error").attr("version", patches.len().to_string());
            return Ok(answer.children([error]).build());
        }
        let mut patch = wa::SyncdPatch::decode_from_slice(bytes(patch)).map_err(|_| BAD_REQUEST)?;
        if patches.len() >= MAX_PATCHES {
            return Err(BAD_REQUEST);
        }
        let version = patches.len() as u64 + 1;
        patch.version = buffa::MessageField::some(wa::SyncdVersion { version: Some(version) });
        patches.push(patch.encode_to_vec());
        own = 1;
        let collection = name.to_owned();
        session.world.event(EventKind::AppStatePatch { number: session.number(), collection, version });
    }
    let answer = answer.attr("version", patches.len().to_string()).attr("has_more_patches", "false");
    let newer: Vec<Node> = patches.iter().skip(known + own).map(|p| leaf("patch", p.as_slice())).collect();
    Ok(if newer.is_empty() {
        answer.build()
    } else {
        answer.children([NodeBuilder::new("patches").children(newer).build()]).build()
    })
}
