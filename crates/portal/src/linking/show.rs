//! `GET /app/whatsapp`.

use api::portal::{DeskQr, DeskStatus};
use askama::Template;
use domain::{SessionState, TenantStatus, Timestamp};
use http::HeaderMap;
use serde::Deserialize;
use web::{
    Asked, Problem,
    ui::{Banner, Field, Head, Html, Icon, Input},
};

use super::pictures::{Shows, picture};
use crate::{Answer, Refusal, Section, SetUp, shown};

/// Where the page stood before, and whether it is to stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    was: String,
    stay: String,
    /// Whether a phone asks, which then gets the code to type first.
    #[serde(skip)]
    on_a_phone: bool,
}

impl Parameters {
    pub(super) fn waiting() -> Self {
        Self { was: "waiting".to_owned(), ..Self::default() }
    }

    pub(super) fn staying() -> Self {
        Self { stay: "1".to_owned(), ..Self::default() }
    }
}

/// One thing to do on the phone.
struct Do {
    picture: Html,
    head: &'static str,
    say: &'static str,
}

/// A code that is good now.
struct Code {
    text: String,
    expires: String,
    left: String,
}

/// What the page is about.
enum Panel {
    /// Nothing to link.
    Nothing,
    /// Codes, or the wait for one.
    Codes { typed: Option<Code>, qr: Option<Code>, number: String },
    /// It is linked; `going` on to the status by itself, or not.
    Linked { number: String, facts: Vec<(&'static str, String)>, going: bool, just: bool, away: bool },
    /// The phone has taken it off.
    Removed,
}

#[derive(Template)]
#[template(path = "linking/page.html")]
struct View {
    panel: Panel,
    banner: Option<Banner>,
    on_a_phone: bool,
    typed_steps: Vec<Do>,
    qr_steps: Vec<Do>,
    unlink: Option<Field>,
    business: String,
    owner: bool,
}

pub(super) async fn handle(call: SetUp, headers: HeaderMap, Asked(query): Asked<Parameters>) -> Answer {
    let query = Parameters { on_a_phone: is_a_phone(&headers), ..query };
    page(&call, query, None, None).await
}

/// What browsers of phones say of themselves.
fn is_a_phone(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text("sec-ch-ua-mobile") == "?1" || text("user-agent").contains("Mobi")
}

pub(super) async fn page(
    call: &SetUp,
    query: Parameters,
    problem: Option<&Problem>,
    unlinking: Option<(&Problem, &str)>,
) -> Answer {
    use words::portal_linking as say;

    let status: DeskStatus = call.get("/portal/tenant/current/status").await?;
    let panel = panel(call, &status, &query).await?;
    let name = &status.tenant.name;
    let unlink = matches!(panel, Panel::Linked { .. }) && call.is_owner();
    let unlink = unlink.then(|| {
        let wrong = unlinking.map(|(problem, _)| match problem.field() {
            Some("confirm") => say::unlink_wrong(name),
            _ => problem.said(""),
        });
        let typed = unlinking.map_or("", |(_, typed)| typed);
        Field { error: wrong, ..Field::new("confirm", "", Input::TEXT).value(typed) }
    });
    let waits = matches!(panel, Panel::Codes { .. });
    let goes = matches!(panel, Panel::Linked { going: true, .. });
    let refused = problem.or(unlinking.map(|(problem, _)| problem));
    let view = View {
        banner: problem.map(|problem| Banner::wrong(problem.said(""))),
        on_a_phone: query.on_a_phone,
        typed_steps: typed_steps(),
        qr_steps: qr_steps(),
        unlink,
        business: name.clone(),
        owner: call.is_owner(),
        panel,
    };
    let mut head = Head::new(say::title()).following("/app/events".to_owned());
    if waits {
        head = head.refreshed(15);
    } else if goes {
        head = head.leaving(3, "/app/status");
    }
    Ok(match refused {
        Some(problem) => call.refused_page(Section::WhatsApp, &head, &view, problem),
        None => call.page(Section::WhatsApp, &head, &view),
    })
}

async fn panel(call: &SetUp, status: &DeskStatus, query: &Parameters) -> Result<Panel, Refusal> {
    use words::portal_linking as say;

    let session = &status.tenant.whatsapp_session;
    if status.phone_removed {
        return Ok(Panel::Removed);
    }
    if status.tenant.status == TenantStatus::Active {
        let moment = |at: Option<Timestamp>| at.map(|at| shown::moment(at, &status.timezone));
        let number = session.linked_number.as_deref().map(shown::number).unwrap_or_default();
        let facts = [
            (say::number(), Some(number.clone())),
            (say::device(), Some("Flow HQ".to_owned())),
            (say::since(), moment(session.linked_at)),
            (say::seen(), moment(session.last_seen_at)),
        ];
        let away = session.state != SessionState::Connected;
        return Ok(Panel::Linked {
            number,
            facts: facts.into_iter().filter_map(|(label, text)| Some((label, text?))).collect(),
            going: query.stay.is_empty() && !away,
            just: query.was == "waiting" && !away,
            away,
        });
    }
    if !matches!(status.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady) {
        return Ok(Panel::Nothing);
    }
    // Codes are credentials, and an owner's.
    let codes = if call.is_owner() {
        call.get::<DeskQr>("/portal/tenant/current/qr").await?
    } else {
        DeskQr { state: session.state, qr: None, code: None, number: None, expires_at: None }
    };
    let now = call.portal.now();
    let expires = codes.expires_at.filter(|at| *at > now);
    let code = |text: Option<String>, left: fn(i64) -> String| {
        let (text, expires) = text.zip(expires)?;
        let left = left(expires.duration_since(now).as_secs());
        Some(Code { text, expires: expires.to_string(), left })
    };
    let typed = codes.code.map(|code| {
        code.split_at_checked(4).map_or_else(|| code.clone(), |(first, rest)| format!("{first}-{rest}"))
    });
    let request = status.setup_request.as_ref().map(|request| request.whatsapp_number.clone());
    let number = codes.number.or(request).map(|number| shown::number(&number)).unwrap_or_default();
    Ok(Panel::Codes {
        typed: code(typed, words::linking::good_for),
        qr: code(codes.qr, words::linking::new_code_in),
        number,
    })
}

fn typed_steps() -> Vec<Do> {
    use words::portal_linking as say;
    let step = |shows, head, text| Do { picture: picture(shows), head, say: text };
    vec![
        step(Shows::Open, say::open(), say::open_say()),
        step(Shows::Menu, say::menu(), say::menu_say()),
        step(Shows::Instead, say::instead(), say::instead_say()),
        step(Shows::Type, say::type_it(), say::type_it_say()),
    ]
}

fn qr_steps() -> Vec<Do> {
    use words::portal_linking as say;
    let step = |shows, head, text| Do { picture: picture(shows), head, say: text };
    vec![
        step(Shows::Open, say::open(), say::open_say()),
        step(Shows::Menu, say::menu(), say::menu_say()),
        step(Shows::Scan, say::scan(), say::scan_say()),
    ]
}
