//! Does what a table of tenants asks for, one row after the other. A row that fails is told and the rest go on.

use std::time::Duration;

use api::{ImportChange, ImportOutcome, ImportProblem, Imported, ImportedRow};
use domain::TenantId;
use store::NotesChange;
use tokio::time::Instant;

use super::{
    plan::{Change, Planned, Todo},
    values::{Fault, Values},
};
use crate::{
    call::Call,
    error::Answer,
    tenants::{Desk, create, update},
};

/// Characters of a value that a dry run shows.
const SHOWN: usize = 200;
/// How long rows are done: an answer has to come before whoever waits for it gives up.
const LONGEST: Duration = Duration::from_secs(20);
/// New tenants in one transaction; others wait for it on SQLite.
const AT_ONCE: usize = 50;

/// What it would come to.
pub(super) fn looked_at(planned: &[Planned]) -> Imported {
    let row = |planned: &Planned| {
        let (outcome, changes, problems) = match &planned.todo {
            Todo::Make(_) => (ImportOutcome::Made, Vec::new(), Vec::new()),
            Todo::Change(_, change) => (ImportOutcome::Changed, changes(change), Vec::new()),
            Todo::Nothing => (ImportOutcome::Same, Vec::new(), Vec::new()),
            Todo::Refuse(faults) => (ImportOutcome::Refused, Vec::new(), problems(faults)),
        };
        let Planned { at, id, ref name, .. } = *planned;
        ImportedRow { line: at, id, name: name.clone(), outcome, changes, problems }
    };
    counted(true, planned.iter().map(row).collect())
}

/// Does it, for as long as an answer may take; rows that are not reached by then say so.
pub(super) async fn carry_out(call: &Call, planned: Vec<Planned>) -> Imported {
    let begun = Instant::now();
    let mut rows = Vec::new();
    let mut planned = planned.into_iter().peekable();
    while let Some(one) = planned.next() {
        if begun.elapsed() >= LONGEST {
            rows.push(late(one));
            continue;
        }
        let plain = is_plain(&one);
        let mut some = vec![one];
        while plain && some.len() < AT_ONCE && planned.peek().is_some_and(is_plain) {
            some.extend(planned.next());
        }
        let made = if plain { together(call, &some).await } else { None };
        if let Some(made) = made {
            rows.extend(made);
            continue;
        }
        for one in some {
            rows.push(alone(call, one).await);
        }
    }
    counted(false, rows)
}

/// Whether it makes a tenant by what a new one is given.
fn is_plain(planned: &Planned) -> bool {
    matches!(&planned.todo, Todo::Make(values) if values.retention.flatten().is_none())
}

/// Makes new tenants in one transaction, which a disk waits for once; `None` where that cannot be, and nothing was done.
async fn together(call: &Call, some: &[Planned]) -> Option<Vec<ImportedRow>> {
    let (packs, now) = (call.app.supervisor.packs(), call.app.now());
    let new = some.iter().map(|planned| match &planned.todo {
        Todo::Make(values) => Some((create::check(&packs, values.create(), now).ok()?, values.notes())),
        Todo::Change(..) | Todo::Nothing | Todo::Refuse(_) => None,
    });
    let new = new.collect::<Option<Vec<_>>>()?;
    let operator = call.app.store.operator().by(call.operator.actor);
    let ids = operator.create_tenants(&new).await.ok()?;
    let made = some.iter().zip(ids).map(|(planned, id)| ImportedRow {
        line: planned.at,
        id: Some(id),
        name: planned.name.clone(),
        outcome: ImportOutcome::Made,
        changes: Vec::new(),
        problems: Vec::new(),
    });
    Some(made.collect())
}

/// Does one row.
async fn alone(call: &Call, planned: Planned) -> ImportedRow {
    let Planned { at, mut id, name, todo } = planned;
    let mut problems = Vec::new();
    let outcome = match todo {
        Todo::Nothing => ImportOutcome::Same,
        Todo::Refuse(faults) => {
            problems = self::problems(&faults);
            ImportOutcome::Refused
        }
        Todo::Make(values) => match make(call, &values, &mut id).await {
            Ok(()) => ImportOutcome::Made,
            Err(error) => refused(&mut problems, error.problem()),
        },
        Todo::Change(to, change) => match self::change(call, to, *change).await {
            Ok(()) => ImportOutcome::Changed,
            Err(error) => refused(&mut problems, error.problem()),
        },
    };
    ImportedRow { line: at, id, name, outcome, changes: Vec::new(), problems }
}

/// A row for which there was no time.
fn late(planned: Planned) -> ImportedRow {
    let Planned { at, id, name, todo } = planned;
    let (outcome, problems) = match todo {
        Todo::Nothing => (ImportOutcome::Same, Vec::new()),
        Todo::Refuse(faults) => (ImportOutcome::Refused, problems(&faults)),
        Todo::Make(_) | Todo::Change(..) => {
            (ImportOutcome::Refused, problems(&[Fault::of_row(words::importing::late().to_owned())]))
        }
    };
    ImportedRow { line: at, id, name, outcome, changes: Vec::new(), problems }
}

async fn make(call: &Call, values: &Values, id: &mut Option<TenantId>) -> Answer<()> {
    let made = create::create(call, values.create()).await?.tenant.id;
    *id = Some(made);
    if let Some(days) = values.retention.flatten() {
        let tenant = api::UpdateTenant { retention_days: Some(Some(days)), ..api::UpdateTenant::default() };
        update::update(&mut desk(call, made).await?, None, tenant).await?;
    }
    note(call, made, values.notes()).await
}

async fn change(call: &Call, id: TenantId, change: Change) -> Answer<()> {
    update::update(&mut desk(call, id).await?, None, change.tenant).await?;
    note(call, id, change.notes).await
}

async fn note(call: &Call, id: TenantId, notes: NotesChange) -> Answer<()> {
    if notes.tags.is_some() || notes.note.is_some() {
        call.app.store.tenant(id).by(call.operator.actor).save_notes(None, notes).await?;
    }
    Ok(())
}

async fn desk(call: &Call, id: TenantId) -> Answer<Desk> {
    Desk::of(call.app.clone(), call.operator.actor, id).await
}

/// What was refused only once it was tried.
fn refused(problems: &mut Vec<ImportProblem>, problem: &web::Problem) -> ImportOutcome {
    problems.push(ImportProblem { column: None, detail: problem.said("") });
    ImportOutcome::Refused
}

fn problems(faults: &[Fault]) -> Vec<ImportProblem> {
    let problem = |fault: &Fault| ImportProblem {
        column: fault.column.map(|column| column.name().to_owned()),
        detail: fault.why.clone(),
    };
    faults.iter().map(problem).collect()
}

fn changes(change: &Change) -> Vec<ImportChange> {
    let shown = |text: &String| match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.clone(),
    };
    let told = change.told.iter().map(|(column, from, to)| ImportChange {
        column: column.name().to_owned(),
        from: shown(from),
        to: shown(to),
    });
    told.collect()
}

fn counted(dry_run: bool, rows: Vec<ImportedRow>) -> Imported {
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    Imported {
        dry_run,
        made: count(ImportOutcome::Made),
        changed: count(ImportOutcome::Changed),
        same: count(ImportOutcome::Same),
        refused: count(ImportOutcome::Refused),
        rows,
    }
}
