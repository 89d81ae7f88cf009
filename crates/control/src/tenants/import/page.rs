//! The page on which a table is sent, on which one sees what it would do, and what it did.

use api::{ImportOutcome, ImportProblem, Imported, ImportedRow};
use askama::Template;
use axum::response::Response;
use domain::RecordId;
use strum::VariantArray as _;
use web::{
    Problem,
    ui::{Head, Icon, Pill, Tone},
};

use super::{column::Column, read::MOST};
use crate::{call::Call, shell::Section};

#[derive(Template)]
#[template(path = "tenants/import.html")]
struct View {
    /// What a heading has, and how the forms call it.
    heading: String,
    labels: String,
    /// What is wrong with the file that was sent.
    wrong: Option<String>,
    table: Option<Table>,
}

impl View {
    /// Rows that a table may have.
    #[expect(clippy::unused_self, reason = "templates call methods alone")]
    const fn most(&self) -> usize {
        MOST
    }
}

/// What a table would do, or did.
struct Table {
    title: &'static str,
    counted: String,
    rows: Vec<Row>,
    left_out: Option<String>,
    /// Where it was looked at alone and would do anything.
    go_on: Option<GoOn>,
}

/// The button that does it: the file is sent along, so that it is the one that was looked at.
struct GoOn {
    file: String,
    /// Presses of the button that carry the same are one.
    once: String,
    label: String,
}

struct Row {
    line: u64,
    name: String,
    place: Option<String>,
    pill: Pill,
    details: Vec<String>,
}

/// The form, with what is wrong with the file that was sent.
pub(super) async fn form(call: &Call, problem: Option<&Problem>) -> Response {
    answer(call, None, problem).await
}

/// What a table would do; `file` is what it was read from.
pub(super) async fn looked_at(call: &Call, found: &Imported, file: String) -> Response {
    let count = (found.made + found.changed) as u64;
    let label = || words::importing::do_it(count);
    let go_on = (count > 0).then(|| GoOn { file, once: RecordId::generate().to_string(), label: label() });
    let refused = found.refused as u64;
    let left_out = (refused > 0 && go_on.is_some()).then(|| words::importing::left_out(refused));
    let table = Table { left_out, go_on, ..table(words::importing::would(), found) };
    answer(call, Some(table), None).await
}

/// What it did.
pub(super) async fn done(call: &Call, done: &Imported) -> Response {
    answer(call, Some(table(words::importing::did(), done)), None).await
}

async fn answer(call: &Call, table: Option<Table>, problem: Option<&Problem>) -> Response {
    let labels: Vec<_> = Column::VARIANTS.iter().skip(1).map(|column| column.label()).collect();
    let wrong = problem.map(|problem| problem.said(words::importing::file()));
    let head = Head::new(words::importing::title());
    let view = View { heading: Column::names().join(","), labels: labels.join(", "), wrong, table };
    call.form(Section::Tenants, head, &view, problem).await
}

/// Those with which something is to be done or wrong; how many stay as they are is counted alone.
fn table(title: &'static str, found: &Imported) -> Table {
    let Imported { made, changed, same, refused, ref rows, .. } = *found;
    let mut shown: Vec<&ImportedRow> = rows.iter().filter(|row| row.outcome != ImportOutcome::Same).collect();
    // What needs a person comes first.
    shown.sort_by_key(|row| row.outcome != ImportOutcome::Refused);
    Table {
        title,
        counted: words::importing::counted(made, changed, same, refused),
        rows: shown.into_iter().map(row).collect(),
        left_out: None,
        go_on: None,
    }
}

fn row(row: &ImportedRow) -> Row {
    let (tone, word) = match row.outcome {
        ImportOutcome::Made => (Tone::Ok, words::importing::make()),
        ImportOutcome::Changed => (Tone::Warn, words::importing::change()),
        ImportOutcome::Same => (Tone::Off, words::importing::same()),
        ImportOutcome::Refused => (Tone::Bad, words::importing::refuse()),
    };
    let label =
        |name: &str| Column::of(name).map_or_else(|| name.to_owned(), |column| column.label().to_owned());
    let value = |text: &str| match text {
        "" => words::importing::nothing_there().to_owned(),
        text => text.to_owned(),
    };
    let changes = row.changes.iter().map(|change| {
        words::importing::from_to(label(&change.column), value(&change.from), value(&change.to))
    });
    let problems = row.problems.iter().map(|ImportProblem { column, detail }| match column {
        // A sentence that names its field already says so once.
        Some(column) if !detail.contains(&label(column)) => format!("{}: {detail}", label(column)),
        _ => detail.clone(),
    });
    Row {
        line: row.line,
        name: row.name.clone(),
        place: row.id.map(|id| format!("/admin/tenants/{id}")),
        pill: Pill { tone, word: word.to_owned() },
        details: changes.chain(problems).collect(),
    }
}
