//! A group: who is in it and how its members are addressed.

use std::sync::Mutex;

use wacore_binary::Jid;

use super::address;
use crate::error::Error;
use crate::sync::lock;

/// What a group has to do with communities.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Community {
    /// Nothing.
    #[default]
    None,
    /// It is one.
    Parent,
    /// It is the announcement group of the community of this id.
    Of(String),
}

/// What a group is made of.
#[derive(Debug)]
pub(crate) struct GroupAbout {
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) by_lid: bool,
    pub(crate) created: u64,
    pub(crate) members: Vec<String>,
    pub(crate) admins: Vec<String>,
    pub(crate) community: Community,
}

/// Groups are made once; only their members change.
#[derive(Debug)]
pub(crate) struct Group {
    /// The digits before `@g.us`.
    pub(crate) id: String,
    jid: Jid,
    pub(crate) subject: String,
    /// Members are shown by LID instead of by number.
    pub(crate) by_lid: bool,
    /// Seconds since 1970.
    pub(crate) created: u64,
    /// It is a community, or belongs to the community of this id.
    pub(crate) community: Community,
    /// Numbers; the first is the creator.
    members: Mutex<Vec<String>>,
    /// Numbers of members who may change the group besides its creator.
    pub(crate) admins: Vec<String>,
}

impl Group {
    pub(crate) fn new(about: GroupAbout) -> Result<Self, Error> {
        let GroupAbout { id, subject, by_lid, created, members, admins, community } = about;
        let jid = address::of_group(&id)?;
        Ok(Self { id, jid, subject, by_lid, created, community, members: Mutex::new(members), admins })
    }

    pub(crate) fn jid(&self) -> Jid {
        self.jid.clone()
    }

    /// What lists of participants call this member; nothing for a plain one.
    pub(crate) fn rank(&self, number: &str) -> Option<&'static str> {
        if lock(&self.members).first().is_some_and(|creator| creator == number) {
            return Some("superadmin");
        }
        self.admins.iter().any(|admin| admin == number).then_some("admin")
    }

    pub(crate) fn members(&self) -> Vec<String> {
        lock(&self.members).clone()
    }

    pub(crate) fn has(&self, number: &str) -> bool {
        lock(&self.members).iter().any(|m| m == number)
    }
}
