//! Conversations that were written down, in which the points are passed.

use crate::crash::{
    deal::{Hand, Want, Wish},
    plan::{Named, Step},
};

pub(super) fn say(who: usize, text: &str, named: Named) -> Step {
    Step::Say { who, text: text.to_owned(), named }
}

/// A conversation in which every point is passed.
#[must_use]
pub fn complete() -> Vec<Step> {
    vec![
        say(0, "Hello", Named::Number),
        say(0, "1", Named::Number),
        say(1, "menu", Named::Lid),
        say(2, "Hello", Named::Number),
        Step::Answered,
        Step::Configure,
        Step::Type { who: 0, text: "This is Rehema: I take over.".to_owned() },
        say(2, "2", Named::Lid),
        Step::Answered,
        say(2, "thanks", Named::Number),
        say(0, "It is broken", Named::Lid),
    ]
}

/// The steps of a conversation.
pub(super) type Conversation = fn() -> Vec<Step>;

/// In which conversation a point is passed: by how its name begins.
pub(super) const PASSED_IN: [(&str, Conversation); 7] = [
    ("records_told", lost),
    ("records_", booked),
    ("due_", booked),
    ("change_", booked),
    ("profile_", booked),
    ("restore_", lost),
    ("erase_", forgotten),
];

pub(super) fn want(who: usize, named: Named, wish: Wish) -> Want {
    Want { who, named, wish }
}

pub(super) fn book(service: &str, times: &[u16]) -> Wish {
    Wish::Book { service: service.to_owned(), times: times.to_vec() }
}

pub(super) fn deal(wants: Vec<Want>) -> Step {
    Step::Deal { wants, hands: Vec::new(), midst: None }
}

/// Two want the same time, a person blocks an hour and moves a booking, one customer moves and one does not come, and all
/// that come are reminded.
fn booked() -> Vec<Step> {
    vec![
        Step::Deal {
            wants: vec![
                want(0, Named::Number, book("haircut", &[16 * 60, 16 * 60 + 30])),
                want(1, Named::Lid, book("haircut", &[16 * 60, 17 * 60])),
            ],
            hands: vec![Hand::Block { minute: 10 * 60 }],
            midst: None,
        },
        Step::Answered,
        Step::Profile,
        Step::Deal {
            wants: vec![
                want(1, Named::Lid, Wish::Move { times: vec![17 * 60 + 30] }),
                want(2, Named::Number, book("braids", &[16 * 60])),
            ],
            hands: vec![Hand::Move { minute: 16 * 60 + 30 }],
            midst: None,
        },
        Step::Answered,
        Step::Ahead,
        deal(vec![want(2, Named::Number, Wish::Cancel)]),
    ]
}

/// The journal is lost between two bookings.
fn lost() -> Vec<Step> {
    vec![
        deal(vec![
            want(0, Named::Number, book("haircut", &[16 * 60])),
            want(1, Named::Lid, book("braids", &[16 * 60 + 30])),
        ]),
        Step::Answered,
        Step::Renew,
        deal(vec![want(2, Named::Number, book("haircut", &[16 * 60, 17 * 60]))]),
        Step::Answered,
        Step::Ahead,
    ]
}

/// One customer with a booking that stays and one with a booking that is over are to be forgotten, while a third writes on.
fn forgotten() -> Vec<Step> {
    vec![
        deal(vec![
            want(0, Named::Number, book("haircut", &[16 * 60])),
            want(2, Named::Lid, book("braids", &[16 * 60])),
        ]),
        deal(vec![want(2, Named::Lid, Wish::Cancel)]),
        Step::Answered,
        Step::Erase { who: 2 },
        say(1, "menu", Named::Number),
        Step::Erase { who: 0 },
        say(1, "prices", Named::Number),
    ]
}
