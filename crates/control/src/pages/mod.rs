//! Pages of the dashboard: the frame that they share. A handler makes one view and answers it as a page, as a part of
//! one or as JSON, by what the client prefers ([`web::Client`]).

use web::ui::{Account, NavItem, Shell, ShellSource};

use crate::{App, auth::Operator};

/// Where a page belongs in the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Bots, and each of them.
    Tenants,
}

/// The main navigation, from left to right.
const NAV: [(Section, &str, &str); 1] = [(Section::Tenants, "/admin/tenants", "Tenants")];

/// The frame of a page for this operator.
#[allow(dead_code, reason = "the pages come next")]
pub(crate) fn shell(app: &App, operator: &Operator, section: Section) -> Shell {
    let account = Account { name: operator.actor.to_owned(), links: Vec::new(), sign_out: None };
    Shell { account: Some(account), ..frame(app.site.virtual_build, Some(section)) }
}

/// The frame of pages that no handler makes: those of errors, which nobody in particular may be reading.
pub(crate) fn source(virtual_build: bool) -> ShellSource {
    ShellSource::new(move || frame(virtual_build, None))
}

fn frame(virtual_build: bool, section: Option<Section>) -> Shell {
    let item = |(of, href, label)| NavItem { href, label, count: 0, current: Some(of) == section };
    Shell {
        lang: "en",
        site_name: "Flow HQ".to_owned(),
        logo: None,
        home: "/admin/tenants",
        nav: NAV.into_iter().map(item).collect(),
        account: None,
        virtual_build,
        version: env!("CARGO_PKG_VERSION"),
        source: None,
        foot: Vec::new(),
    }
}
