//! How far a message of ours has come, and who wrote it.

use strum::VariantArray as _;

use crate::words::words;

words! { "UPPERCASE",
    /// How far a message of ours has come, in the order in which that is learnt: a message only ever comes farther, whatever
    /// order its receipts come in. One that was given up and arrived after all has arrived.
    pub enum Delivery {
        /// Decided, and not yet taken by WhatsApp.
        Waiting,
        /// It will never be taken, as far as is known.
        Failed,
        /// WhatsApp has it.
        Sent,
        /// The customer's phone has it.
        Delivered,
        /// The customer has seen it.
        Read,
        /// The customer has listened to it.
        Played,
    }
}

impl Delivery {
    /// How far that is, from 0: a message with a higher one has come farther.
    #[must_use]
    pub fn rank(self) -> u8 {
        Self::VARIANTS.iter().take_while(|other| **other != self).map(|_| 1_u8).sum()
    }

    /// The words of those that are less far, each between two spaces: what a statement of SQL looks its own word up in.
    #[must_use]
    pub fn nearer(self) -> String {
        let nearer = Self::VARIANTS.iter().take_while(|other| **other != self);
        nearer.fold(" ".to_owned(), |words, other| words + <&str>::from(other) + " ")
    }
}

words! { "UPPERCASE",
    /// Who wrote a message of ours.
    pub enum Writer {
        /// The bot, as an answer.
        Bot,
        /// The bot, since its time had come: nobody had asked.
        Timer,
        /// A person, on a page or by a command.
        Person,
        /// The owner or staff, on a phone or another linked device of the account.
        Phone,
    }
}

impl Writer {
    /// Whether somebody wrote it, and no bot.
    #[must_use]
    pub const fn is_a_person(self) -> bool {
        matches!(self, Self::Person | Self::Phone)
    }

    /// How far a message of theirs has come when the log first tells of it.
    #[must_use]
    pub const fn begins_at(self) -> Delivery {
        match self {
            // It comes by way of WhatsApp, which has it.
            Self::Phone => Delivery::Sent,
            Self::Bot | Self::Timer | Self::Person => Delivery::Waiting,
        }
    }
}

/// Why a message never arrives, as a worker says it and the log keeps it: WhatsApp said nothing for a day.
pub const UNANSWERED: &str = "WhatsApp did not acknowledge it within a day";
/// The same: it waited in a journal that was put back.
pub const RESTORED: &str = "the journal was put back from a backup";
const REFUSED: &str = "WhatsApp refused it with code ";

/// The same: WhatsApp has refused it.
#[must_use]
pub fn refused(code: u16) -> String {
    format!("{REFUSED}{code}")
}

/// The code in what [`refused`] says.
#[must_use]
pub fn refusal(reason: &str) -> Option<&str> {
    reason.strip_prefix(REFUSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delivery_has_a_rank_of_its_own_and_they_grow() {
        let ranks: Vec<u8> = Delivery::VARIANTS.iter().map(|delivery| delivery.rank()).collect();
        assert_eq!(ranks, [0, 1, 2, 3, 4, 5]);
        assert_eq!(Delivery::Waiting.nearer(), " ");
        assert_eq!(Delivery::Delivered.nearer(), " WAITING FAILED SENT ");
        assert_eq!(Delivery::Read.to_string(), "READ");
        assert_eq!("PHONE".parse(), Ok(Writer::Phone));
    }
}
