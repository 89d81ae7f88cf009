//! The forms in which a business says what its bot knows, for the operator's dashboard and the owner's portal alike: what
//! their fields are called, what stands in them, and how what is typed is read. Knows no page and no database.

mod booking;
mod both;
mod catalogue;
mod contact;
mod delivery;
mod fields;
pub mod hours;
mod manners;
mod part;
mod place;
mod questions;
mod services;
mod shown;
mod spans;
mod texts;

pub use fields::{Entry, Form, Spec};
pub use part::Part;
pub(crate) use part::{edit_entry, gone};
pub use place::{place, within};
pub use shown::{adding, empty, fields};
pub use texts::stands;
