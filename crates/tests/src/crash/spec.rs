//! `docs/specification.md`: what is promised, by which number, and the test that would show it false. Made here, so that
//! it cannot say what no test enforces.

use std::fmt::Write as _;

use crash::{Canary, PLACE_POINTS, POINTS, Process};

use super::{attack, record::Record, run::DAMAGES, suite::CANARY_TRIES};
use crate::assure;

/// A promise.
pub struct Promise {
    /// Its number in the list of all assurances.
    pub id: &'static str,
    /// What is promised.
    pub what: &'static str,
    /// The number at every commit.
    pub mark: &'static str,
    /// Tests of this repository, as `crate/file::name`; the crash driver's are `scripts/crash`.
    pub tests: &'static [&'static str],
}

/// What the crash driver enforces, with the tests beside it.
pub const PROMISES: &[Promise] = &[
    Promise {
        id: "R1",
        what: "`kill -9` of the worker, the control plane or both, at every point of a message's way (its first hit, \
               its second, until a run has none) and at random instants: every acknowledged message gets exactly one \
               outcome, every reply exactly one id, in order within its chat; the conversation is the model's; what \
               cannot be read passes no hook, and is noted at most once, asked for once and counted; no Signal counter is used twice; every database is whole; the control plane's log has each row once",
        mark: "every point once and more as 100 s allow, then seeds for 50 s: 0 lost, 0 doubled",
        tests: &[
            "scripts/crash",
            "worker/crash::killing_at_every_step_of_a_conversation_loses_and_doubles_nothing",
            "tests/kill_worker::killed_at_any_moment_it_answers_everything_once_and_in_order",
        ],
    },
    Promise {
        id: "R2",
        what: "a power cut: writes that were not synced are lost, reordered, torn or damaged, in the journal, the \
               session and the control plane's database; nothing acknowledged is lost, no second id is made",
        mark: "a fifth of the seeds; each cut is lived through, and 9 other damages of its moment are looked at",
        tests: &["scripts/crash"],
    },
    Promise {
        id: "R4",
        what: "a kill during the recovery from a kill: as R1",
        mark: "a fifth of the seeds: 0 lost, 0 doubled",
        tests: &["scripts/crash"],
    },
    Promise {
        id: "R5",
        what: "bookings, orders and reminders under kills, power cuts and changes by hand, while several customers want the \
               same at once: what a customer was told is in the journal and in the control plane's books once, as it was \
               told last; no time is taken twice, nothing is sold beyond the stock; each reminder comes once; a journal \
               that is made anew knows what is open and what was sold since each count; of who is to be forgotten nothing is left but open records",
        mark: "every point once as 100 s allow, then a fifth of the seeds: 0 lost, 0 doubled",
        tests: &[
            "scripts/crash",
            "worker/records_tests::the_journal_takes_what_the_ledger_takes",
            "worker/upkeep_tests::a_record_goes_once_it_is_closed_acknowledged_and_old",
            "worker/stock::a_new_journal_takes_over_what_was_sold_of_the_count_that_stands_done_orders_included",
            "supervisor/records::a_journal_that_was_made_anew_is_told_what_was_sold_since_the_count_in_orders_that_are_done_too",
        ],
    },
    Promise {
        id: "R13",
        what: "ten replays of a seed end in the same way; planted faults, one at a time, are found by the same tries",
        mark: "each within 200 tries",
        tests: &["scripts/crash"],
    },
    Promise {
        id: "R14",
        what: "the same message 2 to 20 times, same bytes or encrypted anew, by number and by hidden id, before, \
               during and after restarts, and equal ids of two senders: one reply each, none mixed up",
        mark: "a fifth of the seeds: 0 doubled",
        tests: &[
            "scripts/crash",
            "worker/path::a_repeated_message_is_one_message_under_either_name",
            "worker/path::a_message_that_comes_again_later_under_the_other_name_before_both_are_known_is_answered_once",
            "worker/path::equal_ids_of_two_senders_are_two_messages",
        ],
    },
    Promise {
        id: "R15",
        what: "how far a message of ours has come, by the server's word and by receipts in any order and any number: it never \
               goes back, is told of behind its row, and moves no other tenant's. Under kills on both sides and power cuts the \
               journal's tick agrees with its outbox, and the control plane has at least what it has acknowledged; a receipt \
               that a kill or a power cut has overtaken may be missing. What the owner writes on the phone stands in the \
               transcript once, that of chats that are none of the business's never; a receipt may come before it",
        mark: "each pair of states on both databases; ticks of replies at every point at which a process may end, as R1",
        tests: &[
            "scripts/crash",
            "store/deliveries::of_each_two_words_the_farther_one_stays",
            "worker/ticks::what_was_learnt_and_not_acknowledged_goes_up_after_a_crash_behind_its_row",
            "worker/deliveries_tests::one_that_was_given_up_and_taken_after_all_is_sent",
            "worker/ticks::what_the_owner_writes_on_the_phone_is_told_once_as_the_phones",
            "worker/ticks::a_receipt_that_overtakes_what_the_owner_wrote_is_not_lost",
            "worker/ticks::the_owners_other_chats_and_notes_are_nobodys_concern",
            "supervisor/liars::a_worker_moves_its_own_tenants_ticks_alone",
            "tests/ticks::a_reply_is_delivered_at_once_and_read_when_the_customer_looks",
            "tests/ticks::what_the_owner_writes_on_the_phone_stands_in_the_transcript_once",
        ],
    },
    Promise {
        id: "R16",
        what: "bots on hosts beside the control plane: a host killed alone (its workers go on and are taken over) or with all its \
               workers, as when a machine loses its power; stopped by SIGSTOP and continued; the cable to it cut, or held in one \
               direction or both, and mended; the control plane killed; while a tenant moves from host to host or a host is \
               emptied, at every point of the way, at control plane, source and target. Every message is answered once and on \
               record once; of no tenant are there ever two connections; its cell is on one host, which is its place; no phone \
               links again",
        mark: "each point of a move once, then single points and seeds for 60 s: 0 lost, 0 doubled, never two",
        tests: &["scripts/crash"],
    },
];

