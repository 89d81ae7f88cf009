//! Linking a phone on the tenant's page: the code to scan or to type with the time that is left, the steps, the other
//! way, and the moment when it is done.

use askama::{Template, filters::HtmlSafe};
use domain::{TenantId, TenantStatus, Timestamp};
use store::TenantDetail;
use web::{
    qr::Picture,
    ui::{Html, Icon, PairingPanel, QrPanel, Steps},
};

use crate::tenants::row::grouped;

/// What the panel shows.
#[derive(Template)]
#[template(path = "tenants/link.html")]
pub(crate) struct Panel {
    panel: Option<QrPanel>,
    pairing: Option<PairingPanel>,
    other: Html,
    steps: Steps,
    done: Option<String>,
}

impl HtmlSafe for Panel {}

impl Panel {
    /// What there is to show, if anything. `pairing` is the code to type, where there is one. `was` is where the page
    /// stood before: a page that showed a code shows the success.
    pub(crate) fn of(
        detail: &TenantDetail,
        pairing: &api::PairingCode,
        was: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let waits = matches!(detail.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady);
        if !waits {
            let linked = detail.tenant.status == TenantStatus::Active && matches!(was, "waiting" | "linked");
            let number = detail.session.linked_number.as_ref().map(|number| format!("+{}", number.as_str()));
            let done = number.filter(|_| linked).map(|number| grouped(&number))?;
            let (panel, pairing) = (None, None);
            return Some(Self { panel, pairing, other: Html::default(), steps: steps(), done: Some(done) });
        }
        let other =
            Html::of(&Other { id: detail.tenant.id, has_number: detail.tenant.phone_number.is_some() });
        let valid = detail.session.qr_expires_at.filter(|expires| *expires > now);
        let code = detail.session.last_qr.as_deref().and_then(Picture::of).zip(valid);
        let panel = code.map(|(code, expires)| QrPanel {
            code: code.html(words::linking::code_label()),
            expires: expires.to_string(),
            left: words::linking::new_code_in(left(expires, now)),
            steps: steps(),
            other: other.clone(),
        });
        let pairing = pairing.grouped().zip(pairing.expires_at).map(|(code, expires)| PairingPanel {
            code,
            expires: expires.to_string(),
            left: words::linking::good_for(left(expires, now)),
            steps: steps_of_code(pairing.number.as_deref().unwrap_or_default()),
            other: Html::of(&Back),
        });
        Some(Self { panel, pairing, other, steps: steps(), done: None })
    }
}

/// The way beside the QR code.
#[derive(Template)]
#[template(path = "tenants/link_other.html")]
struct Other {
    id: TenantId,
    has_number: bool,
}

/// The way beside the code to type.
#[derive(Template)]
#[template(source = "<p class=\"muted\">{{ words::linking::qr_comes_back() }}</p>", ext = "html")]
struct Back;

/// Seconds that are left.
fn left(expires: Timestamp, now: Timestamp) -> i64 {
    expires.duration_since(now).as_secs()
}

/// Where a page stands, for its next part.
pub(crate) fn stands(detail: &TenantDetail, link: Option<&Panel>) -> &'static str {
    match link {
        Some(link) if link.done.is_some() => "linked",
        Some(_) if detail.tenant.status != TenantStatus::Active => "waiting",
        _ => "",
    }
}

fn steps() -> Steps {
    let words = [words::linking::step_open(), words::linking::step_menu(), words::linking::step_scan()];
    Steps { steps: words.into_iter().map(|words| (words.to_owned(), false)).collect() }
}

/// In the words of WhatsApp's own screens.
fn steps_of_code(number: &str) -> Steps {
    let words = [
        words::linking::step_open_number(grouped(&format!("+{number}"))),
        words::linking::step_menu_link().to_owned(),
        words::linking::step_with_number().to_owned(),
        words::linking::step_type().to_owned(),
    ];
    Steps { steps: words.into_iter().map(|words| (words, false)).collect() }
}
