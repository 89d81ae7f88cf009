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
    to_tenants = "To the tenants" | "Rudi kwenye biashara";
    choose(most) = "Choose 1 to {most} tenants." | "Chagua biashara 1 hadi {most}.";
}
