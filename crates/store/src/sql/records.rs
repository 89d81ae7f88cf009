//! Bookings, orders, tickets and blocked hours, and how far journals' records are committed.

use super::Statement;
use crate::rows::RECORD;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &OPEN_JOURNAL,
    &PUT,
    &FORGET_CLOSED,
    &ACKNOWLEDGE,
    &ACKNOWLEDGED,
    &LAST_FIRST,
    &SOONEST_FIRST,
    &GET,
    &STILL_OPEN,
    &NUMBERS,
    &OF_CONTACT,
    &COUNT_OF_CONTACT,
    &PRUNE,
    &ERASE,
    &MARK,
];

/// Takes the journal's row (made where it is new), so that two batches of one journal come one after the other.
pub(crate) const OPEN_JOURNAL: Statement = Statement::tenant(
    "records.open_journal",
    &[
        "INSERT INTO journals (tenant_id, id, acknowledged, created_at, updated_at) VALUES ($1, $2, 0, $3, $3) \
       ON CONFLICT (tenant_id, id) DO UPDATE SET updated_at = $3 RETURNING acknowledged_records",
    ],
);
/// An older version than the one that is there changes nothing.
pub(crate) const PUT: Statement = Statement::tenant(
    "records.put",
    &[
        "INSERT INTO records (tenant_id, id, reference, number, kind, contact, version, open, state, stands_at, found_by, \
       body, changed_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
       ON CONFLICT (tenant_id, reference) DO UPDATE SET kind = $5, contact = $6, version = $7, open = $8, state = $9, \
       stands_at = $10, found_by = $11, body = $12, changed_at = $13 WHERE records.version < $7",
    ],
);
/// What was to be forgotten as soon as it would be closed.
pub(crate) const FORGET_CLOSED: Statement = Statement::tenant(
    "records.forget_closed",
    &["DELETE FROM records WHERE tenant_id = $1 AND forget = 1 AND open = 0"],
);
pub(crate) const ACKNOWLEDGE: Statement = Statement::tenant(
    "records.acknowledge",
    &["UPDATE journals SET acknowledged_records = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2"],
);
pub(crate) const ACKNOWLEDGED: Statement = Statement::tenant(
    "records.acknowledged",
    &["SELECT acknowledged_records FROM journals WHERE tenant_id = $1 AND id = $2"],
);
/// `$2` kind, `$3` and `$4` where the page before ended, `$5` rows, `$6` state or NULL, `$7` open or NULL, `$8` and `$9` from
/// when until before when, `$10` pattern or NULL.
const FILTER: &str = " FROM records r WHERE r.tenant_id = $1 AND r.kind = $2 AND r.stands_at >= $8 AND r.stands_at < $9 \
     AND (CAST($6 AS TEXT) IS NULL OR r.state = $6) AND (CAST($7 AS BIGINT) IS NULL OR r.open = $7) \
     AND (CAST($10 AS TEXT) IS NULL OR LOWER(r.found_by) LIKE $10 ESCAPE '!')";
pub(crate) const LAST_FIRST: Statement = Statement::tenant(
    "records.last_first",
    &[
        "SELECT ",
        RECORD,
        FILTER,
        " AND (r.stands_at, r.id) < ($3, $4) ORDER BY r.stands_at DESC, r.id DESC LIMIT $5",
    ],
);
pub(crate) const SOONEST_FIRST: Statement = Statement::tenant(
    "records.soonest_first",
    &["SELECT ", RECORD, FILTER, " AND (r.stands_at, r.id) > ($3, $4) ORDER BY r.stands_at, r.id LIMIT $5"],
);
pub(crate) const GET: Statement = Statement::tenant(
    "records.get",
    &["SELECT ", RECORD, " FROM records r WHERE r.tenant_id = $1 AND r.reference = $2"],
);
/// `$2` after which reference, `$3` rows.
pub(crate) const STILL_OPEN: Statement = Statement::tenant(
    "records.still_open",
    &[
        "SELECT ",
        RECORD,
        " FROM records r WHERE r.tenant_id = $1 AND r.open = 1 AND r.reference > $2 ORDER BY r.reference LIMIT $3",
    ],
);
/// The highest number of each kind.
pub(crate) const NUMBERS: Statement = Statement::tenant(
    "records.numbers",
    &["SELECT kind, MAX(number) FROM records WHERE tenant_id = $1 GROUP BY kind"],
);
/// `$2` contact, `$3` and `$4` where the page before ended, `$5` rows.
pub(crate) const OF_CONTACT: Statement = Statement::tenant(
    "records.of_contact",
    &[
        "SELECT ",
        RECORD,
        " FROM records r WHERE r.tenant_id = $1 AND r.contact = $2 AND (r.stands_at, r.id) < ($3, $4) \
         ORDER BY r.stands_at DESC, r.id DESC LIMIT $5",
    ],
);
pub(crate) const COUNT_OF_CONTACT: Statement = Statement::tenant(
    "records.count_of_contact",
    &["SELECT COUNT(*) FROM records WHERE tenant_id = $1 AND contact = $2"],
);
/// `$2` what was closed before goes, `$3` rows at most.
pub(crate) const PRUNE: Statement = Statement::tenant(
    "records.prune",
    &["DELETE FROM records WHERE tenant_id = $1 AND id IN (SELECT id FROM records \
       WHERE tenant_id = $1 AND open = 0 AND changed_at < $2 ORDER BY changed_at, id LIMIT $3)"],
);
/// `$2` contact, `$3` rows at most; open ones stay.
pub(crate) const ERASE: Statement = Statement::tenant(
    "records.erase",
    &["DELETE FROM records WHERE tenant_id = $1 AND id IN (SELECT id FROM records \
       WHERE tenant_id = $1 AND contact = $2 AND open = 0 LIMIT $3)"],
);
/// `$2` contact: what is open goes once it is closed.
pub(crate) const MARK: Statement = Statement::tenant(
    "records.mark",
    &["UPDATE records SET forget = 1 WHERE tenant_id = $1 AND contact = $2 AND open = 1"],
);
