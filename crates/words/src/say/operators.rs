//! Operators and their accounts.

crate::catalogue::catalogue! { "operators";
    intro =
        "Each has an account, so that the audit log names people. The admin password goes on working for the first sign-in and for scripts."
        | "Kila mmoja ana akaunti, ili kumbukumbu itaje watu kwa majina. Nenosiri la admin linaendelea kufanya kazi kwa kuingia mara ya kwanza na kwa script.";
    name = "Name" | "Jina";
    name_hint =
        "As the audit log shall show it, like Juma Said."
        | "Kama kumbukumbu itakavyolionyesha, mfano Juma Said.";
    email = "Email" | "Barua pepe";
    email_hint = "They sign in with it." | "Anaingia kwa hiyo.";
    signs_in_with = "Signs in with" | "Anaingia kwa";
    protection = "Protection" | "Ulinzi";
    password_only = "Password only" | "Nenosiri tu";
    since = "Since" | "Tangu";
    you = "(you)" | "(wewe)";
    change = "Change …" | "Badili …";
    reset = "Give a new password" | "Mpe nenosiri jipya";
    remove(name) = "Remove {name}" | "Mwondoe {name}";
    add = "Add an operator" | "Ongeza msimamizi";
    add_button = "Add operator" | "Ongeza";
    made = "A password is made and shown once." | "Nenosiri linatengenezwa na kuonyeshwa mara moja.";
    password_of(name) = "The password of {name}" | "Nenosiri la {name}";
    password_say =
        "It is shown this once. Give it to them in person or by a safe way; they change it under “Your account”."
        | "Linaonyeshwa mara hii tu. Mpe ana kwa ana au kwa njia salama; atalibadili kwenye “Akaunti yako”.";
    none = "Nobody has an account yet" | "Bado hakuna mwenye akaunti";
    none_text =
        "Add yourself first: whoever signs in with the admin password stands in the audit log as “admin”, and nobody can tell who that was."
        | "Jiongeze kwanza: anayeingia kwa nenosiri la admin anaandikwa kwenye kumbukumbu kama “admin”, na hakuna atakayejua alikuwa nani.";
    not_yourself =
        "You cannot remove yourself; another operator can, or whoever has the admin password."
        | "Huwezi kujiondoa; msimamizi mwingine anaweza, au mwenye nenosiri la admin.";
}
