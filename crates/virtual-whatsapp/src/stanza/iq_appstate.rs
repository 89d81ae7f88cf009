//! `w:sync:app:state`: an account's settings as patches, by collection and version. The server only keeps them in
//! order; keys, MACs and the LT hash are matters of phone and devices.

use buffa::Message as _;
use wacore_binary::{Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::Session;
use super::iq::{Answer, BAD_REQUEST};
use super::node::{attr, bytes, grandchildren, leaf, number};
use crate::media::{self, FileKind};
use crate::phones;
use crate::world::World;

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
    let mut news = None;
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
        news = Some(version);
    }
    // A device that knows nothing yet is given the state that all patches come to, where it can fetch it.
    if known == 0
        && own == 0
        && attr(asked, "return_snapshot").as_deref() == Some("true")
        && let Some(snapshot) = upload_snapshot(session.world, patches)
    {
        let version = patches.len().to_string();
        let answer = answer.attr("version", version).attr("has_more_patches", "false");
        return Ok(answer.children([leaf("snapshot", snapshot)]).build());
    }
    let answer = answer.attr("version", patches.len().to_string()).attr("has_more_patches", "false");
    let newer: Vec<Node> = patches.iter().skip(known + own).map(|p| leaf("patch", p.as_slice())).collect();
    drop(state);
    if let Some(version) = news {
        phones::tell(session.world, session.account, name, version, Some(session.device.id()));
    }
    Ok(if newer.is_empty() {
        answer.build()
    } else {
        answer.children([NodeBuilder::new("patches").children(newer).build()]).build()
    })
}

/// Puts a collection's snapshot into the media store, and says where; `None` where there is none or no store.
fn upload_snapshot(world: &World, patches: &[Vec<u8>]) -> Option<Vec<u8>> {
    world.media.host()?;
    let snapshot = phones::snapshot(patches)
        .inspect_err(|error| tracing::warn!(error, "no snapshot of app state was made"))
        .ok()??;
    let sealed = media::seal(&snapshot.encode_to_vec(), FileKind::AppState, world.entropy.bytes())?;
    let blob = wa::ExternalBlobReference {
        media_key: Some(sealed.key.to_vec()),
        file_size_bytes: Some(sealed.length),
        file_sha256: Some(sealed.sha256.to_vec()),
        file_enc_sha256: Some(sealed.sealed_sha256.to_vec()),
        direct_path: Some(world.media.put(sealed.bytes.into(), world.clock.now_ms(), &world.options.limits)),
        ..Default::default()
    };
    Some(blob.encode_to_vec())
}
