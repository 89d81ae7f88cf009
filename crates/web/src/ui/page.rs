//! The frame around a page, and the headers that a page is answered with.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use domain::Language;
use http::{HeaderMap, HeaderValue, header};

use super::{Assets, Html, Icon, Toast, Tone, assets};
use crate::{Client, Problem, lang, said};

/// Everything from this site and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A place in the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// How many things wait there; 0 shows nothing.
    pub count: u64,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Their name.
    pub name: String,
    /// What they find in their menu: address and name.
    pub links: Vec<(&'static str, &'static str)>,
    /// Where a form to sign out is sent; `None` where the browser itself keeps the credentials.
    pub sign_out: Option<&'static str>,
}

/// What is the same on all pages of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// The page's language.
    pub lang: &'static str,
    /// The agency's name, or ours.
    pub site_name: String,
    /// Address of the agency's picture.
    pub logo: Option<String>,
    /// Where the name leads.
    pub home: &'static str,
    /// The main navigation.
    pub nav: Vec<NavItem>,
    /// Who is signed in.
    pub account: Option<Account>,
    /// Whether the build speaks to the virtual WhatsApp only.
    pub virtual_build: bool,
    /// The version, for the foot.
    pub version: &'static str,
    /// Where the source code of this very version can be got, as the licence asks.
    pub source: String,
    /// Where a form that changes the language is sent.
    pub languages: Option<&'static str>,
    /// Further links in the foot.
    pub foot: Vec<(&'static str, &'static str)>,
}

/// What differs from page to page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The page's title.
    pub title: String,
    /// Whether it is a narrow column, as forms are.
    pub narrow: bool,
    /// A stream of server-sent events that the page follows while it can be seen.
    pub stream: Option<String>,
    /// What a browser without scripts does after a while, as `<meta http-equiv="refresh">` has it.
    pub refresh: Option<String>,
}

impl Head {
    /// A page with a title and no more.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A narrow column.
    #[must_use]
    pub fn narrow(title: impl Into<String>) -> Self {
        Self { narrow: true, ..Self::new(title) }
    }

    /// A page that follows a stream.
    #[must_use]
    pub fn following(self, stream: String) -> Self {
        Self { stream: Some(stream), ..self }
    }

    /// A page that a browser without scripts asks for again and again.
    #[must_use]
    pub fn refreshed(self, seconds: u32) -> Self {
        Self { refresh: Some(seconds.to_string()), ..self }
    }

    /// A page that a browser without scripts leaves for another one of this site after a while.
    #[must_use]
    pub fn leaving(self, seconds: u32, place: &str) -> Self {
        Self { refresh: Some(format!("{seconds};url={place}")), ..self }
    }
}

#[derive(Template)]
#[template(path = "ui/shell.html")]
struct Frame<'a> {
    shell: &'a Shell,
    head: &'a Head,
    assets: &'static Assets,
    body: &'a str,
    /// The page itself, to come back to.
    here: String,
    /// The other language.
    other: Language,
    /// What was just done.
    said: Option<Toast>,
}

#[derive(Template)]
#[template(path = "ui/problem.html")]
struct ProblemBody<'a> {
    title: &'a str,
    detail: &'a str,
    status: u16,
    id: &'a str,
    home: &'a str,
}

impl Shell {
    /// A whole page around its main part.
    pub fn page(&self, head: &Head, body: &impl Template) -> Response {
        self.frame(head, &Html::of(body))
    }

    fn frame(&self, head: &Head, body: &Html) -> Response {
        let other = match words::language() {
            Language::En => Language::Sw,
            Language::Sw => Language::En,
        };
        let said = said::now().map(|text| Toast { tone: Tone::Ok, text });
        html(&Frame {
            shell: self,
            head,
            assets: assets(),
            body: body.as_str(),
            here: lang::here(),
            other,
            said,
        })
    }
}

/// Makes a page out of its head and its main part.
type Frames = dyn Fn(&Head, &Html) -> Response + Send + Sync;

/// Puts the frame around pages that no handler makes, such as those of errors.
#[derive(Clone)]
pub struct ShellSource {
    frame: Arc<Frames>,
    /// Where such a page leads.
    home: &'static str,
}

impl ShellSource {
    /// Takes what makes the shell.
    pub fn new(home: &'static str, make: impl Fn() -> Shell + Send + Sync + 'static) -> Self {
        Self::framed(home, move |head, body| make().frame(head, body))
    }

    /// Takes what puts a frame of its own around the main part.
    pub fn framed(
        home: &'static str,
        frame: impl Fn(&Head, &Html) -> Response + Send + Sync + 'static,
    ) -> Self {
        Self { frame: Arc::new(frame), home }
    }
}

impl std::fmt::Debug for ShellSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShellSource")
    }
}

/// A template as an answer, with the headers of a page.
pub fn html(template: &impl Template) -> Response {
    with_headers(Html::of(template))
}

/// A part of a page, for a script that puts it in its place.
pub fn fragment(parts: impl IntoIterator<Item = Html>) -> Response {
    with_headers(Html::joined(parts))
}

fn with_headers(html: Html) -> Response {
    let mut response = html.0.into_response();
    page_headers(response.headers_mut());
    response
}

/// What every page is sent with.
fn page_headers(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // With "no-referrer" a browser sends a form's origin as "null", and our own forms would be refused.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie, HX-Request"));
}

/// A problem for people: a page, or a notice where only a part of a page was asked for.
pub(crate) struct ProblemPage<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) request_id: &'a str,
}

impl ProblemPage<'_> {
    pub(crate) fn answer(&self, source: &ShellSource, client: Client) -> Response {
        let problem = self.problem;
        if client.fragment {
            let toast = Toast { tone: Tone::Bad, text: problem.said("") };
            let mut response = html(&toast);
            let headers = response.headers_mut();
            headers.insert("hx-retarget", HeaderValue::from_static("#toasts"));
            headers.insert("hx-reswap", HeaderValue::from_static("beforeend"));
            headers.insert("hx-push-url", HeaderValue::from_static("false"));
            return response;
        }
        let kind = problem.kind();
        let body = ProblemBody {
            title: kind.page_title(),
            detail: &problem.said(""),
            status: kind.status().as_u16(),
            // The log has more under this id where the fault is ours.
            id: if kind.status().is_server_error() { self.request_id } else { "" },
            home: source.home,
        };
        (source.frame)(&Head::narrow(kind.page_title()), &Html::of(&body))
    }
}
