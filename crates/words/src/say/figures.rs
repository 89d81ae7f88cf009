//! What a worker uses.

crate::catalogue::catalogue! { "figures";
    never = "never" | "bado";
    heartbeat = "Last heartbeat" | "Ishara ya mwisho";
    message = "Last message" | "Ujumbe wa mwisho";
    linked = "Linked" | "Iliunganishwa";
    uptime = "Uptime" | "Muda hewani";
    memory = "Memory" | "Memori";
    cpu = "CPU time" | "Muda wa CPU";
    waiting = "Messages waiting" | "Ujumbe unaosubiri";
    unsent = "Replies unsent" | "Majibu ambayo hayajatumwa";
    unlogged = "Log rows to come" | "Mistari ya rekodi inayokuja";
    restarts = "Restarts" | "Mara ilipoanza upya";
    refused = "Log rows refused by the database" | "Mistari iliyokataliwa na hifadhidata";
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
