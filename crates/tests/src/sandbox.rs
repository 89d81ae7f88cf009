//! docs/sandbox.md: what a worker is kept from, as the test of escapes has seen it.

use std::{collections::BTreeMap, path::Path};

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
pub fn document(tried: &[Tried]) -> String {
    let mut allowed: Vec<_> = confine::allowed().collect();
    allowed.sort_unstable();
    let unknown: Vec<_> = confine::ANSWERED_AS_UNKNOWN.iter().map(|(name, _)| format!("`{name}`")).collect();
    let numbers = confine::attempts::tried_calls().len();
    let mut by_answer: BTreeMap<&str, usize> = BTreeMap::new();
    let mut table = String::from("| tried within a worker | answer |\n|---|---|\n");
    for Tried { what, went } in tried {
        *by_answer.entry(went).or_default() += 1;
        table.push_str(&format!("| {what} | {went} |\n"));
    }
    let had = tried.iter().filter(|tried| tried.was_had()).count();
    format!(
        "{HEAD}\n## What is tried\n{} things, {had} had. Each is had by a process of the same user outside a worker (the test \
         `code_inside_a_worker_gets_nothing_that_is_not_its_tenants` runs both, as root). \"Every other system call\" are {numbers} \
         numbers, each called once; it counts as one.\n\n{table}\n## System calls\n{} are allowed, some with certain arguments only \
         (`crates/confine/src/calls.rs`): {}. Whatever else is called is answered with EPERM, and {} with ENOSYS, as by a kernel \
         that does not know them.\n",
        tried.len(),
        allowed.len(),
        allowed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        unknown.join(", "),
    )
}
