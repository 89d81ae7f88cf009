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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delivery_has_a_rank_of_its_own_and_they_grow() {
        let ranks: Vec<u8> = Delivery::VARIANTS.iter().map(|delivery| delivery.rank()).collect();
        assert_eq!(ranks, [0, 1, 2, 3, 4, 5]);
        assert_eq!(Delivery::Read.to_string(), "READ");
        assert_eq!("PHONE".parse(), Ok(Writer::Phone));
    }
}
