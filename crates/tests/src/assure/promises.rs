//! What is promised of failing disks, databases, processes and neighbours.

use crate::crash::spec::Promise;

/// Whatever fails.
pub const PROMISES: &[Promise] = &[
    Promise {
        id: "R3",
        what: "the Nth call of the disk fails (EIO, ENOSPC of which half is written, a sync, EMFILE, another's lock), once or \
               until it is mended, for N = 1, 2, 3 … until a run has no hit, in the worker's journal and the control \
               plane's database; and in real processes the session too: nothing is lost or doubled, nothing is acknowledged \
               while it fails, it is told in words, `/readyz` says so, and once it is mended all goes on, or the next start \
               does",
        mark: "every N until a run without a hit; 30 s of real processes / ten minutes",
        tests: &[
            "worker/faults::each_call_of_the_disk_fails_once_and_the_conversation_goes_on",
            "worker/faults::from_each_call_on_the_disk_fails_until_it_is_mended",
            "worker/faults::from_each_write_on_the_disk_is_full_until_there_is_room",
            "worker/faults::a_journal_that_cannot_be_read_for_a_while_is_not_called_damaged",
            "worker/faults::a_write_a_sync_an_open_or_a_lock_that_fails_once_harms_nothing",
            "store/faults::each_call_of_the_disk_fails_once_and_nothing_is_lost",
            "store/faults::from_each_call_on_the_disk_fails_until_it_is_mended",
            "store/faults::from_each_write_on_the_disk_is_full_until_there_is_room",
            "store/faults::a_sync_or_an_open_that_fails_harms_nothing",
            "whatsapp/mod::what_a_disk_does_once_is_no_damage",
            "tests/descriptors::a_bot_that_may_open_nothing_says_so_and_comes_back_by_itself",
            "tests/descriptors::while_the_control_plane_may_open_nothing_bots_answer_and_afterwards_all_is_on_record",
            "tests/assure::calls_of_the_disk_that_fail_in_real_processes_lose_and_double_nothing",
        ],
    },
    Promise {
        id: "R3 connects",
        what: "the Nth connection is refused, for N = 1, 2, 3 … until a run has no hit, or all until it is mended: a worker's to \
               WhatsApp, and the control plane's to a worker; the first of them as a timeout and as EMFILE too; and the control \
               plane's to PostgreSQL, the Nth alone and from the Nth on until it is mended, where all that were open have broken. A way \
               to PostgreSQL that stands still, where nothing is refused, closed or answered, is a timeout for real. Nothing is lost or \
               doubled, it is said in words, and all comes back by itself",
        mark: "every N until a run without a hit; stood still twice",
        tests: &[
            "tests/connects::each_connection_of_a_worker_to_whatsapp_fails_and_nothing_is_lost",
            "tests/connects::each_connection_of_the_control_plane_to_a_worker_fails_and_nothing_is_lost",
            "tests/connects::each_connection_of_the_control_plane_to_its_database_fails_and_nothing_is_lost",
            "tests/connects::from_each_connection_to_the_database_on_all_fail_until_it_is_mended_and_nothing_is_lost",
            "tests/outage::a_database_whose_connections_stand_still_is_told_and_afterwards_all_is_on_record_once",
        ],
    },
    Promise {
        id: "R3 room",
        what: "with less than 16 MB free on the disk of the workers they disconnect before they read more, say so in words, \
               and go on by themselves once 24 MB are free; a bit that was flipped in a journal stops that tenant in words and \
               nobody else, where it shows (what lies within a text does not)",
        mark: "once; 296 flipped bits",
        tests: &[
            "tests/disk::while_the_disk_is_almost_full_nothing_is_taken_and_afterwards_all_is_answered",
            "tests/disk::a_bit_that_was_flipped_in_a_journal_stops_that_tenant_with_words_and_nobody_else",
            "worker/start::a_bit_that_was_flipped_anywhere_stops_it_in_words_or_harms_nothing",
        ],
    },
    Promise {
        id: "R6",
        what: "a worker that is paused, or that nobody talks with, while one of a newer generation wants to start, and the old \
               one is killed at any moment or not at all: the new one is never admitted while the old one lives, and an old \
               generation never again",
        mark: "500 tries / 10,000: never both",
        tests: &[
            "tests/assure::a_newer_generation_is_never_admitted_beside_an_older_one_that_lives",
            "supervisor/odd::a_paused_worker_is_dead_before_the_next_generation_begins",
            "supervisor/odd::a_paused_worker_that_nobody_asks_for_is_found_stale_and_replaced",
        ],
    },
    Promise {
        id: "R8",
        what: "restarts equal a model that knows the whole history (at once, then 1 s doubled with jitter to 5 min, forgotten \
               after 10 min of being ready, 5 deaths in 10 min are a crash loop unless the disk is what failed, what no restart can \
               mend is never restarted); a worker that hangs or ignores SIGTERM is ended, a number that another process has by now is neither taken \
               over nor ended, after a reboot all that is wanted starts once, a clock that jumps a day restarts nobody",
        mark: "1,000 random sequences / 10,000 (PROPTEST_CASES)",
        tests: &[
            "supervisor/restarts::the_policy_equals_the_model",
            "supervisor/lifecycle::whoever_finds_the_disk_full_is_tried_again_until_there_is_room",
            "supervisor/lifecycle::who_does_not_stop_is_terminated_and_then_killed",
            "supervisor/lifecycle::a_stale_worker_is_an_error_and_is_mended",
            "supervisor/adoption::a_hung_worker_is_adopted_too_and_then_mended",
            "supervisor/leftovers::what_a_worker_has_started_ends_with_it_however_it_ends",
            "supervisor/odd::a_number_that_another_process_has_by_now_is_neither_taken_over_nor_ended",
            "supervisor/odd::after_a_reboot_every_worker_that_is_wanted_is_started_once_and_no_other",
            "supervisor/odd::a_clock_that_jumps_a_day_ends_and_restarts_nobody",
        ],
    },
    Promise {
        id: "Z",
        what: "a worker that is forked from a zygote is a process of its own: its arguments, directory, session, descriptors and \
               random numbers are nobody else's, it outlives its zygote, and all that is promised of workers that are started holds \
               of it",
        mark: "the supervisor's whole suite, both ways",
        tests: &[
            "zygote/main::what_is_forked_is_a_process_of_its_own_and_a_child_of_who_asked",
            "zygote/main::what_cannot_be_forked_is_an_error_and_harms_no_other",
            "zygote/main::a_zygote_that_was_killed_is_an_error_at_once",
            "supervisor/main::nothing_of_it_is_left_out",
        ],
    },
    Promise {
        id: "R9",
        what: "one tenant's worker crash-loops, spins, fills its directory, and is flooded, one after the other: of the others \
               nothing is lost, nobody is restarted, and 99 of 100 answers come within 1.2 times the time of before",
        mark: "5 others and 500 messages, without the ratio / 49 and 10,000",
        tests: &["tests/assure::beside_a_tenant_gone_mad_the_others_lose_nothing_and_are_never_restarted"],
    },
    Promise {
        id: "R10",
        what: "PostgreSQL is ended and started again after the answers of 5 to 40 s while customers write, is away for those of a \
               minute, slow by 5 s, takes no changes (full, its disk failing, read-only): bots answer, `/readyz` and the page say what is wrong, \
               afterwards everything is on record once, no worker was restarted, memory and descriptors have not grown",
        mark: "40 s / ten minutes: 0 lost, 0 doubled",
        tests: &[
            "tests/assure::while_postgresql_is_ended_again_and_again_nothing_is_lost_and_nothing_grows",
            "tests/outage::while_the_database_is_away_bots_answer_and_all_is_recorded_afterwards",
            "tests/outage::a_database_that_takes_no_changes_is_told_and_afterwards_all_is_on_record_once",
            "tests/outage::a_database_that_is_slow_by_five_seconds_holds_up_no_bot",
        ],
    },
    Promise {
        id: "W",
        what: "whatever WhatsApp does: a connection that breaks at any byte, hangs, ends (503, 515) or is refused, messages that come \
               a hundred times, twice, in another order or ten thousand at once lose and double nothing; what does not pass (limited, \
               too old, locked, logged out, replaced) is told in words",
        mark: "16 connections that break until 64 have, of which more than 16 within the test; each fault, each refusal; 10,000 messages that waited",
        tests: &[
            "tests/whatsapp::a_connection_that_breaks_at_any_byte_loses_and_doubles_nothing",
            "tests/whatsapp::whatever_ends_a_connection_for_a_while_is_survived",
            "tests/whatsapp::a_message_that_comes_a_hundred_times_is_answered_once",
            "tests/whatsapp::messages_in_another_order_are_all_taken",
            "tests/whatsapp::what_waited_while_a_bot_was_away_is_all_taken_and_everybody_is_answered",
            "tests/whatsapp::what_does_not_pass_is_told_in_words_with_what_to_do",
            "worker/backoff::neighbours_come_back_one_after_another",
            "worker/backoff::doubles_up_to_five_minutes_and_forgets",
        ],
    },
    Promise {
        id: "Return",
        what: "WhatsApp goes away under many workers and comes back: all are signed in again by themselves, spread as the control plane \
               has told each how many run beside it",
        mark: "4 workers / 500, on a quiet machine (`scripts/assure quiet`)",
        tests: &[
            "tests/assure::all_workers_come_back_when_whatsapp_does",
            "worker/backoff::neighbours_come_back_one_after_another",
        ],
    },
    Promise {
        id: "Costs",
        what: "what confinement and sealing cost a worker in start and memory is measured of each alone and of both, by hand-started workers \
               that wait for the word to connect",
        mark: "2 of each kind, without a mark / 50 of a build as it ships, on a quiet machine (`scripts/assure quiet`)",
        tests: &["tests/assure::what_confinement_and_sealing_cost_is_measured_of_each"],
    },
    Promise {
        id: "All",
        what: "all at once, on PostgreSQL: its server is ended and started again, each of twelve workers is killed four times, and \
               a neighbour's worker crash-loops, spins, fills its directory and is flooded: of the others nothing is lost, \
               nothing comes twice, everything is on record once",
        mark: "30 s / ten minutes: 0 lost, 0 doubled",
        tests: &["tests/assure::all_at_once_loses_and_doubles_nothing"],
    },
];
