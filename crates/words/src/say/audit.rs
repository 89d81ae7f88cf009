//! The audit log.

crate::catalogue::catalogue! { "audit";
    intro =
        "Every change by anyone. This log only grows."
        | "Kila badiliko la kila mtu. Kumbukumbu hii inaongezeka tu.";
    export = "Export as CSV" | "Pakua kama CSV";
    filter = "Filter" | "Chuja";
    show = "Show" | "Onyesha";
    clear = "Clear" | "Ondoa kichujio";
    what = "What" | "Nini";
    who = "Who" | "Nani";
    tenant_hint = "Its id" | "Kitambulisho chake";
    from = "From" | "Kuanzia";
    from_hint = "Like 2026-11-27" | "Kama 2026-11-27";
    until = "Until" | "Hadi";
    until_hint = "Like 2026-11-28" | "Kama 2026-11-28";
    none = "Nothing here" | "Hakuna kitu hapa";
    none_text =
        "Every change by anyone is written down here: who, when, and from what to what."
        | "Kila badiliko la kila mtu huandikwa hapa: nani, lini, na kutoka nini kwenda nini.";
    show_all = "Show everything" | "Onyesha zote";
    shown[count] = "{count} event" | "{count} events" | "Tukio {count}" | "Matukio {count}";
    changed = "changed" | "imebadilishwa";
    nothing = "nothing" | "hakuna";
    status = "Status" | "Hali";
    utc = "Times are in UTC." | "Saa zote ni za UTC.";
    kinds = "What is shown" | "Kinachoonyeshwa";
    changes = "Changes" | "Mabadiliko";
    reading = "Reading and exports" | "Kusoma na kupakua";
    signing_in = "Signing in" | "Kuingia";
    in_force = "Shown are only those:" | "Zinaonyeshwa hizi tu:";
    without(filter) = "No longer only: {filter}" | "Ondoa: {filter}";
    only_type(what) = "where: {what}" | "ambapo: {what}";
    only_by(who) = "by {who}" | "na {who}";
    only_of(tenant) = "of {tenant}" | "za {tenant}";
    only_since(day) = "from {day}" | "kuanzia {day}";
    only_until(day) = "until {day}" | "hadi {day}";
    any_type = "Anything" | "Chochote";
    anybody = "Anybody" | "Yeyote";
    admin = "The admin" | "Msimamizi mkuu";
    bot = "The bot" | "Bot yenyewe";
    somebody(end) = "somebody who is gone (…{end})" | "mtu ambaye hayupo tena (…{end})";
    gone(end) = "a deleted tenant (…{end})" | "biashara iliyofutwa (…{end})";
    nobody = "no tenant" | "hakuna biashara";
    today(day) = "Today, {day}" | "Leo, {day}";
    yesterday(day) = "Yesterday, {day}" | "Jana, {day}";
}
