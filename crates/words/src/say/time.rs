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
