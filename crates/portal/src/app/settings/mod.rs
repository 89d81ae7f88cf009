//! Oneself, what one is told, staff, and the business's data.

mod account;
mod activity;
mod delete;
mod export;
mod notices;
mod person;
mod show;
mod staff;

use crate::{
    Route,
    routes::{
        Access::{SetUp, SignedIn},
        get, post,
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        // One's own person is there before there is a bot, and without a business.
        get("/app/settings", SignedIn, show::handle),
        post("/app/settings/person", SignedIn, person::handle),
        post("/app/settings/password", SignedIn, account::password),
        post("/app/settings/email", SignedIn, account::email),
        post("/app/settings/end-all", SignedIn, account::end_all),
        post("/app/settings/notices", SetUp, notices::handle),
        post("/app/settings/push", SetUp, notices::subscribe),
        post("/app/settings/staff", SetUp, staff::invite),
        post("/app/settings/staff/{user}/remove", SetUp, staff::remove),
        get("/app/settings/activity", SetUp, activity::handle),
        get("/app/settings/export", SetUp, export::handle),
        post("/app/settings/delete", SignedIn, delete::handle),
    ]
}
