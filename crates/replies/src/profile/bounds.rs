//! How much a profile may hold.

/// Bounds on counts and lengths. Lengths are in characters.
#[derive(Debug)]
pub struct Bounds;

impl Bounds {
    /// A profile as a file.
    pub const FILE_BYTES: usize = 2 * 1024 * 1024;
    /// Services of a profile.
    pub const SERVICES: usize = 100;
    /// Products of a catalogue.
    pub const PRODUCTS: usize = 2_000;
    /// Questions with answers.
    pub const QUESTIONS: usize = 200;
    /// Other words for one thing.
    pub const WORDS: usize = 20;
    /// People who do a service.
    pub const STAFF: usize = 20;
    /// Parts of town with a fee.
    pub const AREAS: usize = 50;
    /// Urgent words.
    pub const URGENT: usize = 100;
    /// Contacts that are left alone.
    pub const LEFT_ALONE: usize = 1_000;
    /// Reminders before one booking.
    pub const REMINDERS: usize = 4;
    /// Texts that are said differently.
    pub const TEXTS: usize = 100;
    /// Holidays, and days with hours of their own.
    pub const DAYS: usize = 100;
    /// Spans of a day.
    pub const SPANS: usize = 8;
    /// A code.
    pub const CODE: usize = 40;
    /// A name.
    pub const NAME: usize = 60;
    /// A word or phrase that means something.
    pub const WORD: usize = 40;
    /// An address or a question.
    pub const LINE: usize = 200;
    /// An answer or a text.
    pub const ANSWER: usize = 1_500;
    /// A link.
    pub const LINK: usize = 500;
    /// How long a service takes at most, in minutes.
    pub const MINUTES: u16 = 24 * 60;
    /// How many customers at once at most.
    pub const AT_ONCE: u16 = 100;
    /// Days ahead for which bookings are taken at most.
    pub const DAYS_AHEAD: u16 = 365;
}
