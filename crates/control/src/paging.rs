//! Pages of lists, as the store takes them.

use domain::limits::SEARCH_MAX_CHARS;
use store::{Cursor, PageRequest};
use web::Problem;

/// Which page is asked for.
pub(crate) type Request = web::paging::Request<Cursor>;

/// The same for the store.
pub(crate) fn rows(request: &Request) -> PageRequest {
    PageRequest { limit: request.limit, before: request.before }
}

/// What is searched for, where anything is: a longer text would hold the database up for as long as it likes.
pub(crate) fn search(text: Option<&str>) -> Result<Option<String>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > SEARCH_MAX_CHARS) {
        return Err(Problem::invalid_field("search", words::problem::search_too_long(SEARCH_MAX_CHARS)));
    }
    Ok(text.map(str::to_owned))
}
