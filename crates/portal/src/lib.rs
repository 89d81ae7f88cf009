//! The owners' portal: a site of its own, with its own listener and cookies. It has no database and knows the control
//! plane only through the portal API, in this process or over HTTP, where each request says by a signature who is acting.
//!
//! Whatever a browser sends beside its cookie is believed by nobody: headers of the portal API are taken off and logged.

mod app;
mod ask;
mod assets;
mod browser;
mod call;
mod documents;
mod error;
mod linking;
mod onboarding;
mod options;
mod pages;
mod routes;
mod shell;
mod shown;
mod sign_in;
mod status;
mod transport;
mod trying;

pub use ask::ControlPlane;
pub use options::{Options, Portal, Provider};
pub use routes::router;
pub use transport::{AddressError, Away, InProcess, OverHttp, Transport};

use ask::{AskError, Who};
use call::{Call, SetUp, Visitor};
use error::{Answer, Refusal};
use routes::Route;
use shell::Section;

#[cfg(test)]
mod testing;
