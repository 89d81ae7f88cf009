//! `POST /app/whatsapp/code`: a code to type on the phone.

use serde_json::json;
use web::place::see_other;

use super::{WHATSAPP, show};
use crate::{Answer, SetUp};

pub(super) async fn handle(call: SetUp) -> Answer {
    let asked = call.post::<serde::de::IgnoredAny>("/portal/tenant/current/pairing-code", &json!({})).await;
    match asked {
        Ok(_) => Ok(see_other(&format!("{WHATSAPP}?was=waiting"))),
        Err(error) => match error.refusal() {
            Some(refusal) => show::page(&call, show::Parameters::waiting(), Some(refusal), None).await,
            None => Err(error.into()),
        },
    }
}
