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
];
