//! Why a message got no reply, by name. The names stand in journals and logs: they never change.

use std::fmt;

/// A reason for silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The account itself wrote it.
    Own,
    /// Written in a group.
    Group,
    /// Written to a broadcast list.
    Broadcast,
    /// A status update.
    Status,
    /// Published in a newsletter.
    Newsletter,
    /// A reaction, a vote or the like.
    Protocol,
    /// A text without any character that shows.
    Empty,
    /// The tenant is suspended.
    Suspended,
    /// The linked number waits for an operator's confirmation.
    Held,
    /// The contact behaves like another bot.
    Loop,
    /// The contact has passed its limit and was warned.
    RateLimited,
    /// The contact's queue was full and it was told to wait.
    QueueFull,
    /// The reply pack has nothing to say.
    NoReply,
    /// The message cannot be read, and its writer was asked a while ago already to send such a one again.
    Unreadable,
    /// A part of an album that was answered already.
    Album,
    /// It corrects a message, and nothing waits for the correction.
    Corrected,
    /// It takes a message back, or was taken back before it was answered.
    Deleted,
    /// It was written to a number that is no longer the linked one.
    OtherNumber,
    /// The contact has silenced the bot.
    OptedOut,
    /// A person has the chat.
    WithPerson,
    /// The tenant wants the contact left alone.
    LeftAlone,
    /// The owner has switched the bot off from the phone.
    SwitchedOff,
    /// It waited in a journal that was put back from a backup.
    Restored,
}

impl From<replies::Silence> for Silence {
    fn from(why: replies::Silence) -> Self {
        match why {
            replies::Silence::OptedOut => Self::OptedOut,
            replies::Silence::WithPerson => Self::WithPerson,
            replies::Silence::LeftAlone => Self::LeftAlone,
            replies::Silence::SwitchedOff => Self::SwitchedOff,
            replies::Silence::Suspended => Self::Suspended,
            replies::Silence::NotDue | replies::Silence::OwnerWrote | replies::Silence::NothingToSay => {
                Self::NoReply
            }
        }
    }
}

impl Silence {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Own,
        Self::Group,
        Self::Broadcast,
        Self::Status,
        Self::Newsletter,
        Self::Protocol,
        Self::Empty,
        Self::Suspended,
        Self::Held,
        Self::Loop,
        Self::RateLimited,
        Self::QueueFull,
        Self::NoReply,
        Self::Unreadable,
        Self::Album,
        Self::Corrected,
        Self::Deleted,
        Self::OtherNumber,
        Self::OptedOut,
        Self::WithPerson,
        Self::LeftAlone,
        Self::SwitchedOff,
        Self::Restored,
    ];

    /// Its name, in lower case with underscores.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Group => "group",
            Self::Broadcast => "broadcast",
            Self::Status => "status",
            Self::Newsletter => "newsletter",
            Self::Protocol => "protocol",
            Self::Empty => "empty",
            Self::Suspended => "suspended",
            Self::Held => "held",
            Self::Loop => "loop",
            Self::RateLimited => "rate_limited",
            Self::QueueFull => "queue_full",
            Self::NoReply => "no_reply",
            Self::Unreadable => "unreadable",
            Self::Album => "album",
            Self::Corrected => "corrected",
            Self::Deleted => "deleted",
            Self::OtherNumber => "other_number",
            Self::OptedOut => "opted_out",
            Self::WithPerson => "with_person",
            Self::LeftAlone => "left_alone",
            Self::SwitchedOff => "switched_off",
            Self::Restored => "restored",
        }
    }

    /// Whether the message stands in the conversation log. What was not written to the business by a customer, and what
    /// the bot is to ignore, stays in the journal.
    #[must_use]
    pub const fn is_logged(self) -> bool {
        !matches!(
            self,
            Self::Own
                | Self::Group
                | Self::Broadcast
                | Self::Status
                | Self::Newsletter
                | Self::Protocol
                | Self::LeftAlone
                | Self::SwitchedOff
                | Self::Restored
        )
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
