//! Contacts that are to be forgotten and that a worker's journal may still hold.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&ORDER, &OF_CONTACT, &WAITING, &NAME, &DONE];

/// What is ordered already stays as it was ordered.
pub(crate) const ORDER: Statement = Statement::tenant(
    "erasures.order",
    &[
        "INSERT INTO contact_erasures (tenant_id, id, contact, ordered_by, created_at) VALUES ($1, $2, $3, $4, $5) \
       ON CONFLICT (tenant_id, contact) DO NOTHING",
    ],
);
pub(crate) const OF_CONTACT: Statement = Statement::tenant(
    "erasures.of_contact",
    &[
        "SELECT id, contact, number, lid, ordered_by FROM contact_erasures WHERE tenant_id = $1 AND contact = $2",
    ],
);
pub(crate) const WAITING: Statement = Statement::tenant(
    "erasures.waiting",
    &["SELECT id, contact, number, lid, ordered_by FROM contact_erasures WHERE tenant_id = $1 \
       ORDER BY created_at, id LIMIT $2"],
);
/// A name that is known already is not forgotten.
pub(crate) const NAME: Statement = Statement::tenant(
    "erasures.name",
    &["UPDATE contact_erasures SET number = COALESCE($3, number), lid = COALESCE($4, lid) \
       WHERE tenant_id = $1 AND id = $2"],
);
pub(crate) const DONE: Statement =
    Statement::tenant("erasures.done", &["DELETE FROM contact_erasures WHERE tenant_id = $1 AND id = $2"]);
