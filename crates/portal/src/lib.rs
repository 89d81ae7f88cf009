//! The owners' portal: a site of its own, with its own listener and cookies. It has no database and knows the control
//! plane only through the portal API, in this process or over HTTP, where each request says by a signature who is acting.
//!
//! Whatever a browser sends beside its cookie is believed by nobody: headers of the portal API are taken off and logged.

mod app;
mod ask;
mod assets;
mod browser;
mod call;
mod error;
mod options;
mod pages;
mod routes;
mod shell;
mod transport;

pub use ask::{AskError, ControlPlane, Who};
pub use call::{Call, SetUp, Visitor};
pub use error::{Answer, Refusal};
pub use options::{Options, Portal};
pub use routes::{Access, Route, router, table};
pub use shell::Section;
pub use transport::{Away, InProcess, Transport};

#[cfg(test)]
mod testing;
