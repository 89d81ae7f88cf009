//! The audit log.

crate::catalogue::catalogue! { "audit";
    when = "When" | "Lini";
    intro =
        "Every change by anyone. This log only grows."
        | "Kila badiliko la kila mtu. Kumbukumbu hii inaongezeka tu.";
    export = "Export as CSV" | "Pakua kama CSV";
    filter = "Filter" | "Chuja";
    show = "Show" | "Onyesha";
    clear = "Clear" | "Ondoa kichujio";
    what = "What" | "Nini";
    who = "Who" | "Nani";
    details = "Details" | "Maelezo";
    type_ = "Type" | "Aina";
    type_hint = "Like TENANT_CREATED" | "Kama TENANT_CREATED";
    actor = "Actor" | "Mtendaji";
    actor_hint =
        "admin, system, worker or a person's id"
        | "admin, system, worker au kitambulisho cha mtu";
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
    status = "status" | "hali";
}
