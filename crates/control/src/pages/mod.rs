//! Pages of signing in and of operators.

pub(crate) mod account;
pub(crate) mod operators;
pub(crate) mod sign_in;

use web::Problem;

pub(crate) use crate::shell::{Section, outside, page};

/// What is wrong with a field, where it is this one.
pub(crate) fn error_of(problem: Option<&Problem>, field: &str) -> Option<String> {
    problem.filter(|problem| problem.field() == Some(field)).map(|problem| problem.detail().to_owned())
}
