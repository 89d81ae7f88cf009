//! What operators note of a tenant for themselves: tags by which they find it again, and a text. Nothing that serves its own
//! people or its worker may read it.

pub(crate) mod replace;
pub(crate) mod save;
pub(crate) mod show;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    InvalidTag, Tag,
    limits::{PRIVATE_NOTE_MAX_CHARS, TAG_MAX_CHARS, TAGS_MAX},
};
use http::header;
use serde::Deserialize;
use store::{NotesChange, StoreError, TenantNotes};
use utoipa::ToSchema;
use web::{
    Kind, Problem,
    ui::{Field, Input},
};

use super::TenantCall;
use crate::error::Answer;

/// What is noted, as the form of the tenant's page sends it. What is not sent stays; what is sent empty is emptied.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct NotesForm {
    /// At most 12, with commas between them.
    tags: Option<String>,
    /// At most 4,000 characters.
    #[schema(max_length = 4000)]
    note: Option<String>,
    /// The version that was looked at; where another has come meanwhile, nothing is changed.
    version: Option<i64>,
}

impl NotesForm {
    /// What stands.
    fn of(notes: &TenantNotes) -> Self {
        Self {
            tags: Some(notes.tags.join(", ")),
            note: Some(notes.note.clone()),
            version: Some(notes.version),
        }
    }

    fn change(&self) -> Result<NotesChange, Problem> {
        Ok(NotesChange {
            tags: self.tags.as_deref().map(typed).transpose()?,
            note: self.note.as_deref().map(text).transpose()?,
        })
    }

    /// The same on top of another version.
    fn on(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }
}

/// The card of the tenant's page.
pub(super) struct Card {
    pub(super) fields: [Field; 2],
    pub(super) version: i64,
    /// What is wrong, where no field of it is at fault.
    pub(super) wrong: Option<String>,
    /// What somebody else has saved meanwhile, where that is what is wrong.
    pub(super) stands: Option<String>,
}

impl Card {
    /// `stands` is what is noted; `typed` what was refused, and why.
    pub(super) fn of(stands: &TenantNotes, typed: Option<(&NotesForm, &Problem)>) -> Self {
        let form = typed.map_or_else(|| NotesForm::of(stands), |(form, _)| form.clone());
        let problem = typed.map(|(_, problem)| problem);
        let meanwhile = problem.is_some_and(|problem| problem.kind() == Kind::Stale);
        let field = |name, label, input, value: &Option<String>| {
            Field::new(name, label, input).value(value.clone().unwrap_or_default()).wrong(problem).optional()
        };
        let fields = [
            field("tags", words::notes::tags(), Input::TEXT, &form.tags).hint(words::notes::tags_hint()),
            field("note", words::notes::note(), Input::Area, &form.note),
        ];
        let beside = fields.iter().any(|field| field.error.is_some());
        Self {
            fields,
            version: form.version.unwrap_or_default(),
            wrong: problem.filter(|_| !beside).map(|problem| problem.detail().to_owned()),
            stands: meanwhile
                .then(|| format!("{}\n{}", stands.tags.join(", "), stands.note).trim().to_owned()),
        }
    }
}

/// Tags as a person types them, with commas between them.
pub(crate) fn typed(text: &str) -> Result<Vec<Tag>, Problem> {
    Tag::typed(text).map_err(|error| no_tag(&error))
}

/// What is wrong with tags.
pub(crate) fn no_tag(error: &InvalidTag) -> Problem {
    let detail = match error {
        InvalidTag::Empty => words::notes::tag_empty().to_owned(),
        InvalidTag::Long { tag, length } => words::notes::tag_long(tag, TAG_MAX_CHARS, length),
        InvalidTag::Sign(tag) => words::notes::tag_sign(tag),
        InvalidTag::Many(count) => words::notes::tags_many(TAGS_MAX, count),
    };
    Problem::invalid_field("tags", detail)
}

/// The text of a note: its line ends are those of Unix, and blanks at its end go.
pub(crate) fn text(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_end();
    let length = text.chars().count();
    if length > PRIVATE_NOTE_MAX_CHARS {
        let detail = words::notes::note_long(PRIVATE_NOTE_MAX_CHARS, length);
        return Err(Problem::invalid_field("note", detail));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Problem::invalid_field("note", words::notes::note_sign()));
    }
    Ok(text.to_owned())
}

/// Saves it where `seen` is the version that stands.
async fn save(call: &TenantCall, seen: Option<i64>, change: NotesChange) -> Answer<TenantNotes> {
    match call.scope.save_notes(seen, change).await {
        Ok(notes) => Ok(notes),
        Err(StoreError::Conflict { field: "version", .. }) => {
            Err(Problem::new(Kind::Stale, words::notes::stale()).with_field("version").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// A document of it with its version as an entity tag (RFC 9110).
fn tagged(notes: TenantNotes) -> Response {
    let TenantNotes { tags, note, version, updated_at } = notes;
    let tag = format!("\"{version}\"");
    ([(header::ETAG, tag)], Json(api::TenantNotes { tags, note, version, updated_at })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_lines_and_a_longest_length_and_says_what_is_wrong() {
        assert_eq!(text("one\r\ntwo\rthree\n\n ").unwrap(), "one\ntwo\nthree");
        assert!(text(&"é".repeat(PRIVATE_NOTE_MAX_CHARS)).is_ok());
        for wrong in ["é".repeat(PRIVATE_NOTE_MAX_CHARS + 1), "a\u{0}b".to_owned()] {
            assert_eq!(text(&wrong).unwrap_err().field(), Some("note"));
        }
        for wrong in ["a\u{7}", &"x".repeat(33), "1,2,3,4,5,6,7,8,9,10,11,12,13"] {
            assert_eq!(typed(wrong).unwrap_err().field(), Some("tags"), "{wrong}");
        }
    }
}
