//! How much of anything is taken from outside, in one place.

/// How long a linked bot may be away from WhatsApp before that is an error and an alert, in minutes, where nobody says
/// otherwise.
pub const DISCONNECTED_MINUTES: u64 = 15;
/// A tenant's name, in characters.
pub const NAME_MAX_CHARS: usize = 120;
/// The name a bot gives its business, in characters.
pub const BUSINESS_NAME_MAX_CHARS: usize = 120;
/// A note of an operator or owner, in characters.
pub const NOTE_MAX_CHARS: usize = 2_000;
/// Tags of a tenant.
pub const TAGS_MAX: usize = 12;
/// A tag, in characters.
pub const TAG_MAX_CHARS: usize = 32;
/// What operators note of a tenant for themselves, in characters.
pub const PRIVATE_NOTE_MAX_CHARS: usize = 4_000;
/// A message's text, in bytes; WhatsApp cuts at 65,536 characters.
pub const MESSAGE_MAX_BYTES: usize = 64 * 1024;
/// The body of one HTTP request, in bytes.
pub const REQUEST_BODY_MAX_BYTES: usize = 1024 * 1024;
/// Rows of one page of a list.
pub const PAGE_MAX_ROWS: u32 = 500;
/// Rows of one page where none were asked for.
pub const PAGE_DEFAULT_ROWS: u32 = 50;
/// Text of one page of a list, in bytes: a page that reaches it ends, and the next one goes on.
pub const PAGE_MAX_BYTES: usize = 1024 * 1024;
/// What is searched for, in characters.
pub const SEARCH_MAX_CHARS: usize = 200;
