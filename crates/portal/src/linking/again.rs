//! `POST /app/whatsapp/again`: a new code, after the phone has removed the bot.

use serde_json::json;
use web::place::see_other;

use super::{WHATSAPP, show};
use crate::{Answer, SetUp};

pub(super) async fn handle(call: SetUp) -> Answer {
    let asked = call.post::<serde::de::IgnoredAny>("/portal/tenant/current/link-again", &json!({})).await;
    match asked {
        Ok(_) => Ok(see_other(&format!("{WHATSAPP}?was=waiting"))),
        Err(error) => match error.refusal() {
            Some(refusal) => show::page(&call, show::Parameters::default(), Some(refusal), None).await,
            None => Err(error.into()),
        },
    }
}
