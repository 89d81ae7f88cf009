//! What is done to workers.

crate::catalogue::catalogue! { "workers";
    start = "Start" | "Anzisha";
    stop = "Stop" | "Simamisha";
    restart = "Restart" | "Anzisha upya";
    force_restart = "Force restart" | "Lazimisha kuanza upya";
    started(name) = "{name} is started." | "{name} imeanzishwa.";
    stopped(name) = "{name} is stopped." | "{name} imesimamishwa.";
    restarted(name) = "{name} is started again." | "{name} imeanzishwa upya.";
    not_done(count) = "{count} not." | "{count} hazikufanikiwa.";
    progress = "Progress" | "Maendeleo";
    out_of(done, total) = "{done} of {total}" | "{done} kati ya {total}";
    bulk_started(done, total) =
        "{done} of {total} started."
        | "{done} kati ya {total} zimeanzishwa.";
    bulk_stopped(done, total) =
        "{done} of {total} stopped."
        | "{done} kati ya {total} zimesimamishwa.";
    bulk_unknown =
        "Nothing is known of this; look at the tenants themselves."
        | "Hakuna kinachojulikana kuhusu hili; angalia biashara zenyewe.";
    bulk_restarted(done, total) =
        "{done} of {total} started again."
        | "{done} kati ya {total} zimeanzishwa upya.";
    bulk_suspended(done, total) =
        "{done} of {total} suspended."
        | "{done} kati ya {total} zimesitishwa.";
    bulk_configured(done, total) =
        "{done} of {total} configured."
        | "{done} kati ya {total} zimewekewa mipangilio.";
    bulk_under_way =
        "This is still under way: try again what failed once it is over."
        | "Bado inaendelea: jaribu tena zilizoshindikana itakapokwisha.";
    bulk_all_done = "Nothing of this failed." | "Hakuna iliyoshindikana hapa.";
    retry(count) = "Try the {count} again" | "Jaribu tena hizo {count}";
    stop_ask = "Stop the bots of those selected?" | "Usimamishe bot za ulizochagua?";
    stop_warn =
        "They answer nobody until they are started again."
        | "Hazitamjibu mtu hadi zianzishwe tena.";
    restart_ask = "Restart the bots of those selected?" | "Uanzishe upya bot za ulizochagua?";
    restart_warn =
        "Each is away for a few seconds; nothing is lost."
        | "Kila moja itaondoka kwa sekunde chache; hakuna kitakachopotea.";
    suspend_ask = "Suspend those selected?" | "Usitishe ulizochagua?";
    configure = "Configure" | "Weka mipangilio";
    configure_ask = "Configure those selected" | "Weka mipangilio ya ulizochagua";
    configure_warn =
        "What you leave empty stays as it is with each."
        | "Unachoacha wazi kinabaki kama kilivyo kwa kila moja.";
    to_tenants = "To the tenants" | "Rudi kwenye biashara";
    choose(most) = "Choose 1 to {most} tenants." | "Chagua biashara 1 hadi {most}.";
}
