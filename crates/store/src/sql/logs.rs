//! The conversation log and how far journals are committed.

use super::Statement;
use crate::rows::{LOG, MEASURED};

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &OPEN_JOURNAL,
    &INSERT,
    &ACKNOWLEDGE,
    &ACKNOWLEDGED,
    &REFUSED,
    &PAGE,
    &AFTER,
    &LAST,
    &CHAT,
    &CHAT_AFTER,
    &CHATS,
    &COUNT_OF_CONTACT,
    &COUNT_BETWEEN,
    &SEARCH,
    &HAS_WRITTEN,
    &TAKE_PLACES,
    &REMOVE_TEXT,
    &DELIVERED,
    &PRUNE,
    &ERASE,
    &USAGE,
    &TRAFFIC,
    &REPLY_TIMES,
];

/// Takes the journal's row (made where it is new), so that two batches of one journal come one after the other.
pub(crate) const OPEN_JOURNAL: Statement = Statement::tenant(
    "logs.open_journal",
    &[
        "INSERT INTO journals (tenant_id, id, acknowledged, created_at, updated_at) VALUES ($1, $2, 0, $3, $3) \
       ON CONFLICT (tenant_id, id) DO UPDATE SET updated_at = $3 RETURNING acknowledged",
    ],
);
pub(crate) const INSERT: Statement = Statement::tenant(
    "logs.insert",
    &["INSERT INTO message_logs (tenant_id, id, direction, from_number, to_number, contact, message_text, \
       wa_message_id, silence, created_at, seq, sent_at, about, delivery, writer, opted_out) \
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
       ON CONFLICT (tenant_id, id) DO NOTHING"],
);
pub(crate) const ACKNOWLEDGE: Statement = Statement::tenant(
    "logs.acknowledge",
    &["UPDATE journals SET acknowledged = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2"],
);
/// `$2` rows more that the database refuses for good.
pub(crate) const REFUSED: Statement = Statement::tenant(
    "logs.refused",
    &[
        "UPDATE worker_processes SET refused_log_rows = refused_log_rows + $2, updated_at = $3 WHERE tenant_id = $1",
    ],
);
pub(crate) const ACKNOWLEDGED: Statement = Statement::tenant(
    "logs.acknowledged",
    &["SELECT acknowledged FROM journals WHERE tenant_id = $1 AND id = $2"],
);
/// What stands before and behind the choice of rows: they are measured first, newest first, and then read as far as
/// an answer goes.
const NEWEST: [&str; 2] = [
    " FROM (SELECT tenant_id, seq, SUM(bytes) OVER (ORDER BY seq DESC) - bytes AS sofar FROM (SELECT ",
    " ORDER BY seq DESC LIMIT $3) AS found) AS m \
     JOIN message_logs l ON l.tenant_id = m.tenant_id AND l.seq = m.seq ORDER BY l.seq DESC",
];
/// `$2` where the page before ended, `$3` rows.
pub(crate) const PAGE: Statement = Statement::tenant(
    "logs.page",
    &["SELECT ", LOG, NEWEST[0], MEASURED, " WHERE tenant_id = $1 AND seq < $2", NEWEST[1]],
);
/// `$2` behind which place, `$3` rows; the oldest first.
pub(crate) const AFTER: Statement = Statement::tenant(
    "logs.after",
    &[
        "SELECT ",
        LOG,
        " FROM (SELECT tenant_id, seq, SUM(bytes) OVER (ORDER BY seq) - bytes AS sofar FROM (SELECT ",
        MEASURED,
        " WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS found) AS m \
         JOIN message_logs l ON l.tenant_id = m.tenant_id AND l.seq = m.seq ORDER BY l.seq",
    ],
);
/// The place of the newest row; 0 where there is none.
pub(crate) const LAST: Statement =
    Statement::tenant("logs.last", &["SELECT COALESCE(MAX(seq), 0) FROM message_logs WHERE tenant_id = $1"]);
pub(crate) const CHAT: Statement = Statement::tenant(
    "logs.chat",
    &["SELECT ", LOG, NEWEST[0], MEASURED, " WHERE tenant_id = $1 AND seq < $2 AND contact = $4", NEWEST[1]],
);
/// `$2` behind which place, `$3` rows, `$4` the contact; the oldest first.
pub(crate) const CHAT_AFTER: Statement = Statement::tenant(
    "logs.chat_after",
    &[
        "SELECT ",
        LOG,
        " FROM (SELECT tenant_id, seq, SUM(bytes) OVER (ORDER BY seq) - bytes AS sofar FROM (SELECT ",
        MEASURED,
        " WHERE tenant_id = $1 AND seq > $2 AND contact = $4 ORDER BY seq LIMIT $3) AS found) AS m \
         JOIN message_logs l ON l.tenant_id = m.tenant_id AND l.seq = m.seq ORDER BY l.seq",
    ],
);
/// `$2` rows of which each contact's newest is wanted, the newest first. No more of a text is read than a list shows.
pub(crate) const CHATS: Statement = Statement::tenant(
    "logs.chats",
    &["SELECT SUBSTR(contact, 1, 128), SUBSTR(message_text, 1, 60), created_at FROM message_logs \
       WHERE tenant_id = $1 ORDER BY seq DESC LIMIT $2"],
);
/// How many rows `$2` contact has.
pub(crate) const COUNT_OF_CONTACT: Statement = Statement::tenant(
    "logs.count_of_contact",
    &["SELECT COUNT(*) FROM message_logs WHERE tenant_id = $1 AND contact = $2"],
);
/// Customers' messages from `$2` until before `$3`.
pub(crate) const COUNT_BETWEEN: Statement = Statement::tenant(
    "logs.count_between",
    &["SELECT COUNT(*) FROM message_logs WHERE tenant_id = $1 AND direction = 'IN' AND created_at >= $2 \
       AND created_at < $3"],
);
/// `$2` where the page before ended, `$3` rows, `$4` and `$5` from when until before when, `$6` contact or NULL, `$7`
/// pattern or NULL.
pub(crate) const SEARCH: Statement = Statement::tenant(
    "logs.search",
    &[
        "SELECT ",
        LOG,
        NEWEST[0],
        MEASURED,
        " WHERE tenant_id = $1 AND seq < $2 AND created_at >= $4 \
       AND created_at < $5 AND (CAST($6 AS TEXT) IS NULL OR contact = $6) \
       AND (CAST($7 AS TEXT) IS NULL OR LOWER(SUBSTR(message_text, 1, 65536)) LIKE $7 ESCAPE '!')",
        NEWEST[1],
    ],
);
pub(crate) const HAS_WRITTEN: Statement = Statement::tenant(
    "logs.has_written",
    &["SELECT COUNT(*) FROM (SELECT 1 FROM message_logs WHERE tenant_id = $1 AND contact = $2 \
       AND direction = 'IN' LIMIT 1) AS one"],
);
/// Sets `$2` places of the tenant's log aside, so that two batches take turns; the last of them, and the own number.
pub(crate) const TAKE_PLACES: Statement = Statement::tenant(
    "logs.take_places",
    &[
        "UPDATE whatsapp_sessions SET log_seq = log_seq + $2 WHERE tenant_id = $1 RETURNING log_seq, linked_number",
    ],
);
/// Takes the text out of the message `$3` in the chat with the contact `$2`, which went the way `$5`, and of its corrections,
/// but not out of the row `$4`, which says that it was taken back.
pub(crate) const REMOVE_TEXT: Statement = Statement::tenant(
    "logs.remove_text",
    &["UPDATE message_logs SET message_text = '[deleted]' WHERE tenant_id = $1 AND contact = $2 \
       AND direction = $5 AND (wa_message_id = $3 OR about = $3) AND id <> $4"],
);
/// Notes that the message of the row `$2` has come as far as `$3`, and with `$4` why no farther: of a message of ours alone, and
/// only where what is known is nothing or among `$5`, which is less far.
pub(crate) const DELIVERED: Statement = Statement::tenant(
    "logs.delivered",
    &["UPDATE message_logs SET delivery = $3, delivery_reason = $4 WHERE tenant_id = $1 AND id = $2 \
       AND direction = 'OUT' AND (delivery IS NULL OR CAST($5 AS TEXT) LIKE '% ' || delivery || ' %')"],
);
/// `$2` what is older goes, `$3` rows at most.
pub(crate) const PRUNE: Statement = Statement::tenant(
    "logs.prune",
    &["DELETE FROM message_logs WHERE tenant_id = $1 AND id IN (SELECT id FROM message_logs \
       WHERE tenant_id = $1 AND created_at < $2 ORDER BY created_at, id LIMIT $3)"],
);
/// `$2` contact, `$3` rows at most.
pub(crate) const ERASE: Statement = Statement::tenant(
    "logs.erase",
    &["DELETE FROM message_logs WHERE tenant_id = $1 AND id IN (SELECT id FROM message_logs \
       WHERE tenant_id = $1 AND contact = $2 LIMIT $3)"],
);
/// Messages of each tenant from `$1` until before `$2`.
pub(crate) const USAGE: Statement = Statement::operator(
    "logs.usage",
    &["SELECT t.id, t.name, COALESCE(SUM(CASE WHEN l.direction = 'IN' THEN 1 ELSE 0 END), 0), \
       COALESCE(SUM(CASE WHEN l.direction = 'OUT' THEN 1 ELSE 0 END), 0) FROM tenants t \
       LEFT JOIN message_logs l ON l.tenant_id = t.id AND l.created_at >= $1 AND l.created_at < $2 \
       GROUP BY t.id, t.name ORDER BY t.name, t.id"],
);
/// Messages of all tenants from `$1` until before `$2`, in steps of `$3` milliseconds: the step, received, replies. What the
/// owner wrote on the phone and what the bot says unasked, like a reminder, is no reply.
pub(crate) const TRAFFIC: Statement = Statement::operator(
    "logs.traffic",
    &["SELECT (l.created_at - CAST($1 AS BIGINT)) / CAST($3 AS BIGINT), \
       CAST(SUM(CASE WHEN l.direction = 'IN' THEN 1 ELSE 0 END) AS BIGINT), \
       CAST(SUM(CASE WHEN l.direction = 'OUT' AND COALESCE(l.writer, 'BOT') IN ('BOT', 'PERSON') THEN 1 ELSE 0 END) \
       AS BIGINT) FROM tenants t JOIN message_logs l ON l.tenant_id = t.id AND l.created_at >= $1 AND l.created_at < $2 GROUP BY 1 ORDER BY 1"],
);
/// How long replies took in the same steps: the step, quarters of a second (240 for a minute and more), how many. A reply is
/// what goes out right after a message came in, neither a reminder nor what was written on the owner's phone; a person who
/// answers hours later does not move the middle.
pub(crate) const REPLY_TIMES: Statement = Statement::operator(
    "logs.reply_times",
    &["SELECT (at - CAST($1 AS BIGINT)) / CAST($3 AS BIGINT) AS step, \
         CASE WHEN took >= 60000 THEN 240 WHEN took < 0 THEN 0 ELSE took / 250 END AS quarters, COUNT(*) FROM \
         (SELECT l.created_at AS at, l.direction AS direction, l.writer AS writer, \
           l.created_at - LAG(l.created_at) OVER (PARTITION BY l.tenant_id, l.contact ORDER BY l.seq) AS took, \
           LAG(l.direction) OVER (PARTITION BY l.tenant_id, l.contact ORDER BY l.seq) AS before FROM tenants t \
           JOIN message_logs l ON l.tenant_id = t.id AND l.created_at >= $1 AND l.created_at < $2) AS pairs \
         WHERE direction = 'OUT' AND before = 'IN' AND COALESCE(writer, 'BOT') IN ('BOT', 'PERSON') GROUP BY 1, 2 ORDER BY 1, 2"],
);
