//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with a head, as wide as the terminal at most.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row.map(harmless));
    }
    table
}

/// Two columns without a head: what it is, and what it says.
pub(crate) fn pairs(rows: impl IntoIterator<Item = (&'static str, String)>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([name.to_owned(), harmless(value)]);
    }
    table
}

/// Text that others wrote must not steer the terminal.
pub(crate) fn harmless(text: impl AsRef<str>) -> String {
    text.as_ref().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
