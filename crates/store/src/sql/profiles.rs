//! What a tenant tells its bot beside its settings.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&GET, &VERSION, &SAVE];

pub(crate) const GET: Statement = Statement::tenant(
    "profiles.get",
    &["SELECT version, document FROM business_profiles WHERE tenant_id = $1"],
);
pub(crate) const VERSION: Statement =
    Statement::tenant("profiles.version", &["SELECT version FROM business_profiles WHERE tenant_id = $1"]);
/// The caller has the tenant's row, and has seen which version stands.
pub(crate) const SAVE: Statement = Statement::tenant(
    "profiles.save",
    &["INSERT INTO business_profiles (tenant_id, id, version, document, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $5) \
       ON CONFLICT (tenant_id) DO UPDATE SET version = $3, document = $4, updated_at = $5"],
);
