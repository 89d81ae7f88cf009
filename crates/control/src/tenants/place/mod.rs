//! On which host a tenant's bot runs.

pub(crate) mod move_to;
pub(crate) mod show;
