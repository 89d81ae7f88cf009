//! What is promised under attack and after a revocation, beside the crash driver's own.

use super::spec::Promise;

/// Who reaches the port, who guesses, and whose word is taken back.
pub const PROMISES: &[Promise] = &[
    Promise {
        id: "A1",
        what: "a stranger's requests (any methods, paths, queries, headers and names, up to and over their full size) \
               leave nothing behind: labels and log fields are words of ours, a head has at most 32 KB",
        mark: "5,000 requests: memory within 10 MB of before, the log's first line in place, no new figure",
        tests: &[
            "cli/stranger::five_thousand_hostile_requests_leave_memory_figures_and_log_as_they_were",
            "web/method::a_word_is_one_of_ours_whatever_was_sent",
        ],
    },
    Promise {
        id: "A2",
        what: "a request under a name that is not the server's reaches nothing; `/livez` and `/readyz` answer under any",
        mark: "421 for every foreign name, 400 for none",
        tests: &[
            "http-kit/hosts::any_other_name_does_not",
            "control/access::a_name_that_was_pointed_here_reaches_nothing",
        ],
    },
    Promise {
        id: "A3",
        what: "connections held open shut nobody out, whether a head or a body never comes whole: 1,024 places, a \
               quarter for each address, and the oldest unfinished one gives way",
        mark: "2,600 slow connections of one address: another is answered within 5 s",
        tests: &[
            "cli/stranger::slow_connections_of_one_address_shut_nobody_out",
            "web/tests::bodies_that_never_come_whole_give_way",
            "web/tests::an_address_has_its_share_of_answers_under_way_and_no_more",
        ],
    },
    Promise {
        id: "A4",
        what: "streams end with the session, the account, the password, the second factor and the idle limit; an export \
               breaks off and is not taken for whole",
        mark: "within 1 s; within 10 s where another process has changed the database",
        tests: &[
            "control/revoked::streams_end_with_the_session",
            "control/revoked::streams_end_with_the_account",
            "control/revoked::streams_end_with_another_password_or_second_factor",
            "control/revoked::streams_end_at_the_idle_limit",
            "control/revoked::streams_end_when_another_process_has_removed_the_account",
            "control/revoked::an_export_breaks_off_and_is_not_taken_for_whole",
        ],
    },
    Promise {
        id: "A5",
        what: "a session alone changes nothing about who can sign in: the password, and the code, are asked for again",
        mark: "good for 5 minutes; each of the six deeds",
        tests: &["control/confirming::a_session_alone_changes_nothing_about_who_signs_in"],
    },
    Promise {
        id: "A6",
        what: "codes of a second factor are counted on the account by one statement, whatever session and address they \
               come from; a right password renews nothing, a recovery code works all the while",
        mark: "of 40 at once 5 are looked at; then 30 s, 2 min, 8 min, 30 min, an hour",
        tests: &[
            "store/accounts::codes_are_counted_on_the_account_by_one_statement_and_the_wait_grows",
            "control/guessing::codes_are_counted_on_the_account_whatever_session_they_come_from",
        ],
    },
    Promise {
        id: "A7",
        what: "whoever has the right password gets in while others guess, and guessers are as slow as ever",
        mark: "within 10 s behind six threads of one's own address and behind 18 addresses; 4 guesses of an address \
               and 64 of all in 8 s, also of those who hang up",
        tests: &[
            "accounts/tests::six_guessing_threads_at_ones_own_address_keep_nobody_out",
            "accounts/tests::eighteen_guessing_addresses_keep_nobody_out",
            "accounts/tests::guessers_are_as_slow_as_ever",
            "accounts/tests::whoever_hangs_up_keeps_the_place_for_its_wait",
        ],
    },
    Promise {
        id: "A8",
        what: "HTTP Basic tells nothing of a password that a second factor follows; known browsers are an account's and \
               go with it",
        mark: "the same answer, as late, in the audit log",
        tests: &[
            "accounts/tests::a_password_without_its_second_factor_is_answered_like_a_wrong_one_and_as_late",
            "control/guessing::basic_tells_nothing_of_a_password_that_a_second_factor_follows",
            "accounts/tests::a_known_browser_is_known_for_its_own_account_alone_and_as_long_as_that_stays",
        ],
    },
    Promise {
        id: "A9",
        what: "what a worker has handed in is read in bounded parts, however long its rows are: pages, documents, \
               streams and exports end at a mebibyte of text and go on, the list of chats reads 60 characters of \
               each; rows from before the bounds are cut where they are read",
        mark: "500 rows of 64 KiB, and 510 rows of 1 MB: at most 1.25 MiB of text at once, no row left out, no \
               empty page before the end; a viewer of a live log is sent each row once",
        tests: &[
            "store/bounds::legal_rows_of_the_longest_text_make_pages_of_a_mebibyte",
            "store/bounds::rows_from_before_the_bounds_are_cut_where_they_are_read",
            "store/bounds::a_page_of_the_audit_log_is_bounded_in_bytes_and_goes_on",
            "control/bounds::the_longest_rows_make_short_answers_that_go_on",
            "control/bounds::a_viewer_of_a_live_log_is_sent_every_row_however_many_come_at_once",
        ],
    },
    Promise {
        id: "A10",
        what: "a search has at most 200 characters and ten seconds, and connections of its own; it ends in the \
               database when nobody waits for it any more, and with the control plane",
        mark: "six searches that would go on for minutes: lists, readiness and changes go on meanwhile, on both \
               engines",
        tests: &[
            "store/seek::searches_whose_asker_has_gone_end_in_the_database_and_hold_up_nothing",
            "store/seek::a_search_ends_when_its_time_is_over_and_says_so",
            "store/seek::a_store_that_is_closed_waits_for_no_search",
            "tests/shutdown::a_search_under_way_ends_with_the_control_plane_that_is_told_to_end",
            "control/bounds::a_search_that_is_too_long_is_refused_by_its_name",
        ],
    },
    Promise {
        id: "A11",
        what: "one tenant fills neither the database nor the audit log nor the disk: beyond its share it is \
               acknowledged more slowly, told to the operator, and an honest backlog is whole; a worker that floods \
               its log is ended into ERROR with words",
        mark: "of log rows 8 MiB at once and 1 MiB a second, for long 64 MiB and 16 KiB a second; of reports 120 \
               and one a second; of its log 32 MiB and 64 KiB a second, 4 MiB between two looks at whatever speed",
        tests: &[
            "supervisor/share::a_flood_over_the_link_is_written_at_the_tenants_share_and_told",
            "supervisor/share::an_honest_backlog_beyond_the_share_is_acknowledged_more_slowly_and_whole",
            "supervisor/share::a_worker_that_floods_its_log_is_ended_into_error_with_words",
            "supervisor/adoption::a_worker_that_nobody_reads_goes_on_and_is_read_again",
            "supervisor/share::a_flood_of_the_link_comes_to_no_more_than_the_share",
            "supervisor/share::an_honest_backlog_waits_for_nothing_but_a_minute",
        ],
    },
    Promise {
        id: "A12",
        what: "secrets of second factors are sealed by a master key beside the database, each for its account: a \
               dump or a copy of the database alone opens none",
        mark: "no byte of them in its files, also of those that stood in plain before",
        tests: &[
            "accounts/tests::second_factors_are_sealed_and_a_dump_alone_is_of_no_use",
            "seal/sealer::what_was_sealed_opens_for_its_owner_and_purpose_under_its_key_alone",
        ],
    },
    Promise {
        id: "A13",
        what: "browsers are kept to https where that is the server's address; no place that a request brings along is a fault \
               of ours",
        mark: "the header there, and nowhere else; every route × six names of places: no 500",
        tests: &[
            "web/tests::browsers_are_kept_to_https_where_that_is_how_they_come",
            "control/access::no_place_that_a_request_brings_along_is_a_fault_of_ours",
        ],
    },
    Promise {
        id: "A14",
        what: "the admin password can have a second factor too; passwords that are tried first, and a person's own name and \
               address, are refused",
        mark: "with the reason, at its field",
        tests: &[
            "control/guessing::the_admin_password_can_have_a_second_factor_too",
            "control/guessing::passwords_that_are_tried_first_are_refused_with_the_reason",
        ],
    },
    Promise {
        id: "A15",
        what: "a stranger with the port alone, a removed operator with all its cookies, and a worker that lies leave memory, \
               disk, readiness and neighbours as they were; the worker's directory stays within its size, and nothing that it has \
               started is left",
        mark: "not at every commit: `just attack`, ten minutes each, whose record stands below; `--planted` shows that each finds \
               a weakness. Memory within 10 MB of what stood after a tenth of it, database, logs and other directories within \
               16 MB beside the neighbour's own rows, 0 of its messages lost or doubled, its replies within 5 s, the rightful \
               operator answered and let in within 10 s, no request let in",
        tests: &["scripts/attack"],
    },
    Promise {
        id: "R11",
        what: "`flowhq restart --all --rolling` replaces workers one after another, each connected again before the next, and \
               another build of `flowhq serve` takes the place of one, while customers write: nothing is lost or doubled, and \
               no phone links again. What every version has left is opened and gone on with: journals of each schema, \
               databases of each migration, frames of the version before; a schema, migration or frame without a recorded \
               one fails. So is all that an earlier release itself has left (`scripts/record-release`): its data directory with \
               messages that wait in a journal, in the log and at WhatsApp, by the devices that it had; and what its worker and control \
               plane have said to each other is read as it was said. The database names the oldest program that may go on with it, and \
               another is refused in words",
        mark: "5 cycles of two builds with 3 bots / 100; 7 journals, a database of each migration, one release",
        tests: &[
            "tests/rolling::all_workers_are_replaced_one_after_another_and_no_phone_links_again",
            "tests/rolling::a_build_takes_the_place_of_another_again_and_again_while_customers_write",
            "tests/releases::what_every_release_has_left_is_migrated_and_gone_on_with_by_the_same_devices",
            "tests/releases::every_frame_that_a_release_has_written_is_read_and_means_what_it_said",
            "worker/landed::a_journal_of_every_schema_that_landed_is_opened_and_its_chat_goes_on",
            "worker/landed::a_schema_that_is_new_leaves_a_journal_and_one_that_landed_is_never_edited",
            "store/landed::a_database_of_each_version_that_landed_is_opened_with_all_that_was_in_it",
            "store/landed::a_recorded_database_is_opened_with_all_that_was_in_it",
            "store/landed::each_migration_that_landed_is_listed_and_none_was_edited",
            "store/migrations::a_later_programs_database_is_gone_on_with_where_it_says_so_and_refused_in_words_where_not",
            "link/every_field::each_message_is_kept_as_this_version_writes_it",
            "link/before_tests::a_worker_and_a_control_plane_meet_that_are_one_version_apart",
        ],
    },
    Promise {
        id: "A23",
        what: "a change of the master key that is killed at any step is taken up again by the same command or the next start: all \
               files and secrets are under the new key, nothing is lost, and no phone links again; until then both keys are known",
        mark: "SIGKILL at every step until a run has no hit: 0 files under another key; a wrong key, a command that fails, hangs or \
               writes no key changes nothing, and no key is in a log",
        tests: &[
            "tests/master_key::a_change_of_the_master_key_that_is_killed_at_each_step_is_taken_up_again_and_loses_nothing",
            "tests/master_key::from_the_file_to_what_a_command_writes_and_back_with_words_for_whatever_is_wrong",
            "tests/master_key::a_backup_from_before_a_change_is_put_back_with_the_key_of_its_time",
            "vault/tests::what_was_taken_to_another_key_is_read_by_that_key_alone_with_its_log",
        ],
    },
    Promise {
        id: "A24",
        what: "a tenant that is moved to another installation runs there by the device that it has, or nowhere, and never in two \
               places: the source never starts it again, and the file opens for one installation, once",
        mark: "SIGKILL of either side at 5 points between the fence and the arrival, with a message written meanwhile: one answer \
               each, the same device",
        tests: &[
            "tests/moving::a_tenant_goes_to_another_installation_with_its_device_and_what_is_written_meanwhile_is_answered_once",
            "tests/moving::what_is_killed_on_the_way_ends_in_one_place_and_goes_on_when_it_is_asked_again",
            "tests/moving::what_fits_not_into_the_other_installation_changes_nothing_there",
        ],
    },
    Promise {
        id: "R12",
        what: "a backup that was made while customers write is put back elsewhere with all its rows; the old session beside it \
               is never started, the phone is linked again, and nothing that waited is answered twice; nothing is put back from \
               a file that is not whole, or beneath a control plane that runs; what a backup lacks is told until one lacks nothing",
        mark: "2 cycles with SIGKILL / 100",
        tests: &[
            "tests/assure::a_backup_under_load_is_put_back_and_no_old_session_is_started",
            "tests/backup::a_backup_under_load_is_put_back_elsewhere_with_all_rows_and_answers_nothing_twice",
            "tests/backup::nothing_is_put_back_from_a_file_that_is_not_whole_or_beneath_a_control_plane",
            "tests/backup::a_backup_of_sqlite_is_put_back_into_postgresql_and_one_of_postgresql_into_sqlite",
            "tests/backup::one_that_is_made_by_itself_is_given_to_the_command_and_what_goes_wrong_is_told_until_it_is_mended",
            "tests/backup::a_backup_that_lacks_a_journal_is_told_of_until_one_lacks_none",
        ],
    },
    Promise {
        id: "S6",
        what: "code inside a worker that was taken over, after WhatsApp has connected, gets nothing that is not its tenant's: \
               no sibling's or control plane's file, memory, environment or process, no database or admin socket, no program, \
               no privilege, no more memory, descriptors or disk than it may have; every system call that it may not make is \
               made once (docs/sandbox.md)",
        mark: "at least 40 attempts, each had outside by the same user, 0 had within; at most 60 system calls allowed and \
               listed; a weaker sandbox than configured refuses to start unless told so by name; a bot that connects by the \
               name of a host goes on",
        tests: &[
            "tests/confinement::code_inside_a_worker_gets_nothing_that_is_not_its_tenants",
            "tests/confinement::code_inside_a_worker_with_a_user_of_its_own_gets_nothing_either",
            "tests/confinement::a_confined_bot_connects_by_the_name_of_a_host",
            "tests/confinement::secrets_are_gone_from_the_control_planes_environment",
            "confine/calls::the_filters_compile_and_allow_at_most_sixty_calls",
            "confine/lib::what_is_wanted_in_full_and_missing_is_an_error_and_nothing_less",
            "cli/callers::our_user_is_let_in_and_nobody_unknown",
            "cli/callers::no_worker_is_let_in_nor_what_it_started_nor_what_it_left",
            "supervisor/left::what_a_session_has_left_is_ended_and_nobody_else",
            "supervisor/leftovers::what_a_worker_has_started_ends_with_it_however_it_ends",
            "supervisor/leftovers::a_worker_whose_directory_outgrows_its_size_is_ended_into_error_with_words",
            "supervisor/users::each_directory_has_a_user_of_its_own_and_keeps_it",
        ],
    },
    Promise {
        id: "S6 plane",
        what: "code inside the control plane that was taken over writes nothing but its own directories, reads nothing but \
               what it needs, runs nothing that it has written, opens no raw, packet, netlink or multipath socket, listens \
               on no other port, looks into no process that it has not started, and reaches none of the system calls that \
               it has no use for, whichever of its threads tries it; it goes on, and starts workers with users of their own \
               (docs/sandbox.md)",
        mark: "at least 30 attempts, each had outside by the same user, 0 had within; as root with a user for each worker, \
               and with one for all",
        tests: &[
            "tests/confinement::code_inside_a_worker_gets_nothing_that_is_not_its_tenants",
            "tests/confinement::code_inside_a_worker_with_a_user_of_its_own_gets_nothing_either",
            "confine/plane::a_control_plane_keeps_its_own_directories_and_what_it_needs_to_read",
            "confine/plane::what_is_wanted_in_full_and_missing_is_an_error_and_nothing_less",
            "cli/giver::only_a_backup_is_given",
        ],
    },
    Promise {
        id: "A16",
        what: "passwords are compared in memory of their own that is wiped and given back",
        mark: "19 MiB for each of two at once, whatever is guessed",
        tests: &["accounts/password::a_hash_is_of_its_own_password_alone_and_its_memory_is_given_back"],
    },
    Promise {
        id: "A17",
        what: "every field of every message of a worker has a maximum at the door; a worker that lies is ended and its \
               neighbour notices nothing",
        mark: "bounds of the link: each field at and beyond its maximum",
        tests: &[
            "link/bounds::what_is_too_long_is_refused_by_its_name",
            "link/bounds::what_a_stranger_may_have_made_long_is_cut_with_a_mark",
            "supervisor/liars::a_liar_is_ended_and_its_neighbour_notices_nothing",
            "supervisor/liars::a_flood_does_not_drown_the_others",
        ],
    },
    Promise {
        id: "A18",
        what: "what is ordered is done, or said not to be: requests that change something run to their end, unlinked is what \
               WhatsApp confirmed, approving is one transaction, what passes of the database's failures is waited for",
        mark: "a client that goes away in the middle, an unlinking that WhatsApp does not confirm or that meets a stop, each \
               class of a database's errors, a receiver of alerts that hangs, a customer who is erased while the bot is \
               stopped: each at least once, with what must hold",
        tests: &[
            "control/signing_in::a_client_that_goes_away_cancels_nothing",
            "supervisor/ingest::what_whatsapp_has_not_confirmed_is_not_called_unlinked",
            "supervisor/ingest::an_unlink_that_comes_while_the_worker_is_being_stopped_unlinks",
            "supervisor/ingest::settings_that_changed_unseen_are_sent_when_a_heartbeat_shows_it",
            "supervisor/ingest::what_a_worker_calls_its_number_is_held_against_what_was_declared_and_claims_nothing",
            "supervisor/ingest::a_claim_does_not_outlast_its_session",
            "supervisor/erasing::what_was_ordered_while_it_was_stopped_is_forgotten_before_it_connects",
            "control/setup_requests::a_request_is_approved_once_starts_the_worker_and_becomes_active",
            "control/alerts::a_receiver_that_hangs_holds_up_neither_the_others_nor_the_end",
            "store/class::what_passes_is_waited_for_and_what_cannot_is_not",
        ],
    },
    Promise {
        id: "A19",
        what: "what was deleted is in no file's bytes on SQLite: database, its journal, workers' journals, logs",
        mark: "the words of a deleted tenant and of an erased customer: 0 files",
        tests: &[
            "tests/rights::what_is_deleted_is_in_no_files_bytes_on_sqlite",
            "tests/rights::a_deleted_tenant_leaves_nothing_but_an_audit_line",
        ],
    },
    Promise {
        id: "A20",
        what: "kept answers of repeated requests go with the tenant that they name",
        mark: "no byte of its name or number is left after it was deleted",
        tests: &[
            "control/idempotency::an_answer_names_its_tenant_wherever_it_stands",
            "store/rights::with_a_tenant_go_its_rows_and_the_people_who_belonged_to_it_alone",
            "store/rights::deleted_words_are_in_no_byte_of_the_files",
        ],
    },
    Promise {
        id: "A21",
        what: "a PostgreSQL whose policies say something else, or whose role reaches beyond the tables, is not served",
        mark: "each planted fault is found, and the refusal's SQL mends it",
        tests: &[
            "store/start::a_policy_that_says_something_else_is_refused",
            "store/start::a_role_that_reaches_beyond_the_tables_is_refused",
            "store/start::functions_and_views_with_their_owners_rights_are_refused",
            "tests/postgres_refusals::what_would_not_keep_tenants_apart_is_refused_with_the_sql_that_mends_it",
        ],
    },
    Promise {
        id: "A22",
        what: "a thief of the workers' files without the master key reads nothing in them: no message, number or name, and no \
               key; whoever has the key loses nothing, whatever interrupts the sealing of an earlier version's files",
        mark: "marker words, numbers and the tenant's key in 0 files while a worker runs and afterwards, and all of it where the \
               key is used; another master key is said and touches nothing; kills and power cuts as in R1 to R5, which run on \
               sealed files",
        tests: &[
            "tests/sealed::a_thief_of_the_files_of_a_worker_reads_nothing_in_them",
            "tests/sealed::files_of_an_earlier_version_are_sealed_and_no_phone_links_again",
            "tests/sealed::with_another_master_key_nothing_starts_and_with_the_right_one_all_goes_on",
            "vault/tests::a_log_that_was_torn_ends_before_the_tear",
            "vault/tests::a_conversion_that_is_interrupted_is_taken_up_again",
            "vault/tests::it_does_what_a_plain_file_does",
            "vault/page::a_page_opens_where_it_was_sealed_and_nowhere_else",
        ],
    },
];
