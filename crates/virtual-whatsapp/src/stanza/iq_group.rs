//! `w:g2`: groups are looked up; they are made and changed through the server's own interface only.

use wacore_binary::{Jid, Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, NOT_FOUND, NOT_IMPLEMENTED, Verb};
use super::node::jid;
use crate::world::{Community, Group, World};

pub(super) fn answer(session: &Session<'_>, verb: Verb, iq: &Node) -> Answer {
    if verb == Verb::Set {
        return Err(NOT_IMPLEMENTED);
    }
    let own = session.account.number();
    if iq.get_optional_child("participating").is_some() {
        let groups = session.world.directory.groups().into_iter().filter(|g| g.has(own));
        let groups: Vec<Node> = groups.map(|g| describe(session.world, &g)).collect();
        return Ok(vec![NodeBuilder::new("groups").children(groups).build()]);
    }
    if iq.get_optional_child("query").is_none() {
        return Err(NOT_IMPLEMENTED);
    }
    let group = jid(iq, "to").and_then(|to| session.world.directory.group(to.user.as_str()));
    let group = group.filter(|g| g.has(own)).ok_or(NOT_FOUND)?;
    Ok(vec![describe(session.world, &group)])
}

fn describe(world: &World, group: &Group) -> Node {
    let members: Vec<(Jid, Jid)> = group
        .members()
        .iter()
        .filter_map(|number| world.directory.by_number(number))
        .map(|a| (a.pn().clone(), a.lid().clone()))
        .collect();
    let participants = members.iter().map(|(pn, lid)| {
        let participant = NodeBuilder::new("participant");
        let participant = match group.rank(&pn.user) {
            Some(rank) => participant.attr("type", rank),
            None => participant,
        };
        if group.by_lid {
            participant.attr("jid", lid).attr("phone_number", pn).build()
        } else {
            participant.attr("jid", pn).attr("lid", lid).build()
        }
    });
    let created = group.created.to_string();
    let mut node = NodeBuilder::new("group")
        .attr("id", group.id.clone())
        .attr("subject", group.subject.clone())
        .attr("s_t", created.clone())
        .attr("creation", created)
        .attr("size", members.len().to_string())
        .attr("addressing_mode", if group.by_lid { "lid" } else { "pn" });
    if let Some((pn, lid)) = members.first() {
        let creator = if group.by_lid { lid } else { pn };
        node = node.attr("s_o", creator).attr("creator", creator);
    }
    let community = match &group.community {
        Community::None => None,
        Community::Parent => Some(NodeBuilder::new("parent").build()),
        Community::Of(parent) => {
            let parent = world.directory.group(parent).map(|parent| parent.jid());
            parent.map(|jid| NodeBuilder::new("linked_parent").attr("jid", jid).build())
        }
    };
    let announcement =
        matches!(group.community, Community::Of(_)).then(|| NodeBuilder::new("default_sub_group").build());
    node.children(participants.chain(community).chain(announcement)).build()
}
