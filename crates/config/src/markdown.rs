//! The README's table of settings, made from the same table that parsing uses.

use std::fmt::Write;

use crate::{ALL, Fallback, Setting};

/// The line before the table in README.md.
pub const BEGIN_MARK: &str = "<!-- settings: made by `just generate`, do not edit -->";
/// The line after it.
pub const END_MARK: &str = "<!-- end of settings -->";

/// The table in Markdown, with a newline at its end.
#[must_use]
pub fn settings_table() -> String {
    let mut table =
        String::from("| environment | in the file | default | takes | meaning |\n|---|---|---|---|---|\n");
    for setting in ALL {
        let _ = writeln!(table, "{}", row(setting));
    }
    table
}

fn row(setting: &Setting) -> String {
    let name = if setting.secret {
        format!("`{0}`, `{0}_FILE`", setting.name)
    } else {
        format!("`{}`", setting.name)
    };
    let default = match setting.default {
        Fallback::Value(value) => format!("`{value}`"),
        Fallback::Derived(words) => words.to_owned(),
        Fallback::Nothing(words) => format!("not set: {words}"),
    };
    let unit = if setting.unit.is_empty() { String::new() } else { format!(" ({})", setting.unit) };
    let takes = setting.takes.describe();
    format!("| {name} | `{}` | {default} | {takes}{unit} | {} |", setting.key, setting.meaning)
}
