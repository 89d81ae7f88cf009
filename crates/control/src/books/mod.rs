//! Bookings, orders and tickets: lists by day, state and text, and as tables. The bot's journal decides on each of them;
//! what stands here has come up from it.

mod blocks;
mod blocks_csv;
mod bookings;
mod bookings_csv;
pub(crate) mod by_hand;
pub(crate) mod change;
pub(crate) mod create;
mod export;
pub(crate) mod line;
mod list;
mod orders;
mod orders_csv;
pub(crate) mod query;
mod show;
mod tickets;
mod tickets_csv;
pub(crate) mod today;

pub(crate) use self::line::document;
use domain::RecordKind;
use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(bookings::handle)),
        operator(routes!(bookings_csv::handle)),
        operator(routes!(orders::handle)),
        operator(routes!(orders_csv::handle)),
        operator(routes!(tickets::handle)),
        operator(routes!(tickets_csv::handle)),
        operator(routes!(blocks::handle)),
        operator(routes!(blocks_csv::handle)),
        operator(routes!(create::handle)),
        operator(routes!(show::handle)),
        operator(routes!(change::handle)),
    ]
}

/// One of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Book {
    Bookings,
    Orders,
    Tickets,
    Blocks,
}

impl Book {
    const ALL: [Self; 4] = [Self::Bookings, Self::Orders, Self::Tickets, Self::Blocks];

    pub(crate) const fn kind(self) -> RecordKind {
        match self {
            Self::Bookings => RecordKind::Booking,
            Self::Orders => RecordKind::Order,
            Self::Tickets => RecordKind::Ticket,
            Self::Blocks => RecordKind::Block,
        }
    }

    pub(crate) const fn of(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Booking => Self::Bookings,
            RecordKind::Order => Self::Orders,
            RecordKind::Ticket => Self::Tickets,
            RecordKind::Block => Self::Blocks,
        }
    }

    /// Whether its records stand at a time that was agreed on.
    pub(crate) const fn by_time(self) -> bool {
        matches!(self, Self::Bookings | Self::Blocks)
    }

    /// The last part of its path.
    const fn path(self) -> &'static str {
        match self {
            Self::Bookings => "bookings",
            Self::Orders => "orders",
            Self::Tickets => "tickets",
            Self::Blocks => "blocks",
        }
    }

    /// Where one of it may stand, by the words of the journal.
    pub(crate) const fn states(self) -> &'static [&'static str] {
        match self {
            Self::Bookings => &["booked", "came", "missed", "cancelled"],
            Self::Orders => &["placed", "accepted", "shipped", "done", "cancelled"],
            Self::Tickets => &["open", "in_work", "solved", "cancelled"],
            Self::Blocks => &["blocked", "lifted"],
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Bookings => words::books::bookings(),
            Self::Orders => words::books::orders(),
            Self::Tickets => words::books::tickets(),
            Self::Blocks => words::books::blocks(),
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Bookings => words::books::bookings_of(name),
            Self::Orders => words::books::orders_of(name),
            Self::Tickets => words::books::tickets_of(name),
            Self::Blocks => words::books::blocks_of(name),
        }
    }
}

/// What a state is called; the journal's own word where it is a new one.
pub(crate) fn state(word: &str) -> &str {
    use words::books as say;
    match word {
        "booked" => say::booked(),
        "cancelled" => say::cancelled(),
        "came" => say::came(),
        "missed" => say::missed(),
        "placed" => say::placed(),
        "accepted" => say::accepted(),
        "shipped" => say::shipped(),
        "done" => say::done(),
        "open" => say::open(),
        "in_work" => say::in_work(),
        "solved" => say::solved(),
        "blocked" => say::blocked(),
        "lifted" => say::lifted(),
        other => other,
    }
}
