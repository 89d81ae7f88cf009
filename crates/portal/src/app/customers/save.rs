//! `POST /app/customers/{contact}`: what is noted of a customer.

use api::portal::PutCustomer;
use axum::extract::Path;
use serde_json::Value;
use web::{FormBody, Kind, place::encode};

use super::{
    read,
    show::{Noted, refused},
};
use crate::{
    Answer, AskError, SetUp,
    app::{TENANT, page::next},
};

pub(crate) async fn handle(
    call: SetUp,
    Path(contact): Path<String>,
    FormBody(form): FormBody<Noted>,
) -> Answer {
    let put = PutCustomer {
        state: Some(read(&form.state)),
        note: Some(form.note.replace("\r\n", "\n")),
        name: Some(form.name.trim().to_owned()),
    };
    let contact_ = encode(&contact);
    match call.put::<Value>(&format!("{TENANT}/customers/{contact_}"), &put).await {
        Ok(_) => Ok(next(&format!("/app/customers/{contact_}?done=saved"))),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            refused(&call, &contact, form, &problem).await
        }
        Err(error) => Err(error.into()),
    }
}
