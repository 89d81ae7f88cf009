//! Conversations: who wrote, what was said, and the owner's own word in them.

mod act;
mod download;
mod list;
mod show;
mod view;

use crate::{
    Route,
    routes::{Access::SetUp, get, post},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/app/messages", SetUp, list::handle),
        get("/app/logs", SetUp, list::old),
        get("/app/messages.csv", SetUp, download::handle),
        get("/app/messages/{contact}", SetUp, show::handle),
        post("/app/messages/{contact}/reply", SetUp, act::reply),
        post("/app/messages/{contact}/take-over", SetUp, act::take_over),
        post("/app/messages/{contact}/hand-back", SetUp, act::hand_back),
        post("/app/messages/{contact}/leave-alone", SetUp, act::leave_alone),
    ]
}
