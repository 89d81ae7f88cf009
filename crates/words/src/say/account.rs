//! One's own account: password and second factor.

crate::catalogue::catalogue! { "account";
    on =
        "On: a code of your app is asked for at each sign-in."
        | "Imewashwa: msimbo wa app yako unaombwa kila unapoingia.";
    off = "Off: the password alone opens the account." | "Imezimwa: nenosiri peke yake linafungua akaunti.";
    turn_off = "Turn the second factor off" | "Zima hatua ya pili";
    set_up = "Set up a second factor" | "Weka hatua ya pili ya kuingia";
    change = "Change the password" | "Badili nenosiri";
    change_button = "Change password" | "Badili";
    change_say =
        "Your other browsers are signed out then."
        | "Vivinjari vyako vingine vitatolewa.";
    current = "Current password" | "Nenosiri la sasa";
    new = "New password" | "Nenosiri jipya";
    new_hint =
        "At least 12 characters; a sentence is fine."
        | "Angalau herufi 12; sentensi inafaa.";
    changed = "The password is changed." | "Nenosiri limebadilishwa.";
    not_current = "This is not your current password." | "Hili si nenosiri lako la sasa.";
    length(least, most, length) =
        "A password has {least} to {most} characters; this one has {length}."
        | "Nenosiri lina herufi {least} hadi {most}; hili lina {length}.";
    guessed(why) =
        "This password is guessed soon. {why}"
        | "Nenosiri hili linakisiwa haraka. {why}";
    guessed_own =
        "It holds your name or address, which is tried first."
        | "Lina jina lako au barua pepe yako, na hayo hujaribiwa kwanza.";
    guessed_again =
        "It repeats itself: those are tried first."
        | "Linajirudia: ya namna hiyo hujaribiwa kwanza.";
    guessed_common =
        "It is made of words that everybody uses: those are tried first. Take a sentence."
        | "Limeundwa kwa maneno ambayo kila mtu huyatumia: hayo hujaribiwa kwanza. Tumia sentensi.";
    admin = "You use the admin password" | "Unatumia nenosiri la admin";
    admin_say =
        "It has no account: the audit log calls you “admin”. Add an account of your own, sign out, and sign in with its email address."
        | "Halina akaunti: kumbukumbu inakuita “admin”. Ongeza akaunti yako mwenyewe, toka, kisha ingia kwa barua pepe yake.";
    admin_add = "Add an account of your own" | "Ongeza akaunti yako mwenyewe";
    admin_change =
        "To change the admin password, set ADMIN_PASSWORD, or start flowhq serve --new-password once."
        | "Kubadili nenosiri la admin, weka ADMIN_PASSWORD, au anzisha flowhq serve --new-password mara moja.";
    admin_none =
        "The admin password has no account. Set ADMIN_PASSWORD, or start with --new-password, to change it."
        | "Nenosiri la admin halina akaunti. Weka ADMIN_PASSWORD, au anzisha kwa --new-password, ili kulibadili.";
    admin_factor =
        "Second factor of the admin password"
        | "Hatua ya pili ya nenosiri la admin";
    admin_off = "Off: the password alone opens everything." | "Imezimwa: nenosiri peke yake linafungua kila kitu.";
    admin_factor_say =
        "With a second factor the admin password is no good for scripts any more: HTTP Basic cannot carry one."
        | "Ikiwekwa hatua ya pili, nenosiri la admin halifai tena kwa script: HTTP Basic haiwezi kuibeba.";
    picture = "Code for your authenticator app" | "Msimbo wa app yako ya uthibitisho";
    step_open =
        "Open an authenticator app on your phone, such as Aegis, FreeOTP or Google Authenticator."
        | "Fungua app ya uthibitisho kwenye simu yako, kama Aegis, FreeOTP au Google Authenticator.";
    step_scan =
        "Let it scan this code, or type the key below."
        | "Iache iskani msimbo huu, au andika ufunguo ulio hapa chini.";
    step_type = "Type the six digits that it shows." | "Andika tarakimu sita inazoonyesha.";
    code_hint = "Six digits that the app shows now." | "Tarakimu sita ambazo app inaonyesha sasa.";
    turn_on = "Turn it on" | "Iwashe";
    not_now = "Not now" | "Si sasa";
    wrong_first =
        "This code is not right. Type the six digits that the app shows now."
        | "Msimbo huu si sahihi. Andika tarakimu sita ambazo app inaonyesha sasa.";
    recovery = "Recovery codes" | "Misimbo ya akiba";
    recovery_on = "The second factor is on" | "Hatua ya pili imewashwa";
    recovery_keep = "Keep these recovery codes" | "Tunza misimbo hii ya akiba";
    recovery_say =
        "Each signs you in once when your phone is lost. They are shown this once: write them down or print this page."
        | "Kila mmoja unakuingiza mara moja ukipoteza simu. Inaonyeshwa mara hii tu: iandike au chapisha ukurasa huu.";
    recovery_kept = "I have kept them" | "Nimeitunza";
    ask_first = "Ask for a new secret first." | "Omba siri mpya kwanza.";
    none = "There is no second factor to turn off." | "Hakuna hatua ya pili ya kuzima.";
    not_set_up =
        "The second factor could not be set up; try again."
        | "Hatua ya pili haikuweza kuwekwa; jaribu tena.";
    by_browser =
        "Sign in with a browser, or by POST /admin/sign-in, to set up a second factor."
        | "Ingia kwa kivinjari, au kwa POST /admin/sign-in, ili kuweka hatua ya pili.";
}
