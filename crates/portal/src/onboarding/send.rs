//! `POST /app/onboarding/send`: the request is sent. Sent twice, it is one request: the second finds the first.

use api::portal::SessionFacts;
use http::{HeaderMap, StatusCode, header};
use web::place::see_other;

use super::{
    ONBOARDING,
    draft::forget,
    show::{self, draft_of},
    steps::Step,
    view,
};
use crate::{Answer, Call, Refusal};

pub(super) async fn handle(call: Call, headers: HeaderMap) -> Answer {
    show::owners_without_a_request(&call)?;
    let (draft, note) = draft_of(&call, &headers).await?;
    let first = Step::first_of(&draft);
    if first != Step::Send {
        return Err(Refusal::to(&format!("{ONBOARDING}?step={}", first.word())));
    }
    let sent = call.post::<serde::de::IgnoredAny>("/portal/setup-request", &draft.request()).await;
    if let Err(error) = sent {
        let Some(refusal) = error.refusal() else { return Err(error.into()) };
        // There is one already: this is it, or it was sent elsewhere.
        let conflict = refusal.kind().status() == StatusCode::CONFLICT;
        let there = conflict && call.get::<SessionFacts>("/portal/session").await?.setup_request;
        if !there {
            let step = refusal.field().and_then(Step::of_field).unwrap_or(Step::Send);
            return view::page(
                &call,
                step,
                &draft,
                note.as_deref(),
                Some((refusal, &super::save::Form::default())),
            )
            .await;
        }
    }
    let mut response = see_other("/app/status");
    if let Some(cookie) = forget(call.portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
