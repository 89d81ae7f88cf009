//! The lines of a worker's log, as `tracing` writes them: a time, a level, and what is said.

use domain::{Severity, Timestamp};

use super::clean::clean;

/// Reads the last lines down to a level, so many of them at most, and whether there are more. Each is harmless then; empty
/// ones are left out. What is no line of the worker's own is the system's last word about it, and is never filtered away.
pub(super) fn read(text: &str, down_to: Severity, most: usize) -> (Vec<api::WorkerLogLine>, bool) {
    let wanted = |line: &&str| begins(line).is_none_or(|(_, level, _)| level <= down_to);
    let mut newest = text.lines().rev().filter(|line| !line.trim().is_empty()).filter(wanted);
    // Only what is shown is made harmless, which takes longer than looking.
    let mut lines: Vec<_> = newest.by_ref().take(most).map(one).collect();
    lines.reverse();
    (lines, newest.next().is_some())
}

fn one(line: &str) -> api::WorkerLogLine {
    match begins(line) {
        Some((at, level, rest)) => api::WorkerLogLine { at: Some(at), level: Some(level), text: clean(rest) },
        None => api::WorkerLogLine { at: None, level: None, text: clean(line.trim()) },
    }
}

/// The head of a line of `tracing`'s, and the rest of it.
fn begins(line: &str) -> Option<(Timestamp, Severity, &str)> {
    let (at, rest) = line.split_once(' ')?;
    let at = at.parse().ok()?;
    let (level, rest) = rest.trim_start().split_once(' ')?;
    let level = match level {
        "ERROR" => Severity::Error,
        "WARN" => Severity::Warn,
        "INFO" => Severity::Info,
        "DEBUG" | "TRACE" => Severity::Debug,
        _ => return None,
    };
    Some((at, level, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_time_its_level_and_what_it_says() {
        let (said, more) = read(
            "2026-01-10T12:00:00.123456Z  WARN worker::uplink: the link is gone error=broken pipe\n\n\
             2026-01-10T12:00:01Z TRACE x: y\nmemory allocation of 12 bytes failed\n",
            Severity::Debug,
            3,
        );
        assert!(!more);
        let told: Vec<_> = said.iter().map(|line| (line.level, line.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (Some(Severity::Warn), "worker::uplink: the link is gone error=broken pipe"),
                (Some(Severity::Debug), "x: y"),
                (None, "memory allocation of 12 bytes failed"),
            ]
        );
        assert_eq!(said[0].at.map(|at| at.to_string()).as_deref(), Some("2026-01-10T12:00:00.123456Z"));
    }

    #[test]
    fn what_only_looks_like_a_head_is_a_line_without_one() {
        for line in ["2026-01-10T12:00:00Z LOUD x", "12:00 ERROR x", "ERROR x", "2026-01-10T12:00:00Z"] {
            let (said, _) = read(line, Severity::Error, 1);
            assert_eq!((said[0].at, said[0].level, said[0].text.as_str()), (None, None, line));
        }
    }

    #[test]
    fn the_last_lines_down_to_a_level_are_read() {
        let line = |level: &str, text: &str| format!("2026-01-10T12:00:00Z {level} {text}\n");
        let text = line("WARN", "a")
            + &line("INFO", "b")
            + &line("WARN", "c")
            + &line("DEBUG", "d")
            + &line("WARN", "e");
        let said = |down_to, most| {
            let (lines, more) = read(&text, down_to, most);
            (lines.into_iter().map(|line| line.text).collect::<String>(), more)
        };
        assert_eq!(said(Severity::Warn, 2), ("ce".to_owned(), true));
        assert_eq!(said(Severity::Warn, 3), ("ace".to_owned(), false));
        assert_eq!(said(Severity::Error, 3), (String::new(), false));
    }
}
