//! Groups, which exist because a test says so.

use super::people;
use crate::error::Error;
use crate::phones::PhoneError;
use crate::world::{Community, Group, GroupAbout, World};

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
    /// Members who may change it besides its maker.
    pub admins: Vec<String>,
    /// It is a community.
    pub community: bool,
    /// The community that it is the announcement group of.
    pub of_community: Option<String>,
}

/// What is particular about a group to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupOptions {
    /// Members are named by LID instead of by number.
    pub by_lid: bool,
    /// Members who may change it besides its maker.
    pub admins: Vec<String>,
    /// It is a community.
    pub community: bool,
    /// The community that it is the announcement group of.
    pub of_community: Option<String>,
}

impl GroupInfo {
    pub(crate) fn of(group: &Group) -> Self {
        Self {
            id: group.id.clone(),
            subject: group.subject.clone(),
            by_lid: group.by_lid,
            members: group.members(),
            admins: group.admins.clone(),
            community: group.community == Community::Parent,
            of_community: match &group.community {
                Community::Of(parent) => Some(parent.clone()),
                Community::None | Community::Parent => None,
            },
        }
    }
}

/// Makes a group of accounts that exist.
pub(crate) fn make_group(
    world: &World,
    subject: &str,
    members: &[&str],
    options: &GroupOptions,
) -> Result<GroupInfo, Error> {
    for number in members {
        people::existing(world, number)?;
    }
    // 18 digits that begin with 12036, as groups in the wild.
    let id = format!("12036{:013}", world.entropy.number() % 10_000_000_000_000);
    let members: Vec<String> = members.iter().map(|&number| number.to_owned()).collect();
    if let Some(stranger) = options.admins.iter().find(|admin| !members.contains(*admin)) {
        return Err(PhoneError::NoAccount(stranger.clone()).into());
    }
    let community = match &options.of_community {
        Some(parent) if world.directory.group(parent).is_some() => Community::Of(parent.clone()),
        Some(parent) => return Err(PhoneError::NoGroup(parent.clone()).into()),
        None if options.community => Community::Parent,
        None => Community::None,
    };
    let group = Group::new(GroupAbout {
        id,
        subject: subject.to_owned(),
        by_lid: options.by_lid,
        created: world.clock.now_secs(),
        members,
        admins: options.admins.clone(),
        community,
    })?;
    Ok(GroupInfo::of(&world.directory.add_group(group)))
}
