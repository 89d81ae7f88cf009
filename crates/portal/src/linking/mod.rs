//! Linking the phone: the code to type, for who has but this phone, and the code to scan, with the steps in pictures; what is
//! linked; and taking it off again.

mod again;
mod ask_code;
mod pictures;
mod show;
mod unlink;

use crate::{
    Route,
    routes::{Access::SetUp, get, post},
};

pub(crate) const WHATSAPP: &str = "/app/whatsapp";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get(WHATSAPP, SetUp, show::handle),
        post("/app/whatsapp/code", SetUp, ask_code::handle),
        post("/app/whatsapp/again", SetUp, again::handle),
        post("/app/whatsapp/unlink", SetUp, unlink::handle),
    ]
}
