//! Tenants out of a table that a spreadsheet has saved: what it would do, row by row, and then that.

mod carry_out;
mod column;
mod page;
mod plan;
mod read;
pub(crate) mod show;
pub(crate) mod submit;
mod values;

pub(in crate::tenants) use self::column::Column;
