//! What is noted of customers, and customers out of the log with all that is known of each.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&PAGE, &GET, &PUT, &ERASE, &PRUNE];

/// The state that follows from records where nobody has set one.
const STATE: &str = "CASE WHEN c.state IS NOT NULL THEN c.state \
     WHEN EXISTS (SELECT 1 FROM records r WHERE r.tenant_id = $1 AND r.contact = g.contact AND r.open = 1) THEN 'CONFIRMED' \
     WHEN EXISTS (SELECT 1 FROM records r WHERE r.tenant_id = $1 AND r.contact = g.contact) THEN 'DONE' ELSE 'NEW' END";
/// What is read of each; `g` has the contact and the place of the newest line. Whether somebody wants no messages is said by the
/// newest of their messages that the bot has either answered or kept quiet about for that reason: it may have been answered with
/// just that.
const COLUMNS: &str = "SUBSTR(g.contact, 1, 128), g.seq, l.id, l.direction, SUBSTR(l.message_text, 1, 160), l.created_at, \
     COALESCE((SELECT CASE WHEN m.silence IS NULL AND COALESCE(m.opted_out, 0) = 0 THEN 0 ELSE 1 END FROM message_logs m WHERE m.tenant_id = $1 \
     AND m.contact = g.contact AND m.direction = 'IN' AND m.about IS NULL \
     AND (m.silence IS NULL OR m.silence = 'opted_out') ORDER BY m.seq DESC LIMIT 1), 0), SUBSTR(c.name, 1, 240), c.state, SUBSTR(c.note, 1, 2000), \
     (SELECT COUNT(*) FROM records r WHERE r.tenant_id = $1 AND r.contact = g.contact AND r.open = 1), \
     (SELECT COUNT(*) FROM records r WHERE r.tenant_id = $1 AND r.contact = g.contact), \
     (SELECT CASE WHEN OCTET_LENGTH(r.body) <= 65536 THEN r.body ELSE '{}' END FROM records r \
     WHERE r.tenant_id = $1 AND r.contact = g.contact ORDER BY r.changed_at DESC, r.id DESC LIMIT 1), ";
/// Joined to the newest line and to what is noted.
const JOINED: &str = " AS g JOIN message_logs l ON l.tenant_id = $1 AND l.seq = g.seq \
     LEFT JOIN customers c ON c.tenant_id = $1 AND c.contact = g.contact ";

/// `$2` where the page before ended, `$3` rows, `$4` state or NULL, `$5` pattern or NULL, `$6` whether texts are searched.
pub(crate) const PAGE: Statement = Statement::tenant(
    "customers.page",
    &[
        "SELECT ",
        COLUMNS,
        STATE,
        " FROM (SELECT contact, MAX(seq) AS seq FROM message_logs WHERE tenant_id = $1 GROUP BY contact)",
        JOINED,
        "WHERE g.seq < $2 AND (CAST($4 AS TEXT) IS NULL OR $4 = ",
        STATE,
        ") AND (CAST($5 AS TEXT) IS NULL OR LOWER(SUBSTR(g.contact, 1, 128)) LIKE $5 ESCAPE '!' \
         OR LOWER(c.name) LIKE $5 ESCAPE '!' OR LOWER(c.note) LIKE $5 ESCAPE '!' \
         OR EXISTS (SELECT 1 FROM records r WHERE r.tenant_id = $1 AND r.contact = g.contact \
         AND LOWER(r.found_by) LIKE $5 ESCAPE '!') \
         OR (CAST($6 AS BIGINT) = 1 AND EXISTS (SELECT 1 FROM message_logs m WHERE m.tenant_id = $1 \
         AND m.contact = g.contact AND LOWER(SUBSTR(m.message_text, 1, 65536)) LIKE $5 ESCAPE '!'))) \
         ORDER BY g.seq DESC LIMIT $3",
    ],
);
/// `$2` contact.
pub(crate) const GET: Statement = Statement::tenant(
    "customers.get",
    &[
        "SELECT ",
        COLUMNS,
        STATE,
        " FROM (SELECT contact, MAX(seq) AS seq FROM message_logs WHERE tenant_id = $1 AND contact = $2 GROUP BY contact)",
        JOINED,
    ],
);
pub(crate) const PUT: Statement = Statement::tenant(
    "customers.put",
    &["INSERT INTO customers (tenant_id, id, contact, name, state, note, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
       ON CONFLICT (tenant_id, contact) DO UPDATE SET name = $4, state = $5, note = $6, updated_at = $7"],
);
pub(crate) const ERASE: Statement =
    Statement::tenant("customers.erase", &["DELETE FROM customers WHERE tenant_id = $1 AND contact = $2"]);
/// `$2` what was last noted before goes, where nothing else is left of the customer; `$3` rows at most.
pub(crate) const PRUNE: Statement = Statement::tenant(
    "customers.prune",
    &["DELETE FROM customers WHERE tenant_id = $1 AND id IN (SELECT c.id FROM customers c \
       WHERE c.tenant_id = $1 AND c.updated_at < $2 \
       AND NOT EXISTS (SELECT 1 FROM message_logs l WHERE l.tenant_id = $1 AND l.contact = c.contact) \
       AND NOT EXISTS (SELECT 1 FROM records r WHERE r.tenant_id = $1 AND r.contact = c.contact) \
       ORDER BY c.updated_at, c.id LIMIT $3)"],
);
