//! Chats with customers: who wrote, what was said, and who answers.

pub(super) mod csv;
pub(super) mod hand_back;
pub(super) mod leave_alone;
pub(super) mod list;
pub(super) mod say;
pub(super) mod show;
pub(super) mod take_over;

use api::portal::ChatState;
use replies::Profile;
use store::Customer;

use crate::error::Answer;
use crate::{messages::hand_offs, profile, tenants::Desk};

/// What is known of who answers whom, read once for a page.
pub(super) struct Chats {
    pub(super) hand_offs: api::HandOffs,
    profile: Profile,
}

impl Chats {
    pub(super) async fn of(desk: &Desk) -> Answer<Self> {
        Ok(Self { hand_offs: hand_offs::read(&desk.app, desk.id()), profile: profile::stands(desk).await? })
    }

    /// Who answers in a customer's chat.
    pub(super) fn state(&self, customer: &Customer) -> ChatState {
        let contact = customer.contact.as_str();
        let waits = self.hand_offs.chats.iter().find(|chat| chat.contact == contact);
        ChatState {
            hand_off: waits.map(|chat| chat.reason.clone()),
            hand_off_says: waits.map(|chat| hand_offs::why(&chat.reason).to_owned()),
            since: waits.map(|chat| chat.since),
            until: waits.map(|chat| chat.until),
            opted_out: customer.opted_out,
            left_alone: self.leaves_alone(contact),
        }
    }

    fn leaves_alone(&self, contact: &str) -> bool {
        !contact.starts_with("lid:")
            && self.profile.manners.left_alone.iter().any(|number| same_number(number, contact))
    }
}

/// Whether two numbers are one: by their last nine digits, as the bot compares them, since people write them with and without
/// the country's code.
fn same_number(one: &str, other: &str) -> bool {
    let last =
        |number: &str| -> Vec<char> { number.chars().rev().filter(char::is_ascii_digit).take(9).collect() };
    last(one) == last(other)
}

/// The customer's name: as it was noted, else as in the record that was changed last.
pub(super) fn name_of(customer: &Customer) -> Option<String> {
    let recorded = customer.last_record.as_ref().and_then(|record| record["name"].as_str());
    let known = customer.noted_name.as_deref().or(recorded).map(str::trim).filter(|name| !name.is_empty());
    known.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_the_bot_does() {
        assert!(same_number("0712 000 111", "255712000111"));
        assert!(!same_number("0712 000 112", "255712000111"));
        assert!(!same_number("", "255712000111"));
    }
}
