//! Tenants and their conversation logs.

pub(crate) mod confirm_number;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod logs_stream;
pub(crate) mod show;
pub(crate) mod suspend;
pub(crate) mod update;
