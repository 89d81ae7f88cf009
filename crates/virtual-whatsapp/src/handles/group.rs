//! Groups, which exist because a test says so.

use super::people;
use crate::error::Error;
use crate::world::{Group, World};

/// A group, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct GroupInfo {
    /// The digits before `@g.us`.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Members are named by LID instead of by number.
    pub by_lid: bool,
    /// The members' numbers; the first made it.
    pub members: Vec<String>,
}

impl GroupInfo {
    pub(crate) fn of(group: &Group) -> Self {
        Self {
            id: group.id.clone(),
            subject: group.subject.clone(),
            by_lid: group.by_lid,
            members: group.members(),
        }
    }
}

/// Makes a group of accounts that exist.
pub(crate) fn make_group(
    world: &World,
    subject: &str,
    members: &[&str],
    by_lid: bool,
) -> Result<GroupInfo, Error> {
    for number in members {
        people::existing(world, number)?;
    }
    // 18 digits that begin with 12036, as groups in the wild.
    let id = format!("12036{:013}", world.entropy.number() % 10_000_000_000_000);
    let members = members.iter().map(|&number| number.to_owned()).collect();
    let group = Group::new(id, subject.to_owned(), by_lid, world.clock.now_secs(), members);
    Ok(GroupInfo::of(&world.directory.add_group(group)))
}
