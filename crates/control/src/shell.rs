//! Pages of the dashboard: the frame that they share. A handler makes one view and answers it as a page, as a part of
//! one or as JSON, by what the client prefers ([`web::Client`]).

use axum::response::Response;
use web::{
    Problem,
    ui::{Account, Head, NavItem, Shell, ShellSource},
};

use crate::{App, Brand, auth::Operator};

/// Where a page belongs in the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Bots, and each of them.
    Tenants,
    /// Owners' requests.
    SetupRequests,
    /// The audit log.
    Audit,
    /// Who may do all this.
    Operators,
    /// Machines on which bots run, where there are some beside this one.
    Hosts,
    /// The control plane itself.
    System,
}

/// The main navigation, from left to right.
fn nav() -> [(Section, &'static str, &'static str); 6] {
    [
        (Section::Tenants, "/admin/tenants", words::shell::tenants()),
        (Section::SetupRequests, "/admin/setup-requests", words::shell::setup_requests()),
        (Section::Audit, "/admin/events", words::shell::audit()),
        (Section::Operators, "/admin/operators", words::shell::operators()),
        (Section::Hosts, "/admin/hosts", words::hosts::title()),
        (Section::System, "/admin/system", words::shell::system()),
    ]
}

/// The frame of a page for this operator.
pub(crate) fn shell(app: &App, operator: &Operator, section: Section) -> Shell {
    let account = Account {
        name: operator.name.clone(),
        links: vec![("/admin/account", words::shell::your_account())],
        sign_out: operator.by_session.then_some("/admin/sign-out"),
    };
    let mut shell =
        Shell { account: Some(account), ..frame(&app.brand, app.site.virtual_build, Some(section)) };
    // One machine needs none of it.
    if app.supervisor.places().is_none() && section != Section::Hosts {
        shell.nav.retain(|item| item.href != crate::hosts::PATH);
    }
    shell
}

/// The same, with how many setup requests wait.
pub(crate) async fn counted(app: &App, operator: &Operator, section: Section) -> Shell {
    let mut shell = shell(app, operator, section);
    // A page without the figure is better than none.
    let waiting = app.store.operator().count_waiting_requests().await.unwrap_or_default();
    for item in shell.nav.iter_mut().filter(|item| item.href == "/admin/setup-requests") {
        item.count = waiting;
    }
    shell
}

/// A page within the navigation.
pub(crate) async fn page(
    app: &App,
    operator: &Operator,
    section: Section,
    head: Head,
    body: &impl askama::Template,
) -> Response {
    counted(app, operator, section).await.page(&head, body)
}

/// A page with a form on it, whose status says what is wrong with that, if anything.
pub(crate) fn refused(mut page: Response, problem: Option<&Problem>) -> Response {
    if let Some(problem) = problem {
        *page.status_mut() = problem.kind().status();
    }
    page
}

/// The frame of a page for whoever is not signed in.
pub(crate) fn outside(app: &App) -> Shell {
    Shell { nav: Vec::new(), ..frame(&app.brand, app.site.virtual_build, None) }
}

/// The frame of pages that no handler makes: those of errors, which nobody in particular may be reading.
pub(crate) fn source(app: &App) -> ShellSource {
    let (brand, virtual_build) = (app.brand.clone(), app.site.virtual_build);
    let hosts = app.supervisor.places().is_some();
    ShellSource::new("/admin/tenants", move || {
        let mut shell = frame(&brand, virtual_build, None);
        shell.nav.retain(|item| hosts || item.href != crate::hosts::PATH);
        shell
    })
}

fn frame(brand: &Brand, virtual_build: bool, section: Option<Section>) -> Shell {
    let item = |(of, href, label)| NavItem { href, label, count: 0, current: Some(of) == section };
    Shell {
        lang: words::code(words::language()),
        languages: Some("/admin/language"),
        site_name: brand.name.clone().unwrap_or_else(|| "Flow HQ".to_owned()),
        logo: brand.logo.as_ref().map(|_| "/brand/logo".to_owned()),
        home: "/admin/tenants",
        nav: nav().into_iter().map(item).collect(),
        account: None,
        virtual_build,
        version: env!("CARGO_PKG_VERSION"),
        source: brand.source_url.clone().unwrap_or_else(|| "/source".to_owned()),
        foot: Vec::new(),
    }
}
