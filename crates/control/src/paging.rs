//! Pages of lists, as the store takes them.

use store::{Cursor, PageRequest};

/// Which page is asked for.
pub(crate) type Request = web::paging::Request<Cursor>;

/// The same for the store.
pub(crate) fn rows(request: &Request) -> PageRequest {
    PageRequest { limit: request.limit, before: request.before }
}
