//! What a tenant tells its bot beside its settings.

/// One row of `business_profiles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Grows with every change; 0 where nothing was ever told.
    pub version: i64,
    /// JSON, as whoever saved it made it; empty where nothing was ever told.
    pub document: String,
}

/// The versions of what a tenant's bot is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Of its settings.
    pub settings: i64,
    /// Of its business profile; 0 where there is none.
    pub profile: i64,
}
