//! The control plane itself.

pub(crate) mod livez;
pub(crate) mod logo;
pub(crate) mod metrics;
pub(crate) mod overview;
pub(crate) mod readyz;
pub(crate) mod root;
pub(crate) mod source;
pub(crate) mod stream;
pub(crate) mod usage;
