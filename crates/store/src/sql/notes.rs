//! What operators note of a tenant for themselves, and the tags by which they find it again.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &GET, &TAGS, &SAVE, &ADD_TAG, &DROP_TAGS, &NEW_NOTE, &NEW_TAG, &TAGGED, &TAGS_OF, &NOTES_OF, &MOST_USED,
];

pub(crate) const GET: Statement = Statement::tenant(
    "notes.get",
    &["SELECT version, note, updated_at FROM tenant_notes WHERE tenant_id = $1"],
);
pub(crate) const TAGS: Statement =
    Statement::tenant("notes.tags", &["SELECT tag FROM tenant_tags WHERE tenant_id = $1 ORDER BY tag"]);
/// The caller has the tenant's row, and has seen which version stands.
pub(crate) const SAVE: Statement = Statement::tenant(
    "notes.save",
    &["INSERT INTO tenant_notes (tenant_id, id, version, note, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $5) \
       ON CONFLICT (tenant_id) DO UPDATE SET version = $3, note = $4, updated_at = $5"],
);
pub(crate) const ADD_TAG: Statement = Statement::tenant(
    "notes.add_tag",
    &["INSERT INTO tenant_tags (tenant_id, id, tag, created_at) VALUES ($1, $2, $3, $4) \
       ON CONFLICT (tenant_id, tag) DO NOTHING"],
);
/// Of a tenant that is made in one transaction with others.
pub(crate) const NEW_NOTE: Statement = SAVE.across("notes.new_note");
pub(crate) const NEW_TAG: Statement = ADD_TAG.across("notes.new_tag");
/// `$2` those that stay, as a JSON array.
pub(crate) const DROP_TAGS: Statement = Statement::tenant(
    "notes.drop_tags",
    &["DELETE FROM tenant_tags WHERE tenant_id = $1 AND NOT (tag IN (SELECT value FROM json_each($2)))"],
);
/// Which tenants have a tag.
pub(crate) const TAGGED: Statement =
    Statement::operator("notes.tagged", &["SELECT tenant_id FROM tenant_tags WHERE tag = $1"]);
/// `$1` ids, as a JSON array.
pub(crate) const TAGS_OF: Statement = Statement::operator(
    "notes.tags_of",
    &["SELECT tenant_id, tag FROM tenant_tags WHERE tenant_id IN (SELECT value FROM json_each($1)) \
       ORDER BY tenant_id, tag"],
);
/// `$1` ids, as a JSON array.
pub(crate) const NOTES_OF: Statement = Statement::operator(
    "notes.notes_of",
    &["SELECT tenant_id, note FROM tenant_notes WHERE tenant_id IN (SELECT value FROM json_each($1))"],
);
/// The tags that most tenants have, `$1` of them.
pub(crate) const MOST_USED: Statement = Statement::operator(
    "notes.most_used",
    &["SELECT tag, COUNT(*) FROM tenant_tags GROUP BY tag ORDER BY COUNT(*) DESC, tag LIMIT $1"],
);
