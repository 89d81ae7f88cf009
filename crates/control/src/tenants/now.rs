//! What is happening with a bot now: its health, what to press, and the code to scan or to type.

use askama::Template;
use domain::{TenantId, TenantStatus};
use store::TenantDetail;
use web::ui::{Icon, Pill};

use super::health;
use crate::{
    App,
    linking::{
        pairing_code,
        panel::{self, Panel},
        qr,
    },
    workers::Action,
};

/// What is happening, what to press, and the code to scan.
#[derive(Template)]
#[template(path = "tenants/now.html")]
pub(super) struct Now {
    id: TenantId,
    pill: Pill,
    sentence: String,
    /// That customers are to be forgotten before it connects.
    erasures: Option<String>,
    words: String,
    needed: Option<health::Needed>,
    /// Where else what is needed is done.
    look: Option<health::Look>,
    /// Whether an operator has suspended it, which can be lifted.
    suspended: bool,
    /// The number that waits for confirmation.
    held: Option<String>,
    others: Vec<Action>,
    link: Option<Panel>,
    stands: &'static str,
    /// Codes are asked for only while somebody looks, so that the page goes on saying so.
    waits: bool,
}

impl askama::filters::HtmlSafe for Now {}

impl Now {
    pub(super) fn of(app: &App, detail: &TenantDetail, was: &str) -> Self {
        let now = app.now();
        let mut health = health::of(app, detail);
        let typed = pairing_code::of(app, detail);
        let link = Panel::of(detail, &typed, was, now);
        if typed.code.is_some() {
            health.word = words::health::type_code();
            health.sentence = words::health::type_code_say().to_owned();
        }
        let waits = matches!(detail.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady);
        if waits {
            qr::somebody_looks(app, detail.tenant.id);
        }
        Self {
            id: detail.tenant.id,
            pill: health.pill(),
            stands: panel::stands(detail, link.as_ref()),
            link,
            sentence: health.sentence,
            erasures: Some(detail.worker.erasures_waiting)
                .filter(|count| *count > 0)
                .map(words::health::erasures_waiting),
            words: words::health::labels(detail.tenant.status, detail.session.state, detail.worker.status),
            needed: health.needed,
            look: health.look.filter(|look| look.place != format!("/admin/tenants/{}", detail.tenant.id)),
            suspended: detail.tenant.suspended_at.is_some(),
            held: detail.tenant.held_number.as_ref().map(|number| number.as_str().to_owned()),
            others: health::others(detail, health.needed),
            waits,
        }
    }
}
