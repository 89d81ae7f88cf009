//! Rows of CSV (RFC 4180) that no spreadsheet runs anything of (OWASP: CSV injection).

use std::borrow::Cow;

/// One row, with its line end. A cell that a spreadsheet would take for a formula begins with an apostrophe, which
/// spreadsheets show as text.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut row = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        row.push_str(&quoted(&harmless(cell)));
    }
    row.push_str("\r\n");
    row
}

fn harmless(cell: &str) -> Cow<'_, str> {
    // Full-width forms too: some spreadsheets read them as their ASCII twins.
    let runs = |c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    // Blanks before it do not make it harmless everywhere.
    if cell.trim_start_matches(' ').starts_with(runs) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_nothing_runs() {
        assert_eq!(row(["a", "b,c", "say \"hi\"", "1\n2"]), "a,\"b,c\",\"say \"\"hi\"\"\",\"1\n2\"\r\n");
        for formula in ["=1+1", "+255712345678", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u{ff1d}1"] {
            assert!(row([formula]).trim_start_matches('"').starts_with('\''), "{formula}");
        }
        assert_eq!(row(["255712345678", ""]), "255712345678,\r\n");
    }
}
