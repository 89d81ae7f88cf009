//! What the cells of one row say, each checked as its field is where a person types it.

use domain::{Language, PackId, Phone, Tag, TenantId, UnknownLabel, parse_label};
use replies::Packs;
use store::{NotesChange, TenantDetail};
use web::Problem;

use super::{column::Column, plan::Change, read::Line};
use crate::{checks, packs, tenants::notes};

/// What is wrong with a row.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) column: Option<Column>,
    pub(super) why: String,
}

impl Fault {
    /// Of one cell.
    pub(super) fn of(column: Column, why: impl Into<String>) -> Self {
        Self { column: Some(column), why: why.into() }
    }

    /// Of the row as a whole.
    pub(super) const fn of_row(why: String) -> Self {
        Self { column: None, why }
    }

    /// As a problem says it, with the column's label in the place of the field's name.
    pub(super) fn told(column: Option<Column>, problem: &Problem) -> Self {
        Self { column, why: problem.said(column.map(Column::label).unwrap_or_default()) }
    }
}

/// What a row says; `None` where the table has no such column, or says nothing there that could stand.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) id: Option<TenantId>,
    pub(super) name: Option<String>,
    pub(super) phone: Option<Option<Phone>>,
    pub(super) pack: Option<PackId>,
    pub(super) display: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) timezone: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) retention: Option<Option<u32>>,
    pub(super) rate: Option<Option<u32>>,
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) note: Option<String>,
}

impl Values {
    /// Which tenant a row names.
    pub(super) fn id_of(line: &Line) -> Option<TenantId> {
        let id = line.cells.iter().find(|(column, _)| *column == Column::Id);
        id.and_then(|(_, cell)| cell.trim().parse().ok())
    }

    /// The number that it gives.
    pub(super) fn number(&self) -> Option<&Phone> {
        self.phone.as_ref()?.as_ref()
    }

    /// The name of a new tenant that has no number: nothing else would tell the second of two that are sent by mistake.
    pub(super) fn told_by_name_alone(&self) -> Option<&str> {
        self.name.as_deref().filter(|_| self.id.is_none() && self.number().is_none())
    }

    /// Reads a row, and all that is wrong with it; `stands` is the tenant that it names.
    pub(super) fn read(packs: &Packs, stands: Option<&TenantDetail>, line: Line) -> (Self, Vec<Fault>) {
        let (mut values, mut faults) = (Self::default(), Vec::new());
        for (column, cell) in line.cells {
            // A pack may stay although this installation does not have it any more.
            let stays = stands.is_some_and(|detail| detail.config.template_type.as_str() == cell.trim());
            if column == Column::TemplateType && stays {
                continue;
            }
            if let Err(problem) = values.take(packs, column, &cell) {
                faults.push(Fault::told(Some(column), &problem));
            }
        }
        match line.fault {
            // In which column anything stands is not sure then.
            Some(why) => (Self { name: values.name, ..Self::default() }, vec![Fault::of_row(why)]),
            None => (values, faults),
        }
    }

    fn take(&mut self, packs: &Packs, column: Column, cell: &str) -> Result<(), Problem> {
        let given = Some(cell.trim()).filter(|cell| !cell.is_empty());
        match column {
            Column::Id => {
                let wrong = |_: domain::InvalidId| Problem::invalid_field("id", words::checks::id("id"));
                self.id = given.map(|id| id.parse().map_err(wrong)).transpose()?;
            }
            Column::Name => self.name = given.map(checks::name).transpose()?,
            Column::PhoneNumber => {
                let phone = given.map(|number| checks::phone("phone_number", number)).transpose()?;
                self.phone = Some(phone);
            }
            Column::TemplateType => {
                let read = |pack: &str| packs::read(packs, "template_type", &pack.to_uppercase());
                self.pack = given.map(read).transpose()?;
            }
            Column::BusinessName => self.display = given.map(checks::business_name).transpose()?,
            Column::Language => {
                let wrong = |error: UnknownLabel| Problem::invalid_field("language", error.to_string());
                let read = |word: &str| parse_label(&word.to_uppercase()).map_err(wrong);
                self.language = given.map(read).transpose()?;
            }
            Column::Timezone => self.timezone = given.map(checks::timezone).transpose()?,
            Column::Currency => {
                self.currency = given.map(|code| checks::currency(&code.to_uppercase())).transpose()?;
            }
            Column::RetentionDays => self.retention = Some(checks::retention_text(cell)?),
            Column::RateLimitPerMinute => {
                let limit = checks::rate_limit_text(cell)?;
                self.rate = Some(limit.map(checks::rate_limit).transpose()?);
            }
            Column::Tags => self.tags = Some(notes::typed(cell)?),
            Column::Note => self.note = Some(notes::text(cell)?),
        }
        Ok(())
    }

