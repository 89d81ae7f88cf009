//! Making accounts, and what they have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::{Customer, Phone};
use crate::error::Error;
use crate::signal::Peer;
use crate::truth::Transcript;
use crate::world::{Account, AccountState, ReceiptPolicy, World, address};

/// An account, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountInfo {
    /// Digits without `+`.
    pub number: String,
    /// Digits of its LID.
    pub lid: String,
    /// The name that others see.
    pub name: String,
    /// A business account.
    pub business: bool,
    /// Its linked devices' numbers.
    pub devices: Vec<u16>,
    /// The numbers it has blocked.
    pub blocked: Vec<String>,
}

impl AccountInfo {
    pub(crate) fn of(account: &Account) -> Self {
        let state = account.state();
        Self {
            number: account.number().to_owned(),
            lid: account.lid().user.to_string(),
            name: state.name.clone(),
            business: state.business,
            devices: state.devices.keys().copied().collect(),
            blocked: state.blocked.iter().cloned().collect(),
        }
    }
}

pub(crate) fn phone(world: &Arc<World>, number: &str) -> Result<Phone, Error> {
    let account = account(world, number, &format!("Business {number}"), true)?;
    Ok(Phone { world: world.clone(), account })
}

pub(crate) fn customer(world: &Arc<World>, number: &str, name: &str) -> Result<Customer, Error> {
    let account = account(world, number, name, false)?;
    name.clone_into(&mut account.state().name);
    Ok(Customer { world: world.clone(), account })
}

pub(crate) fn find_phone(world: &Arc<World>, number: &str) -> Result<Phone, Error> {
    Ok(Phone { world: world.clone(), account: existing(world, number)? })
}

pub(crate) fn find_customer(world: &Arc<World>, number: &str) -> Result<Customer, Error> {
    Ok(Customer { world: world.clone(), account: existing(world, number)? })
}

fn account(world: &World, number: &str, name: &str, business: bool) -> Result<Arc<Account>, Error> {
    let pn = address::of_number(number)?;
    if let Some(there) = world.directory.by_number(number) {
        return Ok(there);
    }
    loop {
        // 15 digits that begin with 1, as LIDs in the wild; one that is taken is drawn again.
        let lid = format!("1{:014}", world.entropy.number() % 100_000_000_000_000);
        let state = AccountState {
            name: name.to_owned(),
            business,
            peer: Peer::generate(world.entropy.fork())?,
            devices: BTreeMap::new(),
            next_device: 1,
            key_index: 0,
            raw_id: u32::from_be_bytes(world.entropy.bytes()) >> 1,
            collections: HashMap::new(),
            app_state_key: world.entropy.bytes(),
            receipts: ReceiptPolicy::default(),
            blocked: BTreeSet::new(),
            sent: VecDeque::new(),
            registered: true,
            verified_name: None,
            hides_number: false,
            by_lid_with: BTreeSet::new(),
            watches: BTreeSet::new(),
            available: false,
        };
        let transcript = Transcript::new(world.options.limits.transcript);
        let made = Account::new(pn.clone(), address::of_lid(&lid)?, transcript, state);
        match world.directory.add(made) {
            Err(Error::LidTaken(_)) => {}
            done => return done,
        }
    }
}

/// The account of a number that must exist.
pub(super) fn existing(world: &World, number: &str) -> Result<Arc<Account>, Error> {
    let found = world.directory.by_number(number);
    found.ok_or_else(|| crate::phones::PhoneError::NoAccount(number.to_owned()).into())
}
