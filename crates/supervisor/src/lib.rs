//! Desired state to worker processes: starts, stops, restarts and adopts them, and takes in what they report.
//!
//! One task a tenant that has or wants a process, and none for the others; see [`Handle`] for what may be asked.
//! Never parses a worker's messages beyond the link's own checks, and never imports the worker.

mod alone;
mod carrying;
mod change;
mod copying;
mod disk;
mod downlink;
mod end;
mod erasing;
mod error;
mod handle;
mod key;
mod live;
mod local;
mod looks;
mod moving;
mod options;
mod places;
mod planted;
mod policy;
mod records;
mod runtime;
mod service;
mod share;
mod stat;
mod tenant;
mod worker_log;

pub use alone::Alone;
pub use carrying::{CellFile, resealer};
pub use change::{Change, ChangeKind};
pub use copying::JournalFile;
pub use disk::is_disk_short;
pub use end::end;
pub use erasing::{Erased, erase_records, erase_rows};
pub use error::{Error, OpenError, StartError};
pub use handle::Handle;
pub use key::{load_or_create as load_or_create_key, load_or_create_bytes as load_or_create_key_bytes};
pub use live::{Glance, Live, PairingCode, Phase};
pub use local::{
    LocalOptions, LocalProcesses, NoThrottle, ThrottleGroups, Users, UsersError, executable, memory_events,
    through as cell_through,
};
pub use looks::{Look, Looks};
pub use options::Options;
pub use places::{
    Away, Host, HostAbout, HostCare, NamedHost, Places, Room, Way, choose, moves as moves_to_even, next_way,
};
pub use policy::{Decision, GiveUp, RestartTimes, Restarts};
pub use records::Changed;
pub use runtime::{CellMark, CellState, Ended, Order, Process, Runtime, Stream, WorkerId};
pub use service::start;
pub use share::{Rate, Shares};
pub use stat::Stat;
pub use worker_log::LogTail;
