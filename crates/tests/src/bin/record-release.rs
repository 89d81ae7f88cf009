//! Records what a release leaves, for the tests of those that follow; see `scripts/record-release`, which builds it and calls this.
#![expect(clippy::expect_used, reason = "a driver that cannot go on says so and ends")]

use std::path::PathBuf;

use clap::Parser;
use tests::release::record::{Of, record};

/// Has the release that FLOWHQ_VIRTUAL_BIN names live for a while, and keeps what it leaves
#[derive(Debug, Parser)]
struct Args {
    /// The commit that it was built from
    #[arg(long)]
    commit: String,
    /// The day of that commit
    #[arg(long)]
    date: String,
    /// The folder that is made
    #[arg(long)]
    into: PathBuf,
}

fn main() {
    let Args { commit, date, into } = Args::parse();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(record(Of { commit, date }, &into)).expect("the fixtures can be written");
}
