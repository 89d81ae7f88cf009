//! `GET /app/settings/export`: all that is kept of the business, as a file. For owners.

use crate::{
    Answer, SetUp,
    app::{TENANT, page::owners_only},
};

pub(crate) async fn handle(call: SetUp) -> Answer {
    owners_only(&call)?;
    call.hand_on(&format!("{TENANT}/export")).await
}
