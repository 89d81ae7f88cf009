//! Takes out of a line what nobody should read there: numbers, secrets, texts of messages, and what steers a terminal or a
//! page's direction of writing. Our worker writes none of them at the levels that ship; another one, or one that lies, might.

/// A line is cut here, in characters.
const MOST_CHARS: usize = 1_000;
/// Digits in a row that may be somebody's number.
const NUMBER_DIGITS: usize = 7;
/// Of a number these are left, so that lines about the same one are seen to be.
const DIGITS_LEFT: usize = 3;
/// Characters in a row that look like a key.
const KEY_CHARS: usize = 32;
/// What takes the place of what is hidden.
const HIDDEN: &str = "[hidden]";

/// Fields whose values are secret, or are what somebody wrote.
const SECRET: [&str; 16] = [
    "text",
    "body",
    "message_text",
    "caption",
    "said",
    "reply",
    "token",
    "secret",
    "password",
    "key",
    "code",
    "pairing_code",
    "qr",
    "name",
    "push_name",
    "authorization",
];

/// The line as it may be shown.
pub(super) fn clean(line: &str) -> String {
    let mut harmless: String = line.chars().take(MOST_CHARS).map(steers_nothing).collect();
    if line.chars().nth(MOST_CHARS).is_some() {
        harmless.push('…');
    }
    keys_and_numbers(&fields(&harmless))
}

/// Control characters, and those that turn the direction of writing or are not seen at all.
fn steers_nothing(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            '\u{fffd}'
        }
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// Hides the values of fields that are secret, `name=value` as `tracing` writes them.
fn fields(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        shown.push_str(before);
        let name = before[..at].rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        let name = name.to_ascii_lowercase();
        rest = after;
        if SECRET.contains(&name.as_str()) {
            shown.push_str(HIDDEN);
            rest = &after[value(after)..];
        }
    }
    shown + rest
}

/// How long the value is with which this begins: to the end of its quotes, or to where the next field or the end of the span
/// is. What is displayed and not quoted may hold blanks.
fn value(text: &str) -> usize {
    let quoted = text.strip_prefix("Some(").unwrap_or(text);
    if let Some(inside) = quoted.strip_prefix('"') {
        let mut escaped = false;
        for (at, c) in inside.char_indices() {
            match c {
                '\\' if !escaped => escaped = true,
                '"' if !escaped => return text.len() - inside.len() + at + 1,
                _ => escaped = false,
            }
        }
        return text.len();
    }
    let next = text.match_indices('=').map(|(at, _)| text[..at].rfind(' ').unwrap_or(0)).find(|at| *at > 0);
    next.or_else(|| text.find('}')).unwrap_or(text.len())
}

/// Hides what looks like a key or a token, long and of letters and digits alone, and of numbers all but their end. Ids of
/// ours stay.
fn keys_and_numbers(line: &str) -> String {
    let of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-');
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(begins) = rest.find(of_key) {
        let (before, after) = rest.split_at(begins);
        let length = after.find(|c: char| !of_key(c)).unwrap_or(after.len());
        let (run, following) = after.split_at(length);
        shown.push_str(before);
        if run.parse::<domain::TenantId>().is_ok() {
            shown.push_str(run);
        } else if is_key(run) {
            shown.push_str(HIDDEN);
        } else {
            shown.push_str(&digits(run));
        }
        rest = following;
    }
    shown + rest
}

fn is_key(run: &str) -> bool {
    let has = |what: fn(&char) -> bool| run.chars().any(|c| what(&c));
    let hex = run.chars().all(|c| c.is_ascii_hexdigit());
    // A path or a long name has no such mixture.
    let mixed = has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    run.len() >= KEY_CHARS && (hex || mixed)
}

/// Of a long run of digits only the last are left.
fn digits(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(begins) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, after) = rest.split_at(begins);
        let length = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (run, following) = after.split_at(length);
        shown.push_str(before);
        if run.len() >= NUMBER_DIGITS {
            shown.extend(std::iter::repeat_n('*', run.len() - DIGITS_LEFT));
            shown.push_str(&run[run.len() - DIGITS_LEFT..]);
        } else {
            shown.push_str(run);
        }
        rest = following;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn numbers_secrets_and_texts_are_hidden() {
        for (line, shown) in [
            ("from 255712345678@s.whatsapp.net", "from *********678@s.whatsapp.net"),
            ("turn{text=\"Habari \\\"ya\\\" leo\" id=7}: x", "turn{text=[hidden] id=7}: x"),
            ("x text=Habari ya leo id=7", "x text=[hidden] id=7"),
            ("x token=abc", "x token=[hidden]"),
            ("span{code=ABCD}: y", "span{code=[hidden]}: y"),
            ("x name=Some(\"Amina\") y=1", "x name=[hidden]) y=1"),
            ("key Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbA gone", "key [hidden] gone"),
            ("sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "sha [hidden]"),
            ("tenant=0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70", "tenant=0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70"),
            ("/var/lib/flowhq/sessions/journal.db is gone", "/var/lib/flowhq/sessions/journal.db is gone"),
            ("chat-255712345678 of /255712345678", "chat-*********678 of /*********678"),
            ("error=broken pipe after_ms=1200", "error=broken pipe after_ms=1200"),
        ] {
            assert_eq!(clean(line), shown);
        }
    }

    #[test]
    fn what_steers_a_terminal_or_turns_a_text_is_seen_and_does_nothing() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c\u{0}d\te"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d e");
    }

    #[test]
    fn a_long_line_is_cut() {
        let line = "é ".repeat(2_000);
        assert_eq!(clean(&line).chars().count(), super::MOST_CHARS + 1);
    }
}
