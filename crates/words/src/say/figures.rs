//! What a worker uses.

crate::catalogue::catalogue! { "figures";
    never = "never" | "bado";
    heartbeat = "Last heartbeat" | "Ishara ya mwisho";
    message = "Last message" | "Ujumbe wa mwisho";
    linked = "Linked" | "Iliunganishwa";
    uptime = "Running for" | "Imefanya kazi kwa";
    memory = "Memory" | "Memori";
    cpu = "CPU time" | "Muda wa CPU";
    waiting = "Messages waiting" | "Ujumbe unaosubiri";
    unsent = "Replies unsent" | "Majibu ambayo hayajatumwa";
    unlogged = "Log rows to come" | "Mistari ya rekodi inayokuja";
    restarts = "Restarts" | "Mara ilipoanza upya";
    unreadable = "Unreadable in a day" | "Zisizosomeka kwa siku";
    clock = "Clock" | "Saa";
    clock_agrees = "agrees with WhatsApp's" | "inalingana na ya WhatsApp";
    clock_behind(off) =
        "{off} behind WhatsApp's: set this machine's clock"
        | "imechelewa {off} kuliko ya WhatsApp: rekebisha saa ya mashine hii";
    clock_ahead(off) =
        "{off} ahead of WhatsApp's: set this machine's clock"
        | "imetangulia {off} kuliko ya WhatsApp: rekebisha saa ya mashine hii";
    confinement = "Confinement" | "Kizuizi";
    confined_full = "full" | "kamili";
    confined_partial = "in part: this system lacks some of it" | "kwa sehemu: mfumo huu hauna yote";
    confined_off = "none" | "hakuna";
    confined_unknown = "not said yet" | "bado haijasema";
    confined_all(wanted, full, partial, off, unknown) =
        "set to {wanted}; workers: {full} full, {partial} in part, {off} without, {unknown} not said yet"
        | "imewekwa {wanted}; injini: {full} kamili, {partial} kwa sehemu, {off} bila, {unknown} bado hazijasema";
    confined_plane(level) = "The control plane: {level}." | "Mfumo mkuu: {level}.";
    confined_missing(missing) =
        "This system has no {missing}."
        | "Mfumo huu hauna {missing}.";
    refused = "Log rows refused" | "Mistari iliyokataliwa";
    rate = "Rate limit" | "Kikomo cha majibu";
    version = "Version" | "Toleo";
    process = "Process" | "Mchakato";
    process_of(pid, generation) = "{pid}, generation {generation}" | "{pid}, kizazi {generation}";
    rate_own(limit) =
        "{limit} a minute and contact, its own"
        | "{limit} kwa dakika kwa kila mtu, kikomo chake";
    rate_platform(limit) =
        "{limit} a minute and contact, the platform's"
        | "{limit} kwa dakika kwa kila mtu, kikomo cha mfumo";
    worker = "Worker" | "Injini";
    last_error = "Last error:" | "Hitilafu ya mwisho:";
}
