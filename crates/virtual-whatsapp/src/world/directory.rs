//! Who is on this WhatsApp: accounts by number and by LID, groups by id.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use wacore_binary::Jid;

use super::{Account, Group};
use crate::error::Error;
use crate::sync::{read, write};

#[derive(Default)]
struct Index {
    by_number: HashMap<String, Arc<Account>>,
    by_lid: HashMap<String, Arc<Account>>,
    groups: HashMap<String, Arc<Group>>,
}

#[derive(Default)]
pub(crate) struct Directory(RwLock<Index>);

impl Directory {
    pub(crate) fn by_number(&self, number: &str) -> Option<Arc<Account>> {
        read(&self.0).by_number.get(number).cloned()
    }

    /// The account that an address names, by number or LID, of whatever device.
    pub(crate) fn by_jid(&self, jid: &Jid) -> Option<Arc<Account>> {
        let index = read(&self.0);
        let accounts = if jid.is_lid() { &index.by_lid } else { &index.by_number };
        accounts.get(jid.user.as_str()).cloned()
    }

    /// Adds an account unless its number or LID is taken; returns the one that has the number then.
    pub(crate) fn add(&self, account: Account) -> Result<Arc<Account>, Error> {
        let mut index = write(&self.0);
        let (number, lid) = (account.number().to_owned(), account.lid().user.to_string());
        if let Some(there) = index.by_number.get(&number) {
            return Ok(there.clone());
        }
        if index.by_lid.contains_key(&lid) {
            return Err(Error::LidTaken(lid));
        }
        let account = Arc::new(account);
        index.by_number.insert(number, account.clone());
        index.by_lid.insert(lid, account.clone());
        Ok(account)
    }

    pub(crate) fn accounts(&self) -> Vec<Arc<Account>> {
        let mut all: Vec<_> = read(&self.0).by_number.values().cloned().collect();
        all.sort_by(|a, b| a.number().cmp(b.number()));
        all
    }

    pub(crate) fn group(&self, id: &str) -> Option<Arc<Group>> {
        read(&self.0).groups.get(id).cloned()
    }

    pub(crate) fn add_group(&self, group: Group) -> Arc<Group> {
        let group = Arc::new(group);
        write(&self.0).groups.insert(group.id.clone(), group.clone());
        group
    }

    pub(crate) fn groups(&self) -> Vec<Arc<Group>> {
        let mut all: Vec<_> = read(&self.0).groups.values().cloned().collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}