    /// What makes the tenant of this row.
    pub(super) fn create(&self) -> api::CreateTenant {
        api::CreateTenant {
            name: self.name.clone().unwrap_or_default(),
            phone_number: self.phone.clone().flatten().map(|phone| phone.to_string()),
            timezone: self.timezone.clone(),
            currency: self.currency.clone(),
            config: self.rate.map(|rate| api::ConfigInput {
                rate_limit_per_minute: Some(rate),
                ..api::ConfigInput::default()
            }),
            template_type: self.pack.map(|pack| pack.to_string()),
            business_name: self.display.clone(),
            language: self.language,
        }
    }

    /// What is noted of it.
    pub(super) fn notes(&self) -> NotesChange {
        NotesChange { tags: self.tags.clone(), note: self.note.clone() }
    }

    /// What is otherwise in the tenant that stands, and what changes it.
    pub(super) fn change(self, stands: &TenantDetail, tags: &[String], note: &str) -> Change {
        let (tenant, config) = (&stands.tenant, &stands.config);
        let mut change = Change::default();
        let told = &mut change.told;
        let mut other = |column, from: String, to: String| {
            let differs = from != to;
            if differs {
                told.push((column, from, to));
            }
            differs
        };
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let phone = |phone: Option<&Phone>| phone.map(ToString::to_string).unwrap_or_default();
        let to = &mut change.tenant;
        to.name = self.name.filter(|name| other(Column::Name, tenant.name.clone(), name.clone()));
        let numbered = self
            .phone
            .filter(|to| other(Column::PhoneNumber, phone(tenant.phone_number.as_ref()), phone(to.as_ref())));
        to.phone_number = numbered.map(|number| number.map(|number| number.to_string()));
        to.timezone =
            self.timezone.filter(|zone| other(Column::Timezone, tenant.timezone.clone(), zone.clone()));
        to.currency =
            self.currency.filter(|code| other(Column::Currency, tenant.currency.clone(), code.clone()));
        let kept = self.retention;
        to.retention_days =
            kept.filter(|days| other(Column::RetentionDays, number(tenant.retention_days), number(*days)));
        let pack = self.pack.map(|pack| pack.to_string());
        let input = api::ConfigInput {
            template_type: pack
                .filter(|pack| other(Column::TemplateType, config.template_type.to_string(), pack.clone())),
            business_name: self
                .display
                .filter(|name| other(Column::BusinessName, config.business_name.clone(), name.clone())),
            language: self
                .language
                .filter(|word| other(Column::Language, config.language.to_string(), word.to_string())),
            rate_limit_per_minute: self.rate.filter(|limit| {
                other(Column::RateLimitPerMinute, number(config.rate_limit_per_minute), number(*limit))
            }),
            ..api::ConfigInput::default()
        };
        to.config = Some(input);
        let typed = |tags: &Vec<Tag>| tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ");
        change.notes.tags = self.tags.filter(|to| other(Column::Tags, tags.join(", "), typed(to)));
        change.notes.note = self.note.filter(|to| other(Column::Note, note.to_owned(), to.clone()));
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_that_is_wrong_is_named_by_its_label() {
        let wrong = [
            (Column::Id, "17"),
            (Column::Name, "x\u{7}"),
            (Column::PhoneNumber, "0712"),
            (Column::TemplateType, "shop"),
            (Column::BusinessName, "x\u{7}"),
            (Column::Language, "FR"),
            (Column::Timezone, "Mars"),
            (Column::Currency, "shilling"),
            (Column::RetentionDays, "long"),
            (Column::RateLimitPerMinute, "0"),
            (Column::Tags, "a\u{7}"),
            (Column::Note, "a\u{7}"),
        ];
        let cells = wrong.iter().map(|(column, cell)| (*column, (*cell).to_owned())).collect();
        let line = Line { at: 2, cells, fault: None };
        let (_, faults) = Values::read(&Packs::default(), None, line);
        let named: Vec<_> = faults.iter().filter_map(|fault| fault.column).collect();
        assert_eq!(named, wrong.map(|(column, _)| column));
        assert!(faults.iter().all(|fault| !fault.why.contains('`')), "{faults:?}");
        assert!(faults[5].why.contains("EN"), "{faults:?}");
    }
}
