//! How long to wait for more before a contact is answered: people write one thing in several messages.

use std::time::Duration;

use crate::channel::{Content, Inbound};

/// The part of the quiet time after a sentence that is plainly complete.
const AFTER_A_SENTENCE: u32 = 4;
/// What waited while the device was away comes in several batches, soon one after the other: it is one turn, whatever
/// the quiet time is.
const OF_A_BACKLOG: Duration = Duration::from_millis(500);

/// How long to wait for more after this message.
pub(crate) fn after(message: &Inbound, quiet: Duration) -> Duration {
    let quiet = match &message.content {
        Content::Text(text) if is_complete(text) => quiet / AFTER_A_SENTENCE,
        Content::Media { caption: Some(text), .. } if message.album.is_none() && is_complete(text) => {
            quiet / AFTER_A_SENTENCE
        }
        _ => quiet,
    };
    if message.offline { quiet.max(OF_A_BACKLOG) } else { quiet }
}

/// Whether nothing more is to be expected: a sentence with its end, or the number of a choice.
fn is_complete(text: &str) -> bool {
    let text = text.trim();
    let is_choice = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    !text.is_empty() && (is_choice || text.ends_with(['.', '!', '?', '\u{2026}', '\u{061f}', '\u{3002}']))
}

#[cfg(test)]
mod tests {
    use super::is_complete;

    #[test]
    fn a_sentence_with_its_end_and_a_choice_are_complete() {
        for text in ["Habari!", "Je, mna nafasi kesho? ", "Nataka kusuka.", "2", " 10 "] {
            assert!(is_complete(text), "{text}");
        }
        for text in ["", "on Saturday", "at 10 please", "habari", "255", "nataka"] {
            assert!(!is_complete(text), "{text}");
        }
    }
}
