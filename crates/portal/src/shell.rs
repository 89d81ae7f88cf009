//! The frame around every page of the portal: above, the business and the language; on a desk the navigation beside it, on
//! a phone below, where a thumb reaches it.

use api::portal::SessionFacts;
use askama::Template;
use axum::response::Response;
use domain::Language;
use web::ui::{Head, Html, Icon, ShellSource, html};

use crate::{Portal, assets, call::is_set_up};

/// Where a page belongs in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Whether the bot answers, and what is to be done.
    Status,
    /// The phone that is linked.
    WhatsApp,
    /// Trying the bot.
    Try,
    /// Conversations.
    Messages,
    /// Who wrote.
    Customers,
    /// Bookings.
    Bookings,
    /// Orders and tickets.
    Orders,
    /// What the bot says.
    Bot,
    /// Oneself, staff, notifications.
    Settings,
    /// One's businesses.
    Businesses,
    /// Asking to have the bot switched on.
    Onboarding,
}

/// A place in the navigation.
struct Place {
    href: &'static str,
    label: &'static str,
    icon: &'static str,
    current: bool,
}

/// Those that a phone shows below the page; the others are behind the last button there.
const ON_A_PHONE: usize = 4;

fn places(current: Option<Section>, staff: bool) -> Vec<Place> {
    use Section as To;
    let all = [
        (To::Status, "/app/status", words::portal::home(), "home"),
        (To::Messages, "/app/messages", words::portal::messages(), "chat"),
        (To::Bookings, "/app/bookings", words::portal::bookings(), "calendar"),
        (To::Customers, "/app/customers", words::portal::customers(), "users"),
        (To::Orders, "/app/orders", words::portal::orders(), "bag"),
        (To::Bot, "/app/bot", words::portal::bot(), "bot"),
        (To::Settings, "/app/settings", words::portal::settings(), "gear"),
    ];
    let place = |(section, href, label, icon)| {
        let current = Some(section) == current.map(within);
        Place { href, label, icon, current }
    };
    // What the bot says is the owner's.
    all.into_iter().filter(|(section, ..)| !staff || *section != To::Bot).map(place).collect()
}

/// Under which place of the navigation a page without one of its own lies.
fn within(section: Section) -> Section {
    match section {
        Section::WhatsApp => Section::Status,
        Section::Try => Section::Bot,
        Section::Businesses => Section::Settings,
        other => other,
    }
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Frame<'a> {
    head: &'a Head,
    body: &'a Html,
    assets: &'static assets::Addresses,
    lang: &'static str,
    site_name: &'a str,
    logo: bool,
    /// Empty before the business is set up.
    places: Vec<Place>,
    facts: Option<&'a SessionFacts>,
    /// The other language, and the page itself, to come back to.
    other: Language,
    here: String,
    virtual_build: bool,
    version: &'static str,
    source: &'a str,
}

impl Frame<'_> {
    fn tabs(&self) -> &[Place] {
        self.places.get(..ON_A_PHONE).unwrap_or_default()
    }

    fn more(&self) -> &[Place] {
        self.places.get(ON_A_PHONE..).unwrap_or_default()
    }

    fn more_is_current(&self) -> bool {
        self.more().iter().any(|place| place.current)
    }

    /// The business that the page is about, else the agency.
    fn title(&self) -> &str {
        self.facts
            .and_then(|facts| facts.tenant.as_ref())
            .map_or(self.site_name, |tenant| tenant.name.as_str())
    }

    fn home(&self) -> &'static str {
        if self.facts.is_some() { "/app/status" } else { "/" }
    }
}

/// A page for whoever is signed in, or for anybody.
pub(crate) fn page(
    portal: &Portal,
    facts: Option<&SessionFacts>,
    section: Option<Section>,
    head: &Head,
    body: &Html,
) -> Response {
    let navigable =
        section.is_some_and(|section| section != Section::Onboarding) && facts.is_some_and(is_set_up);
    let staff = facts.is_some_and(|facts| facts.role == Some(domain::Role::Staff));
    let other = match words::language() {
        Language::En => Language::Sw,
        Language::Sw => Language::En,
    };
    html(&Frame {
        head,
        body,
        assets: assets::addresses(),
        lang: words::code(words::language()),
        site_name: portal.brand_name(),
        logo: portal.options.logo.is_some(),
        places: if navigable { places(section, staff) } else { Vec::new() },
        facts,
        other,
        here: web::lang::here(),
        virtual_build: portal.options.site.virtual_build,
        version: env!("CARGO_PKG_VERSION"),
        source: portal.options.source_url.as_deref().unwrap_or("/source"),
    })
}

/// The frame of pages that no handler makes: those of errors, which nobody in particular may be reading.
pub(crate) fn source(portal: &Portal) -> ShellSource {
    let portal = portal.clone();
    ShellSource::framed("/", move |head, body| page(&portal, None, None, head, body))
}
