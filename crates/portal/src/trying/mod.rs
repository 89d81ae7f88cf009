//! Trying the own bot before any phone is linked.

mod act;
mod show;

use crate::{
    Route,
    routes::{Access::SetUp, get, post},
};

pub(crate) const TRY: &str = "/app/try";

pub(crate) fn routes() -> Vec<Route> {
    vec![get(TRY, SetUp, show::handle), post(TRY, SetUp, act::handle)]
}
