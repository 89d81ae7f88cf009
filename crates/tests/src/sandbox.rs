//! docs/sandbox.md: what a worker, and what the control plane, is kept from, as the test of escapes has seen it.

use std::path::Path;

use crate::{LIMIT, watch::Watch};

/// Where the page is.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sandbox.md");

const HEAD: &str = include_str!("sandbox_head.md");

/// Something that was tried within a worker, and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// In words.
    pub what: String,
    /// `had`, or the error.
    pub went: String,
}

impl Tried {
    /// Whether it was had.
    #[must_use]
    pub fn was_had(&self) -> bool {
        self.went == "had"
    }

    /// Reads what `confine::attempts::run` has told.
    #[must_use]
    pub fn all_of(told: &str) -> Vec<Self> {
        let lines = told.lines().filter_map(|line| line.split_once('\t'));
        lines.map(|(went, what)| Self { what: what.to_owned(), went: went.to_owned() }).collect()
    }
}

/// What the attacker within a worker has told, once it is done.
///
/// # Panics
/// Where it does not come to its end.
pub async fn told(cell: &Path) -> String {
    let watch = Watch::of(&[cell]).expect("a folder can be watched");
    let read = || std::fs::read_to_string(cell.join("attempts.told")).unwrap_or_default();
    let done = async {
        while !read().ends_with("done\n") {
            watch.changed().await;
        }
    };
    assert!(
        tokio::time::timeout(LIMIT, done).await.is_ok(),
        "the attacker does not come to its end: {}",
        read()
    );
    read()
}

/// The whole page.
#[must_use]
pub fn document(tried: &[Tried], by_the_plane: &[Tried]) -> String {
    let mut allowed: Vec<_> = confine::allowed().collect();
    allowed.sort_unstable();
    let unknown: Vec<_> = confine::ANSWERED_AS_UNKNOWN.iter().map(|(name, _)| format!("`{name}`")).collect();
    let numbers = confine::attempts::tried_calls().len();
    let (table, had) = told_of("a worker", tried);
    let (plane_table, plane_had) = told_of("the control plane", by_the_plane);
    let unused = confine::attempts::tried_unused().len();
    format!(
        "{HEAD}\n## What is tried\n{} things, {had} had. Each is had by a process of the same user outside a worker (the test \
         `code_inside_a_worker_gets_nothing_that_is_not_its_tenants` runs both, as root). \"Every other system call\" are {numbers} \
         numbers, each called once; it counts as one.\n\n{table}\n## System calls\n{} are allowed, some with certain arguments only \
         (`crates/confine/src/calls.rs`): {}. Whatever else is called is answered with EPERM, and {} with ENOSYS, as by a kernel \
         that does not know them.\n\n## What is tried within the control plane\n{} things, {plane_had} had, in the same tests: where it \
         runs as root with a user for each tenant's worker, and where all run as one. The calls that it has no use for are {unused} \
         numbers (`crates/confine/src/calls.rs`), and count as one.\n\n{plane_table}",
        tried.len(),
        allowed.len(),
        allowed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        unknown.join(", "),
        by_the_plane.len(),
    )
}

/// What was tried as a table, and how much of it was had.
fn told_of(within: &str, tried: &[Tried]) -> (String, usize) {
    let mut table = format!("| tried within {within} | answer |\n|---|---|\n");
    for Tried { what, went } in tried {
        table.push_str(&format!("| {what} | {went} |\n"));
    }
    (table, tried.iter().filter(|tried| tried.was_had()).count())
}
