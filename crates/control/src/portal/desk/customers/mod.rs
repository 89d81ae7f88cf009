//! Customers: who wrote, what became of them, and what is noted.

pub(super) mod csv;
pub(super) mod list;
pub(super) mod put;
pub(super) mod show;

use crate::{messages::chats, portal::desk::chats::name_of};

/// A customer as the portal is answered.
pub(super) fn convert(customer: store::Customer) -> api::portal::Customer {
    api::portal::Customer {
        shown: chats::name(&customer.contact),
        name: name_of(&customer),
        contact: customer.contact,
        state: customer.state,
        state_set: customer.state_set.is_some(),
        note: customer.note,
        last: Some(customer.last),
        at: Some(customer.at),
        open_records: customer.open_records,
        records: customer.records,
    }
}
