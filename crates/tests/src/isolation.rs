//! Where each layer of isolation is tried to be broken: the source of docs/isolation.md. The counts are those of the
//! tests, which compare them with the document when they run.

use std::fmt::Write as _;

use crash::Canary;

use crate::planted;

/// Where the document lies.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/isolation.md");

/// One promise with the test that would show it false.
#[derive(Debug)]
pub struct Row {
    /// Its name in the document, for tests that count.
    pub id: &'static str,
    /// The layer.
    pub layer: &'static str,
    /// What is promised.
    pub promise: &'static str,
    /// File below `crates`, and function.
    pub test: (&'static str, &'static str),
    /// How many things are tried, and what they are; none where the test is one story.
    pub count: Option<(usize, &'static str)>,
}

const fn row(
    id: &'static str,
    layer: &'static str,
    promise: &'static str,
    test: (&'static str, &'static str),
    count: Option<(usize, &'static str)>,
) -> Row {
    Row { id, layer, promise, test, count }
}

/// All promises.
pub const ROWS: &[Row] = &[
    row(
        "scope",
        "Rows",
        "Every method of a tenant's scope with another tenant's ids sees nothing, changes nothing and says missing",
        ("store/src/tests/contract/isolation.rs", "another_tenants_ids_look_like_missing_ones"),
        None,
    ),
    row(
        "mutants",
        "Rows",
        "A statement that lost its tenant predicate is noticed, on SQLite and on PostgreSQL without its policies",
        ("store/src/tests/mutants.rs", "on_sqlite_every_missing_predicate_is_noticed"),
        Some((34, "mutants on each engine, 0 survive")),
    ),
    row(
        "mutants-under-policies",
        "Rows",
        "Under row-level security the same statements do no harm",
        ("store/src/tests/mutants.rs", "under_row_level_security_every_missing_predicate_is_harmless"),
        Some((34, "mutants, 0 reach a foreign row")),
    ),
    row(
        "rows",
        "Rows",
        "Bare SQL as the runtime role: each table and verb under no setting, the own, a foreign and malformed ones",
        ("store/src/tests/rows.rs", "no_row_is_seen_or_written_under_anything_but_its_own_tenants_setting"),
        Some((288, "cells, 0 leaks, an operator's control beside each")),
    ),
    row(
        "start",
        "Rows",
        "A PostgreSQL whose role or policies would not keep tenants apart is not served, and the refusal's SQL mends it",
        (
            "tests/tests/it/postgres_refusals.rs",
            "what_would_not_keep_tenants_apart_is_refused_with_the_sql_that_mends_it",
        ),
        Some((planted::UNSAFE.len(), "planted faults, each found")),
    ),
    row(
        "catalogue",
        "Rows",
        "Every table with a tenant is under forced policies, and every reference carries the tenant along",
        ("store/src/tests/catalogue.rs", "every_table_with_a_tenant_is_known_and_forced"),
        None,
    ),
    row(
        "hygiene",
        "Rows",
        "A connection comes back with no tenant on it after commit, rollback, error, cancellation and panic",
        ("store/src/tests/hygiene.rs", "no_connection_keeps_a_tenant"),
        Some((2000, "times taken, 0 left over")),
    ),
    row(
        "engines",
        "Rows",
        "The same random operations come to the same answers, refusals and rows on both engines",
        ("store/src/tests/engines.rs", "the_same_operations_come_to_the_same_on_both_engines"),
        Some((10000, "operations, 0 differences")),
    ),
    row(
        "routes",
        "Routes",
        "Every route answers each actor for own, foreign and missing things as the table says; foreign and missing are \
         equal byte for byte and by the statements run",
        ("control/src/testing/matrix.rs", "every_route_answers_every_actor_as_the_table_says"),
        Some((1000, "cells, a positive control beside the denials")),
    ),
    row(
        "liars",
        "Link",
        "A worker that lies about tenant, token, generation or rows is ended, and its neighbour notices nothing",
        ("supervisor/tests/it/liars.rs", "a_liar_is_ended_and_its_neighbour_notices_nothing"),
        None,
    ),
    row(
        "frames",
        "Link",
        "Mutated frames are refused with a reason or are messages; none panics the codec or takes memory beyond the bound",
        (
            "link/tests/mutated.rs",
            "a_hundred_thousand_mutated_frames_are_refused_with_a_reason_or_are_messages",
        ),
        Some((100_000, "frames, seeded")),
    ),
    row(
        "frames-socket",
        "Link",
        "The same over the sockets of a running control plane: each is refused with a reason or handled, and no other worker's \
         connection is touched",
        (
            "supervisor/tests/it/mutated.rs",
            "mutated_frames_over_a_socket_are_refused_or_handled_and_nobody_else_is_cut_off",
        ),
        Some((300, "frames, seeded")),
    ),
    row(
        "stolen-rows",
        "Link",
        "Log rows under another tenant's ids stay with who sent them, and the owner's stay the owner's",
        ("supervisor/tests/it/liars.rs", "somebody_elses_log_rows_stay_theirs"),
        None,
    ),
    row(
        "flood",
        "Link",
        "A worker that floods its link does not hold up another's",
        ("supervisor/tests/it/liars.rs", "a_flood_does_not_drown_the_others"),
        None,
    ),
    row(
        "answers",
        "Link",
        "Answers that nobody asked for, of another kind, or without end do no harm",
        ("supervisor/tests/it/liars.rs", "an_answer_that_was_not_asked_for_and_one_without_end_do_no_harm"),
        None,
    ),
    row(
        "symlink",
        "Files",
        "A tenant's directory that is a symbolic link is refused",
        ("supervisor/tests/it/liars.rs", "a_cell_that_is_a_symbolic_link_is_refused"),
        None,
    ),
    row(
        "modes",
        "Files",
        "A tenant's directory that others can look into is refused",
        ("worker/tests/it/start.rs", "a_cell_that_others_can_look_into_is_refused"),
        None,
    ),
    row(
        "swapped",
        "Files",
        "Directories that were swapped under running workers answer nobody in another's name",
        ("tests/tests/it/cells.rs", "swapped_directories_are_refused_and_work_again_in_their_places"),
        None,
    ),
    row(
        "process",
        "Processes",
        "A worker's environment says where SQLite's temporary files belong and how its memory is given back, and nothing else; it has its own id for an argument, and no descriptor of another's",
        ("supervisor/tests/it/liars.rs", "a_process_has_nothing_of_ours"),
        None,
    ),
    row(
        "copied",
        "Sessions",
        "A directory that was copied to another tenant is refused and left untouched",
        ("worker/tests/it/start.rs", "a_journal_of_another_tenant_is_refused_and_left_untouched"),
        None,
    ),
    row(
        "copied-session",
        "Sessions",
        "A session that was copied without its journal is refused before it connects, and left untouched",
        (
            "tests/tests/it/cells.rs",
            "a_session_copied_to_another_tenant_is_refused_before_it_connects_and_the_first_goes_on",
        ),
        None,
    ),
    row(
        "logout",
        "Sessions",
        "A worker that holds another's session is told to log out only where a phone linked it in its own run",
        (
            "supervisor/tests/it/liars.rs",
            "a_worker_with_anothers_session_is_told_to_log_out_only_where_it_was_linked_in_its_own_run",
        ),
        None,
    ),
    row(
        "same-phone",
        "Sessions",
        "A phone that one tenant has linked is held where another links it, and answered by the first alone",
        ("tests/tests/it/cells.rs", "a_phone_that_is_linked_elsewhere_is_held_and_the_first_goes_on"),
        None,
    ),
    row(
        "deletion",
        "Data rights",
        "A deleted tenant leaves no row, no file, no process, and one audit line without personal data",
        ("tests/tests/it/rights.rs", "a_deleted_tenant_leaves_nothing_but_an_audit_line"),
        None,
    ),
    row(
        "retention",
        "Data rights",
        "What is older than a tenant keeps it is deleted in small batches",
        ("tests/tests/it/rights.rs", "serve_deletes_what_is_older_than_the_tenant_keeps_it"),
        None,
    ),
    row(
        "contact",
        "Data rights",
        "One customer is exported and erased, in the log and in the worker's journal, and nobody else",
        (
            "tests/tests/it/rights.rs",
            "one_customer_is_exported_and_erased_in_the_log_and_in_the_journal_and_nobody_else",
        ),
        None,
    ),
    row(
        "logs",
        "Output",
        "No customer's number or text and no tenant's name is in any log at level info",
        ("tests/tests/it/rights.rs", "nothing_personal_is_in_a_log_at_level_info"),
        None,
    ),
    row(
        "sweep",
        "Output",
        "Each route asked as everybody, each stream, the metrics and the logs, with a word of its own in every field of every \
         tenant: no word shows up outside its tenant, on both engines",
        ("tests/tests/it/sweep.rs", "no_marker_word_shows_up_outside_its_tenant"),
        Some((1000, "answers, streams and logs searched, each word seen in its own")),
    ),
    row(
        "canaries",
        "Output",
        "Faults that are planted in the program itself (a dropped predicate, a policy that is not forced, a name in a log) are \
         each caught by the tests above; a dropped predicate alone does no harm under row-level security",
        ("tests/tests/it/sweep.rs", "each_planted_fault_of_isolation_is_caught"),
        Some((Canary::ISOLATION.len(), "planted faults, each caught")),
    ),
    row(
        "stress",
        "Output",
        "`flowhq stress`: many tenants with marker words at once; each planted leak is found",
        ("tests/tests/it/stress.rs", "each_planted_leak_is_found"),
        Some((planted::LEAKS.len(), "planted leaks, each found")),
    ),
];

/// The document.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# How tenants are kept apart, and what would show it\n\n\
         Each layer is to hold by itself when the one above it has a bug. Every line below is a test that tries to break \
         one; `scripts/test` runs them all, on SQLite and on a PostgreSQL that it starts itself. Made by `just generate` \
         from `crates/tests/src/isolation.rs`, do not edit; a test that counts less than this page says fails.\n\n\
         | layer | promise | tried by | count |\n|---|---|---|---|\n",
    );
    for Row { id, layer, promise, test: (file, name), count } in ROWS {
        let count =
            count.map_or_else(|| "one story".to_owned(), |(count, of)| format!("at least {count} {of}"));
        // Writing to a String cannot fail.
        let _ =
            writeln!(text, "| {layer} | {promise} | [`{name}`](../crates/{file}) | {count} <!-- {id} --> |");
    }
    text.push_str(
        "\n## What these layers are not\n\n\
         **Row-level security is no defence against injected SQL.** The policies go by two settings of the connection, \
         `flowhq.tenant_id` and `flowhq.operator`, and the role that serves requests may set both: a statement of an attacker's \
         could make itself the operator's and see every tenant. The policies are there for a statement of ours that forgot its \
         tenant. What keeps an attacker's SQL out is that no text from outside becomes SQL: statements are constants of the \
         crate `store`, everything else is a bound parameter. A second role for requests of one tenant would be a second pool \
         of connections and a second password, and a worker speaks no SQL at all: it is not there.\n\n\
         **A process of its own is not enough.** A worker that runs as the user of `flowhq serve` passes every file mode: what \
         keeps it from the database, keys and neighbours is its confinement, and, as root, a user of its own. \
         [docs/sandbox.md](sandbox.md) says what is tried against that, and what stays in reach.\n",
    );
    text
}

/// Fails where the document says more of a row than `count`.
pub fn counted(row: &str, count: usize) {
    let found = ROWS.iter().find(|known| known.id == row).and_then(|row| row.count);
    let (said, of) = found.unwrap_or_else(|| panic!("no row {row} that counts"));
    assert!(
        count >= said,
        "{row}: this test counts {count}, docs/isolation.md says at least {said} {of}; was something left out? If not, \
         change it in crates/tests/src/isolation.rs and run `just generate`"
    );
}
