//! Times as people say them.

use domain::Timestamp;

/// How long ago `then` was, like `12 s ago`; `in the future` where the clocks disagree.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - then.as_second();
    match seconds {
        // Two machines' clocks may differ by a moment.
        ..=-2 => "in the future".to_owned(),
        -1..60 => format!("{} s ago", seconds.max(0)),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_the_largest_unit_that_tells_something() {
        let now: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
        let said = |then: &str| ago(then.parse().unwrap(), now);
        assert_eq!(said("2026-01-10T11:59:48Z"), "12 s ago");
        assert_eq!(said("2026-01-10T11:57:00Z"), "3 min ago");
        assert_eq!(said("2026-01-09T12:00:00Z"), "24 h ago");
        assert_eq!(said("2026-01-01T12:00:00Z"), "9 days ago");
        assert_eq!(said("2026-01-10T12:01:00Z"), "in the future");
    }
}