fn rows(text: &mut String, promises: &[Promise]) {
    for promise in promises {
        let pending = promise.tests.is_empty().then(|| "pending".to_owned());
        let tests: Vec<_> = promise.tests.iter().map(|test| format!("`{test}`")).chain(pending).collect();
        let _ =
            writeln!(text, "| {} | {} | {} | {} |", promise.id, promise.what, promise.mark, tests.join(", "));
    }
}

/// The document; `long` and `attacks` are what the last long runs of the crash driver and of the attack driver wrote,
/// `record` the last run over all kinds.
#[must_use]
pub fn document(long: &str, record: Option<&Record>, attacks: &str, assured: &str) -> String {
    let mut text = String::from(
        "# Specification\n\n\
         Made by the tests: `just generate` writes it, and a test fails where it differs. A promise is a number with the \
         test that would show it false.\n\n\
         ## Exactly one outcome for every message\n\n\
         Every message that WhatsApp handed over and that was acknowledged gets exactly one durable outcome, fixed in \
         one transaction: an ordered list of reply ids, or a named reason for silence. After a crash the same id with \
         the same text may go out again, which phones show once; a second id never does. Three things are counted \
         apart: messages lost, second ids (doubled), and repeated sends of one id (reported, not zero).\n\n\
         | | promise | at every commit | enforced by |\n|---|---|---|---|\n",
    );
    rows(&mut text, PROMISES);
    let of = |points: &[crash::Point], process| {
        let of = points.iter().filter(|point| point.process == process);
        of.map(|point| format!("`{}`", point.name)).collect::<Vec<_>>().join(", ")
    };
    let (names, places) = (|process| of(POINTS, process), |process| of(PLACE_POINTS, process));
    let named = |canary: &Canary| format!("`{}`", canary.name());
    let _ = write!(
        text,
        "\n### Points\n\n\
         {} points, in builds for tests alone. In the worker: {}. In the control plane: {}. Each must be reached by the \
         driver; `contact_merged` is reached by the worker's own tests, since the channel knows both names of a sender \
         before the worker sees a message. Besides, {} of a move from host to host, which the scenes with hosts reach: in the \
         control plane {}; on the hosts {}.\n\n\
         ### Planted faults\n\n\
         {}. Each must be found within {CANARY_TRIES} tries, as what it breaks, or `scripts/test` fails.\n\n\
         ### Power cuts\n\n\
         The real processes run under `strace`, which records what they write and what they sync. The files are then \
         put together from what was synced and from as much of the rest as chance leaves: none, some, in another order, \
         torn by sectors, or as garbage. Each cut is lived through, and {DAMAGES} other damages are looked at. Not \
         simulated: a removed file that comes back, a file whose name was not yet on the disk.\n\n\
         ### The last long run\n\n{}",
        POINTS.len(),
        names(Process::Worker),
        names(Process::Control),
        PLACE_POINTS.len(),
        places(Process::Control),
        places(Process::Host),
        Canary::CRASH.iter().chain(&Canary::HOSTS).map(named).collect::<Vec<_>>().join(", "),
        if long.is_empty() { "Pending.\n" } else { long }
    );
    let _ = write!(
        text,
        "\n### The last run over all kinds\n\n\
         `just crash-kinds`: all that the virtual WhatsApp forms, in turn, while it misbehaves and processes are ended.\n\n{}",
        record.map_or_else(|| "Pending.\n".to_owned(), Record::words)
    );
    text.push_str(
        "\n## Whatever fails\n\n\
         Disks, databases, processes and neighbours. A mark of two numbers is one at every commit and one of `just assure`, \
         which counts with its record alone.\n\n\
         | | promise | at every commit / by the long run | enforced by |\n|---|---|---|---|\n",
    );
    rows(&mut text, assure::promises::PROMISES);
    let _ = write!(
        text,
        "\n### The last long runs\n\n`just assure`, in full: [records/assure.json](records/assure.json).\n\n{}",
        assure::record::summary(assured)
    );
    text.push_str(
        "\n## Under attack and after a revocation\n\n\
         Against a stranger who reaches the port, whoever guesses, whoever was signed in a moment ago, a worker that lies, and a thief of \
         files. `pending` stands where no test enforces it yet.\n\n\
         | | promise | at every commit | enforced by |\n|---|---|---|---|\n",
    );
    rows(&mut text, attack::PROMISES);
    let _ = write!(
        text,
        "\n### The last long attack\n\n\
         `just attack`: ten minutes for each attacker unless told otherwise, a neighbour's customers and a rightful operator beside \
         it; a shorter time, a loaded machine and a build for development stand in the record. In full: \
         [records/attack.json](records/attack.json).\n\n{}",
        crate::attack::report::summary(attacks)
    );
    text
}
