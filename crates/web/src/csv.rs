//! Rows of CSV (RFC 4180) that no spreadsheet runs anything of (OWASP: CSV injection), and that Excel opens as they are.

use std::borrow::Cow;

/// What a table begins with: Excel takes a file without it for one of Windows' own character set.
pub const BOM: &str = "\u{feff}";

/// One row, with its line end. A cell that a spreadsheet would take for a formula begins with an apostrophe, which
/// spreadsheets show as text. Digits that a spreadsheet would round, or whose noughts it would take off, such as those of a
/// telephone number, are written as the constant text `="255…"`, which each of them shows as it is.
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
    if is_no_figure(cell) {
        return Cow::Owned(format!("=\"{cell}\""));
    }
    // One that begins so by itself gets another apostrophe, so that it can be told from one of ours.
    if runs(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Whether a spreadsheet takes it for a formula.
fn runs(cell: &str) -> bool {
    // Full-width forms too: some spreadsheets read them as their ASCII twins.
    let begins = |c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    // Blanks before it do not make it harmless everywhere.
    cell.trim_start_matches(' ').starts_with(begins)
}

/// A cell as it was before [`row`] made it harmless; one that no table of ours has is as it is.
#[must_use]
pub fn plain(cell: &str) -> &str {
    let constant = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(digits) = constant.filter(|digits| is_no_figure(digits)) {
        return digits;
    }
    cell.strip_prefix('\'').filter(|rest| runs(rest.trim_start_matches('\''))).unwrap_or(cell)
}

/// Digits that stand for no figure: too many for one, with a nought before them, or with an exponent by chance.
fn is_no_figure(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(cell) && (cell.len() > 11 || cell.len() > 1 && cell.starts_with('0'))
        || cell.split_once(['E', 'e']).is_some_and(|(before, after)| digits(before) && digits(after))
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
    fn what_is_made_harmless_is_read_back_as_it_was() {
        for cell in [
            "=1+1",
            "+255712345678",
            "'=1",
            "''-x",
            "255712345678",
            "=\"007\"",
            "007",
            "  =1",
            "'tis",
            "a",
            "",
        ] {
            let written = harmless(cell);
            assert_eq!(plain(&written), cell, "{written}");
            assert!(!runs(&written) || written.starts_with("=\""), "{written}");
        }
        assert_eq!(plain("=SUM(A1)"), "=SUM(A1)", "of another program");
    }

    #[test]
    fn cells_are_quoted_and_nothing_runs() {
        assert_eq!(row(["a", "b,c", "say \"hi\"", "1\n2"]), "a,\"b,c\",\"say \"\"hi\"\"\",\"1\n2\"\r\n");
        for formula in ["=1+1", "+255712345678", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u{ff1d}1"] {
            assert!(row([formula]).trim_start_matches('"').starts_with('\''), "{formula}");
        }
        for text in ["255712345678", "0712345678", "007", "12E4"] {
            assert_eq!(row([text, ""]), format!("\"=\"\"{text}\"\"\",\r\n"));
        }
        assert_eq!(row(["12000", "0", "3EB0C7", "E1", "1e"]), "12000,0,3EB0C7,E1,1e\r\n");
    }
}
