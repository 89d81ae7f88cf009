//! What both web sides share: problem+json, limits, headers, the route table, the server loop, and the
//! building blocks of pages.
//! Knows nothing of tenants, the store or the supervisor.

mod access_log;
pub mod basic;
mod body;
mod client;
mod csrf;
pub mod csv;
mod form;
pub mod forwarded;
mod guarded;
mod headers;
mod host;
mod id;
pub mod lang;
mod limits;
pub mod method;
pub mod paging;
mod panic;
pub mod place;
mod problem;
mod problem_kind;
mod problem_pages;
pub mod qr;
mod query;
mod request_id;
pub mod routes;
pub mod said;
pub mod serve;
mod share;
mod squeeze;
pub mod ui;

use std::time::Duration;

use axum::{Router, middleware};

pub use access_log::Proved;
pub use body::JsonBody;
pub use client::Client;
pub use form::{FormBody, Given, Sent};
pub use forwarded::Proxies;
pub use http_kit::{Hosts, OwnOrigins};
pub use id::PathId;
pub use problem::{Document, Problem};
pub use problem_kind::Kind;
pub use query::Asked;
pub use request_id::RequestId;

/// What differs from one site to the other.
#[derive(Debug, Clone)]
pub struct Site {
    /// How long a request may take until its answer begins.
    pub time_limit: Duration,
    /// Addresses that browsers know this site by, beside the `Host` they send: `https://admin.example.org`.
    pub own_origins: OwnOrigins,
    /// The names under which it may be asked for.
    pub hosts: Hosts,
    /// Proxies whose word on a client's address is believed.
    pub proxies: Proxies,
    /// Whether browsers reach it by HTTPS, and shall come by nothing else from then on.
    pub https: bool,
    /// Whether this build can talk to the virtual WhatsApp only; every answer then says so.
    pub virtual_build: bool,
    /// The frame of error pages; without one, problems are documents for everybody.
    pub shell: Option<ui::ShellSource>,
}

/// Wraps finished routes in what every answer of a site needs: limits, CSRF rule, known names and methods only, headers,
/// log line, and a 500 in place of a panic.
pub fn guard(router: Router, site: &Site) -> Router {
    // The layer named last is the outermost one.
    let router = router
        .layer(axum::extract::DefaultBodyLimit::max(domain::limits::REQUEST_BODY_MAX_BYTES))
        .layer(middleware::from_fn(limits::refuse_large_bodies))
        .layer(middleware::from_fn_with_state(site.own_origins.clone(), csrf::refuse_foreign_sites))
        .layer(middleware::from_fn_with_state(
            limits::TimeLimit(site.time_limit),
            limits::refuse_slow_answers,
        ))
        .layer(panic::layer())
        .layer(middleware::from_fn(access_log::one_line_each))
        // What a stranger may choose ends here, before anything counts or writes it down.
        .layer(middleware::from_fn_with_state(share::Shares::new(site.proxies.clone()), share::refuse_more))
        .layer(middleware::from_fn_with_state(site.hosts.clone(), host::refuse_foreign_names))
        .layer(middleware::from_fn(method::refuse_unknown));
    let router = match &site.shell {
        Some(shell) => router.layer(middleware::from_fn_with_state(shell.clone(), problem_pages::make)),
        None => router,
    };
    router
        .layer(middleware::from_fn(squeeze::pages))
        .layer(middleware::from_fn(said::hand_on))
        .layer(middleware::from_fn(lang::choose))
        .layer(middleware::from_fn_with_state(
            headers::Build { is_virtual: site.virtual_build, https: site.https },
            headers::add,
        ))
        .layer(middleware::from_fn(request_id::assign))
}

#[cfg(test)]
mod tests;
