//! Linking a phone on the tenant's page: the code with the time that is left, the steps, and the moment when it is done.

use askama::{Template, filters::HtmlSafe};
use domain::{TenantId, TenantStatus, Timestamp};
use qrcode::{EcLevel, QrCode, render::svg};
use store::TenantDetail;
use web::ui::{Html, Icon, QrPanel, Steps};

/// Side of the picture, in pixels at least; what a phone scans from an arm's length.
const SIDE: u32 = 264;

/// What the panel shows.
#[derive(Template)]
#[template(path = "tenants/link.html")]
pub(crate) struct Link {
    panel: Option<QrPanel>,
    steps: Steps,
    done: Option<String>,
}

impl HtmlSafe for Link {}

impl Link {
    /// What there is to show, if anything. `was` is where the page stood before: a page that showed a code shows the
    /// success.
    pub(crate) fn of(detail: &TenantDetail, was: &str, now: Timestamp) -> Option<Self> {
        let waits = matches!(detail.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady);
        if !waits {
            let linked = detail.tenant.status == TenantStatus::Active && matches!(was, "waiting" | "linked");
            let number = detail.session.linked_number.as_ref().map(|number| format!("+{}", number.as_str()));
            let done = number.filter(|_| linked).map(|number| super::row::grouped(&number))?;
            return Some(Self { panel: None, steps: steps(), done: Some(done) });
        }
        let valid = detail.session.qr_expires_at.filter(|expires| *expires > now);
        let code = detail
            .session
            .last_qr
            .as_deref()
            .zip(valid)
            .and_then(|(text, expires)| Some((draw(text)?, expires)));
        let panel = code.map(|(code, expires)| QrPanel {
            code,
            expires: expires.to_string(),
            left: format!("A new code in {} s", expires.duration_since(now).as_secs()),
            steps: steps(),
            other: Html::default(),
        });
        Some(Self { panel, steps: steps(), done: None })
    }
}

/// Where a page stands, for its next part.
pub(crate) fn stands(detail: &TenantDetail, link: Option<&Link>) -> &'static str {
    match link {
        Some(link) if link.done.is_some() => "linked",
        Some(_) if detail.tenant.status != TenantStatus::Active => "waiting",
        _ => "",
    }
}

fn steps() -> Steps {
    let words = [
        "Open WhatsApp on the business's phone",
        "Tap the menu or Settings, then Linked devices",
        "Tap Link a device and point the phone at this code",
    ];
    Steps { steps: words.into_iter().map(|words| (words.to_owned(), false)).collect() }
}

/// The picture, or `None` where the text fits no QR code, which a worker's text may not.
fn draw(text: &str) -> Option<Html> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    // Without its XML declaration it may stand within a page.
    let svg = picture
        .find("<svg")
        .map(|at| picture[at..].replacen("<svg", "<svg role=\"img\" aria-label=\"Code to scan\"", 1))?;
    Some(Html::drawing(svg))
}

/// Which tenant's code somebody looks at.
pub(crate) fn looked_at(app: &crate::App, id: TenantId) {
    crate::session::qr::somebody_looks(app, id);
}
