//! What a table of tenants would do, row by row, where nothing else changes meanwhile. Looks things up and changes nothing.

use std::collections::{HashMap, HashSet};

use domain::{TenantId, limits::PAGE_MAX_ROWS};
use store::{NotesChange, PageRequest, TenantDetail, TenantFilter};

use super::{
    column::Column,
    read::Line,
    values::{Fault, Values},
};
use crate::{App, error::Answer};

/// One row, and what is to be done with it.
pub(super) struct Planned {
    pub(super) at: u64,
    pub(super) id: Option<TenantId>,
    pub(super) name: String,
    pub(super) todo: Todo,
}

/// What is to be done.
pub(super) enum Todo {
    Make(Box<Values>),
    Change(TenantId, Box<Change>),
    /// It is so already.
    Nothing,
    Refuse(Vec<Fault>),
}

/// What a tenant that is there is given.
#[derive(Default)]
pub(super) struct Change {
    pub(super) tenant: api::UpdateTenant,
    pub(super) notes: NotesChange,
    pub(super) told: Vec<(Column, String, String)>,
}

/// Plans a table.
pub(super) async fn plan(app: &App, lines: Vec<Line>) -> Answer<Vec<Planned>> {
    let packs = app.supervisor.packs();
    let known = Known::of(app, lines.iter().filter_map(Values::id_of).collect()).await?;
    let mut read = Vec::new();
    for line in lines {
        let (at, stands) = (line.at, Values::id_of(&line).and_then(|id| known.details.get(&id)));
        let (values, faults) = Values::read(&packs, stands, line);
        read.push((at, stands, values, faults));
    }
    let taken = Taken::of(app, read.iter().map(|(_, _, values, _)| values)).await?;
    let (mut numbers, mut ids, mut names) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut planned = Vec::new();
    for (at, stands, values, mut faults) in read {
        match (values.id, stands) {
            (Some(_), None) => faults.push(Fault::of(Column::Id, words::importing::no_tenant())),
            (Some(id), Some(_)) => {
                if let Some(line) = ids.insert(id, at) {
                    faults.push(Fault::of(Column::Id, words::importing::twice(line)));
                }
            }
            (None, _) if values.name.is_none() && faults.is_empty() => {
                faults.push(Fault::of(Column::Name, words::importing::no_name()));
            }
            (None, _) => {}
        }
        if let Some(number) = values.number() {
            if let Some(line) = numbers.insert(number.as_str().to_owned(), at) {
                faults.push(Fault::of(Column::PhoneNumber, words::importing::twice(line)));
            } else if let Some((id, name)) = taken.numbers.get(number.as_str())
                && Some(*id) != values.id
            {
                faults.push(Fault::of(Column::PhoneNumber, words::tenants::number_taken(name, *id)));
            }
        }
        if let Some(name) = values.told_by_name_alone() {
            if let Some(line) = names.insert(name.to_lowercase(), at) {
                faults.push(Fault::of(Column::Name, words::importing::twice(line)));
            } else if taken.names.contains(&name.to_lowercase()) {
                faults.push(Fault::of(Column::Name, words::importing::there_already()));
            }
        }
        let name = stands.map(|detail| detail.tenant.name.clone());
        let name = name.or_else(|| values.name.clone()).unwrap_or_default();
        let id = values.id;
        let todo = match stands {
            _ if !faults.is_empty() => Todo::Refuse(faults),
            Some(detail) => {
                let (tags, note) = known.noted(detail.tenant.id);
                match values.change(detail, tags, note) {
                    change if change.told.is_empty() => Todo::Nothing,
                    change => Todo::Change(detail.tenant.id, Box::new(change)),
                }
            }
            None => Todo::Make(Box::new(values)),
        };
        planned.push(Planned { at, id, name, todo });
    }
    Ok(planned)
}

/// What of a table's numbers and names tenants have already.
struct Taken {
    numbers: HashMap<String, (TenantId, String)>,
    names: HashSet<String>,
}

impl Taken {
    async fn of<'a>(app: &App, all: impl Iterator<Item = &'a Values> + Clone) -> Answer<Self> {
        let operator = app.store.operator();
        let numbers: Vec<_> = all.clone().filter_map(Values::number).collect();
        let names: Vec<_> = all.filter_map(Values::told_by_name_alone).collect();
        Ok(Self {
            numbers: operator.declared_by(&numbers).await?,
            names: operator.names_among(&names).await?,
        })
    }
}

/// The tenants that a table names, as they stand.
#[derive(Default)]
struct Known {
    details: HashMap<TenantId, TenantDetail>,
    tags: HashMap<TenantId, Vec<String>>,
    notes: HashMap<TenantId, String>,
}

impl Known {
    async fn of(app: &App, ids: Vec<TenantId>) -> Answer<Self> {
        let operator = app.store.operator();
        let mut known = Self::default();
        for some in ids.chunks(PAGE_MAX_ROWS as usize) {
            let filter = TenantFilter { ids: Some(some.to_vec()), ..TenantFilter::default() };
            let page = PageRequest { limit: PAGE_MAX_ROWS, before: None };
            let found = operator.list_tenants(&filter, page).await?.items;
            known.details.extend(found.into_iter().map(|detail| (detail.tenant.id, detail)));
            known.tags.extend(operator.tags_of(some).await?);
            known.notes.extend(operator.notes_of(some).await?);
        }
        Ok(known)
    }

    fn noted(&self, id: TenantId) -> (&[String], &str) {
        let tags = self.tags.get(&id).map(Vec::as_slice).unwrap_or_default();
        (tags, self.notes.get(&id).map(String::as_str).unwrap_or_default())
    }
}
