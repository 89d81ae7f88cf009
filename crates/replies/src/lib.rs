//! What a bot answers, and what its answers do. Pure: no I/O; the time, the state and what the journal holds are passed in.

mod amount;
mod engine;
mod pack;
mod profile;
mod records;
mod simulator;
mod understand;

pub use amount::{Amount, AmountError};
pub use engine::{
    BasketLine, Bot, Business, Filled, From, HandOff, HandOffReason, Heard, Notice, Outcome, PackVersion,
    Reply, Running, Shown, Silence, State, Timer, Turn, Value, Wake, decide, decide_again, timers, typing_ms,
    warm,
};
pub use pack::{Files, Kind, List, Offered, Pack, PackText, Packs, Problem, TEXT_MOST, new_pack, shipped};
pub use profile::{
    Area, BookingRules, Bounds, Closed, Contact, Day, Delivery, Fault, Field, Hours, Manners, Product,
    Profile, Question, Reminders, Service, Span, TableError, Text, Wrong, check_hours, read_catalogue,
    read_services, write_catalogue, write_services,
};
pub use records::{
    Availability, Block, Booking, BookingState, By, CELL_MINUTES, Cell, Change, Conflict, Ledger, Numbers,
    Order, OrderLine, OrderState, Record, Taken, Ticket, TicketState, Way,
};
pub use simulator::Simulator;
