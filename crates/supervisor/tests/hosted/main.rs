//! All of `it` again, with workers on a host over loopback: `common` tells by this crate's name. Whenever the control plane is
//! started anew, so is the host.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "../it/adoption.rs"]
mod adoption;
#[path = "../it/common.rs"]
mod common;
#[path = "../it/erasing.rs"]
mod erasing;
#[path = "../it/ingest.rs"]
mod ingest;
#[path = "../it/leftovers.rs"]
mod leftovers;
#[path = "../it/liars.rs"]
mod liars;
#[path = "../it/lifecycle.rs"]
mod lifecycle;
#[path = "../it/mutated.rs"]
mod mutated;
#[path = "../it/odd.rs"]
mod odd;
#[path = "../it/records.rs"]
mod records;
#[path = "../it/restarts.rs"]
mod restarts;
#[path = "../it/share.rs"]
mod share;

#[test]
fn nothing_of_it_is_left_out() {
    for line in include_str!("../it/main.rs").lines().filter(|line| line.starts_with("mod ")) {
        assert!(include_str!("main.rs").contains(line), "{line}");
    }
}
