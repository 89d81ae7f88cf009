//! Flow HQ.
fn main() {}
