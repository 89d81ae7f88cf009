//! What an API says of itself: the OpenAPI document, made of what each route's handler says and of what holds for all of
//! them, and that document as a page with an example and a line for a shell for each operation.
//!
//! Pure: routes, a document and the site's address in, plain values out. It knows no route by its name; what is so of one
//! site alone stands in its [`About`].

mod curl;
mod document;
mod example;
mod fields;
mod schema;
mod spans;
mod view;

pub use document::{About, of_routes, references, schema_of};
pub use view::{Reference, of};

#[cfg(test)]
mod testing;
