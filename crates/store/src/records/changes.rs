//! What changed from what to what, for the audit log, which outlives the tenant and only ever grows: numbers are masked
//! in it, and of names and of words that a person has written it says only that they changed.

use serde_json::{Map, Value, json};

use super::TenantDetail;

/// What the audit log says of a field whose words may be a person's.
const CHANGED: &str = "changed";

/// Fields whose words may be a person's.
const PERSONAL: [&str; 3] = ["name", "suspended_reason", "config.business_name"];

/// The fields that differ, each as `{"from", "to"}`, or as `"changed"` where the words may be a person's.
pub(crate) fn changes(before: &TenantDetail, after: &TenantDetail) -> Map<String, Value> {
    let fields = |detail: &TenantDetail| {
        let number = detail.tenant.phone_number.as_ref().map(|phone| phone.digits().masked());
        [
            ("name", json!(detail.tenant.name)),
            ("phone_number", json!(number)),
            ("timezone", json!(detail.tenant.timezone)),
            ("currency", json!(detail.tenant.currency)),
            ("retention_days", json!(detail.tenant.retention_days)),
            ("suspended_reason", json!(detail.tenant.suspended_reason)),
            ("held_number", json!(detail.tenant.held_number.as_ref().map(domain::Digits::masked))),
            ("confirmed_number", json!(detail.tenant.confirmed_number.as_ref().map(domain::Digits::masked))),
            ("config.template_type", json!(detail.config.template_type)),
            ("config.business_name", json!(detail.config.business_name)),
            ("config.language", json!(detail.config.language)),
            ("config.hours", json!(detail.config.hours)),
            ("config.rate_limit_per_minute", json!(detail.config.rate_limit_per_minute)),
            ("config.remove_deleted", json!(detail.config.remove_deleted)),
        ]
    };
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| {
            let told =
                if PERSONAL.contains(&name) { json!(CHANGED) } else { json!({ "from": old, "to": new }) };
            (name.to_owned(), told)
        })
        .collect()
}
