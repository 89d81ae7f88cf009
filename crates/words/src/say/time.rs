//! Lengths of time and how long ago something was.

crate::catalogue::catalogue! { "time";
    seconds(n) = "{n} s" | "sek {n}";
    minutes(n) = "{n} min" | "dk {n}";
    hours(n) = "{n} h" | "saa {n}";
    days(n) = "{n} d" | "siku {n}";
    ago_one(span) = "{span} ago" | "{span} iliyopita";
    ago(span) = "{span} ago" | "{span} zilizopita";
    ahead(span) = "in {span}" | "baada ya {span}";
}

/// A length of time in its largest unit: `12 s`, `3 min`, `5 h`, `2 d`.
#[must_use]
pub fn span(seconds: u64) -> String {
    match seconds {
        0..60 => self::seconds(seconds),
        60..3600 => minutes(seconds / 60),
        3600..86_400 => hours(seconds / 3600),
        _ => days(seconds / 86_400),
    }
}
