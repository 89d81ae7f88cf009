//! A worker's own log.

crate::catalogue::catalogue! { "worker_log";
    title = "Technical log" | "Rekodi ya kiufundi";
    say =
        "What the worker says of itself, the newest line last. Numbers and secrets are hidden."
        | "Injini inachosema kujihusu, mstari mpya mwishoni. Namba na siri zimefichwa.";
    down_to = "Show" | "Onyesha";
    only_errors = "Errors" | "Hitilafu";
    warnings_too = "Errors and warnings" | "Hitilafu na maonyo";
    what_happens = "What happens" | "Kinachotokea";
    in_detail = "All in detail" | "Yote kwa undani";
    filter = "Filter" | "Chuja";
    download = "Download" | "Pakua";
    error = "error" | "hitilafu";
    warn = "warning" | "onyo";
    info = "info" | "taarifa";
    debug = "detail" | "undani";
    none = "No log yet" | "Bado hakuna rekodi";
    none_text =
        "The worker has said nothing on this machine. Start it, and its log will be here."
        | "Injini haijasema chochote kwenye mashine hii. Ianzishe, na rekodi yake itaonekana hapa.";
    nothing = "Nothing of this kind" | "Hakuna cha aina hii";
    nothing_text =
        "The end of the log has no such line. Choose a lower level to see more."
        | "Mwisho wa rekodi hauna mstari kama huo. Chagua kiwango cha chini zaidi kuona zaidi.";
    rotating =
        "The log was being cut to its size just now, and lines may be missing. Load the page again."
        | "Rekodi ilikuwa ikipunguzwa sasa hivi, na mistari inaweza kukosekana. Fungua ukurasa tena.";
    unreadable =
        "The log cannot be read on this machine. Look at its folder, LOGS_PATH, and who may read there."
        | "Rekodi haisomeki kwenye mashine hii. Angalia folda yake, LOGS_PATH, na nani anaruhusiwa kusoma hapo.";
    shown(lines) =
        "The last {lines} lines are shown; the file that is downloaded goes further back."
        | "Mistari {lines} ya mwisho inaonyeshwa; faili inayopakuliwa inarudi nyuma zaidi.";
    lines(most) = "Ask for 1 to {most} lines." | "Omba mistari 1 hadi {most}.";
    level =
        "`level` is error, warn, info or debug."
        | "`level` ni error, warn, info au debug.";
}
