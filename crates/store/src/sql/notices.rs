//! What people of a business are told, what was told already, and the browsers that asked for web push.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&ALL_OF, &CHOOSE, &TELL, &DUE, &SUBSCRIPTIONS, &COUNT, &SUBSCRIBE, &UNSUBSCRIBE, &DROP];

/// The people in force, with their choices where they have made any.
pub(crate) const ALL_OF: Statement = Statement::tenant(
    "notices.all_of",
    &[
        "SELECT m.user_id, m.role, SUBSTR(u.name, 1, 240), u.email, SUBSTR(u.phone, 1, 64), n.choices_json, n.daily_due, \
       COALESCE(n.told_hand_off, 0), COALESCE(n.told_removed, 0) FROM memberships m JOIN users u ON u.id = m.user_id \
       LEFT JOIN notification_choices n ON n.tenant_id = $1 AND n.user_id = m.user_id \
       WHERE m.tenant_id = $1 AND m.status = 'ACTIVE' ORDER BY m.created_at, m.id",
    ],
);
/// What was told already stays as it is.
pub(crate) const CHOOSE: Statement = Statement::tenant(
    "notices.choose",
    &[
        "INSERT INTO notification_choices (tenant_id, id, user_id, choices_json, daily_due, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $6) \
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET choices_json = $4, daily_due = $5, updated_at = $6",
    ],
);
/// `$3` the choices where there are none yet; `$4`, `$5` and `$6` what was told and is due, or NULL to leave it.
pub(crate) const TELL: Statement = Statement::tenant(
    "notices.tell",
    &[
        "INSERT INTO notification_choices (tenant_id, id, user_id, choices_json, told_hand_off, told_removed, daily_due, \
       created_at, updated_at) \
       VALUES ($1, $2, $3, $4, COALESCE($5, 0), COALESCE($6, 0), $7, $8, $8) \
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET \
       told_hand_off = COALESCE($5, notification_choices.told_hand_off), \
       told_removed = COALESCE($6, notification_choices.told_removed), \
       daily_due = COALESCE($7, notification_choices.daily_due), updated_at = $8",
    ],
);
/// Tenants of which somebody is to be told a day's summary.
pub(crate) const DUE: Statement = Statement::operator(
    "notices.due",
    &["SELECT tenant_id FROM notification_choices WHERE daily_due <= $1 GROUP BY tenant_id \
       ORDER BY MIN(daily_due), tenant_id LIMIT $2"],
);
/// `$2` whose, or NULL.
pub(crate) const SUBSCRIPTIONS: Statement = Statement::tenant(
    "notices.subscriptions",
    &["SELECT s.user_id, s.endpoint, s.public_key, s.auth_secret FROM push_subscriptions s \
       JOIN memberships m ON m.tenant_id = $1 AND m.user_id = s.user_id AND m.status = 'ACTIVE' \
       WHERE s.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR s.user_id = $2) ORDER BY s.created_at, s.id LIMIT $3"],
);
/// `$2` whose.
pub(crate) const COUNT: Statement = Statement::tenant(
    "notices.count",
    &["SELECT COUNT(*) FROM push_subscriptions WHERE tenant_id = $1 AND user_id = $2"],
);
/// A browser is one person's: whoever signed in there last.
pub(crate) const SUBSCRIBE: Statement = Statement::tenant(
    "notices.subscribe",
    &[
        "INSERT INTO push_subscriptions (tenant_id, id, user_id, endpoint, public_key, auth_secret, created_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7) \
       ON CONFLICT (tenant_id, endpoint) DO UPDATE SET user_id = $3, public_key = $5, auth_secret = $6",
    ],
);
/// `$2` whose, `$3` which.
pub(crate) const UNSUBSCRIBE: Statement = Statement::tenant(
    "notices.unsubscribe",
    &["DELETE FROM push_subscriptions WHERE tenant_id = $1 AND user_id = $2 AND endpoint = $3"],
);
/// `$2` one that the push service knows no more.
pub(crate) const DROP: Statement = Statement::tenant(
    "notices.drop",
    &["DELETE FROM push_subscriptions WHERE tenant_id = $1 AND endpoint = $2"],
);
