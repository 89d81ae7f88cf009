//! `GET /app/customers.csv`: all customers as a table, for owners.

use crate::{
    Answer, SetUp,
    app::{TENANT, page::owners_only},
};

pub(crate) async fn handle(call: SetUp) -> Answer {
    owners_only(&call)?;
    call.hand_on(&format!("{TENANT}/customers.csv")).await
}
