//! What a site has beside its pages: its picture, what installs it on a phone, and that it lives.

mod livez;
mod logo;
mod manifest;
mod service_worker;
mod source;

use crate::{
    Route,
    routes::{Access::Public, get},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/brand/logo", Public, logo::handle),
        get("/manifest.webmanifest", Public, manifest::handle),
        get("/sw.js", Public, service_worker::handle),
        get("/source", Public, source::handle),
        get("/livez", Public, livez::handle),
        get("/readyz", Public, livez::ready),
    ]
}
