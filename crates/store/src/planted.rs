//! The faults that the crash driver and the tests of isolation plant in the store, where its words go to the database.
//! In a build for customers each of these functions hands back what it was given.

use std::borrow::Cow;

use crash::Canary;

use crate::db::Access;

/// A statement's text: [`Canary::DroppedPredicate`], [`Canary::DroppedTenant`] and [`Canary::ForgetAcknowledgement`].
pub(crate) fn statement(name: &str, text: Cow<'static, str>) -> Cow<'static, str> {
    match name {
        // The log is read as everybody's.
        "logs.page" | "logs.chat"
            if crash::canary(Canary::DroppedPredicate) || crash::canary(Canary::DroppedTenant) =>
        {
            text.replace("tenant_id = $1", "CAST($1 AS TEXT) IS NOT NULL").into()
        }
        // It stays where it was.
        "logs.acknowledge" if crash::canary(Canary::ForgetAcknowledgement) => {
            text.replace("acknowledged = $3", "acknowledged = acknowledged + 0 * $3").into()
        }
        _ => text,
    }
}

/// Whether records are acknowledged without being written: [`Canary::AcknowledgeRecordsUnwritten`].
pub(crate) fn loses_records() -> bool {
    crash::canary(Canary::AcknowledgeRecordsUnwritten)
}

/// Whose rows a transaction is for: [`Canary::DroppedTenant`] makes it everybody's.
pub(crate) fn access(access: Access) -> Access {
    if crash::canary(Canary::DroppedTenant) { Access { tenant: None, ..access } } else { access }
}

/// What the owner of the tables says of who may do what: [`Canary::PolicyNotForced`] excepts the owner.
pub(crate) fn policies(script: String) -> String {
    if crash::canary(Canary::PolicyNotForced) {
        return script.replace(" FORCE ROW LEVEL SECURITY", " NO FORCE ROW LEVEL SECURITY");
    }
    script
}
