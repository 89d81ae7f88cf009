//! A table of tenants out of the bytes of a file: one heading line, columns in any order. Pure.

use csv::{ReaderBuilder, StringRecord};
use web::{Problem, csv::plain};

use super::column::Column;

/// Rows of one table.
pub(super) const MOST: usize = 2_000;

/// A row: what stands in which column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The line of the file at which it begins; the heading is line 1.
    pub(super) at: u64,
    /// What stands in the columns that the table has.
    pub(super) cells: Vec<(Column, String)>,
    /// Why it is no row of this table.
    pub(super) fault: Option<String>,
}

/// Reads it.
///
/// # Errors
/// [`Problem`] in `file` where it is no such table; what is wrong with a row alone is said there.
pub(super) fn read(file: &[u8]) -> Result<Vec<Line>, Problem> {
    let wrong = |detail: String| Problem::invalid_field("file", detail);
    if file.iter().all(u8::is_ascii_whitespace) {
        return Err(wrong(words::importing::no_file().to_owned()));
    }
    let text = std::str::from_utf8(file).map_err(|_| wrong(words::importing::not_utf8().to_owned()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records().map(|record| {
        record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            wrong(words::importing::unreadable(line, &error))
        })
    });
    let heading = records.next().transpose()?.unwrap_or_default();
    let columns = columns(&heading)?;
    let mut lines = Vec::new();
    let mut walked = Walked { text, byte: 0, line: 1 };
    for record in records {
        let record = record?;
        let at = walked.line_of(&record);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if lines.len() == MOST {
            return Err(wrong(words::importing::too_many(MOST)));
        }
        lines.push(line(&columns, &record, at));
    }
    Ok(lines)
}

/// How far the lines of a text are counted. The reader's own count takes the second half of a line end of two characters for
/// the beginning of the next row.
struct Walked<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl Walked<'_> {
    /// The line at which a row begins.
    fn line_of(&mut self, record: &StringRecord) -> u64 {
        let byte = record.position().and_then(|position| usize::try_from(position.byte()).ok());
        let rest = byte.and_then(|byte| self.text.get(byte..)).unwrap_or_default();
        let begins = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        let between = self.text.get(self.byte..begins).unwrap_or_default();
        self.line += between.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.byte = begins.max(self.byte);
        self.line
    }
}

/// A spreadsheet parts by semicolons or tabs where commas stand in numbers.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    let count = |sign: u8| heading.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn columns(heading: &StringRecord) -> Result<Vec<Column>, Problem> {
    let wrong = |detail: String| Problem::invalid_field("file", detail);
    // Blank cells behind the last heading are a spreadsheet's own.
    let named = filled(heading);
    let (mut columns, mut unknown) = (Vec::new(), Vec::new());
    for cell in heading.iter().take(named) {
        match Column::of(plain(cell)) {
            Some(column) if columns.contains(&column) => {
                return Err(wrong(words::importing::column_twice(column.name())));
            }
            Some(column) => columns.push(column),
            None => unknown.push(format!("\"{}\"", cell.chars().take(40).collect::<String>())),
        }
    }
    if !unknown.is_empty() {
        // The first few are enough to see what kind of file it is.
        unknown.truncate(12);
        let known = Column::names().join(", ");
        return Err(wrong(words::importing::unknown_columns(unknown.join(", "), known)));
    }
    if !columns.contains(&Column::Id) && !columns.contains(&Column::Name) {
        return Err(wrong(words::importing::no_key_column().to_owned()));
    }
    Ok(columns)
}

/// How many cells there are up to the last one that holds anything.
fn filled(record: &StringRecord) -> usize {
    record.iter().zip(1..).filter(|(cell, _)| !cell.trim().is_empty()).last().map_or(0, |(_, place)| place)
}

fn line(columns: &[Column], record: &StringRecord, at: u64) -> Line {
    let fits = record.len() >= columns.len() && filled(record) <= columns.len();
    let cells = columns.iter().zip(record.iter()).map(|(column, cell)| (*column, plain(cell).to_owned()));
    Line {
        at,
        cells: cells.collect(),
        fault: (!fits).then(|| words::importing::cells(record.len(), columns.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &Line) -> Vec<(&'static str, &str)> {
        line.cells.iter().map(|(column, cell)| (column.name(), cell.as_str())).collect()
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_save_it() {
        let file = "\u{feff}Name;phone_number;note;\r\nAmina;'+255712345678;\"two\nlines\";\r\n;;;\r\nJuma;=\"\"255712345670\"\";;\r\n";
        let lines = read(file.as_bytes()).unwrap();
        assert_eq!(lines.iter().map(|line| line.at).collect::<Vec<_>>(), [2, 5]);
        let first = [("name", "Amina"), ("phone_number", "+255712345678"), ("note", "two\nlines")];
        assert_eq!(cells(&lines[0]), first);
        assert!(lines.iter().all(|line| line.fault.is_none()), "{lines:?}");
        let quoted = "id,name\n,\"=\"\"255712345670\"\"\"\n";
        assert_eq!(cells(&read(quoted.as_bytes()).unwrap()[0])[1].1, "255712345670");
        assert_eq!(read(b"name\tid\nAmina\t\n").unwrap()[0].cells.len(), 2);
    }

    #[test]
    fn what_is_no_such_table_is_refused_and_a_row_that_does_not_fit_is_named() {
        for (file, says) in [
            (&b" \n"[..], "missing or empty"),
            (b"name\n\xff\xfe\n", "UTF-8"),
            (b"name,colour,size\nx,y,z\n", "\"colour\", \"size\""),
            (b"name,NAME\nx,y\n", "twice"),
            (b"note\nx\n", "name, id"),
        ] {
            let problem = read(file).unwrap_err();
            assert_eq!(problem.field(), Some("file"));
            assert!(problem.detail().contains(says), "{}", problem.detail());
        }
        let lines = read(b"name,note\na,b,c\nd\ne,f,\n").unwrap();
        let faults: Vec<_> = lines.iter().map(|line| line.fault.is_some()).collect();
        assert_eq!(faults, [true, true, false]);
        let rows = |count: usize| format!("name\n{}", "x\n".repeat(count));
        assert_eq!(read(rows(MOST).as_bytes()).unwrap().len(), MOST);
        assert!(read(rows(MOST + 1).as_bytes()).unwrap_err().detail().contains("2000"));
    }
}
